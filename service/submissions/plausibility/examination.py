"""All checks of a questionnaire together."""

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Final

from service.submissions.plausibility import balances, comparisons, limits
from service.submissions.plausibility.cases import Answers, Case, Surroundings, read_case
from service.submissions.plausibility.causes import explain_doubts
from service.submissions.plausibility.doubts import Check, Doubt
from service.submissions.plausibility.entries import find_errors
from service.submissions.plausibility.observations import Level, Observation
from service.submissions.plausibility.periods import find_period_problems
from service.submissions.questions import Question

CHECKS: Final[Sequence[Check]] = (
    limits.outside_limits,
    limits.ratio_outside_limits,
    limits.outside_furnace_range,
    limits.part_above_whole,
    balances.unbalanced,
    balances.outside_intensity,
    balances.unit_of_other_choice,
    comparisons.drifted,
    comparisons.far_from_peers,
    comparisons.not_as_delivered,
)


def examine(questions: Sequence[Question], answers: Answers, surroundings: Surroundings) -> Sequence[Observation]:
    """Return everything that is wrong with, doubtful or notable about the answers, errors first; never raises."""
    return sorted(_all(questions, answers, surroundings), key=lambda one: list(Level).index(one.level))


def _all(questions: Sequence[Question], answers: Answers, surroundings: Surroundings) -> Iterator[Observation]:
    case = read_case(questions, answers, surroundings)
    yield from find_errors(questions, answers)
    yield from find_period_problems(case)
    yield from (doubt.observation() for doubt in explain_doubts(case, find_doubts))
    yield from comparisons.far_from_default(case)


def find_doubts(case: Case, only: str | None = None) -> Sequence[Doubt]:
    """Return every doubt about figures, each on its own, without its cause; given a field, those that concern its figure."""
    return list(chain.from_iterable(check(case, only) for check in CHECKS))
