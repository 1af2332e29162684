"""Runs jobs from PostgreSQL through Procrastinate, in any number of `anodeprint worker` processes on any number of machines.

Procrastinate wakes a worker up; the `job` row decides. So the same guarantees hold as in the embedded runner, whatever happens
to Procrastinate's own rows.
"""

import asyncio
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import structlog
from procrastinate import App, PsycopgConnector
from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from service.jobs import operations
from service.jobs.announcing import QUEUE, TASK
from service.jobs.embedded import new_holder
from service.jobs.performing import Bench, perform
from service.jobs.regular import Calendar

log = structlog.get_logger()

POLL_S = 1.0


def connection_string(url: str) -> str:
    """Return what libpq understands of an SQLAlchemy URL."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def run_worker(
    bench: Bench,
    *,
    url: str,
    concurrency: int = 2,
    poll: timedelta = timedelta(seconds=POLL_S),
    until_idle: bool = False,
) -> None:
    """Work until SIGTERM or SIGINT, or until nothing is due; the present jobs end first."""
    options = {"concurrency": concurrency, "fetch_job_polling_interval": poll.total_seconds(), "wait": not until_idle}
    app = _procrastinate_app(bench, url)
    with _rescuing(bench):
        asyncio.run(_work(app, options))


async def _work(app: App, options: dict[str, Any]) -> None:  # the library's own options
    async with app.open_async():
        await app.run_worker_async(queues=[QUEUE], delete_jobs="always", **options)


def _procrastinate_app(bench: Bench, url: str) -> App:
    app = App(connector=PsycopgConnector(conninfo=connection_string(url)))

    def perform_one(job_id: str) -> None:  # synchronous: Procrastinate gives it a thread
        _perform_one(bench, uuid.UUID(job_id))

    app.task(name=TASK, queue=QUEUE)(perform_one)
    return app


def _perform_one(bench: Bench, job_id: uuid.UUID) -> None:
    holder = new_holder()
    with bench.database.writing() as session:
        claimed = operations.claim(session, holder=holder, at=bench.clock(), lease=bench.lease, job_id=job_id)
    if claimed is not None:  # otherwise it is done, or another worker has it
        perform(bench, claimed, holder=holder)


@contextmanager
def _rescuing(bench: Bench) -> Iterator[None]:
    """Look for jobs of dead workers, from a thread, as long as this worker lives."""
    over = threading.Event()
    thread = threading.Thread(target=_rescue, args=(bench, over), name="jobs-rescue", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _rescue(bench: Bench, over: threading.Event) -> None:
    calendar = Calendar(bench)
    while not over.wait(bench.lease.total_seconds() / 4):
        try:
            calendar.turn()
            with bench.database.writing() as session:
                operations.rescue(session, at=bench.clock(), grace=bench.lease)
        except SQLAlchemyError:
            log.warning("job_rescue_failed", exc_info=True)
