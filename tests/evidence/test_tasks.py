"""Once a day files that came before the scanner are sent to it."""

import threading
from collections.abc import Iterator
from datetime import date

import pytest
from sqlmodel import select

from service.database import Database
from service.evidence.models import AttachedFile, Scan
from service.jobs.embedded import run_one
from service.jobs.models import Job, JobState
from service.jobs.operations import enqueue
from service.jobs.performing import Bench
from service.monitoring.files import attach_files
from service.settings import Settings
from service.tasks import DAILY, TASKS
from tests import builders
from tests.monitoring.builders import NOW, a_source, an_entry
from tests.submissions.builders import a_stored_file
from tests.submissions.test_virus_scan import BAD, PDF, FakeClamd, FakeServer

TASK = "scan_attached_files"


@pytest.fixture
def address() -> Iterator[str]:
    """Where a made-up scanner listens."""
    server = FakeServer(("127.0.0.1", 0), FakeClamd)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield "{}:{}".format(*server.server_address)
    server.shutdown()
    thread.join()
    server.server_close()


def scans_after(database: Database, settings: Settings) -> dict[str, Scan]:
    with database.writing() as session:
        enqueue(session, TASK, {}, key=TASK, run_at=NOW)
    bench = Bench(database=database, settings=settings, clock=lambda: NOW, tasks={TASK: TASKS[TASK]})
    while run_one(bench, holder="test"):
        pass
    with database.reading() as session:
        assert session.exec(select(Job.state)).all() == [JobState.DONE]
        return {one.name: one.scan for one in session.exec(select(AttachedFile))}


@pytest.mark.parametrize("has_scanner", [True, False])
def test_files_of_the_company_are_sent_to_the_scanner_where_there_is_one(
    sqlite_database: Database, settings: Settings, address: str, *, has_scanner: bool
) -> None:
    with sqlite_database.writing() as session:
        entry = an_entry(session, a_source(session, builders.a_plant(session), "diesel"), date(2025, 5, 1), 12.0)
        stored = [
            a_stored_file(content, name, data_dir=settings.data_dir) for name, content in (("clean.pdf", PDF), ("bad.pdf", BAD))
        ]
        attach_files(session, entry.id, stored, by="user:1", at=NOW)

    found = scans_after(sqlite_database, settings.model_copy(update={"clamd_address": address if has_scanner else None}))

    assert TASK in DAILY
    expected = (Scan.CLEAN, Scan.INFECTED) if has_scanner else (Scan.UNSCANNED, Scan.UNSCANNED)
    assert (found["clean.pdf"], found["bad.pdf"]) == expected
