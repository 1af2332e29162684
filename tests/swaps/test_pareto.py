"""Cost against carbon."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.swaps.pareto import best_at, break_even, front

NUMBERS = st.integers(0, 6).map(float)
POINTS = st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=30)
PRICES = st.floats(0, 1000)


def beats(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return one[0] <= other[0] and one[1] <= other[1] and one != other


def shown(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    found = front(np.array([cost for cost, _ in points]), np.array([carbon for _, carbon in points]))
    return [points[position] for position in found]


@given(POINTS)
def test_exactly_the_points_that_no_other_beats_are_shown(points: list[tuple[float, float]]) -> None:
    unbeaten = {point for point in points if not any(beats(other, point) for other in points)}

    assert shown(points) == sorted(unbeaten)


@given(POINTS, PRICES)
def test_the_best_at_any_carbon_price_is_on_the_front(points: list[tuple[float, float]], price: float) -> None:
    kept = shown(points)
    best = best_at(kept, cny_per_t_co2e=price)

    assert best is not None
    assert kept[best][0] + price * kept[best][1] == min(cost + price * carbon for cost, carbon in points)


def test_a_point_without_cost_is_never_shown() -> None:
    assert front(np.array([np.nan, 5.0]), np.array([0.1, 9.0])) == [1]
    assert best_at([], cny_per_t_co2e=100.0) is None


def test_of_equal_points_the_first_is_shown() -> None:
    assert front(np.array([5.0, 5.0]), np.array([1.0, 1.0])) == [0]


def test_the_break_even_price_is_dearer_over_cleaner() -> None:
    # 300 yuan more for 1.5 t CO2e less per t of product: 200 yuan/t.
    found = break_even((20_000.0, 12.0), (20_300.0, 10.5))

    assert found.cny_per_t_co2e == pytest.approx(200.0)
    assert found.better is None
    assert break_even((20_300.0, 10.5), (20_000.0, 12.0)).cny_per_t_co2e == pytest.approx(200.0)


@pytest.mark.parametrize(
    ("second", "better"),
    [((90.0, 1.0), "second"), ((100.0, 0.9), "second"), ((110.0, 1.0), "first"), ((110.0, 2.0), "first"), ((100.0, 1.0), "same")],
)
def test_between_a_point_and_one_that_it_beats_no_price_decides(second: tuple[float, float], better: str) -> None:
    found = break_even((100.0, 1.0), second)

    assert (found.cny_per_t_co2e, found.better) == (None, better)


@given(st.tuples(NUMBERS, NUMBERS), st.tuples(NUMBERS, NUMBERS))
def test_at_the_break_even_price_both_cost_the_same(first: tuple[float, float], second: tuple[float, float]) -> None:
    price = break_even(first, second).cny_per_t_co2e

    if price is not None:
        assert first[0] + price * first[1] == pytest.approx(second[0] + price * second[1])
