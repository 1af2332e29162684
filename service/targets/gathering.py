"""From a year's inventory and output to the figures that targets are judged by: the only place where targets read an inventory."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from math import fsum
from typing import Final

from sqlmodel import Session

from service.company_inventory.inventories import inventory_of
from service.company_inventory.inventory import Inventory, InventoryStatus
from service.company_inventory.lines import Category, EnergyLine, View
from service.company_inventory.lines import Line as EmissionLine
from service.company_inventory.lines import Scope as Whose
from service.company_inventory.queries import closed_years as ever_closed
from service.company_inventory.queries import find_work
from service.targets.catalogue import EnergyConvention, Scope
from service.targets.definitions import Reading
from service.targets.figures import InventoryReference, Line, LineKey, LineKind, YearFigures
from service.targets.output import Output, output_of

_KINDS: Final[Mapping[Category, LineKind]] = {
    Category.COMBUSTION: LineKind.FUEL,
    Category.PROCESS: LineKind.PROCESS,
    Category.ELECTRICITY: LineKind.ELECTRICITY,
    Category.HEAT: LineKind.HEAT,
    Category.TOLL_GRAPHITISATION: LineKind.TOLL,
}
_ELECTRICITY: Final = "electricity_purchased"
"""The market view splits purchased electricity by origin; here it is one carrier, whose factor is the mean."""


def figures_of(session: Session, year: int, reading: Reading, *, at: datetime) -> YearFigures:
    """Return a year's figures by a reading; a closed year comes from its snapshot."""
    return year_figures(inventory_of(session, year, at=at), output_of(session, year), reading)


def closed_years(session: Session) -> Sequence[int]:
    """Return the years that are closed now, the earliest first; one that was opened again is none of them."""
    works = [find_work(session, year) for year in ever_closed(session)]
    return sorted(work.year for work in works if work is not None and work.status is InventoryStatus.CLOSED)


def year_figures(inventory: Inventory, output: Output | None, reading: Reading) -> YearFigures:
    """Put an inventory and an output side by side."""
    view = View.LOCATION if reading.scope is Scope.LOCATION else View.MARKET
    emissions = [one for one in inventory.lines if _belongs(one, view)]
    return YearFigures(
        year=inventory.year,
        lines=tuple(_joined(emissions, inventory.energy, reading.energy_convention)),
        output=output,
        inventory=InventoryReference(
            year=inventory.year,
            status=inventory.status.value,
            snapshot_id=None if inventory.snapshot_id is None else str(inventory.snapshot_id),
            sha256=inventory.sha256,
        ),
        is_complete=inventory.is_complete,
        is_closed=inventory.status is InventoryStatus.CLOSED,
        toll_known=inventory.toll_graphitisation_t_co2e is not None,
        by_location_t_co2=inventory.scope_1_and_2_location_t_co2,
        at_base_factors_t_co2=inventory.scope_1_t_co2 + inventory.scope_2_location_at_base_factors_t_co2,
        is_sample=inventory.is_sample or bool(output and output.is_sample),
    )


def _belongs(line: EmissionLine, view: View) -> bool:
    if line.category is Category.TOLL_GRAPHITISATION:
        return True
    return line.scope in {Whose.SCOPE_1, Whose.SCOPE_2} and line.view in {View.BOTH, view}


def _joined(emissions: Iterable[EmissionLine], energy: Iterable[EnergyLine], convention: EnergyConvention) -> Iterable[Line]:
    """Yield one line for each plant, carrier and kind, with its emissions and its standard coal."""
    emitted: dict[LineKey, list[EmissionLine]] = defaultdict(list)
    for one in emissions:
        emitted[_key(one)].append(one)
    used = {(one.plant_id, one.carrier): one for one in energy}
    seen: set[tuple[uuid.UUID | None, str]] = set()
    for (plant_id, carrier, kind), lines in emitted.items():
        found = None if kind in {LineKind.PROCESS, LineKind.TOLL} or plant_id is None else used.get((plant_id, carrier))
        if found is not None:
            seen.add((plant_id, carrier))
        yield Line(
            plant_id=plant_id,
            carrier=carrier,
            kind=kind,
            amount=fsum(one.amount for one in lines) if found is None else found.amount,
            unit=lines[0].unit,
            t_co2=fsum(one.t_co2 for one in lines),
            tce=None if found is None else _tce(found, convention),
        )
    for key, of_energy in used.items():
        if key not in seen:
            yield _without_emissions(of_energy, convention)


def _key(line: EmissionLine) -> LineKey:
    kind = _KINDS[line.category]
    return line.plant_id, _ELECTRICITY if kind is LineKind.ELECTRICITY else line.subject, kind


def _without_emissions(one: EnergyLine, convention: EnergyConvention) -> Line:
    """Own wind and solar power, and what is handed on to others, whose amount is negative here."""
    return Line(
        plant_id=one.plant_id,
        carrier=one.carrier,
        kind=LineKind.ELECTRICITY if one.unit == "kWh" else LineKind.FUEL,
        amount=one.amount if one.tce >= 0 else -one.amount,
        unit=one.unit,
        t_co2=0.0,
        tce=_tce(one, convention),
    )


def _tce(one: EnergyLine, convention: EnergyConvention) -> float | None:
    return one.tce if convention is EnergyConvention.CALORIFIC else one.tce_equal_value
