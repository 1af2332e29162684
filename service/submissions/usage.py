"""Accepted answers are in use from the release of the first footprint that rests on them."""

import uuid
from collections.abc import Collection
from datetime import datetime

from sqlmodel import Session, col, select

from service.submissions.models import Submission, SubmissionStatus
from service.submissions.transitions import move


def mark_used(session: Session, submission_ids: Collection[uuid.UUID], *, by: str, at: datetime) -> None:
    """Note that a released footprint rests on these answers; what is in use already stays as it is."""
    accepted = (col(Submission.id).in_(submission_ids), Submission.status == SubmissionStatus.ACCEPTED)
    for submission in session.exec(select(Submission).where(*accepted).order_by(col(Submission.id))).all():
        move(session, submission, SubmissionStatus.IN_USE, by=by, at=at)
