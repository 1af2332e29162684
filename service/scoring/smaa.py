"""Stochastic multicriteria acceptability analysis: how often each alternative takes each rank when weights are not certain.

Lahdelma and Salminen (2001). Everything is drawn from one seeded generator: the same seed gives the same figures.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lca_models.errors import N_
from service.scoring.decision_table import DecisionTable, Matrix, RankingError
from service.scoring.methods import ranks_of

_CHUNK: Final = 500
_BOX: Final = 0.3
"""Stated weights are drawn within 30 % of themselves, then scaled to sum to one."""
_MOST_PAIRS: Final = 400
"""Alternatives up to which every pair is compared in every draw."""
_MOST_SAMPLES: Final = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptability:
    """What the draws of weights say.

    Attributes
    ----------
    mean_scores
        (n,) weighted sum, mean over the draws.
    rank_acceptability
        (n, n) share of draws in which the alternative (row) takes the rank (column); rows and columns sum to one.
    central_weights
        (n, m) mean weights of the draws that the alternative wins; NaN where it never does.
    pairwise
        (n, n) share of draws in which the row has the higher score, ties counted half; None for very many alternatives.

    """

    mean_scores: Matrix
    rank_acceptability: Matrix
    central_weights: Matrix
    pairwise: Matrix | None

    @property
    def expected_ranks(self) -> Matrix:
        """(n,) mean rank."""
        found: Matrix = self.rank_acceptability @ np.arange(1, len(self.mean_scores) + 1)
        return found

    @property
    def ranks(self) -> Matrix:
        """(n,) order of the expected ranks."""
        return ranks_of(self.expected_ranks, more_is_better=False)


def analyse(table: DecisionTable, *, samples: int, seed: int) -> Acceptability:
    """Draw weights and count ranks.

    Values are taken as given, with their sign where less is better; between ``@low`` and ``@high`` as their value function if the
    table states such bounds.
    """
    if not 1 <= samples <= _MOST_SAMPLES:
        raise RankingError(N_("%(samples)s samples are not possible. Ask for 1 to %(most)s."), samples=samples, most=_MOST_SAMPLES)
    stated = {"@low", "@high"} & set(table.properties)
    values = table.value_function() if stated else table.values * table.signs
    return acceptability(values, draw_weights(table.weights, criteria=len(table.criteria), samples=samples, seed=seed))


def draw_weights(base: Matrix | None, *, criteria: int, samples: int, seed: int) -> Matrix:
    """Return (samples, criteria) weights: the uniform simplex, or the box around stated ones."""
    rng = np.random.default_rng(seed)
    if base is None:
        return rng.dirichlet(np.ones(criteria), size=samples)
    drawn = base * rng.uniform(1.0 - _BOX, 1.0 + _BOX, size=(samples, criteria))
    scaled: Matrix = drawn / drawn.sum(axis=1, keepdims=True)
    return scaled


def acceptability(values: Matrix, weights: Matrix) -> Acceptability:
    """Return what (K, m) weights make of (n, m) values; memory does not grow with K."""
    size = len(values)
    counts, central, wins = np.zeros((size, size)), np.zeros((size, values.shape[1])), np.zeros(size)
    pairs = np.zeros((size, size)) if size <= _MOST_PAIRS else None
    for start in range(0, len(weights), _CHUNK):
        part = weights[start : start + _CHUNK]
        scores = part @ values.T
        first = _count_ranks(scores, counts)
        central += first.T @ part
        wins += first.sum(axis=0)
        if pairs is not None:
            _count_pairs(scores, pairs)
    with np.errstate(invalid="ignore"):  # 0 / 0: never first, no central weight
        central_weights = central / wins[:, None]
    return Acceptability(
        mean_scores=values @ weights.mean(axis=0),
        rank_acceptability=counts / len(weights),
        central_weights=central_weights,
        pairwise=None if pairs is None else pairs / len(weights),
    )


def _count_ranks(scores: Matrix, counts: Matrix) -> Matrix:
    """Add the ranks of (k, n) scores to (n, n) counts; return (k, n) each alternative's part of the first place."""
    order = np.argsort(-scores, axis=1, kind="stable")
    ordered = np.take_along_axis(scores, order, axis=1)
    tied = np.flatnonzero((ordered[:, 1:] == ordered[:, :-1]).any(axis=1))
    clear = np.setdiff1d(np.arange(len(scores)), tied, assume_unique=True)
    size = scores.shape[1]
    places = order[clear] * size + np.arange(size)
    counts += np.bincount(places.ravel(), minlength=size * size).reshape(size, size)
    first = np.zeros_like(scores)
    first[clear, order[clear, 0]] = 1.0
    for row in tied:
        first[row] = _count_tied(scores[row], counts)
    return first


def _count_tied(scores: Matrix, counts: Matrix) -> Matrix:
    """Share ranks equally among alternatives with equal scores."""
    first = np.zeros(len(scores))
    rank = 0
    for value in np.unique(scores)[::-1]:
        alike: NDArray[np.intp] = np.flatnonzero(scores == value)
        counts[np.ix_(alike, np.arange(rank, rank + len(alike)))] += 1.0 / len(alike)
        if rank == 0:
            first[alike] = 1.0 / len(alike)
        rank += len(alike)
    return first


def _count_pairs(scores: Matrix, pairs: Matrix) -> None:
    for one in range(scores.shape[1]):
        better = scores[:, one : one + 1] > scores
        equal = scores[:, one : one + 1] == scores
        pairs[one] += better.sum(axis=0) + 0.5 * equal.sum(axis=0)
