"""PROMETHEE II: how much each alternative is preferred to the others, and they to it (Brans and Vincke 1985)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np

from lca_models.errors import N_
from service.scoring.decision_table import DecisionTable, Matrix, RankingError
from service.scoring.methods import Ranking, ranks_of

_CELLS: Final = 2_000_000
"""Differences held at once: 16 MB for each of a few arrays, however many alternatives there are."""
# What each preference function needs; d is the difference in favour of the first alternative.
_NEEDS: Final[Mapping[str, tuple[str, ...]]] = {
    "I": (),
    "II": ("@q",),
    "III": ("@p",),
    "IV": ("@q", "@p"),
    "V": ("@q", "@p"),
    "VI": ("@sigma",),
}


def _usual(d: Matrix) -> Matrix:
    return (d > 0).astype(np.float64)


def _u_shape(d: Matrix, q: float) -> Matrix:
    return (d > q).astype(np.float64)


def _v_shape(d: Matrix, p: float) -> Matrix:
    return np.clip(d / p, 0.0, 1.0) if p > 0 else _usual(d)


def _level(d: Matrix, q: float, p: float) -> Matrix:
    found: Matrix = np.where(d > p, 1.0, np.where(d > q, 0.5, 0.0))
    return found


def _linear(d: Matrix, q: float, p: float) -> Matrix:
    return np.clip((d - q) / (p - q), 0.0, 1.0) if p > q else _u_shape(d, q)


def _gaussian(d: Matrix, sigma: float) -> Matrix:
    found: Matrix = np.where(d > 0, 1.0 - np.exp(-(d**2) / (2.0 * sigma**2)), 0.0)
    return found


_SHAPES: Final[Mapping[str, Callable[..., Matrix]]] = {
    "I": _usual,
    "II": _u_shape,
    "III": _v_shape,
    "IV": _level,
    "V": _linear,
    "VI": _gaussian,
}


def promethee(table: DecisionTable) -> Ranking:
    """Net preference flow; more is better. Criteria without a preference function take the usual one (I)."""
    size, others = len(table.alternatives), max(len(table.alternatives) - 1, 1)
    shapes = [_shape(table, criterion) for criterion in table.criteria]
    leaving, entering = np.zeros(size), np.zeros(size)
    block = max(_CELLS // size, 1)
    for start in range(0, size, block):
        preferred = _preferred(table, shapes, slice(start, start + block))
        leaving[start : start + block] = preferred.sum(axis=1) / others
        entering += preferred.sum(axis=0) / others
    scores = leaving - entering
    details = {"phi_plus": leaving, "phi_minus": entering}
    return Ranking(scores=scores, ranks=ranks_of(scores, more_is_better=True), details=details)


def _preferred(table: DecisionTable, shapes: Sequence[Callable[[Matrix], Matrix]], rows: slice) -> Matrix:
    """Return how much the alternatives in `rows` are preferred to each one, 0 to 1."""
    gains = table.values * table.signs
    weights = table.equal_weights_unless_given()
    found = np.zeros((len(gains[rows]), len(gains)))
    for column, shape in enumerate(shapes):
        found += weights[column] * shape(gains[rows, column][:, None] - gains[:, column][None, :])
    return found


def _shape(table: DecisionTable, criterion: str) -> Callable[[Matrix], Matrix]:
    name = table.preferences.get(criterion, "I")
    limits = [_limit(table, criterion, name, needed) for needed in _NEEDS[name]]
    return lambda d: _SHAPES[name](d, *limits)


def _limit(table: DecisionTable, criterion: str, shape: str, name: str) -> float:
    value = table.properties.get(name, {}).get(criterion)
    if value is None:
        raise RankingError(
            N_("%(criterion)s has preference function %(shape)s, which needs %(name)s. Add it in the row %(name)s."),
            criterion=criterion,
            shape=shape,
            name=name,
        )
    if value < 0 or (name == "@sigma" and value == 0):
        raise RankingError(
            N_("%(name)s of %(criterion)s is %(value)s. A threshold must not be negative, and @sigma must be above zero."),
            name=name,
            criterion=criterion,
            value=f"{value:g}",
        )
    if name == "@p" and "@q" in _NEEDS[shape] and value < table.properties["@q"][criterion]:
        raise RankingError(
            N_("@p of %(criterion)s is below its @q. The preference threshold can't be the smaller one."), criterion=criterion
        )
    return value
