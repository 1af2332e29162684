"""A fuel replaced by another carrier: the useful energy stays, everything else follows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lca_models.model import load_model
from service.company_inventory.factors import GJ_PER_TCE, FuelFactorSet
from service.company_inventory.fuel_switch import NoSwitchFactorError, Switch, SwitchEffect, effect_of
from service.errors import InvalidInputError

GAS_TO_POWER = Switch(
    carrier="natural_gas",
    new_carrier="electricity_purchased",
    amount=100_000,
    efficiency=0.60,
    new_efficiency=0.90,
    price_cny=3.5,
    new_price_cny=0.6,
)


def _effect(switch: Switch, *, province: str = "CN-NM", year: int = 2023) -> SwitchEffect:
    return effect_of(switch, province=province, year=year, factor_set=FuelFactorSet.GB_T_32151_34, model=load_model())


def test_gas_to_electricity_by_hand() -> None:
    # 100,000 Nm3 · 0.038931 = 3,893.1 GJ; · 0.60/0.90 = 2,595.4 GJ = 720,944.4 kWh
    # Scope 1 −100,000 · 0.00216219 = −216.219; location 720.9444 MWh · 0.6479 = 467.100; market · 0.6096 = 439.488
    # tce 720,944.4 · 0.0001229 − 133 = −44.396; cost 720,944.4 · 0.6 − 350,000 = 82,566.7
    effect = _effect(GAS_TO_POWER)
    assert effect.new.amount == pytest.approx(720_944.4, abs=0.1)
    assert effect.scope_1_t_co2 == pytest.approx(-216.219, abs=1e-3)
    assert effect.scope_2_location_t_co2 == pytest.approx(467.100, abs=1e-3)
    assert effect.scope_2_market_t_co2 == pytest.approx(439.488, abs=1e-3)
    assert effect.tce == pytest.approx(-44.396, abs=1e-3)
    assert effect.cost_cny == pytest.approx(82_566.7, abs=0.1)


def test_electricity_claimed_as_non_fossil_lowers_the_market_view_alone() -> None:
    green = Switch(
        carrier="natural_gas", new_carrier="electricity_purchased", amount=1000, efficiency=0.6, new_efficiency=0.9, green_share=1.0
    )
    effect = _effect(green)
    assert effect.scope_2_market_t_co2 == 0.0
    assert effect.scope_2_location_t_co2 > 0.0


def test_a_price_that_is_not_known_leaves_the_cost_open() -> None:
    effect = _effect(Switch(carrier="diesel", new_carrier="lpg", amount=1, efficiency=1, new_efficiency=1, price_cny=7000))
    assert effect.cost_cny is None


@given(amount=st.floats(1, 1e6), efficiency=st.floats(0.1, 1), new=st.floats(0.1, 3))
def test_switching_back_restores_the_amount(amount: float, efficiency: float, new: float) -> None:
    there = _effect(Switch(carrier="diesel", new_carrier="natural_gas", amount=amount, efficiency=efficiency, new_efficiency=new))
    back = _effect(
        Switch(carrier="natural_gas", new_carrier="diesel", amount=there.new.amount, efficiency=new, new_efficiency=efficiency)
    )
    assert back.new.amount == pytest.approx(amount)


def test_energy_of_both_sides_agrees_in_tce_and_gigajoules() -> None:
    effect = _effect(GAS_TO_POWER)
    for use in (effect.replaced, effect.new):
        assert use.tce * GJ_PER_TCE == pytest.approx(use.gj, rel=0.005)


def test_what_can_not_be_is_refused_with_its_field() -> None:
    with pytest.raises(InvalidInputError) as caught:
        _effect(Switch(carrier="diesel", new_carrier="diesel", amount=-1, efficiency=0, new_efficiency=0.5))
    assert set(caught.value.fields) == {"new_carrier", "amount", "efficiency"}


def test_a_province_without_a_grid_factor_has_no_effect_made_up() -> None:
    with pytest.raises(NoSwitchFactorError, match="CN-XZ"):
        _effect(GAS_TO_POWER, province="CN-XZ")
