"""Requests and answers end: what nobody answered in time, and what has become too old to be calculated with."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel import Session, col, select

from service.submissions import queries, rules
from service.submissions.models import Submission, SubmissionStatus
from service.submissions.transitions import move

ACTOR = "system"


def expire_overdue(session: Session, *, timezone: str, at: datetime) -> Sequence[Submission]:
    """Close all requests whose links have ended before the first answer was handed in, and return them."""
    return _expire(
        session, queries.lock_overdue(session, deadline_before=rules.earliest_open_deadline(at, timezone=timezone)), at=at
    )


def expire_outdated(session: Session, *, valid_months: int, timezone: str, at: datetime) -> Sequence[Submission]:
    """Let accepted answers go that have become too old, and return them: footprints fall back to defaults.

    Parameters
    ----------
    valid_months
        How long after the end of their reporting period answers may be used.

    """
    last_end = rules.oldest_valid_period_end(at, valid_months=valid_months, timezone=timezone)
    return _expire(session, _lock_outdated(session, ended_before=last_end), at=at)


def _lock_outdated(session: Session, *, ended_before: date) -> Sequence[Submission]:
    is_outdated = (col(Submission.status).in_(rules.USABLE), col(Submission.period_end) < ended_before)
    return session.exec(select(Submission).where(*is_outdated).order_by(col(Submission.id)).with_for_update()).all()


def _expire(session: Session, found: Sequence[Submission], *, at: datetime) -> Sequence[Submission]:
    for submission in found:
        move(session, submission, SubmissionStatus.EXPIRED, by=ACTOR, at=at)
    return found
