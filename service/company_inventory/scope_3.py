"""Scope 3, categories 1, 3 and 4, in CO2e from the supply chain's own footprints; toll graphitization is a line of its own.

Category 1 takes each bought flow from cradle to the supplier's gate, category 4 the freight that the maker pays, so no transport is
counted twice. Freight, fuels and electricity among purchases are left to categories 4 and 3.
"""

import math
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from lca_models.model import Model
from service.company_inventory.amounts import Key, YearAmount
from service.company_inventory.factors import KG_PER_T, Factor, fuel_upstream_factor, grid_upstream_factor
from service.company_inventory.lines import Category, Gap, GapKind, Line, Scope
from service.company_inventory.scope_2 import PURCHASED
from service.monitoring.carriers import CarrierKind, carriers

Found = tuple[Sequence[Line], Sequence[Gap]]

TOLL_FLOW: Final = "graphitised_powder"
TOLL_CARRIER: Final = "toll_graphitisation"
ELSEWHERE: Final = frozenset({"own_plant", "truck_diesel_heavy", "natural_gas"})
"""Flows that are bought but not counted as goods: freight is category 4, fuel is Scope 1 and category 3."""
_SHOWN: Final = len("submission:00000000")
TOLL_TOLERANCE: Final = 0.05
"""How far monitoring and purchases may differ on what toll plants graphitised."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bought:
    """What was bought of a flow from one supplier in a period, with its footprint at the supplier's gate.

    Attributes
    ----------
    kg_co2e_per_kg
        None where there is neither a supplier's footprint nor a benchmark.
    is_own
        The footprint rests on the supplier's own answers.

    """

    purchase_id: uuid.UUID
    flow: str
    amount_t: float
    start: date
    end: date
    kg_co2e_per_kg: float | None
    is_own: bool
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Freight:
    """Transport that the maker pays, well to wheel, by direction and mode, or what hubs did.

    Attributes
    ----------
    subject
        ``inbound:road`` or ``hub``.
    ids
        Of the legs or hub operations.
    amount
        tkm, or t through hubs.

    """

    subject: str
    ids: tuple[uuid.UUID, ...]
    amount: float
    unit: str
    t_co2e: float
    source: str


def purchased_goods(bought: Sequence[Bought], *, year: int) -> Found:
    """Return one line for each flow bought in the year; toll graphitising stands in its own category."""
    inside = [one for one in bought if one.flow not in ELSEWHERE and one.start.year == one.end.year == year]
    across = [one for one in bought if one.start.year != one.end.year and year in {one.start.year, one.end.year}]
    gaps = [_across(one) for one in across if one.flow not in ELSEWHERE]
    if not inside:
        return [], [*gaps, Gap(kind=GapKind.NO_PURCHASES, scope=Scope.SCOPE_3, subject=Category.PURCHASED_GOODS.value)]
    by_flow: dict[str, list[Bought]] = defaultdict(list)
    for one in inside:
        by_flow[one.flow].append(one)
    lines = []
    for flow, those in by_flow.items():
        known = [one for one in those if one.kg_co2e_per_kg is not None]
        if len(known) < len(those):
            gaps.append(Gap(kind=GapKind.SUPPLIER_FOOTPRINT, scope=Scope.SCOPE_3, subject=flow, detail=flow))
        if known:
            lines.append(_goods(flow, known))
    return lines, gaps


def _across(one: Bought) -> Gap:
    return Gap(
        kind=GapKind.PURCHASE_PERIOD,
        scope=Scope.SCOPE_3,
        subject=one.flow,
        source_id=one.purchase_id,
        detail=f"{one.start} – {one.end}",
    )


def _goods(flow: str, those: Sequence[Bought]) -> Line:
    amount = math.fsum(one.amount_t for one in those)
    t_co2e = math.fsum(one.amount_t * one.kg_co2e_per_kg for one in those if one.kg_co2e_per_kg is not None)
    own_share = math.fsum(one.amount_t for one in those if one.is_own) / amount if amount else 0.0
    return Line(
        scope=Scope.SCOPE_3,
        category=Category.TOLL_GRAPHITISATION if flow == TOLL_FLOW else Category.PURCHASED_GOODS,
        plant_id=None,
        subject=flow,
        amount=amount,
        unit="t",
        factor=t_co2e / amount if amount else None,
        factor_unit="t CO2e/t",
        factor_source="; ".join(sorted({_named(one.source) for one in those})),
        confidence="primary" if own_share >= 0.5 else "benchmark",  # noqa: PLR2004 - most of it
        entry_ids=tuple(one.purchase_id for one in those),
        t_co2=t_co2e,
    )


def _named(source: str) -> str:
    """Return a source with the first digits of its id, which are enough to find it."""
    return source[:_SHOWN] if source.startswith("submission:") else source


def toll_graphitising(
    amounts: Mapping[Key, YearAmount], goods: Iterable[Line], *, benchmark_kg_co2e_per_kg: float | None, benchmark_source: str
) -> Found:
    """Return what toll plants did: by purchases where there are any, else monitored tonnes at the benchmark; both must agree."""
    monitored = [one for (_, carrier), one in amounts.items() if carrier == TOLL_CARRIER]
    bought_t = math.fsum(one.amount for one in goods if one.category is Category.TOLL_GRAPHITISATION)
    monitored_t = math.fsum(one.amount for one in monitored)
    if bought_t:
        differs = monitored and abs(bought_t - monitored_t) > TOLL_TOLERANCE * bought_t
        detail = f"{monitored_t:.6g} t / {bought_t:.6g} t"
        return [], [Gap(kind=GapKind.TOLL_DIFFERS, scope=Scope.SCOPE_3, subject=TOLL_FLOW, detail=detail)] if differs else []
    if not monitored:
        return [], []
    if benchmark_kg_co2e_per_kg is None:
        return [], [Gap(kind=GapKind.SUPPLIER_FOOTPRINT, scope=Scope.SCOPE_3, subject=TOLL_FLOW, detail=TOLL_FLOW)]
    return [_toll(one, benchmark_kg_co2e_per_kg, benchmark_source) for one in monitored], []


def _toll(one: YearAmount, kg_co2e_per_kg: float, source: str) -> Line:
    return Line(
        scope=Scope.SCOPE_3,
        category=Category.TOLL_GRAPHITISATION,
        plant_id=one.plant_id,
        subject=TOLL_FLOW,
        amount=one.amount,
        unit=one.unit,
        factor=kg_co2e_per_kg,
        factor_unit="t CO2e/t",
        factor_source=source,
        confidence="benchmark",
        quality=one.quality,
        entry_ids=one.entry_ids,
        t_co2=one.amount * kg_co2e_per_kg,
    )


def fuel_and_energy(amounts: Mapping[Key, YearAmount], *, model: Model, year: int) -> Found:
    """Return what lies before fuels and grid electricity that Scope 1 and 2 do not hold."""
    lines: list[Line] = []
    gaps: list[Gap] = []
    grid = grid_upstream_factor(model, year)
    for one in amounts.values():
        is_fuel = carriers()[one.carrier].kind is CarrierKind.FUEL
        if not is_fuel and one.carrier != PURCHASED:
            continue
        factor = fuel_upstream_factor(model, one.carrier) if is_fuel else grid
        if factor is None:
            gaps.append(
                Gap(kind=GapKind.UPSTREAM, scope=Scope.SCOPE_3, plant_id=one.plant_id, subject=one.carrier, detail=str(year))
            )
        else:
            lines.append(_upstream(one, factor))
    return lines, gaps


def _upstream(one: YearAmount, factor: Factor) -> Line:
    return Line(
        scope=Scope.SCOPE_3,
        category=Category.FUEL_AND_ENERGY,
        plant_id=one.plant_id,
        subject=one.carrier,
        amount=one.amount,
        unit=one.unit,
        factor=factor.value,
        factor_unit=f"kg CO2e/{one.unit}",
        factor_source=factor.source,
        factor_year=factor.year,
        confidence=factor.confidence,
        quality=one.quality,
        entry_ids=one.entry_ids,
        t_co2=one.amount * factor.value / KG_PER_T,
    )


def freight(carried: Sequence[Freight]) -> Found:
    """Return the transport that the maker pays."""
    if not carried:
        return [], [Gap(kind=GapKind.NO_FREIGHT, scope=Scope.SCOPE_3, subject=Category.FREIGHT.value)]
    return [
        Line(
            scope=Scope.SCOPE_3,
            category=Category.FREIGHT,
            plant_id=None,
            subject=one.subject,
            amount=one.amount,
            unit=one.unit,
            factor=one.t_co2e * KG_PER_T / one.amount if one.amount else None,
            factor_unit=f"kg CO2e/{one.unit}",
            factor_source=one.source,
            confidence="secondary",
            entry_ids=one.ids,
            t_co2=one.t_co2e,
        )
        for one in carried
    ], []
