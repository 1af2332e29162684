"""Rankings of alternatives by several criteria: weighted sum, TOPSIS, VIKOR, PROMETHEE II and SPOTIS.

The weighted sum between fixed bounds is what scores rest on; the others are second opinions, because adding an alternative may
change the order of the rest (all but SPOTIS).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from scipy.stats import rankdata

from lca_models.errors import N_
from service.scoring.decision_table import DecisionTable, Matrix, RankingError

_DIGITS: Final = 12
"""Scores that differ by less differ by rounding only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """An order of alternatives.

    Attributes
    ----------
    scores
        (n,) as the method defines them.
    ranks
        (n,) 1 is best; equal scores share the mean of their ranks.
    details
        (n,) further figures by name.
    compromise_set
        VIKOR: alternatives that can't be told apart from the best one.

    """

    scores: Matrix
    ranks: Matrix
    details: Mapping[str, Matrix] = field(default_factory=dict)
    compromise_set: Sequence[str] | None = None


def ranks_of(scores: Matrix, *, more_is_better: bool) -> Matrix:
    """Return ranks, 1 for the best; scores that differ by rounding only share the mean of their ranks."""
    rounded = np.round(scores, _DIGITS)
    found: Matrix = rankdata(-rounded if more_is_better else rounded, method="average")
    return found


def weighted_sum(table: DecisionTable) -> Ranking:
    """Σ w v(x), v straight from 0 to 1 between the bounds; more is better."""
    scores = table.value_function() @ table.equal_weights_unless_given()
    return Ranking(scores=scores, ranks=ranks_of(scores, more_is_better=True))


def topsis(table: DecisionTable) -> Ranking:
    """Closeness to the best and distance from the worst of the table, after vector normalisation (Hwang and Yoon 1981)."""
    scales = np.abs(table.values).max(axis=0)
    values = table.values / np.where(scales > 0, scales, 1.0)  # so that no square of a tiny value is lost
    lengths = np.sqrt((values**2).sum(axis=0))
    weighted = values / np.where(lengths > 0, lengths, 1.0) * table.equal_weights_unless_given() * table.signs
    best = np.sqrt(((weighted - weighted.max(axis=0)) ** 2).sum(axis=1))
    worst = np.sqrt(((weighted - weighted.min(axis=0)) ** 2).sum(axis=1))
    total = best + worst
    # Where all alternatives are alike, each is as close to the best as to the worst.
    scores = np.where(total > 0, worst / np.where(total > 0, total, 1.0), 0.5)
    details = {"distance_best": best, "distance_worst": worst}
    return Ranking(scores=scores, ranks=ranks_of(scores, more_is_better=True), details=details)


def vikor(table: DecisionTable, *, v: float = 0.5) -> Ranking:
    """Compromise between the least total regret S and the least single regret R (Opricovic and Tzeng 2004); less is better.

    Parameters
    ----------
    v
        Weight of the total regret, 0 to 1.

    """
    if not 0.0 <= v <= 1.0:
        raise RankingError(N_("v = %(value)s is not a weight. Use a number from 0 to 1."), value=v)
    gains = table.values * table.signs
    best, worst = gains.max(axis=0), gains.min(axis=0)
    regrets = table.equal_weights_unless_given() * _share(best - gains, best - worst)
    total, single = regrets.sum(axis=1), regrets.max(axis=1)
    scores = v * _spread(total) + (1.0 - v) * _spread(single)
    return Ranking(
        scores=scores,
        ranks=ranks_of(scores, more_is_better=False),
        details={"s": total, "r": single, "q": scores},
        compromise_set=_compromise(table.alternatives, scores, total, single),
    )


def _share(part: Matrix, whole: Matrix) -> Matrix:
    """Return part of whole; where the whole is nothing, nothing."""
    found: Matrix = part / np.where(whole > 0, whole, 1.0)
    return found


def _spread(values: Matrix) -> Matrix:
    return _share(values - values.min(), values.max() - values.min())


def _compromise(names: Sequence[str], scores: Matrix, total: Matrix, single: Matrix) -> list[str]:
    """Return the best alternative, and those that it does not beat by enough, or not on its own merits.

    Opricovic and Tzeng (2004): to stand alone, the best one needs an advantage of 1 / (n - 1) over the second (C1) and must be the
    best by S or by R (C2). Without C2 the second joins it, without C1 all that are not that far behind.
    """
    order = np.argsort(np.round(scores, _DIGITS), kind="stable")
    first = order[0]
    if len(order) == 1:
        return [names[first]]
    behind = np.round(scores - scores[first], _DIGITS)
    advantage = round(1.0 / (len(order) - 1), _DIGITS)
    if behind[order[1]] < advantage:
        return [names[one] for one in order if behind[one] < advantage]
    is_stable = any(np.round(one[first] - one.min(), _DIGITS) == 0 for one in (total, single))
    return [names[one] for one in order[: 1 if is_stable else 2]]


def spotis(table: DecisionTable) -> Ranking:
    """Weighted distance to the best end of the bounds (Dezert and others 2020); less is better, others never change it."""
    low, high = table.bounds()
    outside = (table.values < low) | (table.values > high)
    if outside.any():
        row, column = np.argwhere(outside)[0]
        raise RankingError(
            N_("%(criterion)s of %(alternative)s is %(value)s, outside its bounds %(low)s to %(high)s. Widen @low and @high."),
            criterion=table.criteria[column],
            alternative=table.alternatives[row],
            value=f"{table.values[row, column]:g}",
            low=f"{low[column]:g}",
            high=f"{high[column]:g}",
        )
    ideal = np.where(table.signs > 0, high, low)
    scores = _share(np.abs(table.values - ideal), high - low) @ table.equal_weights_unless_given()
    return Ranking(scores=scores, ranks=ranks_of(scores, more_is_better=False))
