"""How firmly scores, grades and ranks stand when neither the method's weights nor the suppliers' data are certain.

None of this is the score: the official order is that of the scores, and what is vague has already cost points there.
"""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from service.green_score.facts import Facts
from service.green_score.grading import Grade, grade
from service.green_score.method import FULL_POINTS, VETOED, ScoringMethod
from service.green_score.models import Score
from service.green_score.points import Points, give_points
from service.green_score.stored_facts import facts_from
from service.green_score.uncertain_values import uncertain_values
from service.green_score.valuing import value_indicators
from service.scoring.decision_table import Matrix
from service.scoring.robustness import Performance, Robustness, UncertainQuantity, confidence_factors, draw_values, robustness
from service.scoring.weight_draws import WeightScheme, draw_by_scheme

SAMPLES: Final = 10_000
"""Standard error of a share at most 0.005."""
SEED: Final = 1
ROBUST_FROM: Final = 0.9
"""Probability of the shown grade or a better one from which it is called robust."""
LOW, HIGH = 0.05, 0.95
_CONFIDENCE_SAMPLES: Final = 1_000
_MOST_CONFIDENCE: Final = 60
"""Suppliers up to which confidence factors are calculated: each takes a run of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreRobustness:
    """How firmly one supplier's score and grade stand; other suppliers have no part in it.

    Attributes
    ----------
    low, middle, high
        5th, 50th and 95th percentile of the score.
    by_points
        Probability of each grade before caps and exclusions: what the margin between periods goes by.
    grades
        Probability of each grade with them.

    """

    low: float
    middle: float
    high: float
    by_points: Mapping[str, float]
    grades: Mapping[str, float]
    seed: int
    samples: int

    def at_least(self, letter: str) -> float:
        """Return the probability of a grade or a better one; everything is better than an exclusion."""
        letters = list(self.grades)
        return sum(self.grades[one] for one in letters[: letters.index(letter) + 1])

    @property
    def percentiles(self) -> Mapping[str, float]:
        """Percentiles of the score by name."""
        return {"p5": self.low, "p50": self.middle, "p95": self.high}

    def as_stored(self, letter: str) -> dict[str, Any]:
        """Return what a score of that grade keeps."""
        return {
            **self.percentiles,
            "grades": dict(self.by_points),
            "final_grades": dict(self.grades),
            "grade_probability": self.at_least(letter),
            "seed": self.seed,
            "samples": self.samples,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class RankRobustness:
    """How firmly one supplier's rank stands among those compared.

    Attributes
    ----------
    low, high
        Ranks reached in 5 % and in 95 % of the draws.
    acceptability
        Share of draws in each rank, best first.
    among_first
        By number of places: share of draws in which it is among them.
    central_weights
        By dimension, summing to 1: the mean weights that make it win; None where none do.
    confidence
        How often it wins with these; None where it never wins, or too many are compared.
    wins_against
        By the id of the other score: share of draws in which it is ahead, ties counted half.

    """

    score_id: uuid.UUID
    expected: float
    low: int
    high: int
    acceptability: tuple[float, ...]
    among_first: Mapping[int, float]
    holistic: float
    central_weights: Mapping[str, float] | None
    confidence: float | None
    wins_against: Mapping[uuid.UUID, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """One supplier's facts, valued."""

    key: str
    facts: Facts
    points: Points


def score_robustness(facts: Facts, method: ScoringMethod, *, seed: int = SEED, samples: int = SAMPLES) -> ScoreRobustness:
    """Draw weights (each within 30 % of the method's) and data, and return how score and grade turn out."""
    case = _case("score", facts, method)
    totals, dimensions = _draws(case, method, seed=seed, samples=samples)
    by_points, final = _grades(case, method, totals, dimensions)
    low, middle, high = np.quantile(totals, [LOW, 0.5, HIGH]).tolist()
    return ScoreRobustness(low=low, middle=middle, high=high, by_points=by_points, grades=final, seed=seed, samples=samples)


def _draws(case: _Case, method: ScoringMethod, *, seed: int, samples: int) -> tuple[Matrix, Mapping[str, Matrix]]:
    """Return (K,) scores and, by dimension, (K,) what it comes to, 0 to 100; nothing where none of it applies."""
    performance, masks = _performance([case], method), _masks(method)
    values = draw_values(performance, samples=samples, seed=seed)[0].astype(np.float64)
    base = _base(method, case.facts.category)
    possible = draw_by_scheme(WeightScheme.BOX, base, samples=samples, seed=seed).T * performance.relative[0][:, None]
    sums = np.vstack([np.ones(len(base)), *masks.values()])
    earned, most = sums @ (values * possible), sums @ possible
    found = np.divide(earned, most, out=np.zeros_like(earned), where=most > 0)
    return found[0], dict(zip(masks, found[1:], strict=True))


def rank_robustness(
    scores: Sequence[Score],
    method: ScoringMethod,
    *,
    scheme: WeightScheme = WeightScheme.BOX,
    seed: int = SEED,
    samples: int = SAMPLES,
) -> tuple[RankRobustness, ...]:
    """Draw weights and data, and return how the ranks of the scores of one material turn out, in the order given.

    Parameters
    ----------
    method
        The version by which all are compared, in force for the newest of them.

    """
    if not scores:
        return ()
    cases = [_case(str(one.supplier_id), facts_from(one.inputs), method) for one in scores]
    performance, base = _performance(cases, method), _base(method, cases[0].facts.category)
    found = robustness(performance, _weights(scheme, base, method, samples=samples, seed=seed), seed=seed)
    sure = np.full(len(scores), np.nan)
    if len(scores) <= _MOST_CONFIDENCE:
        sure = confidence_factors(performance, found.central_weights, samples=min(samples, _CONFIDENCE_SAMPLES), seed=seed)
    return tuple(_rank(place, scores, found, sure, method) for place in range(len(scores)))


def _rank(place: int, scores: Sequence[Score], found: Robustness, confidence: Matrix, method: ScoringMethod) -> RankRobustness:
    low, high = found.rank_interval(LOW, HIGH)
    row, central = found.rank_acceptability[place], found.central_weights[place]
    others = [] if found.pairwise is None else [other for other in range(len(scores)) if other != place]
    return RankRobustness(
        score_id=scores[place].id,
        expected=float(found.expected_ranks[place]),
        low=int(low[place]),
        high=int(high[place]),
        acceptability=tuple(row.tolist()),
        among_first={places: float(row[:places].sum()) for places in (1, 3)},
        holistic=float(found.holistic_acceptability[place]),
        central_weights=None if np.isnan(central).any() else {name: float(central @ mask) for name, mask in _masks(method).items()},
        confidence=None if np.isnan(confidence[place]) else float(confidence[place]),
        wins_against={scores[other].id: float(found.pairwise[place, other]) for other in others if found.pairwise is not None},
    )


# ---- From facts to what is drawn ----


def _case(key: str, facts: Facts, method: ScoringMethod) -> _Case:
    return _Case(key=key, facts=facts, points=give_points(method, facts.category, value_indicators(facts, method)))


def _performance(cases: Sequence[_Case], method: ScoringMethod) -> Performance:
    names = list(method.indicators)
    base = _base(method, cases[0].facts.category) * FULL_POINTS
    possible = np.array([[case.points.indicators[name].possible for name in names] for case in cases])
    earned = np.array([[case.points.indicators[name].points for name in names] for case in cases])
    return Performance(
        values=FULL_POINTS * np.divide(earned, possible, out=np.zeros_like(earned), where=possible > 0),
        relative=possible / base,
        uncertain=[one for row, case in enumerate(cases) for one in _uncertain(row, case, names, method)],
    )


def _uncertain(row: int, case: _Case, names: list[str], method: ScoringMethod) -> Iterator[UncertainQuantity]:
    for name, values in uncertain_values(case.facts, method):
        counted = {
            names.index(indicator): drawn * case.points.indicators[indicator].credit
            for indicator, drawn in values.items()
            if case.points.indicators[indicator].possible > 0
        }
        if counted:
            yield UncertainQuantity(key=f"{case.key} {name}", alternative=row, values=counted)


def _base(method: ScoringMethod, category: str) -> Matrix:
    """Return (m,) weights of the indicators, summing to 1, where all apply."""
    profile = method.profiles[category]
    sums = {dimension: sum(one.points for one in method.of_dimension(dimension)) for dimension in profile}
    return np.array([profile[one.dimension] * one.points / sums[one.dimension] for one in method.indicators.values()]) / FULL_POINTS


def _masks(method: ScoringMethod) -> Mapping[str, Matrix]:
    """Return by dimension (m,) 1 for its indicators, 0 for the others."""
    of = np.array([one.dimension for one in method.indicators.values()])
    return {name: (of == name).astype(np.float64) for name in dict.fromkeys(of.tolist())}


def _weights(scheme: WeightScheme, base: Matrix, method: ScoringMethod, *, samples: int, seed: int) -> Matrix:
    """Return (K, m) weights: each indicator's own in the box, else the dimensions' and inside them as the method has it."""
    if scheme is WeightScheme.BOX:
        return draw_by_scheme(scheme, base, samples=samples, seed=seed)
    masks = np.array(list(_masks(method).values()))
    drawn = draw_by_scheme(scheme, masks @ base, samples=samples, seed=seed)
    found: Matrix = (drawn @ masks) * (base / (masks.T @ (masks @ base)))
    return found


# ---- Grades ----


def _grades(
    case: _Case, method: ScoringMethod, totals: Matrix, dimensions: Mapping[str, Matrix]
) -> tuple[dict[str, float], dict[str, float]]:
    """Return the probability of each grade before and after caps and exclusions; what holds a grade between periods is left out."""
    letters = [one.grade for one in method.grades]
    best = _best_possible(case, method)
    least = np.minimum.reduce(list(dimensions.values()))
    reached = np.full(len(totals), len(letters) - 1)
    for place in range(len(letters) - 2, letters.index(best.by_points) - 1, -1):
        rule = method.grades[place]
        reached[(totals >= rule.least_score) & (least >= rule.least_dimension)] = place
    by_points = {letter: float((reached == place).mean()) for place, letter in enumerate(letters)}
    if best.letter == VETOED:
        return by_points, {**dict.fromkeys(letters, 0.0), VETOED: 1.0}
    weak = np.any([dimensions[name] < method.caps.weak_below for name in method.caps.weak_dimensions], axis=0)
    final = np.maximum(reached, letters.index(best.letter))
    final[weak] = np.maximum(final[weak], letters.index(method.caps.weak_dimension))
    return by_points, {**{letter: float((final == place).mean()) for place, letter in enumerate(letters)}, VETOED: 0.0}


def _best_possible(case: _Case, method: ScoringMethod) -> Grade:
    """Return the grade that full points in every dimension would have: what draws of points can't change."""
    full = replace(case.points, total=FULL_POINTS, dimensions=dict.fromkeys(case.points.dimensions, FULL_POINTS))
    return grade(full, case.facts, method)
