"""What would raise a supplier's score most for the least effort."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from service.compliance.models import Proof
from service.green_score.facts import Facts
from service.green_score.method import Indicator, ScoringMethod
from service.green_score.points import IndicatorPoints, give_points
from service.green_score.value_functions import TOP
from service.green_score.valuing import value_indicators

REPORT: Final = "report"
PAPER: Final = "paper"
LEAST_GAIN: Final = 0.05
"""Points of the score below which a step is not worth a word."""
NOT_JUST_TOLD: Final = ("C", "D")
"""Dimensions in which what is missing is a certificate or a target that has to be reached first, not a figure to be told."""
OURS_TO_LOOK_UP: Final = "G"


class Step(StrEnum):
    """What a supplier would do."""

    REPORT = "report"
    PROVE = "prove"
    IMPROVE = "improve"


@dataclass(frozen=True, slots=True, kw_only=True)
class Improvement:
    """One step that raises the score.

    Attributes
    ----------
    gain
        Points of the score; of a step that gives a missing figure it assumes what the method's `efforts` says.
    effort
        A key of the method's `efforts`.

    """

    indicator: str
    step: Step
    gain: float
    effort: str


def cheapest_two(facts: Facts, method: ScoringMethod) -> tuple[Improvement, ...]:
    """Return the two indicators that gain most per effort, the best first; fewer where nothing is left to gain.

    Efforts are estimates of the method; the gain is that of one step, the others staying as they are.
    """
    points = give_points(method, facts.category, value_indicators(facts, method))
    best = [max(steps, key=lambda one: _worth(one, method)) for steps in _by_indicator(points.indicators, method)]
    ranked = sorted(best, key=lambda one: (-_worth(one, method), one.indicator))
    return tuple(ranked[:2])


def _worth(one: Improvement, method: ScoringMethod) -> float:
    return one.gain / method.efforts[one.effort].effort


def _by_indicator(given: Mapping[str, IndicatorPoints], method: ScoringMethod) -> Iterator[list[Improvement]]:
    for indicator in method.indicators.values():
        steps = [one for one in _steps(indicator, given[indicator.id], method) if one.gain >= LEAST_GAIN]
        if steps:
            yield steps


def _steps(indicator: Indicator, given: IndicatorPoints, method: ScoringMethod) -> Iterator[Improvement]:
    if given.left_out:
        return
    if given.value is None:
        if indicator.dimension != OURS_TO_LOOK_UP:
            yield _told(indicator, given, method)
        return
    better = min(given.value + method.efforts[indicator.effort].step, TOP)
    gain = given.possible * given.credit * (better - given.value) / TOP
    yield Improvement(indicator=indicator.id, step=Step.IMPROVE, gain=gain, effort=indicator.effort)
    proven = given.possible * (max(method.evidence_credits.values()) - given.credit) * given.value / TOP
    if indicator.needs_proof:
        yield Improvement(indicator=indicator.id, step=Step.PROVE, gain=proven, effort=PAPER)


def _told(indicator: Indicator, given: IndicatorPoints, method: ScoringMethod) -> Improvement:
    effort = indicator.effort if indicator.dimension in NOT_JUST_TOLD else REPORT
    credit = method.evidence_credits[Proof.DOCUMENT] if indicator.needs_proof else 1.0
    gain = given.possible * credit * method.efforts[effort].step / TOP
    return Improvement(indicator=indicator.id, step=Step.REPORT, gain=gain, effort=effort)
