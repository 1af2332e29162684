"""Every write on buildings that has a rule of its own."""

import uuid
from collections.abc import Iterator
from datetime import datetime

from sqlmodel import Session, select

from service.errors import N_, FieldError, InvalidInputError
from service.monitoring.carriers import ELECTRICITY_IN
from service.monitoring.models import EmissionSource
from service.premises.models import Building
from service.premises.schemas import BuildingInput
from service.products.models import Plant
from service.registers.operations import add_row, change_row


def add_building(session: Session, fields: BuildingInput, *, by: str, at: datetime, is_sample: bool = False) -> Building:
    """Add a building of a site."""
    _refuse(_problems(session, fields, building_id=None))
    return add_row(session, Building, fields, by=by, at=at, is_sample=is_sample)


def change_building(
    session: Session, building_id: uuid.UUID, fields: BuildingInput, *, version: int, by: str, at: datetime
) -> Building:
    """Change a building."""
    _refuse(_problems(session, fields, building_id=building_id))
    return change_row(session, Building, building_id, fields, version=version, by=by, at=at)


def check_building(session: Session, fields: BuildingInput) -> None:
    """Raise `InvalidInputError` for a building that the tables forbid; one of the same site and name is changed by it."""
    same = session.exec(select(Building).where(Building.plant_id == fields.plant_id, Building.name_zh == fields.name_zh)).first()
    _refuse(_problems(session, fields, building_id=same.id if same else None))


def _problems(session: Session, fields: BuildingInput, *, building_id: uuid.UUID | None) -> Iterator[tuple[str, FieldError]]:
    if session.get(Plant, fields.plant_id) is None:
        yield "plant_id", FieldError(N_("This plant does not exist; pick one from the list."))
    if fields.source_id is None:
        return
    source = session.get(EmissionSource, fields.source_id)
    if source is None or source.plant_id != fields.plant_id:
        yield "source_id", FieldError(N_("This source is of another site; pick one of the building's site."))
    elif source.carrier not in ELECTRICITY_IN:
        yield "source_id", FieldError(N_("“%(name)s” is no electricity; pick the building's electricity."), name=source.name_zh)
    other = session.exec(select(Building).where(Building.source_id == fields.source_id)).first()
    if other is not None and other.id != building_id:
        yield (
            "source_id",
            FieldError(N_("“%(name)s” has this electricity already; one source is one building's."), name=other.name_zh),
        )


def _refuse(problems: Iterator[tuple[str, FieldError]]) -> None:
    found = dict(problems)
    if found:
        raise InvalidInputError(found)
