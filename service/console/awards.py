"""Pages on award memos: decide, read, take the document along, see what has changed since."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from fastapi import APIRouter
from pydantic import ValidationError
from starlette.datastructures import UploadFile
from starlette.responses import Response

from service.accounts.access import Context, endpoint
from service.accounts.models import Role
from service.accounts.pages import render_page, see_other
from service.accounts.queries import names_of_actors
from service.allocation import run_queries
from service.allocation.candidates import REMOVALS, Candidate, candidate_from
from service.allocation.effects import Happened
from service.allocation.models import AllocationRun
from service.allocation.queries import candidates_for
from service.console.allocation_shown import happened_words
from service.console.choices import Options, flow_label, flow_options
from service.console.exports import attachment
from service.console.offers import READERS, WRITERS
from service.database import new_id
from service.errors import N_, InvalidInputError, NotFoundError, ServiceError
from service.green_score.method_queries import method_in_force
from service.green_score.published import Disclosure
from service.i18n import translate
from service.procurement import award_queries as queries
from service.procurement.award_document import departs_from_plan
from service.procurement.award_schemas import AwardInput
from service.procurement.awards import award, field_of
from service.procurement.models import AwardMemo
from service.suppliers.schemas import FlowKey
from service.web.forms import FormInput, FormState, field_error, rejected

router = APIRouter()

LIST: Final = "/console/awards"
REFRESH_S: Final = 2
PDF: Final = "application/pdf"


class AwardStart(FormInput):
    """What the address of the form says: a material, and the plan to follow."""

    flow: FlowKey
    allocation_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardsPage:
    """The list; `rows` are (memo, material, who decided, whether an order is no longer permissible)."""

    rows: Sequence[tuple[AwardMemo, str, str, bool]]
    flows: Options
    may_write: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardFormPage:
    """The form; `lines` are (candidate, supplier, field of its amount, why it may get nothing)."""

    form: FormState
    flow: str
    material: str
    run: AllocationRun | None
    lines: Sequence[tuple[Candidate, str, str, str]]
    idempotency_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardPage:
    """A memo.

    Attributes
    ----------
    orders
        (order as recorded, candidate, supplier).
    total_t, cost
        Of all orders: t in whole kilograms, yuan in whole ones.
    alternatives
        (candidate, supplier, break-even carbon price or None, why it could get nothing).
    happened
        (effect, supplier, material, words) of what has happened since.

    """

    memo: AwardMemo
    material: str
    decided_by: str
    orders: Sequence[tuple[Mapping[str, Any], Candidate, str]]
    alternatives: Sequence[tuple[Candidate, str, float | None, str]]
    happened: Sequence[tuple[Happened, str, str, str]]
    total_t: float
    cost: float
    departs: bool
    refresh_s: int | None


@router.get("/console/awards")
@endpoint(READERS)
def show_awards(context: Context) -> Response:
    """List the memos, latest first."""
    found = queries.find_memos(context.session)
    people = names_of_actors(context.session, [one.decided_by for one in found])
    in_force = {one.id for one in queries.memos_in_force(context.session)}
    page = AwardsPage(
        rows=[
            (
                one,
                flow_label(one.flow, context.locale),
                people.get(one.decided_by, one.decided_by),
                one.id in in_force and any(effect.forbids for effect, *_ in _happened(context, one)),
            )
            for one in found
        ],
        flows=flow_options(context.locale),
        may_write=context.asking.has(Role.ENGINEER, Role.PROCUREMENT),
    )
    return render_page(context, "console/awards.html", page)


@router.get("/console/awards/new")
@endpoint(WRITERS)
def new_award(context: Context) -> Response:
    """Show the form for a material, filled with a plan's amounts where the address names one."""
    try:
        start = AwardStart.model_validate(dict(context.request.query_params))
    except ValidationError as error:
        raise InvalidInputError({"flow": field_error(error.errors()[0])}) from error
    run = _run(context, start.allocation_id)
    return _show_form(context, start.flow, run, FormState(values=_planned(run, start.flow)))


@router.post("/console/awards")
@endpoint(WRITERS)
def record_award(context: Context) -> Response:
    """Record a decision."""
    today = context.today
    typed = _typed(context)
    try:
        memo = award(context.session, _award_input(typed), by=context.asking.actor, at=context.at, today=today)
    except ServiceError as error:
        if not _is_flow(typed):
            raise NotFoundError from error
        run = _run(context, _as_id(typed.get("allocation_id")))
        return _show_form(context, typed["flow"], run, rejected(context.form, error, context.locale), status=error.status)
    return see_other(context, f"{LIST}/{memo.id}", N_("Recorded. The document is being prepared."))


@router.get("/console/awards/{award_id}")
@endpoint(READERS)
def show_award(context: Context, award_id: uuid.UUID) -> Response:
    """Show a memo, with what has changed since."""
    return render_page(context, "console/award.html", _page(context, queries.get_memo(context.session, award_id)))


@router.get("/console/awards/{award_id}/memo.pdf")
@endpoint(READERS)
def download_award(context: Context, award_id: uuid.UUID) -> Response:
    """Send the document as it was stored."""
    memo = queries.get_memo(context.session, award_id)
    if memo.pdf is None:
        raise NotFoundError(N_("The document of %(number)s is not finished; try again in a moment."), number=memo.number)
    return attachment(memo.pdf, PDF, f"{memo.number}.pdf")


def _typed(context: Context) -> dict[str, str]:
    system = {"csrf_token", "idempotency_key"}
    return {
        name: value
        for name, value in context.form.items()
        if not isinstance(value, UploadFile) and name not in system and value.strip()
    }


def _award_input(typed: Mapping[str, str]) -> AwardInput:
    """Return what was decided; amounts come as one field per supplier."""
    orders = [{"supplier_id": name.removeprefix("t_"), "t": value} for name, value in typed.items() if name.startswith("t_")]
    rest = {name: value for name, value in typed.items() if not name.startswith("t_")}
    try:
        return AwardInput.model_validate({**rest, "orders": orders})
    except ValidationError as error:
        raise InvalidInputError({_field(item["loc"], orders): field_error(item) for item in error.errors()}) from error


def _field(location: Sequence[str | int], orders: Sequence[Mapping[str, str]]) -> str:
    if location and location[0] == "orders" and len(location) > 1:
        return field_of(orders[int(location[1])]["supplier_id"])
    return str(location[0]) if location else ""


def _is_flow(typed: Mapping[str, str]) -> bool:
    try:
        AwardStart(flow=typed.get("flow", ""))
    except ValidationError:
        return False
    return True


def _as_id(text: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(text) if text else None
    except ValueError:
        return None


def _run(context: Context, allocation_id: uuid.UUID | None) -> AllocationRun | None:
    return None if allocation_id is None else run_queries.get_run(context.session, allocation_id, asking=context.asking)


def _planned(run: AllocationRun | None, flow: str) -> dict[str, str]:
    """Return the form's first values: the plan's amounts in whole kilograms, and its carbon price."""
    if run is None or run.answer is None:
        return {"carbon_price_per_t": "0"}
    orders = [one for one in run.answer["allocations"] if one["material"] == flow]
    price = run.question["problem"]["rules"]["carbon_price_per_t"]
    return {"carbon_price_per_t": f"{price:.15g}", **{field_of(one["supplier"]): f"{round(one['t'], 3):.15g}" for one in orders}}


def _show_form(context: Context, flow: str, run: AllocationRun | None, form: FormState, *, status: int = 200) -> Response:
    today = context.today
    method = method_in_force(context.session, today)[1]
    candidates = candidates_for(context.session, {flow}, on=today, method=method, disclosure=Disclosure.ROUNDED)
    page = AwardFormPage(
        form=form,
        flow=flow,
        material=flow_label(flow, context.locale),
        run=run,
        lines=[(one, _name(context, one), field_of(one.supplier), _why_nothing(context, one)) for one in candidates],
        idempotency_key=str(new_id()),
    )
    return render_page(context, "console/award_form.html", page, status=status)


def _page(context: Context, memo: AwardMemo) -> AwardPage:
    candidates = {one["supplier"]: candidate_from(one) for one in memo.snapshot["candidates"]}
    orders = memo.snapshot["orders"]
    chosen = {one["supplier"] for one in orders}
    return AwardPage(
        memo=memo,
        material=flow_label(memo.flow, context.locale),
        decided_by=names_of_actors(context.session, [memo.decided_by]).get(memo.decided_by, memo.decided_by),
        orders=[(one, candidates[one["supplier"]], _name(context, candidates[one["supplier"]])) for one in orders],
        alternatives=[
            (one, _name(context, one), memo.snapshot["break_even"].get(key), _why_nothing(context, one))
            for key, one in candidates.items()
            if key not in chosen
        ],
        happened=_happened(context, memo),
        total_t=round(memo.snapshot["demand_t"], 3),
        cost=float(round(memo.snapshot["cost"])),
        departs=departs_from_plan(memo.snapshot),
        refresh_s=REFRESH_S if memo.pdf is None else None,
    )


def _happened(context: Context, memo: AwardMemo) -> Sequence[tuple[Happened, str, str, str]]:
    today = context.today
    return happened_words(context.session, queries.orders_of(memo), on=today, locale=context.locale)


def _name(context: Context, candidate: Candidate) -> str:
    return candidate.name_zh if context.locale == "zh-CN" else candidate.name_en


def _why_nothing(context: Context, candidate: Candidate) -> str:
    return "" if candidate.removal is None else translate(context.locale, REMOVALS[candidate.removal])
