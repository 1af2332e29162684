"""How firmly an order stands when neither the weights nor the values are certain.

Stochastic multicriteria acceptability analysis (Lahdelma and Salminen 2001, Tervonen and Lahdelma 2007) of an additive value model.
Every quantity that is not certain is given by the values at its equally probable quantiles, so that any distribution goes through
any value function before the first draw; a draw then is an index. Single precision, in chunks: memory grows with alternatives times
draws only (4 bytes for each), and the same seed gives the same bytes.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from service.scoring.decision_table import Matrix
from service.scoring.rank_counts import RankCounts, count_pairs
from service.scoring.smaa import MOST_PAIRS, RankShares, check_samples

QUANTILES: Final = 512
"""Equally probable values of each uncertain quantity."""
_CELLS: Final = 250_000
"""Scores calculated at a time: few draws of many alternatives, or many of few."""
_Single = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class UncertainQuantity:
    """One quantity of one alternative that is not certain.

    Attributes
    ----------
    key
        Names it; quantities draw in the order of their keys, whatever the order of the alternatives.
    alternative
        Row of the performance.
    values
        By criterion (column): values at the `QUANTILES` quantiles of the quantity, from its lowest to its highest. A criterion of
        an alternative depends on one quantity at most.

    """

    key: str
    alternative: int
    values: Mapping[int, Matrix]


@dataclass(frozen=True, slots=True, kw_only=True)
class Performance:
    """What alternatives are worth by criterion.

    Attributes
    ----------
    values
        (n, m), 0 to 100; where a quantity is uncertain it is not looked at.
    relative
        (n, m) what a criterion counts for an alternative, relative to its weight: 1, or 0 where it does not apply, and more where
        it stands in for others.

    """

    values: Matrix
    relative: Matrix
    uncertain: Sequence[UncertainQuantity] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Robustness(RankShares):
    """What the draws of weights and values say; `scores` are (n, K), 0 to 100, one for each draw."""

    scores: _Single

    @property
    def holistic_acceptability(self) -> Matrix:
        """(n,) first places and, ever less, those behind: the share of rank r counts 1 / r."""
        found: Matrix = self.rank_acceptability @ (1.0 / np.arange(1, len(self.scores) + 1))
        return found

    def rank_interval(self, low: float = 0.05, high: float = 0.95) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return (n,) ranks that are reached in at least these shares of the draws."""
        reached = np.cumsum(self.rank_acceptability, axis=1)
        return (reached < low - 1e-9).sum(axis=1) + 1, (reached < high - 1e-9).sum(axis=1) + 1

    def among_first(self, places: int) -> Matrix:
        """Return (n,) share of draws in which an alternative is among the first `places`."""
        found: Matrix = self.rank_acceptability[:, :places].sum(axis=1)
        return found

    def score_interval(self, low: float = 0.05, high: float = 0.95) -> tuple[Matrix, Matrix]:
        """Return (n,) scores below which these shares of the draws lie."""
        found: Matrix = np.quantile(self.scores, [low, high], axis=1).astype(np.float64)
        return found[0], found[1]


def robustness(performance: Performance, weights: Matrix, *, seed: int) -> Robustness:
    """Draw the uncertain quantities and count the ranks.

    Parameters
    ----------
    weights
        (K, m) of each draw; only their proportions matter.
    seed
        Of the quantities; the weights are drawn by who gives them.

    """
    check_samples(len(weights))
    size = len(performance.values)
    scores = np.empty((size, len(weights)), dtype=np.float32)
    counts, central, wins = RankCounts.of_size(size), np.zeros(performance.values.shape), np.zeros(size)
    pairs = np.zeros((size, size)) if size <= MOST_PAIRS else None
    for draws, part in _scored(performance, weights, np.random.default_rng(seed)):
        scores[:, draws] = part
        by_draw = part.T
        first = counts.add(by_draw)
        central += first.T @ weights[draws]
        wins += first.sum(axis=0)
        if pairs is not None:
            count_pairs(by_draw, pairs)
    with np.errstate(invalid="ignore"):  # 0 / 0: never first, no central weight
        central_weights = central / wins[:, None]
    return Robustness(
        scores=scores,
        rank_acceptability=counts.shared() / len(weights),
        central_weights=central_weights,
        pairwise=None if pairs is None else pairs / len(weights),
    )


def draw_values(performance: Performance, *, samples: int, seed: int) -> _Single:
    """Return (n, m, K) values of as many draws, relative weights not counted in; for few alternatives."""
    values = np.repeat(performance.values.astype(np.float32)[:, :, None], samples, axis=2)
    shape = (len(performance.uncertain), samples)
    drawn = np.random.default_rng(seed).integers(0, QUANTILES, size=shape, dtype=np.uint16)
    for quantity, picked in zip(sorted(performance.uncertain, key=lambda one: one.key), drawn, strict=True):
        for criterion, at_quantiles in quantity.values.items():
            values[quantity.alternative, criterion] = at_quantiles[picked]
    return values


def confidence_factors(performance: Performance, central_weights: Matrix, *, samples: int, seed: int) -> Matrix:
    """Return (n,) how often each alternative wins with its own central weights; NaN where it has none.

    A low one says: even who weighs as suits it best can't be sure of it, the data is too vague.
    """
    found = np.full(len(central_weights), np.nan)
    for one in np.flatnonzero(~np.isnan(central_weights).any(axis=1)).tolist():
        weights = np.broadcast_to(central_weights[one], (samples, central_weights.shape[1]))
        found[one] = robustness(performance, weights, seed=seed).rank_acceptability[one, 0]
    return found


def _scored(performance: Performance, weights: Matrix, rng: np.random.Generator) -> Iterator[tuple[slice, _Single]]:
    """Yield chunks of draws and their (n, k) scores."""
    certain = _certain(performance)
    tables = _tables(performance)
    quantities = len(performance.uncertain)
    chunk = max(_CELLS // len(performance.values), 1)
    for start in range(0, len(weights), chunk):
        draws = slice(start, start + chunk)
        part = weights[draws].T.astype(np.float32)
        earned, possible = certain.earned_and_possible(part)
        drawn = rng.integers(0, QUANTILES, size=(quantities, part.shape[1]), dtype=np.uint16)
        for table in tables:
            table.add_to(earned, drawn, part)
        earned /= possible
        yield draws, earned


@dataclass(frozen=True, slots=True, kw_only=True)
class _Certain:
    """What is the same in every draw, calculated once for alternatives that are alike, so that no rounding breaks a tie."""

    worth: _Single
    relative: _Single
    where: NDArray[np.intp]

    def earned_and_possible(self, weights: _Single) -> tuple[_Single, _Single]:
        possible = self.relative @ weights
        return (self.worth @ weights)[self.where], possible[self.where]


def _certain(performance: Performance) -> _Certain:
    worth = performance.relative * performance.values
    for one in performance.uncertain:
        worth[one.alternative, list(one.values)] = 0.0
    both, where = np.unique(np.hstack([worth, performance.relative]).astype(np.float32), axis=0, return_inverse=True)
    columns = worth.shape[1]
    return _Certain(worth=both[:, :columns].copy(), relative=both[:, columns:].copy(), where=where)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    """Uncertain values of one criterion: (r, QUANTILES), their rows in the performance and their quantities."""

    criterion: int
    rows: NDArray[np.intp]
    quantities: NDArray[np.intp]
    values: _Single

    def add_to(self, earned: _Single, drawn: NDArray[np.uint16], weights: _Single) -> None:
        picked = np.take_along_axis(self.values, drawn[self.quantities].astype(np.intp), axis=1)
        picked *= weights[self.criterion]
        earned[self.rows] += picked


def _tables(performance: Performance) -> list[_Table]:
    found: dict[int, list[tuple[int, int, _Single]]] = defaultdict(list)
    for place, one in enumerate(sorted(performance.uncertain, key=lambda one: one.key)):
        for criterion, values in one.values.items():
            counted = (values * performance.relative[one.alternative, criterion]).astype(np.float32)
            found[criterion].append((one.alternative, place, counted))
    return [
        _Table(
            criterion=criterion,
            rows=np.array([row for row, _, _ in entries]),
            quantities=np.array([place for _, place, _ in entries]),
            values=np.array([values for _, _, values in entries]),
        )
        for criterion, entries in sorted(found.items())
    ]
