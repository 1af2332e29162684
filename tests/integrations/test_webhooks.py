"""Messages to registered addresses: what is told, how it is signed, and what happens when nobody takes it."""

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from sqlmodel import Session, select

from service.audit.models import AuditEvent
from service.audit.operations import record
from service.database import Database
from service.errors import ConflictError, InvalidInputError
from service.integrations import messages, webhooks
from service.integrations.models import MessageState, WebhookMessage
from service.integrations.webhooks import WebhookEvent
from service.jobs.models import Job
from service.keys import load_secret
from service.settings import Settings
from tests import builders
from tests.builders import NOW
from tests.conftest import MovableClock, RunJobs


class Receiver(HTTPServer):
    """A system of the maker that keeps what it gets."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Taking)
        self.got: list[tuple[bytes, str]] = []
        self.status = 204

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hooks"


class Taking(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.got.append((body, self.headers["AnodePrint-Signature"]))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *words: object) -> None:
        """Say nothing."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    server = Receiver()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"exchange_allow_private_addresses": True})


def register(session: Session, url: str, settings: Settings, *events: WebhookEvent) -> str:
    secret = load_secret(settings)
    return webhooks.add_webhook(session, name="ERP", url=url, events=events, secret=secret, allow_private=True, by="user:1", at=NOW)


def accept_something(database: Database, clock: MovableClock) -> None:
    with database.writing() as session:
        submission = builders.a_submission(session)
        record(session, "submission_accepted", of=submission, by="user:1", at=clock(), number=submission.number, secret="x")


def states(database: Database) -> list[tuple[MessageState, int]]:
    with database.reading() as session:
        return [(state, attempts) for state, attempts in session.exec(select(WebhookMessage.state, WebhookMessage.attempts))]


def test_an_event_is_told_once_signed_and_says_no_more_than_what_and_which(
    database: Database, settings: Settings, clock: MovableClock, run_jobs: RunJobs, receiver: Receiver
) -> None:
    with database.writing() as session:
        secret = register(session, receiver.url, settings, WebhookEvent.SUBMISSION_ACCEPTED)
    accept_something(database, clock)

    run_jobs()

    [(body, signature)] = receiver.got
    told = json.loads(body)
    assert (told["event"], told["object"]["type"]) == ("submission.accepted", "submission")
    assert set(told["object"]) == {"type", "id", "number"}
    seconds, _, digest = signature.removeprefix("t=").partition(",v1=")
    expected = hmac.new(secret.encode(), seconds.encode() + b"." + body, hashlib.sha256).hexdigest()
    assert hmac.compare_digest(digest, expected)
    assert states(database) == [(MessageState.DELIVERED, 1)]


def test_without_a_listener_nothing_is_asked_for(database: Database, settings: Settings, clock: MovableClock) -> None:
    with database.writing() as session:
        register(session, "http://127.0.0.1:1/hooks", settings, WebhookEvent.CERTIFICATE_ISSUED)
    accept_something(database, clock)

    with database.reading() as session:
        assert session.exec(select(Job)).all() == []


def test_a_rolled_back_event_is_not_told(database: Database, settings: Settings, clock: MovableClock) -> None:
    with database.writing() as session:
        register(session, "http://127.0.0.1:1/hooks", settings, WebhookEvent.SUBMISSION_ACCEPTED)

    def fail() -> None:
        with database.writing() as session:
            record(session, "submission_accepted", of=builders.a_submission(session), by="user:1", at=clock())
            session.flush()
            raise InterruptedError

    with pytest.raises(InterruptedError):
        fail()

    with database.reading() as session:
        assert session.exec(select(Job)).all() == []


def test_what_nobody_takes_is_tried_for_72_hours_then_waits_for_a_person(
    database: Database, settings: Settings, clock: MovableClock, run_jobs: RunJobs, receiver: Receiver
) -> None:
    with database.writing() as session:
        register(session, receiver.url, settings, WebhookEvent.SUBMISSION_ACCEPTED)
    receiver.status = 500
    accept_something(database, clock)
    for _ in range(40):
        run_jobs()
        clock.move(timedelta(hours=3))

    [(state, attempts)] = states(database)
    assert (state, len(receiver.got)) == (MessageState.DEAD, attempts)
    assert len({body for body, _ in receiver.got}) == 1  # the same message every time
    receiver.status = 200
    with database.writing() as session:
        [message] = session.exec(select(WebhookMessage)).all()
        assert message.problem
        assert "500" in message.problem
        messages.send_again(session, message, by="user:2", at=clock())
        with pytest.raises(ConflictError):
            messages.send_again(session, message, by="user:2", at=clock())
    run_jobs()

    assert states(database) == [(MessageState.DELIVERED, 1)]
    with database.reading() as session:
        actions = session.exec(select(AuditEvent.action).where(AuditEvent.object_type == "webhookmessage")).all()
    assert actions == ["webhook_message_given_up", "webhook_message_sent_again"]


@pytest.mark.parametrize("url", ["http://erp.example/hooks", "https://127.0.0.1/hooks", "ftp://erp.example", "nonsense"])
def test_an_address_that_must_not_be_asked_is_not_registered(session: Session, settings: Settings, url: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        webhooks.add_webhook(
            session,
            name="ERP",
            url=url,
            events=[WebhookEvent.TEST],
            secret=load_secret(settings),
            allow_private=False,
            by="user:1",
            at=NOW,
        )

    assert set(refused.value.fields) == {"url"}


def test_a_webhook_that_is_off_hears_nothing(database: Database, settings: Settings, clock: MovableClock) -> None:
    with database.writing() as session:
        register(session, "http://127.0.0.1:1/hooks", settings, WebhookEvent.SUBMISSION_ACCEPTED)
        [webhook] = webhooks.all_webhooks(session)
        webhooks.set_active(session, webhook.id, active=False, by="user:1", at=NOW)
    accept_something(database, clock)

    assert states(database) == []
