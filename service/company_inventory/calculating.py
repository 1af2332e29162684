"""A year calculated from what monitoring, the green-power ledger and purchases hold today."""

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlmodel import Session

from lca_models.model import Model
from service.company_inventory.amounts import Key, YearAmount, by_site_and_carrier
from service.company_inventory.energy import energy_lines, energy_totals
from service.company_inventory.factors import FuelFactorSet
from service.company_inventory.inventory import Inventory, InventoryStatus
from service.company_inventory.lines import EnergyLine, Gap, GapKind, Line, Scope, View
from service.company_inventory.scope_1 import combustion, process
from service.company_inventory.scope_2 import Claim, purchased_energy
from service.company_inventory.scope_3 import (
    TOLL_FLOW,
    Bought,
    freight,
    fuel_and_energy,
    purchased_goods,
    toll_graphitising,
)
from service.company_inventory.supply_chain import benchmark_of, bought_in, carried_in
from service.green_power.queries import claimed_supplies
from service.modelling.queries import active_model
from service.monitoring.months import month_before, month_of, next_month
from service.monitoring.queries import MonthlyAmount, find_sources, missing_months, monthly_amounts
from service.products.models import Plant
from service.products.queries import all_plants

BASE_YEAR: Final = 2021
"""The plan compares with this year."""
_BALANCE_TOLERANCE: Final = 0.01
"""By how much sub-meters may exceed their main meter: errors of meters, own choice."""

Found = tuple[Sequence[Line], Sequence[Gap]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Year:
    """Everything that a year's inventory is calculated from."""

    year: int
    amounts: Mapping[Key, YearAmount]
    plants: Sequence[Plant]
    claims: Sequence[Claim]
    model: Model
    factor_set: FuelFactorSet


def calculate(session: Session, year: int, *, factor_set: FuelFactorSet, status: InventoryStatus, on: date) -> Inventory:
    """Return the inventory of a year as today's entries make it; what is missing is in it, never counted as zero.

    Parameters
    ----------
    on
        Today: the month it lies in and those after it are not missing, but still to come.

    """
    start, end = date(year, 1, 1), date(year, 12, 31)
    monthly = monthly_amounts(session, start=start, end=end, with_sub_meters=True)
    known = _Year(
        year=year,
        amounts=by_site_and_carrier(one for one in monthly if one.within is None),
        plants=all_plants(session),
        claims=_claims(session, start, end),
        model=active_model(session),
        factor_set=factor_set,
    )
    energy, energy_gaps = energy_lines(known.amounts, factor_set=factor_set, year=year)
    found = [_own_emissions(known), _supply_chain(session, known)]
    gaps = [*_missing(session, start, end, on=on), *_sub_meters(monthly), *energy_gaps, *(gap for _, gaps in found for gap in gaps)]
    return _inventory(known, [line for lines, _ in found for line in lines], energy, gaps, status, is_sample=_any_sample(monthly))


def _inventory(
    known: _Year,
    lines: Sequence[Line],
    energy: Sequence[EnergyLine],
    gaps: Sequence[Gap],
    status: InventoryStatus,
    *,
    is_sample: bool,
) -> Inventory:
    totals = energy_totals(energy, known.claims)
    return Inventory(
        year=known.year,
        factor_set=known.factor_set,
        status=status,
        lines=tuple(lines),
        lines_at_base_factors=tuple(_at_base_factors(known)),
        energy=tuple(energy),
        energy_tce=totals.tce,
        energy_equal_value_tce=totals.tce_equal_value,
        energy_fossil_tce=totals.tce_fossil,
        energy_gj=totals.gj,
        missing=tuple(gaps),
        is_sample=is_sample,
    )


def _any_sample(monthly: Sequence[MonthlyAmount]) -> bool:
    return any(one.is_sample for one in monthly)


def _own_emissions(known: _Year) -> Found:
    found = (
        combustion(known.amounts, known.factor_set),
        process(known.amounts),
        purchased_energy(known.amounts, known.claims, provinces=_provinces(known.plants), model=known.model, year=known.year),
    )
    return [line for lines, _ in found for line in lines], [gap for _, gaps in found for gap in gaps]


def _at_base_factors(known: _Year) -> Sequence[Line]:
    lines, _ = purchased_energy(
        known.amounts,
        known.claims,
        provinces=_provinces(known.plants),
        model=known.model,
        year=known.year,
        factors_of=BASE_YEAR,
    )
    return [one for one in lines if one.scope is Scope.SCOPE_2 and one.view is not View.MARKET]


def _supply_chain(session: Session, known: _Year) -> Found:
    bought: Sequence[Bought] = bought_in(session, known.year)
    goods = purchased_goods(bought, year=known.year)
    benchmark, source = benchmark_of(session, TOLL_FLOW, on=date(known.year, 12, 31))
    found = (
        goods,
        toll_graphitising(known.amounts, goods[0], benchmark_kg_co2e_per_kg=benchmark, benchmark_source=source),
        fuel_and_energy(known.amounts, model=known.model, year=known.year),
        freight(carried_in(session, known.year)),
    )
    return [line for lines, _ in found for line in lines], [gap for _, gaps in found for gap in gaps]


def _provinces(plants: Sequence[Plant]) -> Mapping[uuid.UUID, str]:
    return {plant.id: plant.province_code for plant in plants}


def _claims(session: Session, start: date, end: date) -> Sequence[Claim]:
    return [
        Claim(
            plant_id=plant.id,
            technology=one.technology.value,
            instrument=one.instrument.value,
            kwh=one.kwh,
            ids=(one.claim_id, *one.certificate_ids),
        )
        for plant in all_plants(session)
        for one in claimed_supplies(session, plant.id, start=start, end=end)
    ]


def _missing(session: Session, start: date, end: date, *, on: date) -> Sequence[Gap]:
    if not any(one.starts <= end and (one.ends is None or one.ends >= start) for one in find_sources(session)):
        return [Gap(kind=GapKind.NO_SOURCES, scope=Scope.SCOPE_1)]
    past = min(end, month_before(month_of(on)))
    running = next_month(past) if past >= start else start
    to_come = [Gap(kind=GapKind.YEAR_RUNNING, scope=Scope.SCOPE_1, detail=f"{running:%Y-%m}")] if running <= end else []
    return to_come + [
        Gap(
            kind=GapKind.MONTH,
            scope=Scope.SCOPE_1,
            plant_id=one.source.plant_id,
            subject=one.source.carrier,
            source_id=one.source.id,
            month=one.month,
            detail=f"{one.month:%Y-%m}",
        )
        for one in missing_months(session, start=start, end=past)
    ]


def _sub_meters(monthly: Sequence[MonthlyAmount]) -> Sequence[Gap]:
    """Return the months in which sub-meters count more than the meter before them."""
    within: dict[tuple[uuid.UUID, date], float] = defaultdict(float)
    for one in monthly:
        if one.within is not None:
            within[one.within, one.month] += one.amount
    return [
        Gap(
            kind=GapKind.SUB_METERS_EXCEED,
            scope=Scope.SCOPE_2,
            plant_id=one.plant_id,
            subject=one.carrier,
            source_id=one.source_id,
            month=one.month,
            detail=f"{one.month:%Y-%m}: {within[one.source_id, one.month]:.6g} > {one.amount:.6g} {one.unit}",
        )
        for one in monthly
        if within.get((one.source_id, one.month), 0.0) > one.amount * (1.0 + _BALANCE_TOLERANCE)
    ]
