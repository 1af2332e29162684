"""Sources, meters and entries with plausible defaults; a test names only what it is about."""

import itertools
import uuid
from datetime import UTC, date, datetime

from sqlmodel import Session

from service.monitoring.carriers import carriers
from service.monitoring.models import ActivityEntry, Door, EmissionSource, EvidenceKind, Frequency, Meter, Method
from service.products.models import Plant

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
_numbers = itertools.count(1)


def a_meter(
    session: Session,
    plant: Plant,
    *,
    parent: Meter | None = None,
    unit: str = "kWh",
    multiplier: float = 1.0,
    calibrated_until: date | None = date(2030, 12, 31),
) -> Meter:
    """Return a new meter."""
    meter = Meter(
        plant_id=plant.id,
        parent_id=parent.id if parent else None,
        serial=f"M-{next(_numbers)}",
        place="Substation",
        unit=unit,
        multiplier=multiplier,
        calibrated_until=calibrated_until,
        created_at=NOW,
    )
    session.add(meter)
    session.flush()
    return meter


def a_source(
    session: Session,
    plant: Plant,
    carrier: str,
    *,
    meter: Meter | None = None,
    method: Method = Method.METERED,
    starts: date = date(2025, 1, 1),
    ends: date | None = None,
    responsible_id: uuid.UUID | None = None,
    product_id: uuid.UUID | None = None,
) -> EmissionSource:
    """Return a new source."""
    number = next(_numbers)
    source = EmissionSource(
        plant_id=plant.id,
        code=f"S-{number}",
        carrier=carrier,
        name_zh=f"源{number}",
        name_en=f"Source {number}",
        responsible_id=responsible_id,
        product_id=product_id,
        method=method,
        meter_id=meter.id if meter else None,
        frequency=Frequency.MONTHLY,
        evidence_kind=EvidenceKind.BILL,
        starts=starts,
        ends=ends,
        created_at=NOW,
    )
    session.add(source)
    session.flush()
    return source


def an_entry(
    session: Session,
    source: EmissionSource,
    month: date,
    amount: float,
    *,
    evidence_number: str | None = "bill 1",
    evidence_until: date | None = None,
    reading_start: float | None = None,
    reading_end: float | None = None,
    **properties: float,
) -> ActivityEntry:
    """Return what a source came to in a month, in its canonical unit; `properties` were measured."""
    entry = ActivityEntry(
        source_id=source.id,
        month=month,
        typed=f"{amount:g}",
        typed_unit=carriers()[source.carrier].unit,
        amount=amount,
        properties=properties,
        reading_start=reading_start,
        reading_end=reading_end,
        evidence_number=evidence_number,
        evidence_until=evidence_until,
        door=Door.FORM,
        entered_by="system",
        entered_at=NOW,
    )
    session.add(entry)
    session.flush()
    return entry
