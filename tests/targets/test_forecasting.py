"""Business as usual, drawn from plan, coefficients and the path of the grid."""

import uuid

import numpy as np
import pytest
from sqlmodel import Session

from service.registers.operations import add_row
from service.settings import Settings
from service.targets.catalogue import Basis, Indicator
from service.targets.figures import LineKind
from service.targets.forecasting import ForecastGap, baseline, situation_of
from service.targets.forecasting_rules import CERTAIN, Coefficients, Range, Situation, band_of, between, draw_year, held
from service.targets.models import ForecastPath, PathKind
from service.targets.schemas import ForecastPathInput
from tests.targets.company import ENGINEER, NOW, a_plan, a_settled_company
from tests.targets.years import PRODUCT_OF, A, B, a_line, a_year, an_output

ONE = PRODUCT_OF[A]


def a_situation() -> Situation:
    """One plant: 0.5 t of fuels and 4 t of electricity, 0.2 t of toll, 1 tce per tonne; 3 t belong to no plant."""
    return Situation(
        year=2025,
        coefficients={A: Coefficients(direct_t_co2=0.5, electricity_t_co2=4.0, energy_tce=1.0)},
        plant_of={ONE: A},
        toll_t_co2_per_t={ONE: 0.2},
        unplaced_t_co2=3.0,
        unplaced_tce=1.0,
        constant_price_10k_cny_per_t=5.0,
        price_index=0.5,
    )


def certain(value: float) -> Range:
    return Range(low=value, likely=value, high=value)


def test_a_certain_plan_gives_the_hand_calculation() -> None:
    found = draw_year(a_situation(), plan={ONE: certain(100.0)}, grid=certain(0.9), price=CERTAIN, seed=1, draws=3)

    # 100 (0.5 + 4 x 0.9) + 3 = 413; toll 20; 101 tce; 100 x 5 = 500 at prices of 2021, half of it at current ones
    assert found.t_co2.tolist() == pytest.approx([413.0] * 3)
    assert found.toll_t_co2.tolist() == pytest.approx([20.0] * 3)
    assert found.energy_tce.tolist() == pytest.approx([101.0] * 3)
    current = found.figure(Indicator.CO2, Basis.CURRENT_PRICE)
    assert current is not None
    assert current.tolist() == pytest.approx([413.0 / 250.0] * 3)
    with_toll = found.figure(Indicator.CO2, Basis.PER_TONNE, with_toll=True)
    assert with_toll is not None
    assert with_toll.tolist() == pytest.approx([4.33] * 3)


def test_the_band_of_a_triangular_plan_is_that_of_its_quantiles() -> None:
    """For low 0, likely 50, high 100: P10 = sqrt(0.1 x 100 x 50) = 22.36, P50 = 50, P90 = 100 - 22.36."""
    found = draw_year(
        a_situation(), plan={ONE: Range(low=0, likely=50, high=100)}, grid=CERTAIN, price=CERTAIN, seed=7, draws=200_000
    )

    band = band_of(found.anode_t)
    assert (band.p10, band.p50, band.p90) == pytest.approx((22.36, 50.0, 77.64), abs=0.5)


def test_the_same_seed_gives_the_same_draws_and_another_product_does_not_move_them() -> None:
    plan = {ONE: Range(low=50, likely=80, high=120)}
    more = {**plan, PRODUCT_OF[B]: certain(10.0)}
    situation = a_situation()

    first, second = (draw_year(situation, plan=plan, grid=CERTAIN, price=CERTAIN, seed=3, draws=50) for _ in range(2))
    wide = Situation(
        **{name: getattr(situation, name) for name in situation.__slots__ if name != "plant_of"},
        plant_of={ONE: A, PRODUCT_OF[B]: B},
    )
    with_another = draw_year(wide, plan=more, grid=CERTAIN, price=CERTAIN, seed=3, draws=50)

    assert np.array_equal(first.anode_t, second.anode_t)
    assert (with_another.anode_t - 10.0).tolist() == pytest.approx(first.anode_t.tolist())


def test_between_two_stated_years_lies_a_straight_line_and_outside_nothing() -> None:
    stated = {2026: Range(low=1, likely=2, high=3), 2030: Range(low=5, likely=6, high=7)}

    assert between(stated, 2028) == Range(low=3, likely=4, high=5)
    assert between(stated, 2025) is None
    assert between(stated, 2031) is None


def test_a_path_begins_at_the_last_closed_year_and_is_held_after_its_last_stated_year() -> None:
    stated = {2030: certain(0.5)}

    assert held(stated, 2025 + 2, since=2025).likely == pytest.approx(0.8)  # two fifths of the way from 1 to 0.5
    assert held(stated, 2045, since=2025).likely == 0.5
    assert held({}, 2030, since=2025) == CERTAIN


def test_coefficients_are_per_tonne_of_each_plant_and_toll_goes_by_the_products_that_are_given_out() -> None:
    lines = [
        a_line(A, "natural_gas", 100, factor=2.0, tce=1.3),
        a_line(A, "electricity_purchased", 1000, factor=0.5, tce=0.1, kind=LineKind.ELECTRICITY),
        a_line(B, "natural_gas", 10, factor=2.0, tce=1.3),
        a_line(None, "graphitised_powder", 50, factor=6.0, kind=LineKind.TOLL),
    ]

    found = situation_of(a_year(2025, lines, an_output(2025, {A: 100, B: 50}, value=600.0, index=0.8)))

    assert found is not None
    assert found.coefficients[A] == Coefficients(direct_t_co2=2.0, electricity_t_co2=5.0, energy_tce=2.3)
    assert found.coefficients[B].direct_t_co2 == 0.4
    assert found.toll_t_co2_per_t == pytest.approx({ONE: 2.0, PRODUCT_OF[B]: 2.0})  # 300 t over 150 t
    assert found.constant_price_10k_cny_per_t == pytest.approx(5.0)  # 600 / 0.8 / 150


def test_without_a_closed_year_or_a_plan_there_is_no_forecast(session: Session, settings: Settings) -> None:
    before = baseline(session, until=2030, at=NOW)
    a_settled_company(session, settings)
    unplanned = baseline(session, until=2030, at=NOW)

    assert (before.gaps, before.years) == (frozenset({ForecastGap.NO_CLOSED_YEAR}), ())
    assert (unplanned.gaps, unplanned.years) == (frozenset({ForecastGap.NO_PLAN}), ())


def test_a_plan_brings_a_forecast_of_its_years_alone_with_the_latest_coefficients(session: Session, settings: Settings) -> None:
    product = a_settled_company(session, settings)
    a_plan(session, product, 2027, (1_500, 1_500, 1_500))

    found = baseline(session, until=2030, at=NOW)

    assert found.years == (2026, 2027)  # 2026 lies on the way from what 2025 made to the plan
    assert found.gaps == {ForecastGap.NO_GRID_PATH, ForecastGap.NO_PRICE_PATH}
    band = found.figure(Indicator.CO2, Basis.PER_TONNE, 2027)
    assert band is not None
    assert band.p10 == pytest.approx(band.p90)  # nothing is uncertain
    assert found.sources == ("board, production plan",)


def test_a_cleaner_grid_lowers_the_forecast_of_electricity_alone(session: Session, settings: Settings) -> None:
    product = a_settled_company(session, settings)
    a_plan(session, product, 2026, (1_500, 1_500, 1_500))
    held_grid = baseline(session, until=2026, at=NOW)
    path = ForecastPathInput(kind=PathKind.GRID_FACTOR, year=2026, low=0.5, likely=0.5, high=0.5, source="an assumption")
    add_row(session, ForecastPath, path, by=ENGINEER, at=NOW)
    session.flush()

    half_grid = baseline(session, until=2026, at=NOW)

    gas = 67_500 * 389.31e-4 * 15.3e-3 * 0.99 * 44 / 12 / 1  # Nm3 x GJ/Nm3 x tC/GJ x oxidation: about 2.16 kg/Nm3
    assert half_grid.t_co2[2026].p50 == pytest.approx((held_grid.t_co2[2026].p50 + gas) / 2, rel=2e-3)
    assert half_grid.energy_tce[2026].p50 == pytest.approx(held_grid.energy_tce[2026].p50)


def test_a_product_that_no_plant_has_made_is_left_out() -> None:
    assert uuid.UUID(int=99) not in a_situation().plant_of
