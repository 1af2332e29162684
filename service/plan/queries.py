"""Reading the units that answer for the plan."""

import uuid
from collections.abc import Sequence

from sqlmodel import Session, col, select

from service.errors import NotFoundError
from service.plan.models import OrgUnit


def get_unit(session: Session, unit_id: uuid.UUID) -> OrgUnit:
    """Return a unit of the maker."""
    unit = session.get(OrgUnit, unit_id)
    if unit is None:
        raise NotFoundError
    return unit


def find_units(session: Session, *, active_only: bool = True) -> Sequence[OrgUnit]:
    """Return units in the order of their Chinese names."""
    query = select(OrgUnit).order_by(OrgUnit.name_zh, col(OrgUnit.id))
    return session.exec(query.where(col(OrgUnit.is_active)) if active_only else query).all()
