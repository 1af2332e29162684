import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlmodel import Session, select

from service.jobs.models import Job


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
    session.flush()
    if session.get_bind().dialect.name == "postgresql":
        _defer(session, job)
    return job.id


def _defer(session: Session, job: Job) -> None:
    """Hand the job to Procrastinate on our own connection, so that both commit together."""
    raise NotImplementedError
