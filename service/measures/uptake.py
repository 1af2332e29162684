"""How much of a measure is at work in a year: the share of the production, or of the amount at a site, that it has reached."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

STEEPNESS: Final = 6.0
"""Of the S-curve: logistic from -6 to 6, rescaled so that it begins at 0 and ends at 1. Own choice."""


class Curve(StrEnum):
    """How a measure spreads from its first year to the year in which it has reached all it will reach."""

    AT_ONCE = "at_once"
    LINEAR = "linear"
    S_CURVE = "s_curve"


@dataclass(frozen=True, slots=True, kw_only=True)
class Uptake:
    """Share of production reached, by year.

    Attributes
    ----------
    begins
        First year in which it works.
    years
        Years from the begin until the full share is reached; the first year has its part already.
    full
        What it reaches in the end, 0 to 1.
    schedule
        Shares by year that are known better; between and after them the last one holds.

    """

    begins: int
    years: int = 1
    full: float = 1.0
    curve: Curve = Curve.AT_ONCE
    schedule: Mapping[int, float] = field(default_factory=dict)

    def in_year(self, year: int) -> float:
        """Return the share at work in a year, 0 before the begin."""
        if self.schedule:
            known = [one for one in self.schedule if one <= year]
            return self.schedule[max(known)] if known else 0.0
        if year < self.begins:
            return 0.0
        return self.full * self._progress(min(1.0, (year - self.begins + 1) / self.years))

    def _progress(self, passed: float) -> float:
        if self.curve is Curve.AT_ONCE:
            return 1.0
        if self.curve is Curve.LINEAR:
            return passed
        low, high = _logistic(-STEEPNESS), _logistic(STEEPNESS)
        return (_logistic(STEEPNESS * (2.0 * passed - 1.0)) - low) / (high - low)


def _logistic(value: float) -> float:
    return 1.0 / (1.0 + math.exp(-value))
