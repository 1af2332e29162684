"""Which question to which supplier narrows a footprint most, and requests made from it."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from service.accounts.access import Context, endpoint
from service.accounts.pages import render_page, see_other
from service.console.choices import Options, read_filter
from service.console.uncertain_parameters import short_meaning
from service.database import new_id
from service.errors import N_, FieldError, InvalidInputError, NotFoundError, ServiceError
from service.footprints.disclosure import CALCULATORS, INSIDERS, may_calculate
from service.footprints.queries import supplier_names
from service.i18n import Locale, explain, translate
from service.planning.opening import OWN_PLANT
from service.planning.operations import Requested, request_answers
from service.planning.planner import Plan, plan_all, plan_one
from service.planning.queries import CountedRecord, latest_footprints, types_of
from service.planning.ranking import Ask, Step
from service.submissions.questionnaire import find_question
from service.suppliers.models import SupplierType
from service.suppliers.rules import find_request_problems
from service.web.forms import FormInput, FormState, parse_form, rejected

router = APIRouter()

SHOWN: Final = 30
TIME_TO_ANSWER: Final = timedelta(days=21)
SHOWN_REASONS: Final = 3
UNIT: Final = "kg CO₂e/kg"
_TOTAL_UNIT: Final = "t CO₂e"


class PlannerFilter(FormInput):
    """What the address of the page may hold: a product, or all of them."""

    product_id: uuid.UUID | None = None


class RequestsInput(FormInput):
    """Requests to make: one question each as `supplier:field,field`."""

    period_start: date
    period_end: date
    deadline: date
    product_id: uuid.UUID | None = None
    ask: list[str] = Field(default_factory=list, max_length=200)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannerLine:
    """One question in the order of asking.

    Attributes
    ----------
    value
        What the form sends if it is chosen; empty for the maker's own plant, which nobody asks by a request.
    is_chosen
        Whether it was chosen in a form that came back.
    reduction
        Share (0 to 1) of the present variance that falls away.

    """

    place: int
    value: str
    is_chosen: bool
    supplier: str
    supplier_href: str
    meaning: str
    fields: Sequence[str]
    is_missing: bool
    reduction: float
    width_after: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannerPage:
    """Context of the planner.

    Attributes
    ----------
    unit
        Of the widths.
    refused
        Requests that could not be made, with the reason.

    """

    products: Options
    product_id: str
    form: FormState
    unit: str
    width: float
    width_at_end: float
    lines: Sequence[PlannerLine]
    more: int
    planned: Sequence[str]
    left_out: Sequence[str]
    may_ask: bool
    idempotency_key: str


@router.get("/console/planner")
@endpoint(INSIDERS)
def show_planner(context: Context) -> Response:
    """Show the questions that narrow one product or all of them, the most useful first."""
    wanted, form = read_filter(PlannerFilter, context.request, context.locale)
    return _page(context, wanted.product_id, form)


@router.post("/console/planner")
@endpoint(CALCULATORS)
def ask_suppliers(context: Context) -> Response:
    """Make requests of the chosen questions; they are sent from the list of requests."""
    try:
        with context.session.begin_nested():
            made = _request(context)
    except ServiceError as error:
        return _page(context, _shown_product(context), rejected(context.form, error, context.locale), status=error.status)
    count, path = len(made.planned), "/console/requests?status=planned"
    if made.refused:
        reasons = _reasons(context, made)
        return see_other(
            context,
            path,
            N_("%(count)s requests are planned. Not planned: %(reasons)s"),
            kind="warning",
            count=count,
            reasons=reasons,
        )
    return see_other(context, path, N_("%(count)s requests are planned. Send their links now."), count=count)


def _shown_product(context: Context) -> uuid.UUID | None:
    """Return the product of the page that a form came from; all of them if it names none that there is."""
    shown = str(context.form.get("product_id", ""))
    found = (one.record.product_id for one in latest_footprints(context.session))
    return next((one for one in found if str(one) == shown), None)


def _request(context: Context) -> Requested:
    fields = parse_form(RequestsInput, context.form, many=frozenset({"ask"}))
    today = context.today
    problems = find_request_problems(
        period_start=fields.period_start, period_end=fields.period_end, deadline=fields.deadline, today=today
    )
    if problems:
        raise InvalidInputError(problems)
    return request_answers(
        context.session,
        _fields_by_supplier(fields.ask),
        period_start=fields.period_start,
        period_end=fields.period_end,
        deadline=fields.deadline,
        by=context.asking.actor,
        at=context.at,
    )


def _fields_by_supplier(chosen: Sequence[str]) -> dict[uuid.UUID, list[str]]:
    """Return the chosen fields by supplier, each once."""
    found: dict[uuid.UUID, list[str]] = {}
    for one in chosen:
        supplier, _, fields = one.partition(":")
        try:
            wanted = found.setdefault(uuid.UUID(supplier), [])
        except ValueError as error:
            raise InvalidInputError(
                {"": FieldError(N_("“%(input)s” is no question of this page; reload it."), input=one[:60])}
            ) from error
        wanted.extend(field for field in fields.split(",") if field not in wanted)
    return found


def _reasons(context: Context, made: Requested) -> str:
    names = supplier_names(context.session, made.refused.keys(), locale=context.locale)
    found = [f"{names.get(one, one)}: {explain(context.locale, why)}" for one, why in made.refused.items()]
    return "; ".join(found[:SHOWN_REASONS]) + (" …" if len(found) > SHOWN_REASONS else "")


def _page(context: Context, product_id: uuid.UUID | None, form: FormState, *, status: int = 200) -> Response:
    footprints = latest_footprints(context.session)
    chosen = next((one for one in footprints if one.record.product_id == product_id), None)
    if product_id is not None and chosen is None:
        raise NotFoundError
    plan = plan_one(context.session, chosen) if chosen else plan_all(context.session, footprints)
    steps = plan.ranking.steps
    page = PlannerPage(
        products=[(str(one.record.product_id), _name(one)) for one in footprints],
        product_id=str(product_id or ""),
        form=form if form.values.get("deadline") else replace(form, values={**_dates(context, plan), **form.values}),
        unit=_TOTAL_UNIT if plan.is_total else UNIT,
        width=plan.ranking.width,
        width_at_end=steps[-1].width_after if steps else plan.ranking.width,
        lines=_lines(context, steps[:SHOWN]),
        more=max(0, len(steps) - SHOWN),
        planned=[_name(one) for one in plan.planned],
        left_out=[_name(one) for one in plan.left_out],
        may_ask=may_calculate(context.asking),
        idempotency_key=str(new_id()),
    )
    return render_page(context, "console/planner.html", page, status=status)


def _dates(context: Context, plan: Plan) -> dict[str, str]:
    """Return the period of the largest product's footprint, and three weeks to answer."""
    if not plan.planned:
        return {}
    record = plan.planned[0].record
    deadline = max(context.today, record.period_end) + TIME_TO_ANSWER
    return {"period_start": str(record.period_start), "period_end": str(record.period_end), "deadline": str(deadline)}


def _lines(context: Context, steps: Sequence[Step]) -> list[PlannerLine]:
    suppliers = {uuid.UUID(step.ask.key.supplier) for step in steps if step.ask.key.supplier != OWN_PLANT}
    names = supplier_names(context.session, suppliers, locale=context.locale)
    types = types_of(context.session, suppliers)
    return [_line(context, place, step, names=names, types=types) for place, step in enumerate(steps, 1)]


def _line(
    context: Context, place: int, step: Step, *, names: Mapping[uuid.UUID, str], types: Mapping[str, SupplierType]
) -> PlannerLine:
    supplier, locale = step.ask.key.supplier, context.locale
    is_own = supplier == OWN_PLANT
    value = "" if is_own else f"{supplier}:{','.join(step.ask.fields)}"
    return PlannerLine(
        place=place,
        value=value,
        is_chosen=value in context.form.getlist("ask"),
        supplier=translate(locale, N_("Anode plant of our own")) if is_own else names[uuid.UUID(supplier)],
        supplier_href="" if is_own else f"/console/suppliers/{supplier}",
        meaning=short_meaning(step.ask.key.parameter, locale),
        fields=_labels(step.ask, SupplierType.MAKER if is_own else types[supplier], locale),
        is_missing=step.ask.is_missing,
        reduction=step.reduction,
        width_after=step.width_after,
    )


def _labels(ask: Ask, supplier_type: SupplierType, locale: Locale) -> list[str]:
    questions = (find_question(supplier_type, field) for field in ask.fields)
    return [translate(locale, question.label) for question in questions if question]


def _name(counted: CountedRecord) -> str:
    return f"{counted.row.grade} · {counted.record.number}"
