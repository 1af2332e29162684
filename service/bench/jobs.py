"""Background work asked for and done, on both engines: the bookkeeping alone, the tasks do nothing."""

import time
from collections.abc import Iterator

from service.bench.report import Figure, Report
from service.bench.stage import postgres_settings, sqlite_settings
from service.clock import system_clock
from service.database import Database, open_database
from service.jobs.embedded import run_all_due
from service.jobs.operations import enqueue
from service.jobs.performing import Bench
from service.jobs.queries import count_unfinished
from service.jobs.work import Work
from service.migrations.commands import upgrade
from service.postgres import NoPostgresError
from service.settings import Settings


def measure(*, count: int) -> Report:
    """Ask for so many jobs, one transaction each, then let one worker do them all."""
    figures: list[Figure] = []
    notes = [f"{count} jobs that do nothing, one worker"]
    with sqlite_settings() as settings:
        figures += _measure_engine("SQLite", settings, count=count)
    try:
        with postgres_settings() as settings:
            figures += _measure_engine("PostgreSQL", settings, count=count)
    except NoPostgresError as error:
        notes.append(f"PostgreSQL was not measured: {error}")
    return Report(figures=figures, notes=notes)


def _measure_engine(engine: str, settings: Settings, *, count: int) -> Iterator[Figure]:
    database = open_database(settings.effective_database_url)
    upgrade(database)
    bench = Bench(database=database, settings=settings, clock=system_clock, tasks={"nothing": _do_nothing})
    asked_s = _seconds_to_ask(database, count)
    done_s = _seconds_to_do(bench, settings)
    with database.reading() as session:
        left = count_unfinished(session)
    database.close()
    yield Figure(name=f"{engine}: jobs asked for", value=count / asked_s, unit="1/s")
    yield Figure(name=f"{engine}: jobs done", value=count / done_s, unit="1/s", errors=left)


def _seconds_to_ask(database: Database, count: int) -> float:
    began = time.perf_counter()
    for number in range(count):
        with database.writing() as session:
            enqueue(session, "nothing", {}, key=f"bench:{number}", run_at=system_clock())
    return time.perf_counter() - began


def _seconds_to_do(bench: Bench, settings: Settings) -> float:
    began = time.perf_counter()
    if bench.database.is_sqlite:
        run_all_due(bench)
    else:
        from service.jobs.distributed import run_worker  # noqa: PLC0415 - Procrastinate is heavy, and only needed here

        run_worker(bench, url=settings.effective_database_url, until_idle=True)
    return time.perf_counter() - began


def _do_nothing(work: Work) -> None:
    with work.finishing():
        pass
