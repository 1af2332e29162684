import math
from collections.abc import Callable
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from lca_models.explanations.shapley import Combinations, ordered_effects, shapley_values

Numbers = NDArray[np.float64]


def product_of(before: list[float], after: list[float]) -> Callable[[Combinations], Numbers]:
    """Return an evaluation: the product of all factors, each before or after its change."""
    return lambda rows: np.prod(np.where(rows, after, before), axis=1)


def test_two_factors_share_their_joint_effect_equally() -> None:
    # 2 x 3 = 6 becomes 4 x 5 = 20. First factor: ((4x3 - 2x3) + (4x5 - 2x5)) / 2 = (6 + 10) / 2 = 8.
    # Second factor: ((2x5 - 2x3) + (4x5 - 4x3)) / 2 = (4 + 8) / 2 = 6. 8 + 6 = 14 = 20 - 6.
    found = shapley_values(product_of([2.0, 3.0], [4.0, 5.0]), players=2)

    assert found.tolist() == [8.0, 6.0]


def test_equal_changes_get_equal_parts() -> None:
    # 1 x 1 becomes 3 x 3: 8 in all, 4 each.
    assert shapley_values(product_of([1.0, 1.0], [3.0, 3.0]), players=2).tolist() == [4.0, 4.0]


def test_a_change_without_effect_gets_nothing() -> None:
    found = shapley_values(product_of([2.0, 5.0, 3.0], [4.0, 5.0, 1.0]), players=3)

    assert found[1] == 0.0


def test_an_ordered_path_gives_the_joint_effect_to_the_later_change() -> None:
    # 2 x 3 -> 4 x 3 adds 6, then 4 x 3 -> 4 x 5 adds 8.
    assert ordered_effects(product_of([2.0, 3.0], [4.0, 5.0]), players=2).tolist() == [6.0, 8.0]


@pytest.mark.parametrize("rule", [shapley_values, ordered_effects])
@given(pairs=st.lists(st.tuples(st.floats(0.1, 10), st.floats(0.1, 10)), min_size=1, max_size=6))
def test_the_parts_sum_to_the_difference(rule: Callable[..., Numbers], pairs: list[tuple[float, float]]) -> None:
    before, after = (list(side) for side in zip(*pairs, strict=True))

    found = rule(product_of(before, after), players=len(pairs))

    gross = math.prod(max(pair) for pair in pairs)
    assert math.fsum(found) == pytest.approx(math.prod(after) - math.prod(before), abs=1e-12 * gross)


@given(pairs=st.lists(st.tuples(st.floats(0.1, 10), st.floats(0.1, 10)), min_size=1, max_size=4))
def test_the_parts_are_the_means_over_all_orders(pairs: list[tuple[float, float]]) -> None:
    def value_of(changed: frozenset[int]) -> float:
        return math.prod(pair[1 if place in changed else 0] for place, pair in enumerate(pairs))

    orders = list(permutations(range(len(pairs))))
    means = [
        math.fsum(
            value_of(frozenset(order[: order.index(player) + 1])) - value_of(frozenset(order[: order.index(player)]))
            for order in orders
        )
        / len(orders)
        for player in range(len(pairs))
    ]
    before, after = (list(side) for side in zip(*pairs, strict=True))

    found = shapley_values(product_of(before, after), players=len(pairs))

    assert found.tolist() == pytest.approx(means, abs=1e-12 * math.prod(max(pair) for pair in pairs))
