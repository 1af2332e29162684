"""Money of measures: the worked example, and cash flows counted by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.strategy.carbon_prices import PriceLadder, Project, npv_at_price, ranking_at_price
from service.strategy.finance import (
    abatement_cost,
    crf,
    levelised_abatement_cost,
    npv,
    payback_years,
    present_value,
    yearly_cost_cny,
)


def test_the_worked_example_costs_72_1_yuan_per_tonne() -> None:
    yearly = yearly_cost_cny(12e6, rate=0.08, years=10, savings_cny=1.5e6)

    assert crf(0.08, 10) == pytest.approx(0.149029, abs=1e-6)
    assert yearly == pytest.approx(288_354, abs=1)
    assert abatement_cost(yearly, 4000.0) == pytest.approx(72.1, abs=0.05)


def test_a_tonne_costs_80_8_yuan_where_the_abatement_shrinks_by_3_percent_a_year() -> None:
    yearly = yearly_cost_cny(12e6, rate=0.08, years=10, savings_cny=1.5e6)
    tonnes = [0.0, *(4000.0 * 0.97**year for year in range(10))]

    assert levelised_abatement_cost([0.0, *[yearly] * 10], tonnes, rate=0.08) == pytest.approx(80.8, abs=0.05)


def test_a_net_present_value_is_what_a_hand_calculation_gives() -> None:
    # -1000 + 600 / 1.1 + 600 / 1.21 = -1000 + 545.4545 + 495.8678
    assert npv([-1000.0, 600.0, 600.0], rate=0.1) == pytest.approx(41.3223, abs=1e-4)


def test_the_payback_lies_within_a_year_in_proportion() -> None:
    # after year 1: -400; year 2 brings 600, so 400 / 600 of that year
    assert payback_years([-1000.0, 600.0, 600.0]) == pytest.approx(1 + 400 / 600)
    # discounted: -1000 + 545.4545 = -454.5455; year 2 is worth 495.8678
    assert payback_years([-1000.0, 600.0, 600.0], rate=0.1) == pytest.approx(1 + 454.5455 / 495.8678, abs=1e-6)


def test_what_never_comes_back_has_no_payback() -> None:
    assert payback_years([-1000.0, 300.0, 300.0]) is None


def test_a_repair_that_eats_the_gain_again_is_not_paid_back() -> None:
    assert payback_years([-100.0, 150.0, -100.0]) is None


def test_money_without_interest_is_spread_evenly() -> None:
    assert crf(0.0, 8) == pytest.approx(0.125)


def test_no_tonnes_have_no_cost_per_tonne() -> None:
    assert abatement_cost(1000.0, 0.0) is None


@given(rate=st.floats(0.001, 0.3), years=st.integers(1, 40))
def test_the_annuity_repays_exactly_what_was_lent(rate: float, years: int) -> None:
    assert present_value([0.0, *[crf(rate, years)] * years], rate=rate) == pytest.approx(1.0)


def test_a_carbon_price_holds_until_the_next_step_and_is_unset_before_the_first() -> None:
    ladder = PriceLadder(steps={2026: 100.0, 2030: 200.0, 2040: 400.0})

    assert [ladder.price_in(year) for year in (2025, 2026, 2029, 2030, 2039, 2060)] == [None, 100.0, 100.0, 200.0, 200.0, 400.0]


def test_a_carbon_price_turns_the_ranking_round() -> None:
    gainful = Project(key="gainful", flows_cny=[-100.0, 160.0], t_co2=[0.0, 0.1])
    clean = Project(key="clean", flows_cny=[-100.0, 110.0], t_co2=[0.0, 1.0])

    # without interest 60 against 10; at 100 yuan/t 60 + 10 = 70 against 10 + 100 = 110
    assert ranking_at_price([clean, gainful], rate=0.0, cny_per_t=0.0) == ("gainful", "clean")
    assert ranking_at_price([clean, gainful], rate=0.0, cny_per_t=100.0) == ("clean", "gainful")
    assert npv_at_price(clean, rate=0.0, cny_per_t=100.0) == pytest.approx(110.0)
