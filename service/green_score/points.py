"""Values to points, dimensions and the score: what is missing earns nothing; only what does not apply is shared out."""

from collections.abc import Mapping
from dataclasses import dataclass

from service.green_score.method import Indicator, ScoringMethod
from service.green_score.reasons import Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Valued:
    """What is known for one indicator.

    Attributes
    ----------
    value
        0 to 100; None where nothing is known.
    credit
        What its evidence is worth, 0 to 1; 1 where the indicator needs none.
    left_out
        Whether it does not apply: a buyer has approved that, or it is a supplier's first period.
    reasons
        Why the value is what it is.

    """

    value: float | None = None
    credit: float = 1.0
    left_out: bool = False
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorPoints:
    """What one indicator contributes: `points` of at most `possible`."""

    value: float | None
    credit: float
    left_out: bool
    possible: float
    points: float
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """A score with everything that it is made of.

    Attributes
    ----------
    total
        0 to 100.
    dimensions
        Each from 0 to 100, whatever its weight.

    """

    total: float
    dimensions: Mapping[str, float]
    indicators: Mapping[str, IndicatorPoints]


NOTHING = Valued()


def give_points(method: ScoringMethod, category: str, known: Mapping[str, Valued]) -> Points:
    """Return the score of what is known, by indicator; an indicator that is not named is missing."""
    profile = method.profiles[category]
    given = {name: points for dimension in profile for name, points in _of_dimension(method, dimension, profile[dimension], known)}
    dimensions = {
        dimension: 100.0 * sum(given[one.id].points for one in method.of_dimension(dimension)) / profile[dimension]
        for dimension in profile
    }
    return Points(total=sum(one.points for one in given.values()), dimensions=dimensions, indicators=given)


def _of_dimension(
    method: ScoringMethod, dimension: str, possible: float, known: Mapping[str, Valued]
) -> list[tuple[str, IndicatorPoints]]:
    indicators = method.of_dimension(dimension)
    counted = sum(one.points for one in indicators if not known.get(one.id, NOTHING).left_out)
    return [(one.id, _points(one, known.get(one.id, NOTHING), possible / counted if counted else 0.0)) for one in indicators]


def _points(indicator: Indicator, known: Valued, per_point: float) -> IndicatorPoints:
    possible = 0.0 if known.left_out else indicator.points * per_point
    credit = known.credit if indicator.needs_proof else 1.0
    earned = 0.0 if known.value is None else possible * credit * known.value / 100.0
    return IndicatorPoints(
        value=known.value, credit=credit, left_out=known.left_out, possible=possible, points=earned, reasons=known.reasons
    )
