"""Weights that reasonable people might have chosen instead, from one seeded generator: the same seed gives the same weights."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Final

import numpy as np

from service.scoring.decision_table import Matrix

BOX: Final = 0.3
"""Stated weights are drawn within 30 % of themselves, then scaled to sum to one."""


class WeightScheme(StrEnum):
    """How far the weights may be from the stated ones."""

    BOX = "box"
    ORDER = "order"
    UNIFORM = "uniform"


def draw_weights(base: Matrix | None, *, criteria: int, samples: int, seed: int) -> Matrix:
    """Return (samples, criteria) weights: the box around stated ones, else the uniform simplex."""
    rng = np.random.default_rng(seed)
    return draw_uniform(np.ones(criteria), samples, rng) if base is None else draw_box(base, samples, rng)


def draw_by_scheme(scheme: WeightScheme, base: Matrix, *, samples: int, seed: int) -> Matrix:
    """Return (samples, m) weights that sum to one, around (m,) stated ones."""
    return _DRAWS[scheme](base, samples, np.random.default_rng(seed))


def draw_box(base: Matrix, samples: int, rng: np.random.Generator) -> Matrix:
    """Return weights within 30 % of the stated ones before they are scaled to sum to one."""
    drawn = base * rng.uniform(1.0 - BOX, 1.0 + BOX, size=(samples, len(base)))
    scaled: Matrix = drawn / drawn.sum(axis=1, keepdims=True)
    return scaled


def draw_in_order(base: Matrix, samples: int, rng: np.random.Generator) -> Matrix:
    """Return weights of any size that keep the order of the stated ones; criteria of equal weight change places freely."""
    falling = -np.sort(-rng.dirichlet(np.ones(len(base)), size=samples), axis=1)
    places = np.lexsort((rng.random((samples, len(base))), np.broadcast_to(-base, (samples, len(base)))), axis=1)
    weights = np.empty_like(falling)
    np.put_along_axis(weights, places, falling, axis=1)
    return weights


def draw_uniform(base: Matrix, samples: int, rng: np.random.Generator) -> Matrix:
    """Return any weights, all equally likely: the worst case."""
    return rng.dirichlet(np.ones(len(base)), size=samples)


_DRAWS: Final[Mapping[WeightScheme, Callable[[Matrix, int, np.random.Generator], Matrix]]] = {
    WeightScheme.BOX: draw_box,
    WeightScheme.ORDER: draw_in_order,
    WeightScheme.UNIFORM: draw_uniform,
}
