"""Tells Procrastinate about waiting jobs, on our own connection, so that both commit together; the embedded runner looks itself."""

import json
import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import text
from sqlmodel import Session

QUEUE = "anodeprint"
TASK = "anodeprint.perform"
DEFER = text(
    "SELECT procrastinate_defer_jobs_v1(ARRAY[ROW(CAST(:queue AS varchar), CAST(:task AS varchar), 0, NULL, NULL,"
    " CAST(:args AS jsonb), CAST(:scheduled_at AS timestamptz))]::procrastinate_job_to_defer_v1[])"
)
FORGET_STALLED = text(
    "SELECT procrastinate_finish_job_v1(id, 'failed', true) FROM procrastinate_jobs"
    " WHERE status = 'doing' AND args->>'job_id' = :job_id"
)
UNANNOUNCED = text(
    "SELECT job.id FROM job WHERE job.state = 'waiting' AND job.run_at < :before AND NOT EXISTS"
    " (SELECT 1 FROM procrastinate_jobs AS known WHERE known.status = 'todo' AND known.args->>'job_id' = job.id::text)"
)


def announce(session: Session, job_id: uuid.UUID, *, run_at: datetime) -> None:
    """Have a worker woken up for a waiting job, not before `run_at`."""
    if not _is_distributed(session):
        return
    args = json.dumps({"job_id": str(job_id)})
    session.execute(DEFER, {"queue": QUEUE, "task": TASK, "args": args, "scheduled_at": run_at})


def forget_stalled(session: Session, job_id: uuid.UUID) -> None:
    """Drop what Procrastinate believes a dead worker to be doing."""
    if _is_distributed(session):
        session.execute(FORGET_STALLED, {"job_id": str(job_id)})


def find_unannounced(session: Session, *, before: datetime) -> Sequence[uuid.UUID]:
    """Return the jobs due before an instant of which Procrastinate knows nothing, as when a worker died before it took one."""
    if not _is_distributed(session):
        return ()
    return session.execute(UNANNOUNCED, {"before": before}).scalars().all()


def _is_distributed(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"
