"""How a contract's indicators become points and a grade; pure."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from math import fsum
from typing import Any, Final

import rfc8785

FULL: Final = 100.0
WEIGHT_TOLERANCE: Final = 1e-6
GRADES: Final[tuple[tuple[str, float], ...]] = (("A", 90.0), ("B", 75.0), ("C", 60.0), ("D", 0.0))
"""Least points of each grade. Own choice; the plan names no grades."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreLine:
    """One indicator of a scorecard.

    Attributes
    ----------
    points
        0 at the floor and below, 100 at the target and above; in between on a straight line.
    weighted
        Points times weight, in percent points of the total.
    basis
        SHA-256 of the snapshot that the value was read from; empty where there is none.
    evidence
        Of a value that was typed.

    """

    kpi_id: str
    indicator: str
    name_zh: str
    name_en: str
    unit: str
    weight: float
    floor: float
    target: float
    value: float
    points: float
    weighted: float
    path: str
    basis: str
    evidence: str

    def name(self, locale: str) -> str:
        """Return the name in a reader's language."""
        return self.name_zh if locale.startswith("zh") else self.name_en


@dataclass(frozen=True, slots=True, kw_only=True)
class Scorecard:
    """All lines of a unit's year."""

    unit_zh: str
    unit_en: str
    year: int
    lines: tuple[ScoreLine, ...]

    @property
    def total(self) -> float:
        """Points of all indicators by weight, 0 to 100."""
        return fsum(line.weighted for line in self.lines)

    @property
    def grade(self) -> str:
        """Grade of the total."""
        return grade_of(self.total)


def points_of(value: float, *, floor: float, target: float) -> float:
    """Return 0 to 100 points; where less is better, the target lies below the floor.

    Raises
    ------
    ValueError
        If floor and target are the same.

    """
    if floor == target:
        message = "floor and target are the same"
        raise ValueError(message)
    return FULL * min(max((value - floor) / (target - floor), 0.0), 1.0)


def grade_of(total: float) -> str:
    """Return the grade of 0 to 100 points, to a hundredth of a point."""
    return next(grade for grade, least in GRADES if round(total, 2) >= least)


def weights_sum_to_full(weights: Sequence[float]) -> bool:
    """Tell whether weights sum to 100 percent."""
    return abs(fsum(weights) - FULL) <= WEIGHT_TOLERANCE


def as_snapshot(card: Scorecard) -> dict[str, Any]:
    """Return a scorecard as it is stored."""
    return {**asdict(card), "lines": [asdict(line) for line in card.lines]}


def from_snapshot(stored: Mapping[str, Any]) -> Scorecard:
    """Return a stored scorecard."""
    lines = tuple(ScoreLine(**line) for line in stored["lines"])
    return Scorecard(unit_zh=stored["unit_zh"], unit_en=stored["unit_en"], year=stored["year"], lines=lines)


def canonical(stored: Mapping[str, Any]) -> bytes:
    """Return the canonical JSON (RFC 8785) of a stored scorecard."""
    return rfc8785.dumps(dict(stored))


def sha256_of(stored: Mapping[str, Any]) -> str:
    """Return the hash of a stored scorecard, hexadecimal."""
    return hashlib.sha256(canonical(stored)).hexdigest()
