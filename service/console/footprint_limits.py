"""Customers' limits of products' footprints: headroom of each, and what a change has carried over it."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import Context, endpoint, roles
from service.accounts.models import Role
from service.accounts.pages import render_page, see_other
from service.certificates.queries import find_customers
from service.console import footprint_words as words
from service.console.choices import Options
from service.console.swap_shown import customer_names
from service.database import new_id
from service.errors import N_, ServiceError
from service.footprints.disclosure import may_see_inputs
from service.footprints.views import VIEWS
from service.i18n import translate
from service.products.queries import find_products
from service.swaps import operations, queries
from service.swaps.limits import LimitState, limit_states
from service.swaps.schemas import LimitInput
from service.web.forms import FormState, parse_form, rejected

router = APIRouter()

READERS = roles(Role.PROCUREMENT, Role.SALES, Role.ENGINEER, Role.REVIEWER, Role.AUDITOR)
WRITERS = roles(Role.PROCUREMENT, Role.SALES, Role.ENGINEER)
_MOST_PRODUCTS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitRow:
    """A limit with names in the reader's language."""

    state: LimitState
    customer: str
    grade: str
    view: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitsPage:
    """All limits in force, and the form that adds one."""

    rows: Sequence[LimitRow]
    form: FormState
    products: Options
    customers: Options
    views: Options
    today: str
    may_write: bool
    is_exact: bool
    idempotency_key: str


@router.get("/console/footprint-limits")
@endpoint(READERS)
def show_limits(context: Context) -> Response:
    """Show the limits in force, the least headroom first."""
    return _show(context, FormState())


@router.post("/console/footprint-limits")
@endpoint(WRITERS)
def record_limit(context: Context) -> Response:
    """Note a limit."""
    try:
        fields = parse_form(LimitInput, context.form)
        operations.record_limit(context.session, fields, by=context.asking.actor, at=context.at)
    except ServiceError as error:
        return _show(context, rejected(context.form, error, context.locale), status=error.status)
    return see_other(context, "/console/footprint-limits", N_("Limit noted."))


@router.post("/console/footprint-limits/{footprint_limit_id:uuid}/withdraw")
@endpoint(WRITERS)
def withdraw_limit(context: Context, footprint_limit_id: uuid.UUID) -> Response:
    """Let a limit count no more."""
    limit = queries.get_limit(context.session, footprint_limit_id)
    operations.withdraw_limit(context.session, limit, by=context.asking.actor, at=context.at)
    return see_other(context, "/console/footprint-limits", N_("Limit withdrawn."))


def _show(context: Context, form: FormState, *, status: int = 200) -> Response:
    today = context.today
    grades = {row.id: row.grade for row in find_products(context.session, limit=_MOST_PRODUCTS).rows}
    names = customer_names(context)
    page = LimitsPage(
        rows=[_row(context, state, names, grades) for state in limit_states(context.session, on=today, to=context.asking)],
        form=form,
        products=[(str(product_id), grade) for product_id, grade in grades.items()],
        customers=[(str(one.id), names[one.id]) for one in find_customers(context.session) if one.is_active],
        views=[(view, translate(context.locale, words.VIEWS[view][0])) for view in VIEWS],
        today=today.isoformat(),
        may_write=WRITERS.lets_in(context.principal),
        is_exact=may_see_inputs(context.asking),
        idempotency_key=str(new_id()),
    )
    return render_page(context, "console/footprint_limits.html", page, status=status)


def _row(context: Context, state: LimitState, names: Mapping[uuid.UUID, str], grades: Mapping[uuid.UUID, str]) -> LimitRow:
    limit = state.limit
    return LimitRow(
        state=state,
        customer=names[limit.customer_id],
        grade=grades.get(limit.product_id, "–"),
        view=translate(context.locale, words.VIEWS[limit.electricity_view][0]),
    )
