"""Every write on material accounts and their flows."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from service.audit.operations import record
from service.errors import N_, ConflictError, FieldError, InvalidInputError, NotFoundError, StaleVersionError
from service.material_flows import queries
from service.material_flows.models import MaterialAccount, MaterialFlow
from service.material_flows.schemas import AccountInput, FlowInput
from service.products.queries import get_plant


def open_account(session: Session, fields: AccountInput, *, by: str, at: datetime, is_sample: bool = False) -> MaterialAccount:
    """Open the account of a plant and a period; no day of a plant stands in two."""
    get_plant(session, fields.plant_id)
    _check_free(session, fields, besides=None)
    account = MaterialAccount(**fields.model_dump(), created_by=by, created_at=at, is_sample=is_sample)
    session.add(account)
    record(session, "material_account_opened", of=account, by=by, at=at)
    return account


def change_account(
    session: Session, account_id: uuid.UUID, fields: AccountInput, *, version: int, by: str, at: datetime
) -> MaterialAccount:
    """Change the period or the tolerance of an account."""
    account = queries.get_account(session, account_id)
    if account.version != version:
        raise StaleVersionError
    _check_free(session, fields, besides=account_id)
    for name, value in fields.model_dump().items():
        setattr(account, name, value)
    account.version += 1
    record(session, "material_account_changed", of=account, by=by, at=at)
    return account


def add_flow(session: Session, fields: FlowInput, *, by: str, at: datetime, is_sample: bool = False) -> MaterialFlow:
    """Enter a flow."""
    queries.get_account(session, fields.account_id)
    flow = MaterialFlow(**fields.model_dump(), created_by=by, created_at=at, is_sample=is_sample)
    session.add(flow)
    record(session, "material_flow_added", of=flow, by=by, at=at, material=flow.material, amount_t=flow.amount_t)
    return flow


def change_flow(session: Session, flow_id: uuid.UUID, fields: FlowInput, *, version: int, by: str, at: datetime) -> MaterialFlow:
    """Correct a flow; the trail keeps what stood there."""
    flow = _open_flow(session, flow_id, version)
    before = flow.amount_t
    for name, value in fields.model_dump().items():
        setattr(flow, name, value)
    flow.version += 1
    record(session, "material_flow_changed", of=flow, by=by, at=at, before_t=before, amount_t=flow.amount_t)
    return flow


def end_flow(session: Session, flow_id: uuid.UUID, *, reason: str, version: int, by: str, at: datetime) -> MaterialFlow:
    """Take a flow out of its account; the row stays with the reason."""
    flow = _open_flow(session, flow_id, version)
    flow.ended_at, flow.ended_reason = at, reason
    flow.version += 1
    record(session, "material_flow_ended", of=flow, by=by, at=at, amount_t=flow.amount_t)
    return flow


def add_suggested(session: Session, fields: Sequence[FlowInput], *, by: str, at: datetime) -> int:
    """Take suggested flows into an account where nothing was measured; return how many."""
    for one in fields:
        add_flow(session, one, by=by, at=at)
    return len(fields)


def _open_flow(session: Session, flow_id: uuid.UUID, version: int) -> MaterialFlow:
    flow = session.get(MaterialFlow, flow_id)
    if flow is None:
        raise NotFoundError
    if flow.version != version:
        raise StaleVersionError
    if flow.ended_at is not None:
        raise ConflictError(N_("This flow has been taken out and is kept as it was; enter a new one instead."))
    return flow


def _check_free(session: Session, fields: AccountInput, *, besides: uuid.UUID | None) -> None:
    other = queries.overlapping_account(session, fields.plant_id, start=fields.period_start, end=fields.period_end)
    if other is None or other.id == besides:
        return
    taken = FieldError(
        N_("This plant has an account from %(start)s to %(end)s already; the days overlap. Choose others, or change that account."),
        start=other.period_start,
        end=other.period_end,
    )
    raise InvalidInputError({"period_start": taken})
