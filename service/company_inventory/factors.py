"""Factors of the company's inventory, in one place: fuels, grid electricity, heat, standard coal, fuel supply.

Everything here is direct CO2 (GB/T 32151.34) or energy; life-cycle factors enter only as what lies upstream of a fuel or the grid.
Electricity stands in the model's own tables (`lca_models/data/electricity_cn.csv`), typed there as direct CO2 or life cycle.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from typing import Final

from lca_models.electricity import ElectricityTable
from lca_models.factor_sets import AVERAGE, CHINA, DirectCo2Set, LifeCycleSet
from lca_models.inventory import DirectCo2Factor
from lca_models.inventory import Factor as ModelFactor
from lca_models.model import Model
from service.errors import N_

CARBON_TO_CO2: Final = 44.0 / 12.0
GJ_PER_TCE: Final = 29.3076
"""Calorific value of one tonne of standard coal, GB/T 2589-2020."""
GJ_PER_KWH: Final = 0.0036
HEAT_T_CO2_PER_GJ: Final = 0.11
"""Purchased heat where the supplier measures none: GB/T 32151.34-2024, Table C.3."""
KG_PER_T: Final = 1000.0

DIRECT_AVERAGE: Final = "direct_co2_average"
DIRECT_RESIDUAL: Final = "direct_co2_excl_market_traded_nonfossil"
_STANDARD: Final = "GB/T 32151.34-2024"
_UPSTREAM_IN_MODEL: Final[Mapping[str, tuple[str, float]]] = {
    "natural_gas": ("natural_gas_upstream", 1.0),
    "diesel": ("diesel_upstream", KG_PER_T),
}
"""Flow of the model's background by carrier, and its units per canonical unit of the carrier."""


class FuelFactorSet(StrEnum):
    """Where fuels' factors come from; one inventory takes all of its fuels from one set."""

    GB_T_32151_34 = "gb_t_32151_34"
    NDRC_24_SECTOR = "ndrc_24_sector"
    NEFD_2 = "nefd_2"
    IPCC_2006 = "ipcc_2006"


FUEL_FACTOR_SETS: Final[Mapping[FuelFactorSet, str]] = {
    FuelFactorSet.GB_T_32151_34: N_("GB/T 32151.34-2024, carbon material producers"),
    FuelFactorSet.NDRC_24_SECTOR: N_("NDRC guidelines for 24 sectors"),
    FuelFactorSet.NEFD_2: N_("National greenhouse gas factor database, 2nd edition"),
    FuelFactorSet.IPCC_2006: N_("IPCC 2006 Guidelines"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Factor:
    """A number per unit of an amount, with where it comes from.

    Attributes
    ----------
    unit
        Such as ``t CO2/t`` or ``kg CO2/kWh``.
    year
        Year of the data, where the factor has one.
    confidence
        `published/verified`, `secondary`, `derived`, `memory` or `measured`.

    """

    value: float
    unit: str
    source: str
    year: int | None
    confidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fuel:
    """What burning one unit of a fuel gives.

    Attributes
    ----------
    unit
        Of the carrier: ``t`` or ``Nm3``; the other values are per this unit.
    oxidation
        Share of the carbon that becomes CO2.

    """

    carrier: str
    unit: str
    ncv_gj_per_unit: float
    carbon_t_per_gj: float
    oxidation: float
    source: str
    confidence: str

    @property
    def t_co2_per_unit(self) -> float:
        """NCV x carbon content x oxidation x 44/12."""
        return self.ncv_gj_per_unit * self.carbon_t_per_gj * self.oxidation * CARBON_TO_CO2


@lru_cache(maxsize=1)
def all_fuels() -> Mapping[FuelFactorSet, Mapping[str, Fuel]]:
    """Return the fuels of each set by carrier; a set may lack fuels, and another never stands in."""
    sets: dict[FuelFactorSet, dict[str, Fuel]] = {one: {} for one in FuelFactorSet}
    for row in _rows("fuels.csv"):
        sets[FuelFactorSet(row["factor_set"])][row["carrier"]] = Fuel(
            carrier=row["carrier"],
            unit=row["unit"],
            ncv_gj_per_unit=float(row["ncv_gj_per_unit"]),
            carbon_t_per_gj=float(row["carbon_t_per_gj"]),
            oxidation=float(row["oxidation"]),
            source=row["source"],
            confidence=row["confidence"],
        )
    return sets


def find_fuel(carrier: str, factor_set: FuelFactorSet) -> Fuel | None:
    """Return a fuel of one set; None where that set does not have it."""
    return all_fuels()[factor_set].get(carrier)


@lru_cache(maxsize=1)
def listed_tce() -> Mapping[str, Factor]:
    """Return t of standard coal per canonical unit of a carrier, calorific equivalent, as GB/T 2589-2020 lists them."""
    return {
        row["carrier"]: Factor(
            value=float(row["tce_per_unit"]),
            unit=f"tce/{row['unit']}",
            source=row["source"],
            year=None,
            confidence=row["confidence"],
        )
        for row in _rows("tce.csv")
    }


def tce_factor(carrier: str, factor_set: FuelFactorSet) -> Factor | None:
    """Return tce per canonical unit: as listed, else by a fuel's calorific value; None of what is no energy."""
    listed = listed_tce().get(carrier)
    fuel = find_fuel(carrier, factor_set)
    if listed is not None or fuel is None:
        return listed
    return Factor(
        value=fuel.ncv_gj_per_unit / GJ_PER_TCE,
        unit=f"tce/{fuel.unit}",
        source=f"{fuel.source}; 29.3076 GJ/tce",
        year=None,
        confidence="derived",
    )


@lru_cache(maxsize=1)
def equal_values() -> Mapping[int, Factor]:
    """Return t of standard coal that power stations took per kWh supplied, by year: the equal-value convention."""
    return {
        int(row["year"]): Factor(
            value=float(row["tce_per_kwh"]),
            unit="tce/kWh",
            source=row["source"],
            year=int(row["year"]),
            confidence=row["confidence"],
        )
        for row in _rows("equal_value.csv")
    }


def equal_value(year: int) -> Factor | None:
    """Return the coefficient of a year, or the newest before it; None before the first."""
    return _newest(equal_values(), year)


def grid_factor(model: Model, province: str, year: int) -> Factor | None:
    """Return kg of direct CO2 per kWh of a province: of the year, else the newest published before it.

    None where nothing is published for the province, or only for later years.
    """
    return _newest(_direct(model.electricity, province, DIRECT_AVERAGE), year)


def residual_factor(model: Model, year: int) -> Factor | None:
    """Return kg of direct CO2 per kWh that nobody claims: the national grid without non-fossil electricity sold on the market."""
    return _newest(_direct(model.electricity, CHINA, DIRECT_RESIDUAL), year)


def grid_upstream_factor(model: Model, year: int) -> Factor | None:
    """Return kg CO2e per kWh upstream of power stations and in the grid: national life-cycle factor less the direct one.

    Both are of one year, the newest up to the one wanted. None where there is none: 2021 and 2022 have no life-cycle factor.
    """
    direct = _direct(model.electricity, CHINA, DIRECT_AVERAGE)
    life_cycle = {
        int(one.head.data_year): one.factors[CHINA, AVERAGE]
        for one in model.electricity.sets.values()
        if isinstance(one, LifeCycleSet) and (CHINA, AVERAGE) in one.factors
    }
    both = {
        at: Factor(
            value=life_cycle[at].value - direct[at].value,
            unit="kg CO2e/kWh",
            source=f"{_document(life_cycle[at])} − {direct[at].source}",
            year=at,
            confidence="derived",
        )
        for at in life_cycle.keys() & direct.keys()
    }
    return _newest(both, year)


def fuel_upstream_factor(model: Model, carrier: str) -> Factor | None:
    """Return kg CO2e per canonical unit of a fuel before it is burnt; None where nothing is known."""
    if carrier in _UPSTREAM_IN_MODEL:
        flow, per_unit = _UPSTREAM_IN_MODEL[carrier]
        return _upstream_of(model.factors.life_cycle[flow], per_unit)
    return _listed_upstream().get(carrier)


def heat_factor() -> Factor:
    """Return t CO2 per GJ of purchased heat, the standard's default."""
    return Factor(value=HEAT_T_CO2_PER_GJ, unit="t CO2/GJ", source=f"{_STANDARD}, Table C.3", year=None, confidence="secondary")


def _upstream_of(found: ModelFactor, per_unit: float) -> Factor:
    return Factor(
        value=found.value * per_unit,
        unit="kg CO2e",
        source=" ".join((*found.evidence.sources, found.year)),
        year=int(found.year),
        confidence=found.evidence.confidence,
    )


@lru_cache(maxsize=1)
def _listed_upstream() -> Mapping[str, Factor]:
    return {
        row["carrier"]: Factor(
            value=float(row["kg_co2e_per_unit"]),
            unit=f"kg CO2e/{row['unit']}",
            source=row["source"],
            year=None,
            confidence=row["confidence"],
        )
        for row in _rows("fuel_upstream.csv")
    }


def _direct(table: ElectricityTable, region: str, kind: str) -> Mapping[int, Factor]:
    return {
        int(one.head.data_year): _grid(one.factors[region, kind])
        for one in table.sets.values()
        if isinstance(one, DirectCo2Set) and (region, kind) in one.factors
    }


def _grid(found: DirectCo2Factor) -> Factor:
    return Factor(
        value=found.value,
        unit="kg CO2/kWh",
        source=_document(found),
        year=int(found.year),
        confidence=found.evidence.confidence,
    )


def _document(found: ModelFactor) -> str:
    """Return the announcement that a factor stands in, without remarks on it."""
    return found.evidence.source_detail.partition(" | ")[0]


def _newest(by_year: Mapping[int, Factor], year: int) -> Factor | None:
    return by_year.get(max((one for one in by_year if one <= year), default=0))


def _rows(name: str) -> Iterator[Mapping[str, str]]:
    text = (files("service.company_inventory") / "data" / name).read_text(encoding="utf-8")
    yield from csv.DictReader(text.splitlines())
