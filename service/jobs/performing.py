"""One attempt at one claimed job: the same for both engines."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, select

from service.clock import Clock
from service.database import Database
from service.errors import ServiceError
from service.jobs import operations
from service.jobs.models import Job, JobState
from service.jobs.operations import Claimed, LeaseLostError
from service.jobs.rules import LEASE
from service.jobs.work import GiveUpError, Tasks, Work
from service.settings import Settings

log = structlog.get_logger()

SERVER_ERROR = 500


class UnfinishedError(Exception):
    """A task returned without storing its effect in `Work.finishing()`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """What every attempt of one process shares.

    Attributes
    ----------
    lease
        How long a worker may be silent before others take its job; it reports three times as often.
    daily, hourly
        Names of tasks to be asked for once a day or once an hour.

    """

    database: Database
    settings: Settings
    clock: Clock
    tasks: Tasks
    lease: timedelta = LEASE
    daily: Sequence[str] = ()
    hourly: Sequence[str] = ()


def perform(bench: Bench, claimed: Claimed, *, holder: str) -> JobState:
    """Make one attempt and record how it ended; raises only when the database is out of reach.

    Returns
    -------
    Where the job stands: done, waiting for the next attempt, failed, or running when another worker has it.

    """
    work = Work(
        database=bench.database,
        settings=bench.settings,
        clock=bench.clock,
        job_id=claimed.id,
        holder=holder,
        name=claimed.name,
        payload=claimed.payload,
        attempt=claimed.attempt,
        at=bench.clock(),
    )
    try:
        with _heartbeat(bench, work):
            _run(bench, work)
    except LeaseLostError:
        log.warning("job_lease_lost", job_id=str(claimed.id), job=claimed.name, attempt=claimed.attempt)
        return JobState.RUNNING
    except Exception as error:  # noqa: BLE001 - whatever a task raises is recorded with its job
        return _record_failure(bench, claimed, holder=holder, error=error)
    log.info("job_done", job_id=str(claimed.id), job=claimed.name, attempt=claimed.attempt)
    return JobState.DONE


def _run(bench: Bench, work: Work) -> None:
    task = bench.tasks.get(work.name)
    if task is None:
        raise GiveUpError(f"no task is named {work.name!r}")
    task(work)
    with bench.database.reading() as session:
        if _holder_of(session, work) == work.holder:
            raise UnfinishedError(f"task {work.name!r} returned without work.finishing()")


def _holder_of(session: Session, work: Work) -> str | None:
    return session.exec(select(Job.lease_holder).where(Job.id == work.job_id)).first()


def _record_failure(bench: Bench, claimed: Claimed, *, holder: str, error: Exception) -> JobState:
    final = isinstance(error, GiveUpError | UnfinishedError) or (isinstance(error, ServiceError) and error.status < SERVER_ERROR)
    try:
        with bench.database.writing() as session:
            state = operations.note_failure(session, claimed, holder=holder, error=_describe(error), final=final, at=bench.clock())
    except LeaseLostError:
        return JobState.RUNNING
    log.error("job_attempt_failed", job_id=str(claimed.id), job=claimed.name, attempt=claimed.attempt, exc_info=error)
    return state


def _describe(error: Exception) -> str:
    return str(error) if isinstance(error, ServiceError | GiveUpError) else f"{type(error).__name__}: {error}"


@contextmanager
def _heartbeat(bench: Bench, work: Work) -> Iterator[None]:
    """Extend the lease while the task runs, from a thread, because a task may compute for long."""
    over = threading.Event()
    thread = threading.Thread(target=_beat, args=(bench, work, over), name=f"heartbeat-{work.name}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _beat(bench: Bench, work: Work, over: threading.Event) -> None:
    while not over.wait(bench.lease.total_seconds() / 3):
        try:
            with bench.database.writing() as session:
                operations.extend_lease(session, work.job_id, holder=work.holder, until=bench.clock() + bench.lease)
        except LeaseLostError:  # done by now, or taken over: `finishing` decides
            return
        except SQLAlchemyError:
            log.warning("job_heartbeat_failed", job_id=str(work.job_id), exc_info=True)
