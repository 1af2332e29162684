"""The log as people and witnesses see it: the regular jobs, the public checkpoint, the page of the audit trail."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlmodel import select
from starlette.testclient import TestClient

from service.accounts.models import Role
from service.audit import log_files
from service.audit.notes import read_note, read_verifier
from service.audit.operations import record
from service.database import Database
from service.jobs.operations import enqueue
from service.mail.models import MailMessage
from service.settings import Settings
from tests import builders
from tests.conftest import MovableClock, RunJobs, SignIn
from tests.console.browsing import words


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"log_witness_email": "auditor@sample.example"})


def note_event(database: Database, clock: MovableClock) -> None:
    with database.writing() as session:
        record(session, "plant_created", of=builders.a_maker(session), by="system", at=clock())


def run(name: str, database: Database, clock: MovableClock, run_jobs: RunJobs) -> None:
    clock.move(timedelta(hours=1))
    with database.writing() as session:
        enqueue(session, name, {}, key=f"{name}:{clock()}", run_at=clock())
    assert run_jobs() >= 1


def test_a_grown_log_is_signed_every_hour_and_the_witness_hears_of_it(
    client: TestClient, sqlite_database: Database, clock: MovableClock, settings: Settings, run_jobs: RunJobs
) -> None:
    note_event(sqlite_database, clock)
    for _ in range(2):  # the second hour brings nothing new
        run("sign_log", sqlite_database, clock, run_jobs)

    [note] = log_files.read_notes(settings.data_dir / "log")[0]
    with sqlite_database.reading() as session:
        [(recipient, body)] = session.exec(select(MailMessage.recipient, MailMessage.body)).all()
    assert recipient == "auditor@sample.example"
    assert note.as_text in body
    assert read_note(client.get("/log/checkpoint").text) == note
    assert read_verifier(client.get("/log/key").text).has_signed(note)


def test_before_the_first_checkpoint_there_is_none_to_show(client: TestClient) -> None:
    assert client.get("/log/checkpoint").status_code == 404
    assert client.get("/log/key").status_code == 404


def test_the_page_tells_how_far_the_log_is_signed_and_what_the_last_comparison_found(
    client: TestClient, sign_in: SignIn, sqlite_database: Database, clock: MovableClock, run_jobs: RunJobs
) -> None:
    auditor = sign_in(Role.AUDITOR)
    note_event(sqlite_database, clock)
    assert "not signed yet" in words(client.get("/console/audit"))
    run("sign_log", sqlite_database, clock, run_jobs)
    run("check_log", sqlite_database, clock, run_jobs)
    sign_in(user=auditor)
    assert "nothing wrong" in words(client.get("/console/audit"))

    with sqlite_database.writing() as session:
        session.connection().execute(text("DROP TRIGGER audit_event_no_update"))
        session.connection().execute(text("UPDATE audit_event SET action = 'plant_changed' WHERE id = 1"))
    run("check_log", sqlite_database, clock, run_jobs)

    sign_in(user=auditor)
    page = words(client.get("/console/audit"))
    assert "The log was tampered with or damaged" in page
    assert "Event 1 (number 0 of the log) was changed after it was written." in page
