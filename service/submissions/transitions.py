"""The one way in which a submission changes its status: checked, counted and written down."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col

from service.audit.operations import record
from service.errors import StaleVersionError
from service.submissions.models import Submission, SubmissionStatus
from service.submissions.rules import check_transition


def move(
    session: Session,
    submission: Submission,
    wanted: SubmissionStatus,
    *,
    version: int | None = None,
    by: str,
    at: datetime,
    **changes: Any,  # noqa: ANN401 - column values
) -> None:
    """Change the status once, with one audit event: of two who saw the same version only the first gets through.

    Raises
    ------
    InvalidTransitionError
        `rules.TRANSITIONS` does not know the step.
    StaleVersionError
        Somebody else was first.

    """
    present, expected = submission.status, submission.version if version is None else version
    if submission.version != expected:
        raise StaleVersionError
    check_transition(present, wanted)
    unchanged = (col(Submission.id) == submission.id, col(Submission.version) == expected, col(Submission.status) == present)
    statement = update(Submission).where(*unchanged).values(status=wanted, version=expected + 1, **changes)
    session.flush()
    if session.connection().execute(statement).rowcount != 1:
        raise StaleVersionError
    session.refresh(submission)
    record_event(session, submission, f"submission_{wanted}", by=by, at=at, before=present, version=submission.version)


def lock(session: Session, submission: Submission) -> None:
    """Wait for others who write to the same questionnaire and see what they wrote; on SQLite there are no others meanwhile."""
    session.flush()
    if session.get_bind().dialect.name != "sqlite":
        session.refresh(submission, with_for_update=True)


def record_event(session: Session, submission: Submission, action: str, *, by: str, at: datetime, **facts: object) -> None:
    """Write an audit event about a submission, with its number."""
    organisation_id: uuid.UUID = submission.organisation_id
    record(session, action, of=submission, by=by, at=at, organisation_id=organisation_id, number=submission.number, **facts)
