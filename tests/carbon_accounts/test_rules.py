"""From behaviour to kilograms and points."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.carbon_accounts.rules import avoided_kg, board_kg, counted_amount, expiring, goal_share, points_for

AMOUNTS = st.floats(min_value=0.0, max_value=1e4)


def test_avoided_is_activity_times_the_difference_of_factors() -> None:
    # 10 km by electric bicycle instead of a car: 10 x (0.1515 - 0.0081) = 1.434 kg
    assert avoided_kg(10.0, baseline_kg_per_unit=0.1515, action_kg_per_unit=0.0081) == pytest.approx(1.434)


@pytest.mark.parametrize(
    ("avoided", "rate", "points"),
    [(1.434, 10.0, 14), (0.099, 10.0, 0), (0.3, 10.0, 3), (0.1 + 0.2, 10.0, 3), (2.0, 0.0, 0)],
)
def test_points_are_the_whole_part_of_kilograms_times_rate(avoided: float, rate: float, points: int) -> None:
    assert points_for(avoided, points_per_kg=rate) == points


def test_what_lies_beyond_the_limits_does_not_count() -> None:
    limits = {"cap_per_day": 40.0, "cap_per_month": 600.0}

    assert counted_amount(50.0, today=0.0, this_month=0.0, **limits) == 40.0
    assert counted_amount(30.0, today=25.0, this_month=25.0, **limits) == 15.0
    assert counted_amount(30.0, today=0.0, this_month=590.0, **limits) == 10.0
    assert counted_amount(30.0, today=40.0, this_month=100.0, **limits) == 0.0


@given(amounts=st.lists(AMOUNTS, max_size=12), cap=AMOUNTS)
def test_a_day_never_counts_more_than_its_limit(amounts: list[float], cap: float) -> None:
    counted = 0.0
    for amount in amounts:
        counted += counted_amount(amount, today=counted, this_month=counted, cap_per_day=cap, cap_per_month=1e9)

    assert counted <= cap + 1e-6


def test_the_oldest_points_expire_first_and_used_ones_do_not_expire_again() -> None:
    issued = [(date(2025, 1, 1), 50), (date(2025, 6, 1), 30), (date(2026, 11, 1), 100)]

    assert expiring(issued, used=0, on=date(2025, 12, 31)) == 0
    assert expiring(issued, used=0, on=date(2026, 1, 1)) == 50  # 365 days after the first
    assert expiring(issued, used=20, on=date(2026, 1, 1)) == 30  # 50 - 20 that were redeemed
    assert expiring(issued, used=60, on=date(2026, 6, 1)) == 20  # 50 + 30 - 60
    assert expiring(issued, used=90, on=date(2026, 6, 1)) == 0


def test_a_department_of_four_shows_nothing_and_one_of_five_a_rounded_sum() -> None:
    assert board_kg([10.0, 20.0, 30.0, 40.0]) is None
    assert board_kg([10.0, 20.0, 30.0, 40.0, 13.0]) == 110.0  # 113 to tens


def test_a_goal_shows_from_five_people_in_steps_of_five_percent() -> None:
    assert goal_share([100.0] * 4, 1000.0) is None
    assert goal_share([49.0] * 5, 1000.0) == pytest.approx(0.20)  # 24.5 % down to 20 %
    assert goal_share([500.0] * 5, 1000.0) == 1.0
