"""Runs jobs from the embedded database, in threads of the web process or of `anodeprint worker`."""

import os
import secrets
import threading
from datetime import timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError

from service.jobs import operations
from service.jobs.models import JobState
from service.jobs.performing import Bench, perform
from service.jobs.queries import is_anything_due
from service.jobs.regular import Calendar

log = structlog.get_logger()

POLL_S = 0.5
PATIENCE_S = 10.0


def new_holder() -> str:
    """Name one worker: unique among all processes on all machines."""
    return f"{os.getpid()}-{secrets.token_hex(8)}"


def run_one(bench: Bench, *, holder: str) -> JobState | None:
    """Make one attempt at the job that has waited longest; None when none is due."""
    at = bench.clock()
    with bench.database.reading() as session:
        if not is_anything_due(session, at=at):
            return None
    with bench.database.writing() as session:
        operations.rescue(session, at=at, grace=bench.lease)
        claimed = operations.claim(session, holder=holder, at=at, lease=bench.lease)
    return perform(bench, claimed, holder=holder) if claimed else None


def run_all_due(bench: Bench) -> int:
    """Work until nothing is due; return the number of attempts."""
    holder = new_holder()
    return sum(1 for _ in iter(lambda: run_one(bench, holder=holder), None))


class Runner:
    """A thread that looks for due jobs until it is stopped."""

    def __init__(self, bench: Bench, *, poll: timedelta = timedelta(seconds=POLL_S)) -> None:
        self._bench = bench
        self._calendar = Calendar(bench)
        self._poll_s = poll.total_seconds()
        self._stopping = threading.Event()
        self._holder = new_holder()
        self._thread = threading.Thread(target=self._loop, name="jobs", daemon=True)

    def start(self) -> None:
        """Begin to look for jobs."""
        self._thread.start()

    def stop(self, *, patience_s: float = PATIENCE_S) -> None:
        """Let the present job end within `patience_s` seconds, or give it back for another worker."""
        self._stopping.set()
        self._thread.join(patience_s)
        if self._thread.is_alive():
            with self._bench.database.writing() as session:
                operations.give_back(session, holder=self._holder, at=self._bench.clock())

    def _loop(self) -> None:
        while not self._stopping.is_set():
            try:
                self._calendar.turn()
                idle = run_one(self._bench, holder=self._holder) is None
            except SQLAlchemyError:  # the disk is full or the file is locked: the jobs wait, the service goes on
                log.exception("job_runner_out_of_reach")
                idle = True
            if idle:
                self._stopping.wait(self._poll_s)
