"""What keeps answers from being handed in: what can't be read, is missing, or contradicts itself."""

from collections.abc import Iterator, Sequence

from service.errors import N_, FieldError
from service.submissions.answers import Given
from service.submissions.plausibility.cases import Answers
from service.submissions.plausibility.observations import Level, Observation, error
from service.submissions.questions import Question


def find_errors(questions: Sequence[Question], answers: Answers) -> Iterator[Observation]:
    """Yield what is wrong with single entries, and what says why there is none."""
    yield from _unreadable(answers)
    yield from _missing(questions, answers)


def _unreadable(answers: Answers) -> Iterator[Observation]:
    for key, given in answers.items():
        if given.reading.error is not None:
            yield error(key, "unreadable", given.reading.error)
        elif given.entry.absent is not None:
            yield from _absent(key, given)


def _absent(key: str, given: Given) -> Iterator[Observation]:
    if given.entry.entered.strip():
        both = FieldError(N_("There is a value, and also the word that there is none. Keep one of them."))
        yield error(key, "value_and_none", both)
    elif given.question.essential:
        yield error(
            key, "essential", FieldError(N_("Nothing can be calculated without this answer. An estimate is better than none."))
        )
    elif not (given.entry.note or "").strip():
        yield error(key, "reason", FieldError(N_("Say in the note why there is no value.")))
    else:
        template = N_("No value was given; the model's default is used instead.")
        yield Observation(field=key, rule="absent", level=Level.INFO, template=template, values={})


def _missing(questions: Sequence[Question], answers: Answers) -> Iterator[Observation]:
    for question in questions:
        if question.required and question.key not in answers:
            essential = FieldError(N_("Please answer this; nothing can be calculated without it."))
            other = FieldError(N_("Please answer this, or say that you do not know it and why."))
            yield error(question.key, "missing", essential if question.essential else other)
