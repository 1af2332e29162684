import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy
from sqlalchemy import and_, func, or_
from sqlmodel import Session, col, select

from service.jobs.models import Job, JobState


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRow:
    """A job as lists show it."""

    id: uuid.UUID
    name: str
    state: JobState
    attempts: int
    created_at: datetime
    last_error: str | None


def is_anything_due(session: Session, *, at: datetime) -> bool:
    """Tell whether a job waits or has lost its worker."""
    waits = and_(col(Job.state) == JobState.WAITING, col(Job.run_at) <= at)
    orphaned = and_(col(Job.state) == JobState.RUNNING, col(Job.lease_until) < at)
    return session.exec(select(Job.id).where(or_(waits, orphaned)).limit(1)).first() is not None


def find_failed(session: Session, *, limit: int = 50) -> Sequence[JobRow]:
    """Return the jobs that failed for good, newest first."""
    columns = (Job.id, Job.name, Job.state, Job.attempts, Job.created_at, Job.last_error)
    statement = (
        sqlalchemy.select(*map(col, columns)).where(col(Job.state) == JobState.FAILED).order_by(col(Job.id).desc()).limit(limit)
    )
    return [JobRow(**row) for row in session.execute(statement).mappings()]


def find_job(session: Session, *, key: str) -> Job | None:
    """Return the job that was asked for under a key."""
    return session.exec(select(Job).where(Job.key == key)).first()


def count_unfinished(session: Session) -> int:
    """Return how many jobs wait or run."""
    statement = select(func.count()).select_from(Job).where(col(Job.state).in_((JobState.WAITING, JobState.RUNNING)))
    return session.exec(statement).one()
