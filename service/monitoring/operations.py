"""Every write on meters and sources."""

import uuid
from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlmodel import Session, SQLModel, select

from service.accounts.models import User
from service.audit.operations import record
from service.database import flush_unless_taken
from service.errors import N_, FieldError, InvalidInputError, StaleVersionError
from service.monitoring import queries
from service.monitoring.carriers import CarrierKind, carriers
from service.monitoring.models import EmissionSource, Meter
from service.monitoring.schemas import MeterInput, SourceInput
from service.plan.models import OrgUnit
from service.products.models import Plant, Product
from service.submissions.units import factor

# ---- Meters ----


def add_meter(session: Session, fields: MeterInput, *, by: str, at: datetime, is_sample: bool = False) -> Meter:
    """Add a meter to a site."""
    _refuse(_problems_of_meter(session, fields, meter_id=None))
    meter = Meter(**fields.model_dump(), created_at=at, is_sample=is_sample)
    session.add(meter)
    _keep(session, "serial", FieldError(N_("This site has a meter %(serial)s already."), serial=fields.serial))
    record(session, "meter_added", of=meter, by=by, at=at)
    return meter


def change_meter(session: Session, meter_id: uuid.UUID, fields: MeterInput, *, version: int, by: str, at: datetime) -> Meter:
    """Change a meter, such as the day until which its calibration holds."""
    meter = queries.get_meter(session, meter_id)
    if meter.version != version:
        raise StaleVersionError
    _refuse(_problems_of_meter(session, fields, meter_id=meter_id))
    for name, value in fields.model_dump().items():
        setattr(meter, name, value)
    meter.version += 1
    _keep(session, "serial", FieldError(N_("This site has a meter %(serial)s already."), serial=fields.serial))
    record(session, "meter_changed", of=meter, by=by, at=at, calibrated_until=meter.calibrated_until)
    return meter


def check_meter(session: Session, fields: MeterInput) -> None:
    """Raise `InvalidInputError` for a meter that the tables forbid; one with the same serial number is changed by it."""
    same = session.exec(select(Meter).where(Meter.plant_id == fields.plant_id, Meter.serial == fields.serial)).first()
    _refuse(_problems_of_meter(session, fields, meter_id=same.id if same else None))


def _problems_of_meter(session: Session, fields: MeterInput, *, meter_id: uuid.UUID | None) -> Iterator[tuple[str, FieldError]]:
    if session.get(Plant, fields.plant_id) is None:
        yield "plant_id", FieldError(N_("This plant does not exist; pick one from the list."))
    parent = session.get(Meter, fields.parent_id) if fields.parent_id is not None else None
    if fields.parent_id is not None and (parent is None or parent.plant_id != fields.plant_id):
        yield "parent_id", FieldError(N_("The main meter stands at another site; pick one of this site."))
    elif parent is not None and factor(parent.unit, fields.unit) is None:
        message = N_("The main meter counts %(main)s, this one %(unit)s; a part is counted like its whole.")
        yield "parent_id", FieldError(message, main=parent.unit, unit=fields.unit)
    if meter_id is not None and _stands_behind(session, parent, meter_id):
        yield "parent_id", FieldError(N_("This meter would stand behind itself; pick another main meter."))


def _stands_behind(session: Session, parent: Meter | None, meter_id: uuid.UUID) -> bool:
    while parent is not None:
        if parent.id == meter_id:
            return True
        parent = session.get(Meter, parent.parent_id) if parent.parent_id is not None else None
    return False


# ---- Sources ----


def add_source(session: Session, fields: SourceInput, *, by: str, at: datetime, is_sample: bool = False) -> EmissionSource:
    """Add a source to a site."""
    _refuse(_problems_of_source(session, fields))
    source = EmissionSource(**fields.model_dump(), created_at=at, is_sample=is_sample)
    session.add(source)
    _keep(session, "code", FieldError(N_("This site has a source “%(code)s” or one of this name already."), code=fields.code))
    record(session, "emission_source_added", of=source, by=by, at=at, carrier=source.carrier)
    return source


def change_source(
    session: Session, source_id: uuid.UUID, fields: SourceInput, *, version: int, by: str, at: datetime
) -> EmissionSource:
    """Change a source; what it is and where it stands no longer, once it has figures."""
    source = queries.get_source(session, source_id)
    if source.version != version:
        raise StaleVersionError
    _refuse(_problems_of_source(session, fields))
    _refuse(_problems_of_figures(session, source, fields))
    for name, value in fields.model_dump().items():
        setattr(source, name, value)
    source.version += 1
    _keep(session, "code", FieldError(N_("This site has a source “%(code)s” or one of this name already."), code=fields.code))
    record(session, "emission_source_changed", of=source, by=by, at=at, responsible=source.responsible_id)
    return source


def check_source(session: Session, fields: SourceInput) -> None:
    """Raise `InvalidInputError` for a source that the tables forbid."""
    _refuse(_problems_of_source(session, fields))


def _problems_of_source(session: Session, fields: SourceInput) -> Iterator[tuple[str, FieldError]]:
    carrier = carriers()[fields.carrier]
    if session.get(Plant, fields.plant_id) is None:
        yield "plant_id", FieldError(N_("This plant does not exist; pick one from the list."))
    meter = session.get(Meter, fields.meter_id) if fields.meter_id is not None else None
    if fields.meter_id is not None and (meter is None or meter.plant_id != fields.plant_id):
        yield "meter_id", FieldError(N_("This meter stands at another site; pick one of this site."))
    elif meter is not None and factor(meter.unit, carrier.unit) is None:
        message = N_("Meter %(serial)s counts %(unit)s, which is no unit of this kind of source; pick another meter.")
        yield "meter_id", FieldError(message, serial=meter.serial, unit=meter.unit)
    if fields.ends is not None and fields.ends < fields.starts:
        yield "ends", FieldError(N_("The last month lies before the first one; swap them."))
    if fields.product_id is not None and carrier.kind is not CarrierKind.OUTPUT:
        yield "product_id", FieldError(N_("Only what is made is of a product; leave this empty."))
    tables: Mapping[str, type[SQLModel]] = {"product_id": Product, "responsible_id": User, "unit_id": OrgUnit}
    for name, table in tables.items():
        value = getattr(fields, name)
        if value is not None and session.get(table, value) is None:
            yield name, FieldError(N_("“%(input)s” is not one of the choices; pick one from the list."), input=value)


def _problems_of_figures(session: Session, source: EmissionSource, fields: SourceInput) -> Iterator[tuple[str, FieldError]]:
    months = queries.months_of(session, source.id)
    if not months:
        return
    for name in ("plant_id", "carrier"):
        if getattr(fields, name) != getattr(source, name):
            message = N_("There are figures of %(count)s months already; end this source and add another one instead.")
            yield name, FieldError(message, count=len(months))
    if min(months) < fields.starts:
        yield "starts", FieldError(N_("There is a figure of %(month)s already; take it back first."), month=f"{min(months):%Y-%m}")
    if fields.ends is not None and max(months) > fields.ends:
        yield "ends", FieldError(N_("There is a figure of %(month)s already; take it back first."), month=f"{max(months):%Y-%m}")


def _refuse(problems: Iterator[tuple[str, FieldError]]) -> None:
    found = dict(problems)
    if found:
        raise InvalidInputError(found)


def _keep(session: Session, field: str, taken: FieldError) -> None:
    flush_unless_taken(session, InvalidInputError({field: taken}))
