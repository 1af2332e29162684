"""Answers as they are typed: per field the last one counts, and none is lost."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col, select

from service.errors import N_, FieldError, InvalidInputError
from service.submissions import queries
from service.submissions.answers import Entry, read_entry
from service.submissions.models import Answer, Door, EarlierAnswer, Submission
from service.submissions.questionnaire import Question, find_question
from service.web.forms import UNFIT

LONGEST_ENTRY = 200
LONGEST_NOTE = 1000


def store_entries(
    session: Session,
    submission: Submission,
    entries: Mapping[str, Entry],
    *,
    seen: Mapping[str, str] | None,
    door: Door = Door.WEB,
    by: str,
    at: datetime,
) -> Sequence[str]:
    """Store what was typed and return the fields where somebody else's newer answer was typed over.

    Such an answer is kept as contested until somebody chooses between the two (`settle`).

    Parameters
    ----------
    seen
        By field, the `stamp_of` the answer that the person's page showed; a field left as the page showed it does not undo
        what somebody else typed in the meantime. None: the writer does not know what was there.

    """
    questions = _questions(submission, entries)
    present = queries.answers_of(session, submission.id)
    stamps: Mapping[str, str | None] = {field: None if seen is None else seen.get(field) for field in entries}
    changed = [field for field, entry in entries.items() if _is_change(session, present.get(field), entry, stamps[field])]
    typed_over = [field for field in changed if stamps[field] is not None and stamps[field] != stamp_of(present.get(field))]
    for field in changed:
        if field in present:
            session.add(_earlier(present[field], is_contested=field in typed_over, at=at))
        _store(session, submission, questions[field], entries[field], present.get(field), door=door, by=by, at=at)
    session.flush()
    return typed_over


def settle(session: Session, submission: Submission, field: str) -> None:
    """Note that somebody has seen both answers to a question and chosen; the present answer stands."""
    contested = (
        col(EarlierAnswer.submission_id) == submission.id,
        col(EarlierAnswer.field) == field,
        col(EarlierAnswer.is_contested),
    )
    session.exec(update(EarlierAnswer).where(*contested).values(is_contested=False))


def contested_answer(earlier: Iterable[EarlierAnswer], present: Answer | None) -> EarlierAnswer | None:
    """Return the newest answer that was typed over unseen and says something else than the present one, if any.

    Parameters
    ----------
    earlier
        Answers to one question that were typed over, newest first.

    """
    stands = queries.entry_of(present) if present else None
    return next((one for one in earlier if one.is_contested and queries.entry_of(one) != stands), None)


def stamp_of(answer: Answer | EarlierAnswer | None) -> str:
    """Return what names one state of an answer; empty for none."""
    return answer.typed_at.isoformat() if answer else ""


def _questions(submission: Submission, entries: Mapping[str, Entry]) -> Mapping[str, Question]:
    """Return the questions that are answered; refuse what is not asked or can't be stored."""
    found = {field: find_question(submission.supplier_type, field) for field in entries}
    problems = {field: problem for field, entry in entries.items() if (problem := _find_problem(found[field], entry)) is not None}
    if problems:
        raise InvalidInputError(problems)
    return {field: question for field, question in found.items() if question is not None}


def _find_problem(question: Question | None, entry: Entry) -> FieldError | None:
    if question is None:
        return FieldError(N_("This is not a question for this type of supplier."))
    texts = {LONGEST_ENTRY: entry.entered, LONGEST_NOTE: entry.note or "", 20: entry.unit or ""}
    for limit, text in texts.items():
        if len(text) > limit:
            return FieldError(N_("At most %(max)s characters; shorten this."), max=limit)
        if UNFIT.search(text):
            return FieldError(N_("This contains a character that can't be stored; type it again."))
    return None


def _is_change(session: Session, present: Answer | None, entry: Entry, stamp: str | None) -> bool:
    if present is None:
        return not entry.is_empty or bool(entry.note)
    if queries.entry_of(present) == entry:
        return False
    return stamp is None or stamp == stamp_of(present) or not _was_left_alone(session, present, entry, stamp)


def _was_left_alone(session: Session, present: Answer, entry: Entry, stamp: str) -> bool:
    """Tell whether the person sent back just what the page had shown, while somebody else typed something new."""
    if not stamp:
        return entry.is_empty and not entry.note
    shown = session.exec(
        select(EarlierAnswer).where(EarlierAnswer.submission_id == present.submission_id, EarlierAnswer.field == present.field)
    )
    return any(stamp_of(one) == stamp and queries.entry_of(one) == entry for one in shown)


def _store(
    session: Session,
    submission: Submission,
    question: Question,
    entry: Entry,
    present: Answer | None,
    *,
    door: Door,
    by: str,
    at: datetime,
) -> None:
    answer = present or Answer(submission_id=submission.id, field=question.key, entered="", typed_by=by, typed_at=at)
    answer.entered, answer.entered_unit = entry.entered, entry.unit
    answer.value = read_entry(question, entry).value
    answer.absent, answer.evidence_kind, answer.note = entry.absent, entry.evidence_kind, entry.note
    answer.door, answer.typed_by, answer.typed_at = door, by, at
    answer.carried_from_id = None
    session.add(answer)


def _earlier(answer: Answer, *, is_contested: bool, at: datetime) -> EarlierAnswer:
    return EarlierAnswer(
        submission_id=answer.submission_id,
        field=answer.field,
        entered=answer.entered,
        entered_unit=answer.entered_unit,
        absent=answer.absent,
        evidence_kind=answer.evidence_kind,
        note=answer.note,
        typed_by=answer.typed_by,
        typed_at=answer.typed_at,
        replaced_at=at,
        is_contested=is_contested,
    )
