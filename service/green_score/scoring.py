"""A score of facts by a method, and of a supplier over its materials."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from service.green_score.facts import Facts
from service.green_score.grading import Grade, PreviousGrade, grade
from service.green_score.method import ScoringMethod
from service.green_score.points import Points, Valued, give_points
from service.green_score.valuing import value_indicators


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreResult:
    """A score with everything that it is made of."""

    points: Points
    grade: Grade
    valued: Mapping[str, Valued]


@dataclass(frozen=True, slots=True, kw_only=True)
class MaterialScore:
    """One material's score and what it weighs in the supplier's own.

    Attributes
    ----------
    benchmark_t_co2e
        Purchased tonnes times the benchmark: what the purchase would weigh at the benchmark, so that carbon decides.

    """

    total: float
    benchmark_t_co2e: float


def score(
    facts: Facts,
    method: ScoringMethod,
    *,
    previous: PreviousGrade | None = None,
    probabilities: Mapping[str, float] | None = None,
) -> ScoreResult:
    """Return the score of facts; the same facts, method and previous grade give the same score."""
    valued = value_indicators(facts, method)
    points = give_points(method, facts.category, valued)
    return ScoreResult(
        points=points, grade=grade(points, facts, method, previous=previous, probabilities=probabilities), valued=valued
    )


def supplier_total(materials: Iterable[MaterialScore]) -> float | None:
    """Return a supplier's score over its materials, 0 to 100; None where nothing was bought of them."""
    weighed = [(one.total, one.benchmark_t_co2e) for one in materials]
    whole = sum(weight for _, weight in weighed)
    return sum(total * weight for total, weight in weighed) / whole if whole > 0 else None
