"""Factors of the inventory: values of the tables, sets that are never mixed, years that are said."""

import pytest

from lca_models.model import load_model
from service.company_inventory.factors import (
    GJ_PER_TCE,
    FuelFactorSet,
    all_fuels,
    equal_value,
    find_fuel,
    fuel_upstream_factor,
    grid_factor,
    grid_upstream_factor,
    listed_tce,
    residual_factor,
    tce_factor,
)
from service.monitoring.carriers import CarrierKind, carriers

GB = FuelFactorSet.GB_T_32151_34


@pytest.mark.parametrize(
    ("carrier", "t_co2"),
    [
        ("diesel", 3.09591),
        ("natural_gas", 0.002162189),
        ("petroleum_coke_fuel", 3.21154),
        ("anthracite", 2.52151),
        ("lpg", 3.10133),
    ],
)
def test_fuels_give_the_products_that_the_standard_prints(carrier: str, t_co2: float) -> None:
    fuel = find_fuel(carrier, GB)
    assert fuel is not None
    assert fuel.t_co2_per_unit == pytest.approx(t_co2, rel=1e-5)


def test_every_fuel_that_may_be_reported_has_a_factor_in_its_own_unit() -> None:
    fuels = [one for one in carriers().values() if one.kind is CarrierKind.FUEL]
    assert len(fuels) > 15
    assert {one.key: one.unit for one in fuels} == {key: fuel.unit for key, fuel in all_fuels()[GB].items()}


def test_a_fuel_that_a_set_lacks_is_not_taken_from_another_set() -> None:
    assert find_fuel("lpg", FuelFactorSet.NEFD_2) is None
    assert find_fuel("diesel", FuelFactorSet.NDRC_24_SECTOR) != find_fuel("diesel", GB)


def test_standard_coal_of_all_energy_agrees_with_calorific_values_within_two_percent() -> None:
    # Blast furnace gas differs by 14 %: the two standards take different gases.
    for carrier, fuel in all_fuels()[GB].items():
        listed = listed_tce().get(carrier)
        if listed is not None and carrier != "blast_furnace_gas":
            assert listed.value * GJ_PER_TCE == pytest.approx(fuel.ncv_gj_per_unit, rel=0.02), carrier


def test_coal_without_an_entry_takes_its_calorific_value() -> None:
    factor = tce_factor("anthracite", GB)
    assert factor is not None
    assert factor.value == pytest.approx(26.7 / 29.3076)
    assert tce_factor("graphitising_packing", GB) is None


@pytest.mark.parametrize(
    ("year", "value", "of"), [(2021, 0.7025, 2021), (2022, 0.6849, 2022), (2023, 0.6479, 2023), (2025, 0.6479, 2023)]
)
def test_the_grid_factor_is_of_the_year_or_the_newest_before_it(year: int, value: float, of: int) -> None:
    factor = grid_factor(load_model(), "CN-NM", year)
    assert factor is not None
    assert (factor.value, factor.year) == (value, of)


def test_no_grid_factor_is_borrowed_from_a_later_year_or_another_province() -> None:
    assert grid_factor(load_model(), "CN-NM", 2020) is None
    assert grid_factor(load_model(), "CN-XZ", 2023) is None


def test_unclaimed_electricity_takes_the_residual_factor() -> None:
    factor = residual_factor(load_model(), 2023)
    assert factor is not None
    assert factor.value == pytest.approx(0.6096)


def test_upstream_of_the_grid_is_the_difference_of_two_factors_of_one_year() -> None:
    # 2023: 0.6205 − 0.5306 = 0.0899; the life-cycle factor of 2024 has no direct one of 2024 beside it yet.
    factor = grid_upstream_factor(load_model(), 2025)
    assert factor is not None
    assert factor.value == pytest.approx(0.0899)
    assert factor.year == 2023
    assert grid_upstream_factor(load_model(), 2022) is None


def test_upstream_of_fuels_is_per_unit_of_the_carrier() -> None:
    gas, diesel, lpg = (fuel_upstream_factor(load_model(), one) for one in ("natural_gas", "diesel", "lpg"))
    assert gas is not None
    assert diesel is not None
    assert lpg is not None
    assert gas.value == pytest.approx(0.608)
    assert diesel.value == pytest.approx(650.86)
    assert lpg.value == pytest.approx(349.29)
    assert fuel_upstream_factor(load_model(), "coke_oven_gas") is None


def test_equal_value_says_of_which_year_it_is_and_that_it_is_unverified() -> None:
    factor = equal_value(2026)
    assert factor is not None
    assert (factor.year, factor.confidence) == (2024, "memory")
    assert equal_value(2019) is None
