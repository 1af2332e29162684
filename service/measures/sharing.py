"""How a joint effect is shared out among the measures that make it: Shapley values, exact or over seeded orders; they sum to it."""

from collections.abc import Callable, Mapping
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from lca_models.explanations.shapley import shapley_values

Key = TypeVar("Key")
Values = NDArray[np.float64]
Combinations = NDArray[np.bool_]
Evaluate = Callable[[Combinations], Mapping[Key, Values]]

MOST_EXACT: Final = 10
"""Measures for which all 2^n combinations are looked at; beyond, orders are drawn."""
ORDERS: Final = 200
SEED: Final = 20_241_001


def shared(evaluate: Evaluate[Key], *, players: int) -> Mapping[Key, Values]:
    """Return (players,) values by key, each the mean change that a measure makes over all orders, or over drawn ones.

    Each order alone sums to the value with all measures less that with none, so the mean does too, drawn or not.
    """
    return _exact(evaluate, players=players) if players <= MOST_EXACT else _drawn(evaluate, players=players)


def _exact(evaluate: Evaluate[Key], *, players: int) -> Mapping[Key, Values]:
    every = np.arange(2**players)[:, None] >> np.arange(players) & 1 == 1
    found = evaluate(every)
    masks = 1 << np.arange(players)
    return {
        key: shapley_values(lambda rows, of=values: of[rows @ masks], players=players)  # type: ignore[misc]
        for key, values in found.items()
    }


def _drawn(evaluate: Evaluate[Key], *, players: int) -> Mapping[Key, Values]:
    generator = np.random.default_rng(SEED)
    total: dict[Key, Values] = {}
    for _ in range(ORDERS):
        order = generator.permutation(players)
        rows = np.zeros((players + 1, players), dtype=np.bool_)
        for place, player in enumerate(order, start=1):
            rows[place:, player] = True
        for key, values in evaluate(rows).items():
            total.setdefault(key, np.zeros(players))[order] += np.diff(values) / ORDERS
    return total
