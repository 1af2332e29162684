"""Every write of the exemption ledger."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from service.audit.operations import record as record_event
from service.errors import StaleVersionError
from service.exemptions import queries
from service.exemptions.models import ExemptedFlow
from service.exemptions.schemas import ExemptionInput


def set_exemption(session: Session, fields: ExemptionInput, *, by: str, at: datetime) -> ExemptedFlow:
    """Leave a flow out with an estimate; a row of the same flow is withdrawn.

    Raises
    ------
    StaleVersionError
        Somebody else wrote the same flow at the same moment.

    """
    present = queries.find_in_force(session, fields.flow)
    if present is not None:
        _withdraw(session, present, by=by, at=at)
    row = ExemptedFlow(**fields.model_dump(), recorded_by=by, recorded_at=at)
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError as error:
        raise StaleVersionError from error
    record_event(session, "exemption_recorded", of=row, by=by, at=at, flow=row.flow, kg_co2e_per_kg=row.kg_co2e_per_kg)
    return row


def withdraw_exemption(session: Session, row: ExemptedFlow, *, by: str, at: datetime) -> ExemptedFlow:
    """Take a row out of the ledger; the model's own estimate counts again if it has one."""
    _withdraw(session, row, by=by, at=at)
    record_event(session, "exemption_withdrawn", of=row, by=by, at=at, flow=row.flow, kg_co2e_per_kg=row.kg_co2e_per_kg)
    return row


def _withdraw(session: Session, row: ExemptedFlow, *, by: str, at: datetime) -> None:
    in_force = update(ExemptedFlow).where(col(ExemptedFlow.id) == row.id, col(ExemptedFlow.withdrawn_at).is_(None))
    withdrawn = session.connection().execute(in_force.values(withdrawn_by=by, withdrawn_at=at))
    if withdrawn.rowcount != 1:
        raise StaleVersionError
    session.refresh(row)
