"""What an uploaded workbook would change, field by field, against the answers as they are now."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from service.errors import FieldError
from service.submissions.answers import Entry, read_entry
from service.submissions.canonical import is_same
from service.submissions.drafts import stamp_of
from service.submissions.models import Answer, EarlierAnswer
from service.submissions.queries import entry_of
from service.submissions.questionnaire import Question
from service.submissions.workbook.receiving import Received


class Change(StrEnum):
    """What taking an answer over would do."""

    NEW = "new"
    CHANGED = "changed"
    CONFLICT = "conflict"
    """Somebody else has typed another answer since the workbook was downloaded."""
    CLEARED = "cleared"
    """The workbook's cell is empty where an answer stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One answer that differs from what stands.

    Attributes
    ----------
    present
        Empty where nothing stands.
    error
        Why the answer can't be read as it is; it can be taken over all the same and corrected on the page.

    """

    question: Question
    change: Change
    present: Entry
    entry: Entry
    error: FieldError | None

    @property
    def is_suggested(self) -> bool:
        """Whether it is taken over unless the person says otherwise; what would lose a good answer is not."""
        if self.change is Change.NEW:
            return True
        return self.change is Change.CHANGED and self.error is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """All fields of a workbook against the present answers.

    Attributes
    ----------
    same
        Questions whose answers say the same.
    kept
        Questions that somebody answered newly on a page while the workbook stayed as it was: the newer answer stands.

    """

    differences: Sequence[Difference]
    same: Sequence[Question]
    kept: Sequence[Question]


def compare(
    questions: Iterable[Question], received: Received, *, present: Mapping[str, Answer], earlier: Sequence[EarlierAnswer]
) -> Comparison:
    """Compare a workbook with what stands.

    Parameters
    ----------
    earlier
        Answers typed over since: they tell what the workbook had shown.

    """
    shown = {(one.field, stamp_of(one)): entry_of(one) for one in earlier}
    differences: list[Difference] = []
    same: list[Question] = []
    kept: list[Question] = []
    for question in questions:
        entry = received.entries.get(question.key)
        if entry is None:
            continue
        answer = present.get(question.key)
        stands = entry_of(answer) if answer else Entry()
        stamp = received.stamps.get(question.key)
        is_newer = stamp is not None and stamp != stamp_of(answer)
        if is_same(question, entry, stands):
            same.append(question)
        elif is_newer and is_same(question, entry, shown.get((question.key, stamp or ""), Entry())):
            kept.append(question)
        else:
            differences.append(_difference(question, entry, stands, is_newer=is_newer))
    return Comparison(differences=differences, same=same, kept=kept)


def _difference(question: Question, entry: Entry, stands: Entry, *, is_newer: bool) -> Difference:
    error = read_entry(question, entry).error
    return Difference(question=question, change=_change(entry, stands, is_newer=is_newer), present=stands, entry=entry, error=error)


def _change(entry: Entry, stands: Entry, *, is_newer: bool) -> Change:
    if stands.is_empty:
        return Change.NEW
    if is_newer:
        return Change.CONFLICT
    return Change.CLEARED if entry.is_empty else Change.CHANGED
