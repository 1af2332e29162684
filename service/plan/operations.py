"""Every write on the units that answer for the plan."""

import uuid
from datetime import datetime

from sqlmodel import Session

from service.audit.operations import record
from service.database import flush_unless_taken
from service.errors import N_, FieldError, InvalidInputError, StaleVersionError
from service.plan.models import OrgUnit
from service.plan.queries import get_unit
from service.plan.schemas import OrgUnitInput


def add_unit(session: Session, fields: OrgUnitInput, *, by: str, at: datetime, is_sample: bool = False) -> OrgUnit:
    """Add a unit; two may not have one name."""
    unit = OrgUnit(**fields.model_dump(), created_at=at, is_sample=is_sample)
    session.add(unit)
    _keep(session, fields)
    record(session, "org_unit_created", of=unit, by=by, at=at)
    return unit


def change_unit(session: Session, unit_id: uuid.UUID, fields: OrgUnitInput, *, version: int, by: str, at: datetime) -> OrgUnit:
    """Change a unit; one that is no longer active keeps what it has answered for."""
    unit = get_unit(session, unit_id)
    if unit.version != version:
        raise StaleVersionError
    for name, value in fields.model_dump().items():
        setattr(unit, name, value)
    unit.version += 1
    _keep(session, fields)
    record(session, "org_unit_changed", of=unit, by=by, at=at)
    return unit


def _keep(session: Session, fields: OrgUnitInput) -> None:
    taken = FieldError(N_("There is a unit called %(name)s already; choose another name."), name=fields.name_zh)
    flush_unless_taken(session, InvalidInputError({"name_zh": taken}))
