"""The inventory of one year as a value: its lines, its energy, what is missing; every total follows from the lines."""

import math
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from service.company_inventory.factors import FuelFactorSet
from service.company_inventory.lines import SCOPE_3_CATEGORIES, Category, EnergyLine, Gap, Line, Scope, View


class InventoryStatus(StrEnum):
    """How far a year is."""

    DRAFT = "draft"
    VERIFIED = "verified"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """Emissions and energy of the company in one calendar year.

    While `missing` holds something of a scope, its total is what is known so far, and `is_complete` says so.

    Attributes
    ----------
    factor_set
        Where the factors of all fuels come from.
    lines_at_base_factors
        Electricity by location once more with the grid factors of the base year, to tell own effort from the grid's.
    energy_tce, energy_equal_value_tce, energy_fossil_tce
        Calorific equivalent; equal value (None without a coefficient); without non-fossil electricity.
    energy_gj
        By calorific values.
    snapshot_id, sha256
        Of a closed year; None while it is open.
    number
        Which closing of the year it is, from 1; 0 while it is open.

    """

    year: int
    factor_set: FuelFactorSet
    status: InventoryStatus
    lines: tuple[Line, ...]
    lines_at_base_factors: tuple[Line, ...]
    energy: tuple[EnergyLine, ...]
    energy_tce: float
    energy_equal_value_tce: float | None
    energy_fossil_tce: float
    energy_gj: float
    missing: tuple[Gap, ...]
    is_sample: bool
    snapshot_id: uuid.UUID | None = None
    sha256: str | None = None
    number: int = 0

    @property
    def is_complete(self) -> bool:
        """Whether nothing is missing in Scope 1, Scope 2 and energy."""
        return not any(gap.blocks_closing for gap in self.missing)

    def has_gap(self, scope: Scope) -> bool:
        """Whether a scope's total is only what is known so far."""
        return any(gap.scope is scope for gap in self.missing)

    @property
    def scope_1_t_co2(self) -> float:
        """Fuels and process, CO2."""
        return _sum(one for one in self.lines if one.scope is Scope.SCOPE_1)

    @property
    def scope_2_location_t_co2(self) -> float:
        """Purchased electricity by the province's grid, and heat; CO2."""
        return _scope_2(self.lines, View.LOCATION)

    @property
    def scope_2_market_t_co2(self) -> float:
        """Electricity by what is claimed, all else at the residual factor, and heat; CO2."""
        return _scope_2(self.lines, View.MARKET)

    @property
    def scope_2_location_at_base_factors_t_co2(self) -> float:
        """As by location, with the grid factors of the base year."""
        return _scope_2(self.lines_at_base_factors, View.LOCATION)

    @property
    def scope_1_and_2_location_t_co2(self) -> float:
        """Scope 1 and Scope 2 by location."""
        return self.scope_1_t_co2 + self.scope_2_location_t_co2

    @property
    def scope_1_and_2_market_t_co2(self) -> float:
        """Scope 1 and Scope 2 by market."""
        return self.scope_1_t_co2 + self.scope_2_market_t_co2

    @property
    def supplied_t_co2(self) -> float:
        """Power and heat given to others: negative or zero, in no scope."""
        return _sum(one for one in self.lines if one.scope is Scope.SUPPLIED)

    @property
    def standard_total_t_co2(self) -> float:
        """Total of GB/T 32151.34 with power and heat, bought less supplied; without them it is `scope_1_t_co2`."""
        return self.scope_1_and_2_location_t_co2 + self.supplied_t_co2

    @property
    def scope_3_t_co2e(self) -> Mapping[Category, float]:
        """CO2e of the categories that have a line; toll graphitising apart from other purchases, both are category 1."""
        found = {one.category for one in self.lines if one.scope is Scope.SCOPE_3}
        return {
            category: _sum(one for one in self.lines if one.category is category)
            for category in SCOPE_3_CATEGORIES
            if category in found
        }

    @property
    def toll_graphitisation_t_co2e(self) -> float | None:
        """Graphitization done by others; None where nothing is known of it. Without a toll plant it is 0 by an entry of 0 t."""
        return self.scope_3_t_co2e.get(Category.TOLL_GRAPHITISATION)

    def emissions_of(self, plant_id: uuid.UUID) -> Mapping[Scope, float]:
        """Return Scope 1 and Scope 2 by location of one site."""
        mine = [one for one in self.lines if one.plant_id == plant_id and one.view is not View.MARKET]
        return {scope: _sum(one for one in mine if one.scope is scope) for scope in (Scope.SCOPE_1, Scope.SCOPE_2)}


def _scope_2(lines: Iterable[Line], view: View) -> float:
    return _sum(one for one in lines if one.scope is Scope.SCOPE_2 and one.view in {View.BOTH, view})


def _sum(lines: Iterable[Line]) -> float:
    return math.fsum(one.t_co2 for one in lines)
