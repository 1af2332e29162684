"""The page on waivers: a supplier may deliver more than its grade allows, once a second person agrees."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import Context, endpoint, roles
from service.accounts.models import Role
from service.accounts.pages import render_page, see_other
from service.accounts.queries import names_of_actors
from service.allocation import offer_queries as queries
from service.allocation import operations
from service.allocation.models import SoleSourceWaiver
from service.allocation.schemas import WaiverInput
from service.console.choices import Options, flow_label, flow_options, supplier_options
from service.console.offers import READERS, WRITERS
from service.console.purchases import DELIVERING_TYPES
from service.database import new_id
from service.errors import N_, ServiceError
from service.suppliers.queries import all_active_suppliers, names_of
from service.web.forms import FormState, parse_form, rejected

router = APIRouter()

DECIDERS = roles(Role.ENGINEER, Role.PROCUREMENT, Role.REVIEWER)
LIST: Final = "/console/waivers"
STATES: Final[Mapping[str, tuple[str, str]]] = {
    "asked": (N_("Waits for a second person"), "attention"),
    "counts": (N_("Counts"), "good"),
    "over": (N_("Over"), "neutral"),
    "ended": (N_("Refused or taken back"), "neutral"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class WaiverLine:
    """A waiver as the list shows it; `state` is a key of `STATES`."""

    waiver: SoleSourceWaiver
    supplier: str
    material: str
    state: str
    tone: str
    asked_by: str
    approved_by: str
    may_approve: bool
    may_end: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WaiversPage:
    """The list, with the form that asks for another one."""

    lines: Sequence[WaiverLine]
    form: FormState
    suppliers: Options
    flows: Options
    may_ask: bool
    idempotency_key: str


@router.get("/console/waivers")
@endpoint(READERS)
def show_waivers(context: Context) -> Response:
    """List the waivers, with an empty form."""
    return _show(context, FormState())


@router.post("/console/waivers")
@endpoint(WRITERS)
def ask_waiver(context: Context) -> Response:
    """Ask for a waiver."""
    today = context.today
    try:
        fields = parse_form(WaiverInput, context.form)
        operations.ask_waiver(context.session, fields, by=context.asking.actor, at=context.at, today=today)
    except ServiceError as error:
        return _show(context, rejected(context.form, error, context.locale), status=error.status)
    return see_other(context, LIST, N_("Asked. It counts once another person approves it."))


@router.post("/console/waivers/{waiver_id}/approve")
@endpoint(DECIDERS)
def approve_waiver(context: Context, waiver_id: uuid.UUID) -> Response:
    """Let a waiver count."""
    waiver = queries.get_waiver(context.session, waiver_id)
    operations.approve_waiver(context.session, waiver, by=context.asking.actor, at=context.at)
    return see_other(context, LIST, N_("Approved. New allocations count it."))


@router.post("/console/waivers/{waiver_id}/end")
@endpoint(DECIDERS)
def end_waiver(context: Context, waiver_id: uuid.UUID) -> Response:
    """Refuse a waiver, or take it back."""
    waiver = queries.get_waiver(context.session, waiver_id)
    operations.end_waiver(context.session, waiver, by=context.asking.actor, at=context.at)
    return see_other(context, LIST, N_("The waiver does not count any more."))


def _show(context: Context, form: FormState, *, status: int = 200) -> Response:
    page = WaiversPage(
        lines=_lines(context, queries.find_waivers(context.session)),
        form=form,
        suppliers=supplier_options(all_active_suppliers(context.session, types=DELIVERING_TYPES), context.locale),
        flows=flow_options(context.locale),
        may_ask=context.asking.has(Role.ENGINEER, Role.PROCUREMENT),
        idempotency_key=str(new_id()),
    )
    return render_page(context, "console/waivers.html", page, status=status)


def _lines(context: Context, waivers: Sequence[SoleSourceWaiver]) -> Sequence[WaiverLine]:
    suppliers = names_of(context.session, {one.supplier_id for one in waivers}, context.locale)
    people = names_of_actors(context.session, [name for one in waivers for name in (one.asked_by, one.approved_by) if name])
    may_decide = context.asking.has(Role.ENGINEER, Role.PROCUREMENT, Role.REVIEWER)
    lines = []
    for one in waivers:
        key = _state(context, one)
        label, tone = STATES[key]
        lines.append(
            WaiverLine(
                waiver=one,
                supplier=suppliers[one.supplier_id],
                material=flow_label(one.flow, context.locale),
                state=label,
                tone=tone,
                asked_by=people.get(one.asked_by, one.asked_by),
                approved_by=people.get(one.approved_by or "", one.approved_by or ""),
                may_approve=may_decide and key == "asked" and one.asked_by != context.asking.actor,
                may_end=may_decide and key in {"asked", "counts"},
            )
        )
    return lines


def _state(context: Context, waiver: SoleSourceWaiver) -> str:
    if waiver.ended_at is not None:
        return "ended"
    if waiver.valid_until < context.today:
        return "over"
    return "asked" if waiver.approved_at is None else "counts"
