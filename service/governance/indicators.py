"""Indicators that the platform calculates itself for a year, of the company or of one site."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import fsum
from typing import Final

from sqlmodel import Session

from service.company_inventory.inventories import inventory_of
from service.errors import N_
from service.green_power.queries import claimed_supplies
from service.monitoring.grades import Grade
from service.monitoring.queries import electricity_consumed_kwh, monthly_amounts
from service.procurement.kpi_queries import answering_of, bought_in
from service.procurement.kpis import engagement
from service.products.queries import all_plants
from service.targets.output import output_of

MANUAL: Final = "manual"
GOOD_GRADES: Final = frozenset({Grade.A, Grade.B})


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What an indicator came to.

    Attributes
    ----------
    value
        None where something that it needs is missing; never zero instead.
    basis
        Snapshot that it was read from (SHA-256), or empty for figures that are still open.

    """

    value: float | None
    basis: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A year of the company, or of one of its sites."""

    year: int
    plant_id: uuid.UUID | None
    at: datetime

    @property
    def start(self) -> date:
        """First day of the year."""
        return date(self.year, 1, 1)

    @property
    def end(self) -> date:
        """Last day of the year."""
        return date(self.year, 12, 31)


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """One that can be chosen for a contract; `path` is where its figure opens."""

    key: str
    name: str
    unit: str
    path: str
    measure: Callable[[Session, Question], Measured]


def scope_1_and_2(session: Session, asked: Question) -> Measured:
    """Return Scope 1 and Scope 2 by location, t CO2."""
    inventory = inventory_of(session, asked.year, at=asked.at)
    if not inventory.is_complete:
        return Measured(value=None)
    if asked.plant_id is None:
        value = inventory.scope_1_and_2_location_t_co2
    else:
        value = fsum(inventory.emissions_of(asked.plant_id).values())
    return Measured(value=value, basis=inventory.sha256 or "")


def energy(session: Session, asked: Question) -> Measured:
    """Return energy in tce (calorific equivalent), of the company or of one site."""
    inventory = inventory_of(session, asked.year, at=asked.at)
    if not inventory.is_complete or asked.plant_id is not None:
        return Measured(value=None)
    return Measured(value=inventory.energy_tce, basis=inventory.sha256 or "")


def co2_per_t(session: Session, asked: Question) -> Measured:
    """Return Scope 1 and 2 by location per tonne of anode material, t CO2/t."""
    emitted, tonnes = scope_1_and_2(session, asked), _tonnes(session, asked)
    return Measured(value=_ratio(emitted.value, tonnes), basis=emitted.basis)


def kwh_per_t(session: Session, asked: Question) -> Measured:
    """Return electricity per tonne of anode material, kWh/t."""
    return Measured(value=_ratio(_electricity_kwh(session, asked), _tonnes(session, asked)))


def green_power_percent(session: Session, asked: Question) -> Measured:
    """Return electricity under approved claims in percent of what was used."""
    used = _electricity_kwh(session, asked)
    if used is None:
        return Measured(value=None)
    claims = [
        one for plant in _plants(session, asked) for one in claimed_supplies(session, plant, start=asked.start, end=asked.end)
    ]
    return Measured(value=_ratio(100.0 * fsum(one.kwh for one in claims), used))


def good_data_percent(session: Session, asked: Question) -> Measured:
    """Return monthly figures of grade A or B in percent of all."""
    found = monthly_amounts(session, start=asked.start, end=asked.end, plant_id=asked.plant_id)
    good = sum(one.grade in GOOD_GRADES for one in found)
    return Measured(value=_ratio(100.0 * good, float(len(found))))


def supplier_percent(session: Session, asked: Question) -> Measured:
    """Return the emissions of purchases under suppliers' own footprints in percent of all; the company only."""
    if asked.plant_id is not None:
        return Measured(value=None)
    bought = bought_in(session, asked.year, on=asked.end)
    answering = answering_of(session, {one.supplier_id for one in bought}, asked.year)
    share = engagement(bought, answering, grades=()).overall.own_footprint
    return Measured(value=None if share is None else 100.0 * share)


INDICATORS: Final[Mapping[str, Indicator]] = {
    one.key: one
    for one in (
        Indicator(
            key="scope_1_and_2",
            name=N_("Emissions of fuels, process, electricity and heat"),
            unit="t CO2",
            path="/console/plan/inventory",
            measure=scope_1_and_2,
        ),
        Indicator(key="energy", name=N_("Energy used"), unit="tce", path="/console/plan/energy", measure=energy),
        Indicator(
            key="co2_per_t",
            name=N_("Emissions per tonne of anode material"),
            unit="t CO2/t",
            path="/console/plan/inventory",
            measure=co2_per_t,
        ),
        Indicator(
            key="kwh_per_t",
            name=N_("Electricity per tonne of anode material"),
            unit="kWh/t",
            path="/console/plan/monitoring",
            measure=kwh_per_t,
        ),
        Indicator(
            key="green_power",
            name=N_("Electricity with approved green claims"),
            unit="%",
            path="/console/plan/green-power",
            measure=green_power_percent,
        ),
        Indicator(
            key="good_data",
            name=N_("Monthly figures of grade A or B"),
            unit="%",
            path="/console/plan/monitoring/data-quality",
            measure=good_data_percent,
        ),
        Indicator(
            key="supplier_footprints",
            name=N_("Purchases with the supplier's own footprint, by emissions"),
            unit="%",
            path="/console/engagement",
            measure=supplier_percent,
        ),
    )
}


def _plants(session: Session, asked: Question) -> Sequence[uuid.UUID]:
    return [asked.plant_id] if asked.plant_id else [plant.id for plant in all_plants(session)]


def _electricity_kwh(session: Session, asked: Question) -> float | None:
    found = [electricity_consumed_kwh(session, plant, start=asked.start, end=asked.end) for plant in _plants(session, asked)]
    known = [one for one in found if one is not None]
    return fsum(known) if known and len(known) == len(found) else None


def _tonnes(session: Session, asked: Question) -> float | None:
    output = output_of(session, asked.year)
    if output is None:
        return None
    return output.total_t if asked.plant_id is None else output.by_plant_t.get(asked.plant_id)


def _ratio(value: float | None, whole: float | None) -> float | None:
    return value / whole if value is not None and whole else None
