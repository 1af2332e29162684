"""Pages on the flows that footprints leave out, each with an estimate."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import Context, endpoint, roles
from service.accounts.models import Role
from service.accounts.pages import render_page, see_other
from service.database import new_id
from service.errors import N_, ServiceError
from service.exemptions import operations, queries
from service.exemptions.queries import LedgerEntry
from service.exemptions.schemas import ExemptionInput
from service.footprints.disclosure import INSIDERS
from service.modelling.queries import active_model
from service.web.forms import FormState, parse_form, rejected

router = APIRouter()

WRITERS = roles(Role.ENGINEER)


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerRow:
    """A flow left out.

    Attributes
    ----------
    kg_co2e_per_kg, share
        The estimate: one of the two is None.
    is_model
        Whether the estimate is the model's own.
    exemption_id
        Of this deployment's row; None for the model's.

    """

    flow: str
    name: str
    kg_co2e_per_kg: float | None
    share: float | None
    reason: str
    evidence: str
    is_unverified: bool
    is_model: bool
    exemption_id: uuid.UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerPage:
    """The ledger that counts for releases from now on."""

    rows: Sequence[LedgerRow]
    may_write: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ExemptionFormPage:
    """The form; `flow` names the one whose estimate is replaced, empty for a new one."""

    form: FormState
    flow: str
    idempotency_key: str


@router.get("/console/exemptions")
@endpoint(INSIDERS)
def show_ledger(context: Context) -> Response:
    """List the flows left out."""
    entries = queries.ledger(context.session, active_model(context.session))
    rows = [_row(entry, is_chinese=context.locale == "zh-CN") for entry in entries]
    return render_page(context, "console/exemptions.html", LedgerPage(rows=rows, may_write=context.asking.has(Role.ENGINEER)))


@router.get("/console/exemptions/new")
@endpoint(WRITERS)
def new_exemption(context: Context) -> Response:
    """Show the form; `flow` in the address fills in what the ledger says of it now."""
    wanted = context.request.query_params.get("flow", "")
    entries = queries.ledger(context.session, active_model(context.session))
    present = next((one for one in entries if one.exemption.flow == wanted), None)
    return _show_form(context, FormState(values=_values(present, is_chinese=context.locale == "zh-CN") if present else {}))


@router.post("/console/exemptions")
@endpoint(WRITERS)
def set_exemption(context: Context) -> Response:
    """Leave a flow out with an estimate, or replace the estimate of one."""
    try:
        fields = parse_form(ExemptionInput, context.form)
        operations.set_exemption(context.session, fields, by=context.asking.actor, at=context.at)
    except ServiceError as error:
        return _show_form(context, rejected(context.form, error, context.locale), status=error.status)
    return see_other(context, "/console/exemptions", N_("Saved."))


@router.post("/console/exemptions/{exemption_id}/withdraw")
@endpoint(WRITERS)
def withdraw_exemption(context: Context, exemption_id: uuid.UUID) -> Response:
    """Take a row out of the ledger."""
    row = queries.get_exemption(context.session, exemption_id)
    operations.withdraw_exemption(context.session, row, by=context.asking.actor, at=context.at)
    return see_other(context, "/console/exemptions", N_("Taken out of the ledger."))


def _row(entry: LedgerEntry, *, is_chinese: bool) -> LedgerRow:
    one = entry.exemption
    return LedgerRow(
        flow=one.flow,
        name=one.name_zh if is_chinese else one.name_en,
        kg_co2e_per_kg=one.kg_co2e_per_kg,
        share=one.share_of_total,
        reason=one.reason_zh if is_chinese else one.reason_en,
        evidence=one.evidence_zh if is_chinese else one.evidence_en,
        is_unverified=one.confidence == "memory",
        is_model=entry.row is None,
        exemption_id=entry.row.id if entry.row else None,
    )


def _values(entry: LedgerEntry, *, is_chinese: bool) -> dict[str, str]:
    """Return what the form begins with; an estimate in percent has to be given in kg."""
    row = _row(entry, is_chinese=is_chinese)
    estimate = "" if row.kg_co2e_per_kg is None else f"{row.kg_co2e_per_kg:g}"
    return {"flow": row.flow, "name": row.name, "kg_co2e_per_kg": estimate, "reason": row.reason, "evidence": row.evidence}


def _show_form(context: Context, form: FormState, *, status: int = 200) -> Response:
    page = ExemptionFormPage(form=form, flow=form.value("flow"), idempotency_key=str(new_id()))
    return render_page(context, "console/exemption_form.html", page, status=status)
