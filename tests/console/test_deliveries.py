import uuid

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from service.accounts.models import STAFF_ROLES, Role
from service.database import Database
from service.jobs.models import Job, JobState
from service.mail.models import MailMessage, MailState
from tests.builders import NOW
from tests.conftest import RunJobs, SignIn
from tests.console.browsing import submit, words

SECRET_TEXT = "http://127.0.0.1:8000/reset/only-for-the-recipient"


@pytest.fixture
def failed(sqlite_database: Database, sign_in: SignIn) -> uuid.UUID:
    """A mail whose job failed, and its job's id; an administrator is signed in."""
    sign_in(Role.ADMIN)
    with sqlite_database.writing() as session:
        mail = MailMessage(
            about=f"user:{uuid.uuid4()}",
            recipient="li@sample.example",
            subject="Your account",
            body=SECRET_TEXT,
            state=MailState.FAILED,
            created_at=NOW,
            last_error="SMTPServerDisconnected: gone",
        )
        job = Job(
            name="send_mail",
            payload={"message_id": str(mail.id)},
            key="k",
            state=JobState.FAILED,
            attempts=8,
            run_at=NOW,
            created_at=NOW,
            last_error="SMTPServerDisconnected: gone",
        )
        session.add_all((mail, job))
    return job.id


@pytest.mark.usefixtures("failed")
def test_what_failed_is_listed_with_its_reason_and_without_its_text(client: TestClient) -> None:
    page = client.get("/console/deliveries")

    assert "send_mail" in page.text
    assert words(page).count("SMTPServerDisconnected: gone") == 2
    assert "only-for-the-recipient" not in page.text
    assert "No mail server is set" in words(page)


def test_a_failed_job_is_tried_again(client: TestClient, failed: uuid.UUID, run_jobs: RunJobs, sqlite_database: Database) -> None:
    answer = submit(client, "/console/deliveries", {}, action=f"/console/deliveries/jobs/{failed}/retry")

    assert answer.headers["location"] == "/console/deliveries"
    assert run_jobs() == 1
    with sqlite_database.reading() as session:
        assert session.exec(select(Job.state)).all() == [JobState.DONE]
        assert session.exec(select(MailMessage.state)).all() == [MailState.NOT_CONFIGURED]
    page = words(client.get("/console/deliveries"))
    assert "Jobs that failed" not in page
    assert "Not sent: no mail server" in page


def test_a_job_that_has_not_failed_is_left_alone(client: TestClient, failed: uuid.UUID, sqlite_database: Database) -> None:
    action = f"/console/deliveries/jobs/{failed}/retry"
    with sqlite_database.writing() as session:
        session.get_one(Job, failed).state = JobState.RUNNING

    assert submit(client, "/console/deliveries", {}, action=action).status_code == 409
    assert submit(client, "/console/deliveries", {}, action=f"/console/deliveries/jobs/{uuid.uuid4()}/retry").status_code == 404


def test_nothing_failed_is_good_news(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.ADMIN)

    assert "Everything went out" in words(client.get("/console/deliveries"))


@pytest.mark.parametrize("role", sorted(STAFF_ROLES - {Role.ADMIN}))
def test_only_administrators_see_mails_and_jobs(client: TestClient, sign_in: SignIn, role: Role) -> None:
    sign_in(role)

    assert client.get("/console/deliveries").status_code == 403
    token = {"csrf_token": client.headers["x-test-csrf"]}
    assert client.post(f"/console/deliveries/jobs/{uuid.uuid4()}/retry", data=token).status_code == 403
