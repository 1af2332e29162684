import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.strategy.trajectories import (
    Light,
    Milestone,
    TrajectoryError,
    TrajectoryKind,
    cumulative,
    gap_amount,
    is_linear_instead,
    light,
    peak_growth,
    required_ratio,
    yearly_rate,
)

PLAN = tuple(Milestone(year=year, ratio=ratio) for year, ratio in ((2021, 1.0), (2025, 0.9), (2030, 0.7), (2040, 0.3), (2060, 0.0)))


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (
            TrajectoryKind.LINEAR,
            {2026: 0.860, 2027: 0.820, 2028: 0.780, 2029: 0.740, 2035: 0.500, 2050: 0.150},
        ),
        (TrajectoryKind.GEOMETRIC, {2026: 0.8559, 2027: 0.8139, 2028: 0.7740, 2029: 0.7361, 2035: 0.4583, 2050: 0.150}),
        (TrajectoryKind.STEPWISE, {2024: 1.0, 2026: 0.9, 2029: 0.9, 2035: 0.7, 2039: 0.7, 2050: 0.3, 2059: 0.3}),
    ],
)
def test_the_path_between_milestones(kind: TrajectoryKind, expected: dict[int, float]) -> None:
    for year, ratio in expected.items():
        assert required_ratio(PLAN, kind, year) == pytest.approx(ratio, abs=5e-5), year


@pytest.mark.parametrize("kind", list(TrajectoryKind))
def test_every_path_is_exact_at_its_milestones(kind: TrajectoryKind) -> None:
    assert [required_ratio(PLAN, kind, one.year) for one in PLAN] == [1.0, 0.9, 0.7, 0.3, 0.0]


def test_no_geometric_path_leads_to_zero() -> None:
    assert is_linear_instead(PLAN, TrajectoryKind.GEOMETRIC, 2041)
    assert not is_linear_instead(PLAN, TrajectoryKind.GEOMETRIC, 2039)
    assert not is_linear_instead(PLAN, TrajectoryKind.LINEAR, 2041)


def test_the_rate_per_year_and_the_growth_that_undoes_it() -> None:
    """0.9^(1/4) = 0.97400; (0.7/0.9)^(1/5) = 0.95098; (0.3/0.7)^(1/10) = 0.91877; growth is their inverse less 1."""
    steps = [(PLAN[0], PLAN[1]), (PLAN[1], PLAN[2]), (PLAN[2], PLAN[3])]

    assert [yearly_rate(*step) for step in steps] == pytest.approx([-0.0260, -0.0490, -0.0812], abs=5e-5)
    assert [peak_growth(*step) for step in steps] == pytest.approx([0.0267, 0.0515, 0.0884], abs=5e-5)
    assert yearly_rate(PLAN[3], PLAN[4]) is None
    assert peak_growth(PLAN[3], PLAN[4]) is None


def test_a_gap_is_the_distance_times_the_volume_and_adds_up() -> None:
    # (1.02 - 0.90) t per 10 000 yuan x 94 500 = 11 340 t
    assert gap_amount(1.02, 0.90, volume=94_500) == pytest.approx(11_340)
    assert cumulative([(2023, -5.0), (2022, 10.0), (2024, 1.0)]) == {2022: 10.0, 2023: 5.0, 2024: 6.0}


@pytest.mark.parametrize(
    ("actual", "expected"),
    [(0.89, Light.GREEN), (0.90, Light.GREEN), (0.91, Light.AMBER), (0.945, Light.AMBER), (0.9451, Light.RED)],
)
def test_the_light_turns_red_more_than_5_percent_above_the_path(actual: float, expected: Light) -> None:
    assert light(actual, 0.9) is expected


def test_anything_above_zero_is_red_when_nothing_is_allowed() -> None:
    assert light(0.001, 0.0) is Light.RED
    assert light(0.0, 0.0) is Light.GREEN


@given(st.integers(2021, 2060), st.sampled_from(list(TrajectoryKind)))
def test_no_path_ever_rises_and_the_geometric_one_lies_below_the_linear_one(year: int, kind: TrajectoryKind) -> None:
    now = required_ratio(PLAN, kind, year)

    assert now >= required_ratio(PLAN, kind, min(year + 1, 2060))
    assert required_ratio(PLAN, TrajectoryKind.GEOMETRIC, year) <= required_ratio(PLAN, TrajectoryKind.LINEAR, year) + 1e-12
    assert required_ratio(PLAN, TrajectoryKind.LINEAR, year) <= required_ratio(PLAN, TrajectoryKind.STEPWISE, year) + 1e-12


@pytest.mark.parametrize(
    ("milestones", "year", "message"),
    [
        (PLAN[:1], 2021, "needs two milestones"),
        (PLAN, 2061, "2061 lies outside the path from 2021 to 2060"),
        (PLAN, 2020, "2020 lies outside"),
        ((PLAN[1], PLAN[0]), 2021, "The milestone of 2021 follows that of 2025"),
        ((PLAN[0], Milestone(year=2030, ratio=-0.1)), 2025, "The milestone of 2030 is -0.1"),
    ],
)
def test_what_makes_no_path_is_refused(milestones: tuple[Milestone, ...], year: int, message: str) -> None:
    with pytest.raises(TrajectoryError, match=message):
        required_ratio(milestones, TrajectoryKind.LINEAR, year)


def test_the_geometric_path_falls_by_the_same_share_each_year() -> None:
    rates = [
        required_ratio(PLAN, TrajectoryKind.GEOMETRIC, year + 1) / required_ratio(PLAN, TrajectoryKind.GEOMETRIC, year)
        for year in range(2030, 2040)
    ]

    assert rates == pytest.approx([math.pow(0.3 / 0.7, 0.1)] * 10)
