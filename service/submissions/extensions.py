"""More time: a supplier asks for it with a reason, the maker grants it or says why not."""

from datetime import date, datetime, timedelta
from typing import Final

from sqlmodel import Session, col, select

from service.errors import N_, ConflictError, FieldError, InvalidInputError
from service.submissions.models import ExtensionRequest, Submission
from service.submissions.operations import extend_deadline
from service.submissions.parsing import clean_text
from service.submissions.rules import check_editable
from service.submissions.transitions import record_event

LONGEST: Final = timedelta(days=90)
"""More than a quarter is no extension but another request; own choice."""
LONGEST_REASON: Final = 1000


def latest_extension(session: Session, submission: Submission) -> ExtensionRequest | None:
    """Return what the supplier asked for last, answered or not."""
    statement = select(ExtensionRequest).where(ExtensionRequest.submission_id == submission.id)
    return session.exec(statement.order_by(col(ExtensionRequest.asked_at).desc(), col(ExtensionRequest.id).desc())).first()


def ask_for_time(
    session: Session, submission: Submission, *, wanted: date, reason: str, today: date, by: str, at: datetime
) -> ExtensionRequest:
    """Ask for a later deadline; asking again before an answer replaces the wish.

    Raises
    ------
    NotEditableError
        There is nothing left to fill in.
    InvalidInputError
        By `wanted` or `reason`.

    """
    check_editable(submission.status)
    words = clean_text(reason)
    problems = {"wanted": _day_problem(submission, wanted, today), "reason": _reason_problem(words)}
    found = {name: problem for name, problem in problems.items() if problem is not None}
    if found:
        raise InvalidInputError(found)
    latest = latest_extension(session, submission)
    asked = latest if latest is not None and latest.granted is None else _new(submission)
    asked.wanted, asked.reason, asked.asked_by, asked.asked_at = wanted, words, by, at
    session.add(asked)
    record_event(session, submission, "submission_extension_asked", by=by, at=at, wanted=wanted.isoformat())
    return asked


def answer_extension(
    session: Session, submission: Submission, *, granted: bool, words: str, timezone: str, by: str, at: datetime
) -> None:
    """Grant the time asked for, which moves the deadline and the life of the link, or refuse it with a reason.

    Raises
    ------
    ConflictError
        Nobody asks for more time just now.
    InvalidInputError
        By `words`: refused without a reason.

    """
    asked = latest_extension(session, submission)
    if asked is None or asked.granted is not None:
        raise ConflictError(N_("Nobody asks for more time here just now."))
    said = clean_text(words)[:LONGEST_REASON]
    if not granted and not said:
        raise InvalidInputError({"words": FieldError(N_("Say why not, so that the supplier can plan."))})
    asked.granted, asked.answer, asked.answered_by, asked.answered_at = granted, said or None, by, at
    session.add(asked)
    if granted and asked.wanted > submission.deadline:
        extend_deadline(session, submission, deadline=asked.wanted, timezone=timezone, by=by, at=at)
    record_event(session, submission, f"submission_extension_{'granted' if granted else 'refused'}", by=by, at=at)


def _new(submission: Submission) -> ExtensionRequest:
    return ExtensionRequest(
        submission_id=submission.id,
        organisation_id=submission.organisation_id,
        wanted=submission.deadline,
        reason="",
        asked_by="",
        asked_at=submission.created_at,
    )


def _day_problem(submission: Submission, wanted: date, today: date) -> FieldError | None:
    earliest = max(submission.deadline, today)
    if earliest < wanted <= submission.deadline + LONGEST:
        return None
    latest = submission.deadline + LONGEST
    return FieldError(N_("Choose a day after %(earliest)s and not after %(latest)s."), earliest=earliest, latest=latest)


def _reason_problem(words: str) -> FieldError | None:
    if not words:
        return FieldError(N_("Please say why, so that your contact can help."))
    return FieldError(N_("At most %(max)s characters; shorten this."), max=LONGEST_REASON) if len(words) > LONGEST_REASON else None
