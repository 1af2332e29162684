"""Pages on swapping suppliers: choose a product, try other suppliers for its inputs, see what it does to footprint and cost."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.responses import Response

from service.accounts.access import Context, endpoint, roles
from service.accounts.models import Role
from service.accounts.pages import render_page, see_other
from service.console.footprints import last_year
from service.console.swap_shown import Periods, SwapPage, SwapResult, input_lines, swap_result
from service.database import new_id
from service.errors import InvalidInputError, ServiceError
from service.footprints.queries import recorded_periods
from service.footprints.rules import check_period
from service.footprints.schemas import PeriodInput
from service.green_score.published import Disclosure, disclosure_for
from service.i18n import explain
from service.products.models import Product
from service.products.queries import ProductRow, find_products, get_product
from service.suppliers.queries import purchase_periods
from service.swaps import operations, queries
from service.swaps.desk import Desk, prepare
from service.swaps.mixes import named_in, read_mixes
from service.swaps.search import read_picked
from service.web.forms import FormState, parse_form, rejected

router = APIRouter()

READERS = roles(Role.PROCUREMENT, Role.ENGINEER, Role.REVIEWER, Role.AUDITOR)
WRITERS = roles(Role.PROCUREMENT, Role.ENGINEER)
_MOST_PRODUCTS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class SwapsPage:
    """Products to choose from, with the periods that footprints or purchases know."""

    products: Sequence[ProductRow]
    periods: Periods


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultPage:
    """The result alone, for the script that keeps it up to date."""

    result: SwapResult | None
    form: FormState


@router.get("/console/swaps")
@endpoint(READERS)
def show_swaps(context: Context) -> Response:
    """List products to choose from."""
    found = find_products(context.session, limit=_MOST_PRODUCTS)
    return render_page(context, "console/swaps.html", SwapsPage(products=found.rows, periods=_periods(context)[:3]))


@router.get("/console/swaps/{product_id:uuid}")
@endpoint(READERS)
def show_swap(context: Context, product_id: uuid.UUID) -> Response:
    """Show the candidates of a product's inputs, and what the choice in the address does."""
    query = FormData([*context.request.query_params.multi_items()])
    return _show(context, get_product(context.session, product_id), query, FormState())


@router.get("/console/swaps/{product_id:uuid}/result")
@endpoint(READERS)
def show_result(context: Context, product_id: uuid.UUID) -> Response:
    """Show the result alone."""
    product, query = get_product(context.session, product_id), FormData([*context.request.query_params.multi_items()])
    try:
        desk = _desk(context, product, _period(context, query), among=named_in(_texts(query)))
        page = ResultPage(result=swap_result(context, desk, product, read_mixes(_texts(query), desk)), form=FormState())
    except ServiceError as error:
        page = ResultPage(result=None, form=rejected(query, error, context.locale))
    return render_page(context, "console/swap_result.html", page)


@router.post("/console/swaps/{product_id:uuid}/runs")
@endpoint(WRITERS)
def start_run(context: Context, product_id: uuid.UUID) -> Response:
    """Start trying every combination of the suppliers that are ticked."""
    product, form = get_product(context.session, product_id), context.form
    try:
        period = _period(context, form)
        desk = _desk(context, product, period)
        run = operations.start_run(
            context.session,
            desk,
            read_picked({flow: [str(one) for one in form.getlist(f"try.{flow}")] for flow in desk.candidates}),
            period=period,
            with_halves=form.get("with_halves") == "yes",
            by=context.asking.actor,
            at=context.at,
        )
    except ServiceError as error:
        return _show(context, product, form, rejected(form, error, context.locale), status=error.status)
    return see_other(context, f"/console/swaps/runs/{run.id}")


def _show(context: Context, product: Product, query: FormData, run_form: FormState, *, status: int = 200) -> Response:
    """Show the explorer; what was typed wrongly comes back with its message, and without a result."""
    form, result, desk, problem = FormState(values=_texts(query)), None, None, ""
    period = _periods(context)[0]
    try:
        period = _period(context, query)
        desk = _desk(context, product, period)
        result = swap_result(context, desk, product, read_mixes(_texts(query), desk))
    except InvalidInputError as error:
        form, status = rejected(query, error, context.locale), error.status
    except ServiceError as error:
        problem = explain(context.locale, error)
    is_exact = disclosure_for(context.asking) is Disclosure.EXACT
    page = SwapPage(
        product=product,
        start=period[0],
        end=period[1],
        periods=_periods(context),
        form=form,
        run_form=run_form,
        picked=frozenset(str(value) for name, value in query.multi_items() if name.startswith("try.")),
        inputs=[] if desk is None else input_lines(context, desk, form),
        result=result,
        problem=problem,
        runs=queries.runs_of(context.session, product.id, with_exact=is_exact),
        may_write=context.asking.has(Role.PROCUREMENT, Role.ENGINEER),
        is_exact=is_exact,
        idempotency_key=str(new_id()),
    )
    return render_page(context, "console/swap.html", page, status=status)


def _desk(context: Context, product: Product, period: tuple[date, date], *, among: Collection[str] | None = None) -> Desk:
    today, disclosure = context.today, disclosure_for(context.asking)
    return prepare(context.session, product, period=period, disclosure=disclosure, on=today, among=among)


def _texts(form: FormData) -> Mapping[str, str]:
    return {name: value for name, value in form.items() if isinstance(value, str)}


def _period(context: Context, form: FormData) -> tuple[date, date]:
    """Return the period of an address or form; without one the latest that is known.

    Raises
    ------
    InvalidInputError
        If it is no period.

    """
    typed = FormData([item for item in form.multi_items() if item[0] in PeriodInput.model_fields])
    if not typed:
        return _periods(context)[0]
    found = parse_form(PeriodInput, typed)
    check_period(found.period_start, found.period_end)
    return found.period_start, found.period_end


def _periods(context: Context) -> Periods:
    """Return the periods that footprints know, then those of purchases; the last year where there are none."""
    known = (*recorded_periods(context.session), *purchase_periods(context.session))
    return list(dict.fromkeys(known)) or [last_year(context.today)]
