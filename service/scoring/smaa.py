"""Stochastic multicriteria acceptability analysis: how often each alternative takes each rank when weights are not certain.

Lahdelma and Salminen (2001). Everything is drawn from one seeded generator: the same seed gives the same figures.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from lca_models.errors import N_
from service.scoring.decision_table import DecisionTable, Matrix, RankingError
from service.scoring.methods import ranks_of
from service.scoring.rank_counts import RankCounts, count_pairs
from service.scoring.weight_draws import draw_weights

CHUNK: Final = 500
"""Draws at a time: memory does not grow with their number."""
MOST_PAIRS: Final = 400
"""Alternatives up to which every pair is compared in every draw."""
MOST_SAMPLES: Final = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class RankShares:
    """Which ranks the draws give.

    Attributes
    ----------
    rank_acceptability
        (n, n) share of draws in which the alternative (row) takes the rank (column); rows and columns sum to one.
    central_weights
        (n, m) mean weights of the draws that the alternative wins; NaN where it never does.
    pairwise
        (n, n) share of draws in which the row has the higher score, ties counted half; None for very many alternatives.

    """

    rank_acceptability: Matrix
    central_weights: Matrix
    pairwise: Matrix | None

    @property
    def expected_ranks(self) -> Matrix:
        """(n,) mean rank."""
        found: Matrix = self.rank_acceptability @ np.arange(1, len(self.rank_acceptability) + 1)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptability(RankShares):
    """What the draws of weights say; `mean_scores` are (n,) weighted sums, mean over the draws."""

    mean_scores: Matrix

    @property
    def ranks(self) -> Matrix:
        """(n,) order of the expected ranks."""
        return ranks_of(self.expected_ranks, more_is_better=False)


def analyse(table: DecisionTable, *, samples: int, seed: int) -> Acceptability:
    """Draw weights and count ranks; values are taken as given, with their sign turned where less is better."""
    check_samples(samples)
    weights = draw_weights(table.weights, criteria=len(table.criteria), samples=samples, seed=seed)
    return acceptability(table.values * table.signs, weights)


def check_samples(samples: int) -> None:
    """Refuse a number of draws that can't be counted."""
    if not 1 <= samples <= MOST_SAMPLES:
        raise RankingError(N_("%(samples)s samples are not possible. Ask for 1 to %(most)s."), samples=samples, most=MOST_SAMPLES)


def acceptability(values: Matrix, weights: Matrix) -> Acceptability:
    """Return what (K, m) weights make of (n, m) values; memory does not grow with K."""
    size = len(values)
    counts, central, wins = RankCounts.of_size(size), np.zeros(values.shape), np.zeros(size)
    pairs = np.zeros((size, size)) if size <= MOST_PAIRS else None
    # Alike in all that has weight: calculated once, so that no rounding breaks the tie.
    distinct, where = np.unique(values[:, weights.any(axis=0)], axis=0, return_inverse=True)
    for start in range(0, len(weights), CHUNK):
        part = weights[start : start + CHUNK]
        scores = (part[:, weights.any(axis=0)] @ distinct.T)[:, where]
        first = counts.add(scores)
        central += first.T @ part
        wins += first.sum(axis=0)
        if pairs is not None:
            count_pairs(scores, pairs)
    with np.errstate(invalid="ignore"):  # 0 / 0: never first, no central weight
        central_weights = central / wins[:, None]
    return Acceptability(
        mean_scores=values @ weights.mean(axis=0),
        rank_acceptability=counts.shared() / len(weights),
        central_weights=central_weights,
        pairwise=None if pairs is None else pairs / len(weights),
    )
