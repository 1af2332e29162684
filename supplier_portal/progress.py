"""How far a questionnaire is: what must be answered counts, the rest is welcome."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from service.accounts.access import Context
from service.submissions import queries
from service.submissions.models import Answer, Submission
from service.submissions.questionnaire import MINUTES_PER_QUESTION, Group, Question
from supplier_portal.frames import questions_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a questionnaire or one screen of it is.

    Attributes
    ----------
    answered, asked
        Of the questions that need an answer; where none does, of all.

    """

    answered: int
    asked: int
    saved_at: datetime | None

    @property
    def minutes_left(self) -> int:
        """Estimate of the minutes that the rest takes."""
        return (self.asked - self.answered) * MINUTES_PER_QUESTION


def progress_of(context: Context, submission: Submission, groups: Sequence[Group]) -> Progress:
    """Return how far the screens of a questionnaire are."""
    return count(questions_of(groups), queries.answers_of(context.session, submission.id))


def count(questions: Iterable[Question], answers: Mapping[str, Answer]) -> Progress:
    """Return how far some questions are."""
    listed = list(questions)
    needed = [question for question in listed if question.required] or listed
    stored = [answers[question.key] for question in listed if question.key in answers]
    return Progress(
        answered=sum(is_answered(answers.get(question.key)) for question in needed),
        asked=len(needed),
        saved_at=max((answer.typed_at for answer in stored), default=None),
    )


def is_answered(answer: Answer | None) -> bool:
    """Tell whether there is an answer; a note alone is none."""
    return answer is not None and not queries.entry_of(answer).is_empty
