"""A part of one energy carrier at a site replaced by another: what changes in energy, Scope 1, Scope 2 and cost. A pure function.

The useful energy stays: new GJ = replaced GJ x efficiency of today / efficiency of the new way. New purchased electricity takes the
residual factor in the market view, except the share that will be claimed as non-fossil.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from lca_models.model import Model
from service.company_inventory.factors import (
    GJ_PER_KWH,
    KG_PER_T,
    Factor,
    FuelFactorSet,
    equal_value,
    find_fuel,
    grid_factor,
    heat_factor,
    residual_factor,
    tce_factor,
)
from service.company_inventory.scope_2 import HEAT_IN, PURCHASED
from service.errors import N_, ConflictError, FieldError, InvalidInputError
from service.monitoring.carriers import CarrierKind, carriers

OWN: Final = frozenset({"electricity_pv_own", "electricity_wind_own"})


class NoSwitchFactorError(ConflictError):
    """A carrier of a switch has no factor in the set or year that the inventory takes."""

    code = "switch-factor-missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """What is replaced by what.

    Attributes
    ----------
    amount
        Replaced per year, in the canonical unit of `carrier`.
    efficiency, new_efficiency
        Useful energy per energy put in, 0 to 1 and more for heat pumps.
    price_cny, new_price_cny
        Per canonical unit of each carrier; None where not known.
    green_share
        Part of new purchased electricity that will be claimed as non-fossil, 0 to 1.

    """

    carrier: str
    new_carrier: str
    amount: float
    efficiency: float
    new_efficiency: float
    price_cny: float | None = None
    new_price_cny: float | None = None
    green_share: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """A year's use of one carrier.

    Attributes
    ----------
    tce_equal_value
        None without a coefficient.

    """

    carrier: str
    amount: float
    unit: str
    gj: float
    tce: float
    tce_equal_value: float | None
    scope_1_t_co2: float
    scope_2_location_t_co2: float
    scope_2_market_t_co2: float
    cost_cny: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchEffect:
    """Use of the old and of the new carrier; every change is new less old, so a saving is negative."""

    replaced: Use
    new: Use

    @property
    def tce(self) -> float:
        """Change of energy, calorific equivalent."""
        return self.new.tce - self.replaced.tce

    @property
    def tce_equal_value(self) -> float | None:
        """Change of energy by equal value; None without a coefficient."""
        if self.new.tce_equal_value is None or self.replaced.tce_equal_value is None:
            return None
        return self.new.tce_equal_value - self.replaced.tce_equal_value

    @property
    def gj(self) -> float:
        """Change of energy by calorific values."""
        return self.new.gj - self.replaced.gj

    @property
    def scope_1_t_co2(self) -> float:
        """Change of Scope 1."""
        return self.new.scope_1_t_co2 - self.replaced.scope_1_t_co2

    @property
    def scope_2_location_t_co2(self) -> float:
        """Change of Scope 2 by the grid."""
        return self.new.scope_2_location_t_co2 - self.replaced.scope_2_location_t_co2

    @property
    def scope_2_market_t_co2(self) -> float:
        """Change of Scope 2 by what is claimed."""
        return self.new.scope_2_market_t_co2 - self.replaced.scope_2_market_t_co2

    @property
    def cost_cny(self) -> float | None:
        """Change of the yearly bill; None where a price is not known."""
        if self.new.cost_cny is None or self.replaced.cost_cny is None:
            return None
        return self.new.cost_cny - self.replaced.cost_cny


def effect_of(switch: Switch, *, province: str, year: int, factor_set: FuelFactorSet, model: Model) -> SwitchEffect:
    """Return what a switch changes in a year.

    Parameters
    ----------
    province
        Of the site: decides on the grid factor.

    Raises
    ------
    InvalidInputError
        For efficiencies that are not above 0, one carrier for both, or a negative amount.
    NoSwitchFactorError
        Where the set, the province or the year lacks a factor.

    """
    _check(switch)
    place = _Place(province=province, year=year, factor_set=factor_set, model=model)
    gj = switch.amount * place.gj_per_unit(switch.carrier)
    new_amount = gj * switch.efficiency / switch.new_efficiency / place.gj_per_unit(switch.new_carrier)
    return SwitchEffect(
        replaced=place.use(switch.carrier, switch.amount, price_cny=switch.price_cny, green_share=0.0),
        new=place.use(switch.new_carrier, new_amount, price_cny=switch.new_price_cny, green_share=switch.green_share),
    )


def _check(switch: Switch) -> None:
    problems: dict[str, FieldError] = {}
    if switch.carrier == switch.new_carrier:
        problems["new_carrier"] = FieldError(N_("Both are the same; choose what takes its place."))
    if switch.amount < 0.0:
        problems["amount"] = FieldError(N_("The amount replaced can't be below 0."))
    for name in ("efficiency", "new_efficiency"):
        if getattr(switch, name) <= 0.0:
            problems[name] = FieldError(N_("An efficiency is above 0: 90 means that 90 %% of the energy is useful."))
    if problems:
        raise InvalidInputError(problems)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    province: str
    year: int
    factor_set: FuelFactorSet
    model: Model

    def gj_per_unit(self, carrier: str) -> float:
        unit = carriers()[carrier].unit
        if unit in {"kWh", "GJ"}:
            return GJ_PER_KWH if unit == "kWh" else 1.0
        fuel = find_fuel(carrier, self.factor_set)
        if fuel is None:
            raise self._missing(carrier)
        return fuel.ncv_gj_per_unit

    def use(self, carrier: str, amount: float, *, price_cny: float | None, green_share: float) -> Use:
        factor = tce_factor(carrier, self.factor_set)
        if factor is None:
            raise self._missing(carrier)
        location, market = self._scope_2(carrier, amount, green_share)
        return Use(
            carrier=carrier,
            amount=amount,
            unit=carriers()[carrier].unit,
            gj=amount * self.gj_per_unit(carrier),
            tce=amount * factor.value,
            tce_equal_value=self._equal(carrier, amount, factor),
            scope_1_t_co2=self._scope_1(carrier, amount),
            scope_2_location_t_co2=location,
            scope_2_market_t_co2=market,
            cost_cny=None if price_cny is None else amount * price_cny,
        )

    def _equal(self, carrier: str, amount: float, listed: Factor) -> float | None:
        if carrier != PURCHASED:
            return amount * listed.value
        coefficient = equal_value(self.year)
        return None if coefficient is None else amount * coefficient.value

    def _scope_1(self, carrier: str, amount: float) -> float:
        fuel = find_fuel(carrier, self.factor_set)
        return 0.0 if fuel is None else amount * fuel.t_co2_per_unit

    def _scope_2(self, carrier: str, amount: float, green_share: float) -> tuple[float, float]:
        if carrier == HEAT_IN:
            t_co2 = amount * heat_factor().value
            return t_co2, t_co2
        if carrier != PURCHASED:
            return 0.0, 0.0
        grid, residual = grid_factor(self.model, self.province, self.year), residual_factor(self.model, self.year)
        if grid is None or residual is None:
            raise self._missing(carrier)
        return amount * grid.value / KG_PER_T, amount * (1.0 - green_share) * residual.value / KG_PER_T

    def _missing(self, carrier: str) -> NoSwitchFactorError:
        return NoSwitchFactorError(
            N_("There is no factor for %(carrier)s in %(province)s, %(year)s, by the set %(set)s. Choose another set or carrier."),
            carrier=carriers()[carrier].name_en,
            province=self.province,
            year=self.year,
            set=self.factor_set.value,
        )


def switchable() -> Sequence[str]:
    """Return the carriers that can be replaced or take another's place: fuels, purchased electricity and heat, own wind and sun."""
    fuels = [one.key for one in carriers().values() if one.kind is CarrierKind.FUEL]
    return [PURCHASED, *sorted(OWN), HEAT_IN, *fuels]
