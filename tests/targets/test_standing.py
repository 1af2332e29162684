"""Where the company stands: gaps, lights, and what prices hide."""

import pytest

from service.strategy.trajectories import TrajectoryKind
from service.targets.catalogue import DEFINITIONS, TARGETS, Basis, EnergyConvention, Indicator, Scope
from service.targets.definitions import Reading
from service.targets.standing import Record, StandingStatus, hidden_by_price, standing_on, standings_of, yearly_gaps
from tests.targets.years import A, a_line, a_year, an_output


def a_reading(path: TrajectoryKind = TrajectoryKind.LINEAR, energy_2030: float | None = None) -> Reading:
    return Reading(
        scope=Scope.LOCATION,
        price_basis=Basis.CURRENT_PRICE,
        energy_convention=EnergyConvention.CALORIFIC,
        trajectory=path,
        peak_year=None,
        energy_ratio_2030=energy_2030,
        undefined=frozenset(DEFINITIONS),
        rows={},
    )


def a_record(path: TrajectoryKind = TrajectoryKind.LINEAR) -> Record:
    """100 t with 500 t CO2 for 1,000 in 2021; 120 t with 552 t for 800 at an index of 0.6 in 2023."""
    first = a_year(2021, [a_line(A, "natural_gas", 500, factor=1.0, tce=0.5)], an_output(2021, {A: 100}, value=1000.0, index=1.0))
    last = a_year(2023, [a_line(A, "natural_gas", 552, factor=1.0, tce=0.5)], an_output(2023, {A: 120}, value=800.0, index=0.6))
    return Record(years=(first, last), forecast=None, reading=a_reading(path))


def test_the_gap_is_the_distance_from_the_path_times_output() -> None:
    found = standing_on(a_record(), TARGETS[2025], Indicator.CO2, Basis.CURRENT_PRICE)

    # half-way to 0.9: 0.95 x 0.5 = 0.475; 552 / 800 = 0.69; (0.69 - 0.475) x 800 = 172
    assert (found.base, found.required, found.required_now) == pytest.approx((0.5, 0.45, 0.475))
    assert found.gap_t_co2 == pytest.approx(172.0)
    assert found.status is StandingStatus.FAR_ABOVE
    assert found.unit == "t CO2/10k CNY"


def test_stepwise_asks_nothing_new_before_the_target_year() -> None:
    found = standing_on(a_record(TrajectoryKind.STEPWISE), TARGETS[2025], Indicator.CO2, Basis.PER_TONNE)

    # 552 / 120 = 4.6 against 5 of 2021
    assert (found.required_now, found.status) == (5.0, StandingStatus.ON_PATH)


def test_what_prices_hide_is_told() -> None:
    """Per tonne 4.6 is below 0.95 x 5 = 4.75; per yuan 0.69 is above 0.475."""
    pairs = hidden_by_price(standings_of(a_record()))

    assert {one.target.year for one, _ in pairs} == {2025, 2030, 2040, 2060}
    assert {(by_price.status, by_tonne.status) for by_price, by_tonne in pairs if by_price.indicator is Indicator.CO2} == {
        (StandingStatus.FAR_ABOVE, StandingStatus.ON_PATH)
    }


def test_gaps_add_up_from_2021_on() -> None:
    gaps = yearly_gaps(a_record(), Indicator.CO2, Basis.ABSOLUTE)

    assert gaps == pytest.approx({2021: 0.0, 2023: 552 - 475})


def test_without_the_base_year_nothing_is_judged() -> None:
    record = a_record()
    late = Record(years=record.years[1:], forecast=None, reading=record.reading)

    found = standing_on(late, TARGETS[2030], Indicator.CO2, Basis.CURRENT_PRICE)

    assert (found.base, found.required, found.status) == (None, None, StandingStatus.NOT_KNOWN)


def test_energy_has_no_target_after_2025_until_one_is_set() -> None:
    record = a_record()
    with_2030 = Record(years=record.years, forecast=None, reading=a_reading(energy_2030=0.8))

    assert [one.year for one in record.milestones(Indicator.ENERGY)] == [2021, 2025]
    assert [(one.year, one.ratio) for one in with_2030.milestones(Indicator.ENERGY)] == [(2021, 1.0), (2025, 0.9), (2030, 0.8)]
