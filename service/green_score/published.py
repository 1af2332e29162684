"""What those see of a supplier who see results only: figures so rough, and in such blocks, that no answer comes out of them.

The rule and its reasons are in docs/decisions/0021.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from service.accounts.access import Principal
from service.errors import N_
from service.footprints.disclosure import may_see_inputs
from service.green_score.models import Score
from service.green_score.reasons import Reason, because, reason_from
from service.green_score.supplier_footprint import MaterialFootprint

FULL: Final = 100.0
INDICATOR_STEPS: Final[Mapping[str, float | None]] = {"A1": None, "A2": None, "A3": 20.0, "A4": 20.0, "B1": 50.0, "B2": None}
"""Width of the ranges of what is calculated from answers; None stands in its dimension only. All others are what buyers record."""
ANSWERED_STEP: Final = 20.0
"""Of any other indicator whose value rests on answers."""
DIMENSION_STEPS: Final[Mapping[str, float]] = {"A": 10.0, "B": 20.0}
ANSWERED_DIMENSION_STEP: Final = 10.0
INTERVAL_STEP: Final = 5.0
PROBABILITY_STEPS: Final = 10
PREFERRED: Final = tuple(map(Decimal, ("1", "1.25", "1.6", "2", "2.5", "3.2", "4", "5", "6.3", "8")))
"""Renard's series R10 (ISO 3): each about 26 % above the one before."""
SPREAD_CLASSES: Final = (1.1, 1.2, 1.35, 1.6)
OBSERVED: Final = frozenset({"G", "H"})
"""Dimensions of what the platform and public registers say: no answer stands in them, though questionnaires are counted."""
_ANSWERS: Final = "submission:"
_WORDS: Final = {
    "in_dimension": N_("Rests on the supplier's own figures: shown in its dimension only."),
    "range": N_("Rests on the supplier's own figures: shown as a range."),
}


class Disclosure(StrEnum):
    """How much of a supplier somebody sees."""

    EXACT = "exact"
    ROUNDED = "rounded"


def disclosure_for(principal: Principal) -> Disclosure:
    """Return how much of suppliers somebody sees: those who may see answers all of it, everybody else a rounded part."""
    return Disclosure.EXACT if may_see_inputs(principal) else Disclosure.ROUNDED


class Visibility(StrEnum):
    """How an indicator's value is shown."""

    EXACT = "exact"
    RANGE = "range"
    IN_DIMENSION = "in_dimension"
    MISSING = "missing"
    LEFT_OUT = "left_out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """Where a value lies; both ends are the same for an exact one."""

    low: float
    high: float

    @property
    def middle(self) -> float:
        """What to draw and to sort by."""
        return (self.low + self.high) / 2

    @property
    def is_exact(self) -> bool:
        """Whether it is one value."""
        return self.low == self.high


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedIndicator:
    """One indicator as somebody may see it.

    Attributes
    ----------
    value, points
        0 to 100, and what it earns of `possible`; None where it is missing, left out or stands in its dimension only.
    sources
        Where its facts come from; empty where the value is not exact.

    """

    visibility: Visibility
    value: Range | None
    credit: float
    possible: float
    points: Range | None
    reasons: tuple[Reason, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedScore:
    """A score as somebody may see it.

    Attributes
    ----------
    total
        Exact, or whole points.
    interval
        Of the score, from its 5th to its 95th percentile; None where it was not calculated.
    grade_probability
        Of the shown grade or a better one, 0 to 1; None where it was not calculated.

    """

    disclosure: Disclosure
    total: float
    grade: str
    grade_reasons: tuple[Reason, ...]
    dimensions: Mapping[str, Range]
    indicators: Mapping[str, PublishedIndicator]
    interval: Range | None
    grade_probability: float | None


def published_score(score: Score, disclosure: Disclosure) -> PublishedScore:
    """Return what somebody may see of a score."""
    steps = _dimension_steps(score, disclosure)
    return PublishedScore(
        disclosure=disclosure,
        total=score.total if disclosure is Disclosure.EXACT else float(round(score.total)),
        grade=score.grade,
        grade_reasons=tuple(_grade_reason(reason_from(one), steps) for one in score.grade_reasons),
        dimensions={name: _within(float(value), steps.get(name, 0.0)) for name, value in score.dimensions.items()},
        indicators={name: _indicator(name, one, disclosure) for name, one in score.indicators.items()},
        interval=_interval(score.robustness, disclosure),
        grade_probability=_grade_probability(score.robustness, disclosure),
    )


def published_kg_co2e(kg_co2e_per_kg: float, disclosure: Disclosure) -> float:
    """Return a supplier's footprint as somebody may see it, and may calculate with in swaps and allocations.

    The nearest of ten preferred numbers for each power of ten: 4.10 is shown as 4, as everything from 3.55 to 4.47 is. That leaves
    a tenth to either side, because one answer may make up nearly all of it; the numbers are the same for everybody, so that none
    tells where a step begins. Whatever is calculated from it gives away no more.
    """
    if disclosure is Disclosure.EXACT or not kg_co2e_per_kg:
        return kg_co2e_per_kg
    tenths = round(len(PREFERRED) * math.log10(abs(kg_co2e_per_kg)))
    power, place = divmod(tenths, len(PREFERRED))
    return math.copysign(float(PREFERRED[place].scaleb(power)), kg_co2e_per_kg)


def published_footprint(footprint: MaterialFootprint, disclosure: Disclosure) -> MaterialFootprint:
    """Return a supplier's footprint as somebody may see it and calculate with; a stand-in holds no secret."""
    if disclosure is Disclosure.EXACT or not footprint.is_own:
        return footprint
    return replace(
        footprint,
        kg_co2e_per_kg=published_kg_co2e(footprint.kg_co2e_per_kg, disclosure),
        gsd=None if footprint.gsd is None else next((one for one in SPREAD_CLASSES if footprint.gsd <= one), SPREAD_CLASSES[-1]),
    )


def _indicator(name: str, stored: Mapping[str, Any], disclosure: Disclosure) -> PublishedIndicator:
    visibility, shown = _value(name, stored, disclosure)
    earning = stored["possible"] * stored["credit"] / FULL
    words = _WORDS.get(visibility)
    return PublishedIndicator(
        visibility=visibility,
        value=shown,
        credit=stored["credit"],
        possible=stored["possible"],
        points=None if shown is None else Range(low=shown.low * earning, high=shown.high * earning),
        reasons=(because(words),) if words else tuple(map(reason_from, stored["reasons"])),
        sources=() if words else tuple(stored["sources"]),
    )


def _value(name: str, stored: Mapping[str, Any], disclosure: Disclosure) -> tuple[Visibility, Range | None]:
    if stored["left_out"]:
        return Visibility.LEFT_OUT, None
    if stored["value"] is None:
        return Visibility.MISSING, None
    value = float(stored["value"])
    step = _indicator_step(name, stored) if disclosure is Disclosure.ROUNDED else 0.0
    if step is None:
        return Visibility.IN_DIMENSION, None
    return (Visibility.RANGE if step else Visibility.EXACT), _within(value, step)


def _indicator_step(name: str, stored: Mapping[str, Any]) -> float | None:
    """Return the width of an indicator's range: 0 shows it exactly, None not at all."""
    return INDICATOR_STEPS[name] if name in INDICATOR_STEPS else ANSWERED_STEP if _is_answered(name, stored) else 0.0


def _is_answered(name: str, stored: Mapping[str, Any]) -> bool:
    return name[0] not in OBSERVED and any(source.startswith(_ANSWERS) for source in stored["sources"])


def _dimension_steps(score: Score, disclosure: Disclosure) -> Mapping[str, float]:
    if disclosure is Disclosure.EXACT:
        return {}
    answered = {name[0] for name, one in score.indicators.items() if _is_answered(name, one)}
    return {**dict.fromkeys(answered, ANSWERED_DIMENSION_STEP), **DIMENSION_STEPS}


def _within(value: float, step: float) -> Range:
    """Return the range of that width in which a value from 0 to 100 lies; the value itself for a width of 0."""
    if not step:
        return Range(low=value, high=value)
    low = min(math.floor(value / step) * step, FULL - step)
    return Range(low=low, high=low + step)


def _grade_reason(reason: Reason, steps: Mapping[str, float]) -> Reason:
    """Return a reason with the value of its dimension or indicator as roughly as it is shown elsewhere."""
    name = str(reason.values.get("dimension", reason.values.get("indicator", "")))
    step = steps.get(name[:1], 0.0)
    if not step or "value" not in reason.values:
        return reason
    rough = _within(float(reason.values["value"]), step)
    return replace(reason, values={**reason.values, "value": f"{rough.low:g}\u2013{rough.high:g}"})


def _interval(robustness: Mapping[str, Any], disclosure: Disclosure) -> Range | None:
    if not robustness:
        return None
    low, high = robustness["p5"], robustness["p95"]
    if disclosure is Disclosure.EXACT:
        return Range(low=low, high=high)
    return Range(low=math.floor(low / INTERVAL_STEP) * INTERVAL_STEP, high=math.ceil(high / INTERVAL_STEP) * INTERVAL_STEP)


def _grade_probability(robustness: Mapping[str, Any], disclosure: Disclosure) -> float | None:
    probability: float | None = robustness.get("grade_probability")
    if probability is None or disclosure is Disclosure.EXACT:
        return probability
    return round(probability * PROBABILITY_STEPS) / PROBABILITY_STEPS
