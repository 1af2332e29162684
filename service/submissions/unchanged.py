"""What has changed since the answers before: a plant that runs as it did reports other totals, but the same ratios and choices."""

from collections.abc import Mapping, Sequence
from typing import Final

from service.submissions.peers import comparable
from service.submissions.questionnaire import Question

STEADY: Final = 0.05
"""Consumption per tonne that moves by no more than 5 % from one year to the next is the same plant running on; own choice."""

Values = Mapping[str, float | str]


def changed_fields(questions: Sequence[Question], now: Values, before: Values) -> Sequence[str]:
    """Return the fields whose answers differ by more than totals do; values are in canonical units."""
    return [question.key for question in questions if _is_changed(question, now, before)]


def relative_change(question: Question, now: Values, before: Values) -> float | None:
    """Return by which share an answer has moved, 0.1 for 10 % more; per tonne where it can be, else of the total itself."""
    pair = (comparable(question, now), comparable(question, before))
    new, old = pair if None not in pair else (now.get(question.key), before.get(question.key))
    if not isinstance(new, float) or not isinstance(old, float) or old == 0:
        return None
    return new / old - 1


def is_per_tonne(question: Question, now: Values, before: Values) -> bool:
    """Tell whether `relative_change` compares a total per tonne of what its limits refer to, and so not the totals themselves."""
    return question.per is not None and None not in (comparable(question, now), comparable(question, before))


def _is_changed(question: Question, now: Values, before: Values) -> bool:
    if (question.key in now) is not (question.key in before):
        return True
    if question.kind != "number":
        return now.get(question.key) != before.get(question.key)
    new, old = comparable(question, now), comparable(question, before)
    if new is None or old is None:
        return (new is None) is not (old is None)
    return abs(new - old) > STEADY * abs(old)
