"""How a difference is shared out among the changes that make it together.

The Shapley value is the mean effect of a change over all orders in which the changes can be made (Shapley 1953, "A value for
n-person games"). Its parts sum to the difference, equal changes get equal parts, a change without effect gets nothing.
"""

import math
from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

MOST_PLAYERS: Final = 12
"""Changes for which all 2^n combinations are evaluated: 4 096 rows, some milliseconds in one batch."""

Combinations = NDArray[np.bool_]
Evaluate = Callable[[Combinations], NDArray[np.float64]]


def shapley_values(evaluate: Evaluate, *, players: int) -> NDArray[np.float64]:
    """Return the Shapley value of each change; they sum to the value with all changes less that with none.

    Parameters
    ----------
    evaluate
        Takes combinations, shape (K, players), True where a change is made; returns the value of each, shape (K,).
    players
        Number of changes, at most `MOST_PLAYERS`.

    """
    masks = np.arange(2**players)
    values = evaluate(_combinations(masks, players))
    sizes = _combinations(masks, players).sum(axis=1)
    weights = np.array([1.0 / (players * math.comb(players - 1, size)) for size in range(players)])
    return np.array([_mean_effect(values, masks, weights, sizes, bit=1 << player) for player in range(players)])


def _mean_effect(
    values: NDArray[np.float64], masks: NDArray[np.int64], weights: NDArray[np.float64], sizes: NDArray[np.int64], *, bit: int
) -> float:
    without = masks[(masks & bit) == 0]
    return math.fsum(weights[sizes[without]] * (values[without | bit] - values[without]))


def ordered_effects(evaluate: Evaluate, *, players: int) -> NDArray[np.float64]:
    """Return the effect of each change when they are made one after the other, in the order given; they sum to the difference."""
    steps = np.tril(np.ones((players + 1, players), dtype=np.bool_), k=-1)
    return np.diff(evaluate(steps))


def _combinations(masks: NDArray[np.int64], players: int) -> Combinations:
    rows: Combinations = (masks[:, None] >> np.arange(players)) & 1 == 1
    return rows
