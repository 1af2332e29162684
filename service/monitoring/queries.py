"""Reading sources, meters and what they came to, month by month."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session, col, func, select

from service.errors import NotFoundError
from service.evidence.models import AttachedFile
from service.monitoring.carriers import ELECTRICITY_IN, ELECTRICITY_OUT, carriers
from service.monitoring.grades import Grade, grade_of
from service.monitoring.models import ActivityEntry, ActivityFile, EmissionSource, Meter
from service.monitoring.months import month_of, months_between
from service.monitoring.rules import counts_in, main_source


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthlyAmount:
    """What one source came to in one month.

    Attributes
    ----------
    amount, unit
        In the carrier's canonical unit.
    properties
        What was measured, by property of `carriers.PROPERTIES`.
    within
        The source whose figure contains this one, because its meter stands before; None: it counts by itself.

    """

    entry_id: uuid.UUID
    source_id: uuid.UUID
    plant_id: uuid.UUID
    carrier: str
    month: date
    amount: float
    unit: str
    properties: Mapping[str, Any]
    product_id: uuid.UUID | None
    grade: Grade
    evidence: str | None
    within: uuid.UUID | None
    is_sample: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingMonth:
    """A source that has no figure for a month in which it counts."""

    source: EmissionSource
    month: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """All sources and meters, read once."""

    sources: Sequence[EmissionSource]
    meters: Mapping[uuid.UUID, Meter]

    def main_of(self, source: EmissionSource, month: date) -> EmissionSource | None:
        """Return the source that counts this one too; None: it counts by itself."""
        if source.meter_id is None:
            return None
        return main_source(source, month, sources=self.sources, meters=self.meters)

    def meter_of(self, source: EmissionSource) -> Meter | None:
        """Return the meter of a source."""
        return self.meters.get(source.meter_id) if source.meter_id is not None else None


# ---- Sources and meters ----


def get_source(session: Session, source_id: uuid.UUID) -> EmissionSource:
    """Return a source."""
    source = session.get(EmissionSource, source_id)
    if source is None:
        raise NotFoundError
    return source


def get_meter(session: Session, meter_id: uuid.UUID) -> Meter:
    """Return a meter."""
    meter = session.get(Meter, meter_id)
    if meter is None:
        raise NotFoundError
    return meter


def find_sources(session: Session, *, plant_id: uuid.UUID | None = None, month: date | None = None) -> Sequence[EmissionSource]:
    """Return sources by carrier and code; of a month only those that count in it."""
    query = select(EmissionSource).order_by(EmissionSource.code, col(EmissionSource.id))
    if plant_id is not None:
        query = query.where(EmissionSource.plant_id == plant_id)
    order = {key: place for place, key in enumerate(carriers())}
    found = [one for one in session.exec(query) if month is None or counts_in(one, month)]
    return sorted(found, key=lambda one: order[one.carrier])


def find_meters(session: Session, *, plant_id: uuid.UUID | None = None) -> Sequence[Meter]:
    """Return meters by their serial numbers."""
    query = select(Meter).order_by(Meter.serial, col(Meter.id))
    return session.exec(query if plant_id is None else query.where(Meter.plant_id == plant_id)).all()


def all_sources(session: Session, *, plant_id: uuid.UUID | None = None) -> Sources:
    """Return the sources and meters of a site or of all."""
    meters = {meter.id: meter for meter in find_meters(session, plant_id=plant_id)}
    return Sources(sources=find_sources(session, plant_id=plant_id), meters=meters)


# ---- Entries ----


def get_entry(session: Session, entry_id: uuid.UUID) -> ActivityEntry:
    """Return an entry, also one that another has taken the place of."""
    entry = session.get(ActivityEntry, entry_id)
    if entry is None:
        raise NotFoundError
    return entry


def current_entries(
    session: Session, *, start: date, end: date, plant_id: uuid.UUID | None = None, source_id: uuid.UUID | None = None
) -> Sequence[ActivityEntry]:
    """Return the entries that stand, of the months from that of `start` to that of `end`, in their order."""
    query = (
        select(ActivityEntry)
        .where(col(ActivityEntry.superseded_at).is_(None))
        .where(col(ActivityEntry.month) >= month_of(start), col(ActivityEntry.month) <= month_of(end))
        .order_by(col(ActivityEntry.month), col(ActivityEntry.source_id))
    )
    if plant_id is not None:
        query = query.where(ActivityEntry.source_id == EmissionSource.id, EmissionSource.plant_id == plant_id)
    if source_id is not None:
        query = query.where(ActivityEntry.source_id == source_id)
    return session.exec(query).all()


def months_of(session: Session, source_id: uuid.UUID) -> Sequence[date]:
    """Return the months of which a source has a figure, in their order."""
    query = select(col(ActivityEntry.month)).where(ActivityEntry.source_id == source_id, col(ActivityEntry.superseded_at).is_(None))
    return session.exec(query.order_by(col(ActivityEntry.month))).all()


def history_of(session: Session, source_id: uuid.UUID, month: date) -> Sequence[ActivityEntry]:
    """Return all versions of a month's entry, the newest first."""
    query = select(ActivityEntry).where(ActivityEntry.source_id == source_id, ActivityEntry.month == month)
    return session.exec(query.order_by(col(ActivityEntry.version).desc())).all()


def files_of(session: Session, entry_id: uuid.UUID) -> Sequence[AttachedFile]:
    """Return the files of a figure in the order in which they came, those that were removed too."""
    query = select(AttachedFile).join(ActivityFile).where(ActivityFile.entry_id == entry_id)
    return session.exec(query.order_by(col(AttachedFile.attached_at), col(AttachedFile.name), col(AttachedFile.id))).all()


def get_file(session: Session, entry_id: uuid.UUID, file_id: uuid.UUID) -> AttachedFile:
    """Return a file that stands behind a figure."""
    query = select(AttachedFile).join(ActivityFile).where(ActivityFile.entry_id == entry_id, AttachedFile.id == file_id)
    file = session.exec(query.where(col(AttachedFile.removed_at).is_(None))).first()
    if file is None:
        raise NotFoundError
    return file


def file_counts(session: Session, entry_ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, int]:
    """Return how many files stand behind each figure that has any."""
    query = (
        select(ActivityFile.entry_id, func.count())
        .join(AttachedFile)
        .where(col(ActivityFile.entry_id).in_(entry_ids), col(AttachedFile.removed_at).is_(None))
        .group_by(col(ActivityFile.entry_id))
    )
    return dict(session.exec(query).all())


def monthly_amounts(
    session: Session, *, start: date, end: date, plant_id: uuid.UUID | None = None, with_sub_meters: bool = False
) -> Sequence[MonthlyAmount]:
    """Return what sources came to, of all months from that of `start` to that of `end`.

    What a sub-meter counts is left out unless asked for, because the source of its main meter holds it: amounts may be added up.
    Each grade is that of the last day of the month.
    """
    known = all_sources(session, plant_id=plant_id)
    by_id = {source.id: source for source in known.sources}
    found = current_entries(session, start=start, end=end, plant_id=plant_id)
    amounts = [_amount(entry, by_id[entry.source_id], known) for entry in found]
    return [one for one in amounts if with_sub_meters or one.within is None]


def _amount(entry: ActivityEntry, source: EmissionSource, known: Sources) -> MonthlyAmount:
    within = known.main_of(source, entry.month)
    return MonthlyAmount(
        entry_id=entry.id,
        source_id=source.id,
        plant_id=source.plant_id,
        carrier=source.carrier,
        month=entry.month,
        amount=entry.amount,
        unit=carriers()[source.carrier].unit,
        properties=entry.properties,
        product_id=source.product_id,
        grade=grade_of(entry, source, known.meter_of(source)).grade,
        evidence=entry.evidence_number,
        within=within.id if within is not None else None,
        is_sample=entry.is_sample,
    )


def missing_months(session: Session, *, start: date, end: date, plant_id: uuid.UUID | None = None) -> Sequence[MissingMonth]:
    """Return what has no figure, by month: never taken as zero, a zero is typed."""
    present = {(one.source_id, one.month) for one in current_entries(session, start=start, end=end, plant_id=plant_id)}
    sources = find_sources(session, plant_id=plant_id)
    return [
        MissingMonth(source=source, month=month)
        for month in months_between(start, end)
        for source in sources
        if counts_in(source, month) and (source.id, month) not in present
    ]


def electricity_consumed_kwh(session: Session, plant_id: uuid.UUID, *, start: date, end: date) -> float | None:
    """Return the electricity a site used in whole months: bought and self-generated, less what it gave to others.

    None when a month of one of its sources is missing, or when it has none. Sub-meters add nothing to their main meter.
    """
    known = all_sources(session, plant_id=plant_id)
    entries = current_entries(session, start=start, end=end, plant_id=plant_id)
    amounts = {(one.source_id, one.month): one.amount for one in entries}
    total = 0.0
    for month in months_between(start, end):
        flows = [one for one in known.sources if _is_flow(one, month) and known.main_of(one, month) is None]
        if not any(one.carrier in ELECTRICITY_IN for one in flows) or any((one.id, month) not in amounts for one in flows):
            return None
        total += sum(_sign(one) * amounts[one.id, month] for one in flows)
    return total


def _is_flow(source: EmissionSource, month: date) -> bool:
    return source.carrier in {*ELECTRICITY_IN, ELECTRICITY_OUT} and counts_in(source, month)


def _sign(source: EmissionSource) -> float:
    return -1.0 if source.carrier == ELECTRICITY_OUT else 1.0
