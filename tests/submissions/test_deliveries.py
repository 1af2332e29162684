"""From the mail server's answer to the state of the request, against a real mail server on this machine."""

from collections.abc import Iterator

import pytest
from sqlmodel import Session

from service.database import Database
from service.errors import InvalidInputError, InvalidTransitionError
from service.jobs.embedded import run_one
from service.jobs.performing import Bench
from service.settings import Settings
from service.submissions import operations
from service.submissions.deliveries import note_bounced, note_delivered
from service.submissions.invitation_queries import invitation_of
from service.submissions.link_tokens import link_of
from service.submissions.models import Submission, SubmissionStatus
from service.tasks import TASKS
from tests import builders
from tests.conftest import NOW, MovableClock
from tests.mail.servers import Received, mail_server


@pytest.fixture
def received() -> Received:
    return Received()


@pytest.fixture
def bench(received: Received, sqlite_database: Database, settings: Settings, clock: MovableClock) -> Iterator[Bench]:
    with mail_server(received) as server:
        configured = settings.model_copy(update={"smtp_host": "127.0.0.1", "smtp_port": server.port, "smtp_starttls": False})
        yield Bench(database=sqlite_database, settings=configured, clock=clock, tasks=TASKS)


def invite(bench: Bench, submission: Submission | None = None) -> Submission:
    with bench.database.writing() as session:
        asked = submission or builders.a_submission(session, status=SubmissionStatus.PLANNED)
        operations.invite(session, session.merge(asked), settings=bench.settings, by="user:e", at=NOW)
        return asked


def run_all(bench: Bench) -> None:
    while run_one(bench, holder="a") is not None:
        pass


def status(bench: Bench, submission: Submission) -> SubmissionStatus:
    with bench.database.reading() as session:
        return SubmissionStatus(session.get_one(Submission, submission.id).status)


def address(bench: Bench, submission: Submission) -> str:
    with bench.database.reading() as session:
        supplier = session.get_one(operations.Supplier, submission.supplier_id)
        return supplier.contact_email or ""


def test_a_mail_that_the_server_takes_makes_the_request_delivered(bench: Bench, received: Received) -> None:
    submission = invite(bench)

    run_all(bench)

    assert status(bench, submission) is SubmissionStatus.DELIVERED
    assert len(received.letters) == 1


def test_an_address_that_the_server_refuses_makes_it_bounced_with_the_servers_words(bench: Bench, received: Received) -> None:
    submission = invite(bench)
    received.refused[address(bench, submission)] = "550 5.1.1 no such user here"

    run_all(bench)

    assert status(bench, submission) is SubmissionStatus.BOUNCED
    with bench.database.reading() as session:
        invitation = invitation_of(session, submission.id)
        assert invitation is not None
        assert invitation.bounce_reason == "550 5.1.1 no such user here"


def test_after_the_address_is_corrected_a_new_link_goes_out_and_arrives(bench: Bench, received: Received) -> None:
    submission = invite(bench)
    received.refused[address(bench, submission)] = "550 no"
    run_all(bench)
    with bench.database.writing() as session:
        session.get_one(operations.Supplier, submission.supplier_id).contact_email = "right@supplier.example"

    invite(bench, submission)
    run_all(bench)

    assert status(bench, submission) is SubmissionStatus.DELIVERED
    assert [letter["to"] for letter in received.letters] == ["right@supplier.example"]


def test_what_becomes_of_a_replaced_mail_says_nothing_of_the_new_one(bench: Bench, received: Received) -> None:
    submission = invite(bench)
    received.refused[address(bench, submission)] = "550 no"
    run_one(bench, holder="a")  # the mail is refused; the report waits
    with bench.database.writing() as session:
        session.get_one(operations.Supplier, submission.supplier_id).contact_email = None
    invite(bench, submission)  # handed on by other means

    run_all(bench)

    assert status(bench, submission) is SubmissionStatus.INVITED


def test_a_link_that_was_opened_meanwhile_stays_opened(bench: Bench, received: Received) -> None:
    submission = invite(bench)
    with bench.database.writing() as session:
        operations.open_questionnaire(session, session.get_one(Submission, submission.id), by="invitation:x", at=NOW)

    run_all(bench)

    assert len(received.letters) == 1
    assert status(bench, submission) is SubmissionStatus.OPENED


def test_staff_can_mark_a_bounce_with_its_reason(session: Session) -> None:
    submission = builders.a_submission(session, status=SubmissionStatus.DELIVERED)

    with pytest.raises(InvalidInputError):
        note_bounced(session, submission, reason="  ", by="user:e", at=NOW)
    note_bounced(session, submission, reason="she left the company", by="user:e", at=NOW)

    assert submission.status is SubmissionStatus.BOUNCED


def test_who_has_opened_the_link_has_received_it(session: Session) -> None:
    submission = builders.a_submission(session, status=SubmissionStatus.OPENED)

    note_delivered(session, submission, by="system", at=NOW)
    with pytest.raises(InvalidTransitionError):
        note_bounced(session, submission, reason="no such mailbox", by="user:e", at=NOW)

    assert submission.status is SubmissionStatus.OPENED


def test_a_live_link_can_be_shown_again_but_not_from_the_database_alone(session: Session, settings: Settings) -> None:
    submission = builders.a_submission(session, status=SubmissionStatus.PLANNED)
    link = operations.invite(session, submission, settings=settings, by="user:e", at=NOW)
    invitation = invitation_of(session, submission.id)
    assert invitation is not None
    other_secret = settings.model_copy(update={"secret_key": type(settings.secret_key)("1" * 64)})

    assert link_of(invitation, settings=settings) == link
    assert link_of(invitation, settings=other_secret) is None
