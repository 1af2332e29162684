"""A scoring method: indicators and their points, profiles of categories, credits, penalties and grade rules, as one dated table."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

DIMENSIONS: Final = ("A", "B", "C", "D", "E", "F", "G", "H")
FULL_POINTS: Final = 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """One thing that is valued.

    Attributes
    ----------
    points
        Its weight inside its dimension; all of the default profile sum to 100.
    needs_proof
        Whether its value counts only as far as evidence backs it; the others we observe or calculate ourselves.
    may_be_left_out
        Whether a buyer may approve that it does not apply.

    """

    id: str
    dimension: str
    points: float
    needs_proof: bool
    may_be_left_out: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeRule:
    """The least score of a grade, and how much of a material's demand its holders may get (0 to 1)."""

    grade: str
    least_score: float
    share_cap: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoringMethod:
    """A version of the method.

    Attributes
    ----------
    profiles
        By category and dimension: points, that sum to 100 for each category.
    evidence_credits, electricity_credits
        What a proof is worth, 0 to 1.
    penalties
        Points lost by kind of violation.

    """

    version: str
    effective_from: date
    indicators: Mapping[str, Indicator]
    profiles: Mapping[str, Mapping[str, float]]
    evidence_credits: Mapping[str, float]
    electricity_credits: Mapping[str, float]
    penalties: Mapping[str, float]
    grades: tuple[GradeRule, ...]

    def of_dimension(self, dimension: str) -> tuple[Indicator, ...]:
        """Return the indicators of a dimension."""
        return tuple(one for one in self.indicators.values() if one.dimension == dimension)


@lru_cache
def shipped_method() -> ScoringMethod:
    """Return the method that comes with the software."""
    text = (files("service.green_score") / "data" / "method.toml").read_text(encoding="utf-8")
    return method_from(tomllib.loads(text))


def method_from(content: Mapping[str, Any]) -> ScoringMethod:
    """Return a method from its table."""
    return ScoringMethod(
        version=content["version"],
        effective_from=content["effective_from"],
        indicators={row["id"]: Indicator(**row) for row in content["indicators"]},
        profiles=content["profiles"],
        evidence_credits=content["evidence_credits"],
        electricity_credits=content["electricity_credits"],
        penalties=content["penalties"],
        grades=tuple(GradeRule(**row) for row in content["grades"]),
    )
