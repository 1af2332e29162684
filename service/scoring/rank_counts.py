"""Counting ranks in many draws at once; equal scores share their ranks."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from service.scoring.decision_table import Matrix

Scores = NDArray[np.floating[Any]]
"""(k, n): draw by alternative, more is better; single precision is enough."""


@dataclass(slots=True, kw_only=True)
class RankCounts:
    """How often each of n alternatives took each rank.

    Attributes
    ----------
    counts
        (n, n) row: alternative, column: rank, best first; alternatives with equal scores have equal parts of their ranks.
    ties
        Not yet shared out: how often these alternatives tied from this rank on.

    """

    counts: Matrix
    ties: Counter[tuple[int, tuple[int, ...]]] = field(default_factory=Counter)

    @classmethod
    def of_size(cls, size: int) -> "RankCounts":
        """Return counts of nothing yet."""
        return cls(counts=np.zeros((size, size)))

    def add(self, scores: Scores) -> Matrix:
        """Count the ranks of some draws; return (k, n) each alternative's part of the first place."""
        size = scores.shape[1]
        order = np.argsort(-scores, axis=1)
        self.counts += np.bincount((order * size + np.arange(size)).ravel(), minlength=size * size).reshape(size, size)
        first = np.zeros(scores.shape)
        first[np.arange(len(scores)), order[:, 0]] = 1.0
        for row, start, alike in _ties(np.take_along_axis(scores, order, axis=1), order):
            self.ties[start, alike] += 1
            self.counts[order[row, start : start + len(alike)], np.arange(start, start + len(alike))] -= 1.0
            if start == 0:
                first[row, list(alike)] = 1.0 / len(alike)
        return first

    def shared(self) -> Matrix:
        """Return the counts with ties shared out."""
        found = self.counts.copy()
        for (start, alike), times in self.ties.items():
            found[np.ix_(np.array(alike), np.arange(start, start + len(alike)))] += times / len(alike)
        return found


def _ties(ordered: Scores, order: NDArray[np.intp]) -> Iterator[tuple[int, int, tuple[int, ...]]]:
    """Yield draw, best shared rank (from 0) and the alternatives of each group with equal scores."""
    equal = ordered[:, 1:] == ordered[:, :-1]
    for row in np.flatnonzero(equal.any(axis=1)).tolist():
        edges = np.flatnonzero(np.concatenate(([True], ~equal[row], [True]))).tolist()
        for start, stop in pairwise(edges):
            if stop - start > 1:
                yield row, start, tuple(sorted(order[row, start:stop].tolist()))


def count_pairs(scores: Scores, wins: Matrix) -> None:
    """Add to (n, n) how often the row has the higher score than the column, ties counted half."""
    for one in range(scores.shape[1]):
        own = scores[:, one : one + 1]
        wins[one] += np.count_nonzero(own > scores, axis=0) + 0.5 * np.count_nonzero(own == scores, axis=0)
