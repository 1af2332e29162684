import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, Update, and_, update
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Session, col, select

from service.jobs.announcing import announce, find_unannounced, forget_stalled
from service.jobs.models import Job, JobState
from service.jobs.rules import MAX_ATTEMPTS, is_last, pause_after

ERROR_LIMIT = 500


class LeaseLostError(Exception):
    """An attempt took too long or was given back: another worker has the job now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A job that this worker holds until its lease ends."""

    id: uuid.UUID
    name: str
    payload: Mapping[str, Any]
    attempt: int


def enqueue(session: Session, name: str, payload: Mapping[str, Any], *, key: str, run_at: datetime) -> uuid.UUID:
    """Ask for background work in the caller's transaction: it happens if, and only if, that transaction commits.

    Parameters
    ----------
    name
        A task of `service.tasks.TASKS`.
    payload
        What the task needs, as JSON; ids, never answers.
    key
        Asking again with the same key changes nothing.
    run_at
        Not before this instant.

    Returns
    -------
    The id of the job, or of the one that has the key already.

    """
    present = session.exec(select(Job).where(Job.key == key)).first()
    if present is not None:
        return present.id
    job = Job(name=name, payload=dict(payload), key=key, run_at=run_at, created_at=run_at)
    session.add(job)
    session.flush()  # the row exists before Procrastinate hears of it
    announce(session, job.id, run_at=run_at)
    return job.id


def claim(session: Session, *, holder: str, at: datetime, lease: timedelta, job_id: uuid.UUID | None = None) -> Claimed | None:
    """Take the due job that has waited longest, or the job given, whose time Procrastinate has decided; None if there is none.

    `rescue` makes jobs of dead workers wait again.
    """
    waits = col(Job.state) == JobState.WAITING
    mine = and_(waits, col(Job.run_at) <= at) if job_id is None else and_(waits, col(Job.id) == job_id)
    due = select(Job.id).where(mine).order_by(col(Job.run_at), col(Job.id)).limit(1)
    statement = (
        update(Job)
        .where(col(Job.id) == due.with_for_update(skip_locked=True).scalar_subquery())
        .values(state=JobState.RUNNING, lease_holder=holder, lease_until=at + lease, attempts=col(Job.attempts) + 1)
        .returning(col(Job.id), col(Job.name), col(Job.payload), col(Job.attempts))
        .execution_options(synchronize_session=False)
    )
    row = session.execute(statement).first()
    return Claimed(id=row[0], name=row[1], payload=row[2], attempt=row[3]) if row else None


def finish(session: Session, job_id: uuid.UUID, *, holder: str, at: datetime) -> None:
    """Mark a job done; raise `LeaseLostError` unless `holder` holds it."""
    done = _held(job_id, holder).values(
        state=JobState.DONE, progress=1.0, finished_at=at, lease_holder=None, lease_until=None, last_error=None
    )
    if not _changed(session, done):
        raise LeaseLostError(str(job_id))


def note_failure(session: Session, claimed: Claimed, *, holder: str, error: str, final: bool, at: datetime) -> JobState:
    """Plan the next attempt, or fail the job for good; returns where the job stands then."""
    state = JobState.FAILED if final or is_last(claimed.attempt) else JobState.WAITING
    run_at = at + pause_after(claimed.attempt)
    released = _held(claimed.id, holder).values(
        state=state,
        last_error=error[:ERROR_LIMIT],
        lease_holder=None,
        lease_until=None,
        finished_at=at if state is JobState.FAILED else None,
        run_at=run_at,
    )
    if not _changed(session, released):
        raise LeaseLostError(str(claimed.id))
    if state is JobState.WAITING:
        announce(session, claimed.id, run_at=run_at)
    return state


def extend_lease(session: Session, job_id: uuid.UUID, *, holder: str, until: datetime) -> None:
    """Keep a job a little longer; raise `LeaseLostError` if it is somebody else's by now."""
    if not _changed(session, _held(job_id, holder).values(lease_until=until)):
        raise LeaseLostError(str(job_id))


def note_progress(session: Session, job_id: uuid.UUID, *, holder: str, share: float) -> None:
    """Note the share done, 0 to 1."""
    _changed(session, _held(job_id, holder).values(progress=min(max(share, 0.0), 1.0)))


def give_back(session: Session, *, holder: str, at: datetime) -> None:
    """Let others have the job of a worker that is stopping."""
    statement = (
        update(Job)
        .where(col(Job.lease_holder) == holder, col(Job.state) == JobState.RUNNING)
        .values(state=JobState.WAITING, lease_holder=None, lease_until=None)
        .returning(col(Job.id))
        .execution_options(synchronize_session=False)
    )
    for job_id in session.execute(statement).scalars().all():
        announce(session, job_id, run_at=at)


def rescue(session: Session, *, at: datetime, grace: timedelta) -> int:
    """Let others have the jobs of workers that died; fail those that have killed every worker so far.

    Parameters
    ----------
    grace
        A job that has been due for so long without anybody being told is announced again.

    Returns
    -------
    How many jobs were rescued or failed.

    """
    fate = update(Job).execution_options(synchronize_session=False)
    failed = fate.where(_is_orphaned(at), col(Job.attempts) >= MAX_ATTEMPTS).values(
        state=JobState.FAILED, finished_at=at, last_error="the worker died in every attempt", lease_holder=None
    )
    waiting = (
        fate.where(_is_orphaned(at)).values(state=JobState.WAITING, lease_holder=None, lease_until=None).returning(col(Job.id))
    )
    count = _changed(session, failed)
    rescued = [*session.execute(waiting).scalars().all(), *find_unannounced(session, before=at - grace)]
    for job_id in rescued:
        forget_stalled(session, job_id)
        announce(session, job_id, run_at=at)
    return count + len(rescued)


def retry(session: Session, job: Job, *, at: datetime) -> None:
    """Give a failed job all its attempts again."""
    job.state, job.attempts, job.run_at, job.finished_at = JobState.WAITING, 0, at, None
    session.add(job)
    session.flush()  # the row is waiting before Procrastinate hears of it
    announce(session, job.id, run_at=at)


def _is_orphaned(at: datetime) -> ColumnElement[bool]:
    return and_(col(Job.state) == JobState.RUNNING, col(Job.lease_until) < at)


def _held(job_id: uuid.UUID, holder: str) -> Update:
    return (
        update(Job)
        .where(col(Job.id) == job_id, col(Job.lease_holder) == holder, col(Job.state) == JobState.RUNNING)
        .execution_options(synchronize_session=False)
    )


def _changed(session: Session, statement: Update) -> int:
    return cast("CursorResult[Any]", session.execute(statement)).rowcount
