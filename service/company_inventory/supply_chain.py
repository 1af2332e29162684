"""What Scope 3 takes from the supply chain: purchases with footprints of their suppliers, freight that the maker pays."""

import math
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Final

from sqlmodel import Session

from service.company_inventory.lines import SCOPE_3_CATEGORIES, Category
from service.company_inventory.scope_3 import ELSEWHERE, Bought, Freight
from service.green_score.benchmarks import NoBenchmarkError, benchmark_for, reference_of
from service.green_score.footprint_queries import material_footprint
from service.logistics.queries import HubEmission, LegEmission, hub_emissions, leg_emissions
from service.suppliers.models import Supplier
from service.suppliers.queries import PurchaseRow, all_purchases

_STANDARD: Final = "ISO 14083:2023"


def bought_in(session: Session, year: int) -> Sequence[Bought]:
    """Return the purchases that touch a year, with what they count by the newest accepted answers up to its end."""
    touching = [one for one in all_purchases(session) if one.period_start.year <= year <= one.period_end.year]
    return [_bought(session, one, on=date(year, 12, 31)) for one in touching]


def _bought(session: Session, one: PurchaseRow, *, on: date) -> Bought:
    kg_co2e_per_kg, is_own, source = (None, False, "") if one.flow in ELSEWHERE else _footprint(session, one, on=on)
    return Bought(
        purchase_id=one.id,
        flow=one.flow,
        amount_t=one.amount_t,
        start=one.period_start,
        end=one.period_end,
        kg_co2e_per_kg=kg_co2e_per_kg,
        is_own=is_own,
        source=source,
    )


def _footprint(session: Session, one: PurchaseRow, *, on: date) -> tuple[float | None, bool, str]:
    """Return kg CO2e per kg, whether it is the supplier's own, and where it comes from.

    Who has none counts the benchmark, not the cautious stand-in of scores: an inventory is neither cautious nor generous.
    """
    try:
        found = material_footprint(session, session.get_one(Supplier, one.supplier_id), one.flow, on=on)
    except NoBenchmarkError:
        return None, False, ""
    if found.is_own:
        return found.kg_co2e_per_kg, True, found.source
    benchmark, reference = benchmark_of(session, one.flow, on=on)
    return benchmark, False, reference


def benchmark_of(session: Session, flow: str, *, on: date) -> tuple[float | None, str]:
    """Return kg CO2e per kg of a flow at the benchmark, and what it is called; None where there is none."""
    benchmark = benchmark_for(session, flow, on=on)
    return (None, "") if benchmark is None else (benchmark.kg_co2e_per_kg, reference_of(benchmark))


def carried_in(session: Session, year: int) -> Sequence[Freight]:
    """Return the freight of a year that is category 4, by direction and mode; own vehicles burn what Scope 1 counts."""
    start, end = date(year, 1, 1), date(year, 12, 31)
    legs = leg_emissions(session, start=start, end=end)
    hubs = [one for one in hub_emissions(session, start=start, end=end) if not one.is_counted_elsewhere]
    groups: dict[str, list[LegEmission]] = defaultdict(list)
    for leg in legs:
        if leg.category == SCOPE_3_CATEGORIES[Category.FREIGHT]:
            groups[f"{leg.direction.value}:{leg.mode.value}"].append(leg)
    return [
        *(_carried(subject, those) for subject, those in sorted(groups.items())),
        *([_handled(hubs)] if hubs else []),
    ]


def _carried(subject: str, legs: Sequence[LegEmission]) -> Freight:
    return Freight(
        subject=subject,
        ids=tuple(leg.leg_id for leg in legs),
        amount=math.fsum(leg.tkm for leg in legs),
        unit="tkm",
        t_co2e=math.fsum(leg.t_co2e for leg in legs),
        source=_STANDARD,
    )


def _handled(hubs: Sequence[HubEmission]) -> Freight:
    return Freight(
        subject="hub",
        ids=tuple(hub.operation_id for hub in hubs),
        amount=math.fsum(hub.throughput_t for hub in hubs),
        unit="t",
        t_co2e=math.fsum(hub.t_co2e for hub in hubs),
        source=_STANDARD,
    )
