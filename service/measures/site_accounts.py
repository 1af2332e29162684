"""From flows of products and amounts at sites to the company's emissions in a year, for any combination of measures at once."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from service.measures.levers import Basis
from service.measures.product_flows import Flow, Table

Combinations = NDArray[np.bool_]
"""(K, measures), True where a measure is made."""
Values = NDArray[np.float64]

KG_PER_T = 1000.0


class Line(StrEnum):
    """Lines of the company's account, t CO2 in a year; each follows its own factors."""

    OWN = "own"
    """Fuels and processes of the own sites (Scope 1)."""
    ELECTRICITY_LOCATION = "electricity_location"
    """Electricity from the grid at the average of its province (Scope 2, location-based)."""
    ELECTRICITY_MARKET = "electricity_market"
    """What contracts and certificates leave of it, at the residual factor (Scope 2, market-based)."""
    TOLL = "toll"
    """Electricity and processes of toll graphitization, which moving a furnace out of the house would hide."""
    SUPPLY = "supply"
    """Materials, waste and transport of the products and freight, life cycle (Scope 3, categories 1 and 4), t CO2e."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteFactors:
    """Direct factors of a site; none of them is a life-cycle factor.

    Attributes
    ----------
    average_kg_co2_per_kwh, residual_kg_co2_per_kwh
        Of the province's grid, and of electricity that nobody claims.
    gas_t_co2_per_nm3, diesel_t_co2_per_t
        Of burning the fuel.

    """

    average_kg_co2_per_kwh: float
    residual_kg_co2_per_kwh: float
    gas_t_co2_per_nm3: float
    diesel_t_co2_per_t: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductAccount:
    """A product in the year, under every combination of the measures that act on it.

    Attributes
    ----------
    amount_t
        Made in the year.
    players
        Positions, among all measures, of those that act on this product; bit i of a row's number is that of ``players[i]``.
    table
        Flows per kg, mixed by how far each measure has spread.

    """

    product_id: uuid.UUID
    plant_id: uuid.UUID
    amount_t: float
    players: Sequence[int]
    table: Table

    def rows(self, combinations: Combinations) -> NDArray[np.int64]:
        """Return (K,) the row of each combination."""
        bits = combinations[:, list(self.players)].astype(np.int64)
        rows: NDArray[np.int64] = bits @ (1 << np.arange(len(self.players), dtype=np.int64))
        return rows


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteAmount:
    """A measure at a site: a yearly amount of its lever, as far as it has spread in the year."""

    position: int
    plant_id: uuid.UUID
    basis: Basis
    amount: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    """Products, amounts at sites and factors of one year."""

    products: Sequence[ProductAccount]
    amounts: Sequence[SiteAmount]
    factors: Mapping[uuid.UUID, SiteFactors]
    toll_kg_co2_per_kwh: float

    def lines(self, combinations: Combinations) -> Mapping[Line, Values]:
        """Return (K,) t CO2 of each line for each combination of measures."""
        total = {line: np.zeros(len(combinations)) for line in Line}
        for plant_id, factors in self.factors.items():
            for line, values in self._site(plant_id, factors, combinations).items():
                total[line] += values
        return total

    def _site(self, plant_id: uuid.UUID, factors: SiteFactors, combinations: Combinations) -> Mapping[Line, Values]:
        flows = self._flows(plant_id, combinations)
        lever = {basis: self._amount(plant_id, basis, combinations) for basis in Basis}
        less = lever[Basis.ELECTRICITY_SAVED] + lever[Basis.OWN_GENERATION]
        grid = np.maximum(flows[Flow.OWN_KWH] - flows[Flow.DIRECT_LINE_KWH] - less, 0.0)
        claimed = flows[Flow.CONTRACT_KWH] + lever[Basis.CONTRACTED_POWER]
        gas = np.maximum(flows[Flow.NATURAL_GAS_NM3] - lever[Basis.NATURAL_GAS_SAVED], 0.0)
        diesel_t = np.maximum(flows[Flow.DIESEL_KG] / KG_PER_T - lever[Basis.DIESEL_SAVED], 0.0)
        return {
            Line.OWN: gas * factors.gas_t_co2_per_nm3
            + diesel_t * factors.diesel_t_co2_per_t
            + flows[Flow.PROCESS_CO2_KG] / KG_PER_T,
            Line.ELECTRICITY_LOCATION: grid * factors.average_kg_co2_per_kwh / KG_PER_T,
            Line.ELECTRICITY_MARKET: np.maximum(grid - claimed, 0.0) * factors.residual_kg_co2_per_kwh / KG_PER_T,
            Line.TOLL: (flows[Flow.TOLL_KWH] * self.toll_kg_co2_per_kwh + flows[Flow.TOLL_CO2_KG]) / KG_PER_T,
            Line.SUPPLY: flows[Flow.SUPPLY_KG_CO2E] / KG_PER_T - lever[Basis.FREIGHT_AVOIDED],
        }

    def _flows(self, plant_id: uuid.UUID, combinations: Combinations) -> Mapping[Flow, Values]:
        """Return (K,) flows of a site in the year, in the unit of the flow."""
        total = np.zeros((len(combinations), len(Flow)))
        for one in self.products:
            if one.plant_id == plant_id:
                total += one.table[one.rows(combinations)] * one.amount_t * KG_PER_T
        return {flow: total[:, flow] for flow in Flow}

    def _amount(self, plant_id: uuid.UUID, basis: Basis, combinations: Combinations) -> Values:
        total = np.zeros(len(combinations))
        for one in self.amounts:
            if one.plant_id == plant_id and one.basis is basis:
                total += combinations[:, one.position] * one.amount
        return total
