"""Reading buildings, their electricity per square metre, and the indicators of office work."""

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from service.monitoring.models import EmissionSource
from service.monitoring.months import month_before, months_between
from service.monitoring.queries import Sources, all_sources, current_entries
from service.premises.models import Building, OfficeFigure, Retrofit

MONTHS_OF_YEAR = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Intensity:
    """A building's electricity of twelve months.

    Attributes
    ----------
    kwh
        Of all months; None when one is missing, or when the building has no source.
    missing
        Months without a figure.
    within
        The source that counts it in Scope 2; None where its own source does.

    """

    building: Building
    source: EmissionSource | None
    kwh: float | None
    missing: Sequence[date]
    within: EmissionSource | None

    @property
    def kwh_per_m2(self) -> float | None:
        """Per year and square metre; None without all twelve months."""
        return None if self.kwh is None else self.kwh / self.building.area_m2


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """An indicator by month, the earliest first; a month without a figure is left out, never zero."""

    indicator: str
    unit: str
    months: Sequence[tuple[date, float]]
    is_sample: bool

    def total(self, *, until: date) -> float | None:
        """Return the sum of the twelve months up to one; None when one of them is missing."""
        wanted = twelve_months(until)
        values = dict(self.months)
        return sum(values[month] for month in wanted) if all(month in values for month in wanted) else None


def twelve_months(until: date) -> Sequence[date]:
    """Return the twelve months up to one, it included."""
    first = until
    for _ in range(MONTHS_OF_YEAR - 1):
        first = month_before(first)
    return months_between(first, until)


def find_buildings(session: Session) -> Sequence[Building]:
    """Return the buildings in use by site and name."""
    query = select(Building).where(col(Building.ended_at).is_(None))
    return session.exec(query.order_by(col(Building.plant_id), Building.name_zh, col(Building.id))).all()


def find_retrofits(session: Session) -> Sequence[Retrofit]:
    """Return retrofits that have not been given up, those that save most per yuan first."""
    found = session.exec(select(Retrofit).where(col(Retrofit.ended_at).is_(None))).all()
    return sorted(found, key=lambda one: (one.cost_cny / one.saving_kwh if one.saving_kwh else float("inf"), str(one.id)))


def intensities(session: Session, *, until: date) -> Sequence[Intensity]:
    """Rank the buildings by electricity per square metre of the twelve months up to one, the highest first.

    Those with a missing month stand at the end, because nothing can be said of them.
    """
    months = twelve_months(until)
    known = all_sources(session)
    amounts: dict[uuid.UUID, dict[date, float]] = defaultdict(dict)
    for one in current_entries(session, start=months[0], end=until):
        amounts[one.source_id][one.month] = one.amount
    found = [_intensity(one, known, amounts, months) for one in find_buildings(session)]
    return sorted(found, key=lambda one: (one.kwh_per_m2 is None, -(one.kwh_per_m2 or 0.0), one.building.name_zh))


def _intensity(
    building: Building, known: Sources, amounts: Mapping[uuid.UUID, Mapping[date, float]], months: Sequence[date]
) -> Intensity:
    source = next((one for one in known.sources if one.id == building.source_id), None)
    present = amounts.get(source.id, {}) if source else {}
    missing = [month for month in months if month not in present]
    return Intensity(
        building=building,
        source=source,
        kwh=None if missing else sum(present[month] for month in months),
        missing=missing,
        within=known.main_of(source, months[-1]) if source else None,
    )


def trends(session: Session) -> Sequence[Trend]:
    """Return the indicators of office work by name."""
    query = select(OfficeFigure).order_by(OfficeFigure.indicator, OfficeFigure.unit, col(OfficeFigure.month))
    groups: dict[tuple[str, str], list[OfficeFigure]] = defaultdict(list)
    for one in session.exec(query.where(col(OfficeFigure.ended_at).is_(None))):
        groups[one.indicator, one.unit].append(one)
    return [
        Trend(
            indicator=indicator,
            unit=unit,
            months=[(one.month, one.value) for one in figures],
            is_sample=any(one.is_sample for one in figures),
        )
        for (indicator, unit), figures in groups.items()
    ]
