"""Kill workers with SIGKILL while they work: every job's effect happens once."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlmodel import select

from service.accounts.models import Organisation
from service.clock import system_clock
from service.database import Database
from service.jobs.models import Job, JobState
from service.jobs.operations import enqueue
from service.jobs.queries import count_unfinished

WORKERS = 2


class Workers:
    """Two worker processes; a killed one is replaced."""

    def __init__(self, url: str) -> None:
        self._command = [sys.executable, "-W", "error", "-m", "tests.jobs.worker", url]
        self._processes = [self._start() for _ in range(WORKERS)]

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(self._command, stderr=subprocess.DEVNULL)

    def kill_one(self) -> None:
        victim = self._processes.pop(0)
        victim.send_signal(signal.SIGKILL)
        assert victim.wait() == -signal.SIGKILL, "the worker had ended by itself"
        self._processes.append(self._start())

    def end(self) -> None:
        for process in self._processes:
            process.kill()
            process.wait()


@contextmanager
def running_workers(database: Database) -> Iterator[Workers]:
    workers = Workers(database.engine.url.render_as_string(hide_password=False))
    yield workers
    workers.end()


def ask(database: Database, jobs: range) -> None:
    for number in jobs:
        with database.writing() as session:
            mark = f"job {number:03}"
            enqueue(session, "slow", {"mark": mark}, key=mark, run_at=system_clock())


def wait_until_done(database: Database, *, unfinished: int = 0, timeout_s: float = 60) -> None:
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        with database.reading() as session:
            if count_unfinished(session) <= unfinished:
                return
        time.sleep(0.05)
    with database.reading() as session:
        rows = session.exec(select(Job.state, Job.attempts, Job.last_error, Job.key)).all()
    pytest.fail(f"jobs are left: {[row for row in rows if row[0] is not JobState.DONE]}")


def assert_each_happened_once(database: Database, jobs: int) -> None:
    with database.reading() as session:
        assert sorted(session.exec(select(Organisation.name_en))) == [f"job {number:03}" for number in range(jobs)]
        assert set(session.exec(select(Job.state))) == {JobState.DONE}


def kill_while_working(database: Database, *, jobs: int, kills: int) -> None:
    chance = random.Random(os.environ.get("PYTEST_RANDOMLY_SEED", "7"))
    with running_workers(database) as workers:
        ask(database, range(jobs))
        for kill in range(kills):
            left = jobs - (kill + 1) * jobs // (kills + 1)
            wait_until_done(database, unfinished=left)
            time.sleep(chance.uniform(0, 0.06))
            workers.kill_one()
        wait_until_done(database)
    assert_each_happened_once(database, jobs)


def test_six_killed_workers_lose_nothing_and_do_nothing_twice(database: Database) -> None:
    kill_while_working(database, jobs=60, kills=6)


@pytest.mark.long
@pytest.mark.timeout(900)
def test_sixty_killed_workers_lose_nothing_and_do_nothing_twice(database: Database) -> None:
    kill_while_working(database, jobs=900, kills=60)
