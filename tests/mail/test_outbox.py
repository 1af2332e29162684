"""The outbox against a real mail server on this machine."""

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from sqlmodel import Session, select

from service.database import Database
from service.errors import InvalidInputError
from service.jobs.embedded import run_one
from service.jobs.models import Job, JobState
from service.jobs.performing import Bench
from service.jobs.rules import MAX_ATTEMPTS
from service.mail.models import MailMessage, MailState
from service.mail.operations import queue
from service.settings import Settings
from service.tasks import TASKS
from tests.conftest import NOW, MovableClock
from tests.mail.servers import Received, mail_server
from tests.ports import free_port


@pytest.fixture
def received() -> Received:
    return Received()


@pytest.fixture
def smtp(received: Received) -> Iterator[Controller]:
    with mail_server(received) as controller:
        yield controller


@pytest.fixture
def bench(smtp: Controller, sqlite_database: Database, settings: Settings, clock: MovableClock) -> Bench:
    configured = settings.model_copy(update={"smtp_host": "127.0.0.1", "smtp_port": smtp.port, "smtp_starttls": False})
    return Bench(database=sqlite_database, settings=configured, clock=clock, tasks=TASKS)


def put(database: Database, **values: str) -> None:
    with database.writing() as session:
        letter = {
            "to": "wang@supplier.example",
            "subject": "请填写碳足迹数据",
            "body": "王工，您好：\nhttps://x.example/r/1\n",
        }
        queue(session, **(letter | values), about="submission:1", at=NOW)


def only_message(database: Database) -> MailMessage:
    with database.reading() as session:
        message = session.exec(select(MailMessage)).one()
        session.expunge(message)
        return message


def test_a_queued_message_arrives_as_written(bench: Bench, received: Received) -> None:
    put(bench.database)

    assert run_one(bench, holder="a") is JobState.DONE
    [letter] = received.letters
    assert letter["to"] == "wang@supplier.example"
    assert letter["from"] == "no-reply@sample.example"
    assert letter["subject"] == "请填写碳足迹数据"
    assert letter.get_content().splitlines() == ["王工，您好：", "https://x.example/r/1"]
    message = only_message(bench.database)
    assert (message.state, message.sent_at) == (MailState.SENT, NOW)


def test_a_message_of_a_rolled_back_change_is_never_sent(bench: Bench, received: Received) -> None:
    def change(session: Session) -> None:
        queue(session, to="a@b.example", subject="s", body="b", about="user:1", at=NOW)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), bench.database.writing() as session:
        change(session)

    assert run_one(bench, holder="a") is None
    assert received.letters == []


def test_a_line_break_in_a_subject_adds_no_header(bench: Bench, received: Received) -> None:
    put(bench.database, subject="Hello\r\nBcc: spy@evil.example\r\n\r\nbody")

    run_one(bench, holder="a")

    [letter] = received.letters
    assert letter["bcc"] is None
    assert letter["subject"] == "Hello Bcc: spy@evil.example body"


@pytest.mark.parametrize(
    "address", ["", "nobody", "a@b", "a@b.example\nBcc: c@d.example", "a@b.example,c@d.example", "<a@b.example>", "@b.example"]
)
def test_what_is_no_single_address_is_refused_with_the_fix(database: Database, address: str) -> None:
    with database.writing() as session, pytest.raises(InvalidInputError) as caught:
        queue(session, to=address, subject="s", body="b", about="user:1", at=NOW)

    assert "write one like name@company.com" in str(caught.value.fields["to"])


def test_without_a_mail_server_the_message_stays_to_be_copied(
    sqlite_database: Database, settings: Settings, clock: MovableClock
) -> None:
    put(sqlite_database)

    state = run_one(Bench(database=sqlite_database, settings=settings, clock=clock, tasks=TASKS), holder="a")

    assert state is JobState.DONE
    assert only_message(sqlite_database).state is MailState.NOT_CONFIGURED


def test_a_busy_server_is_tried_again(bench: Bench, received: Received, clock: MovableClock) -> None:
    received.answers.append("451 try later")
    put(bench.database)

    assert run_one(bench, holder="a") is JobState.WAITING
    waiting = only_message(bench.database)
    assert waiting.state is MailState.WAITING
    assert "try later" in str(waiting.last_error)

    clock.move(timedelta(seconds=5))
    assert run_one(bench, holder="a") is JobState.DONE
    sent = only_message(bench.database)
    assert (sent.state, sent.last_error, len(received.letters)) == (MailState.SENT, None, 1)


def test_a_server_that_refuses_for_good_is_not_asked_again(bench: Bench, received: Received) -> None:
    received.answers.append("550 no such mailbox")
    put(bench.database)

    assert run_one(bench, holder="a") is JobState.FAILED
    message = only_message(bench.database)
    assert message.state is MailState.FAILED
    assert "no such mailbox" in str(message.last_error)


def reports(database: Database) -> list[dict[str, str]]:
    with database.reading() as session:
        return [job.payload for job in session.exec(select(Job).where(Job.name == "note_invitation_mail"))]


def test_a_task_hears_that_its_message_was_taken_but_not_of_other_messages(bench: Bench) -> None:
    put(bench.database, reports_to="note_invitation_mail")
    run_one(bench, holder="a")
    message = only_message(bench.database)
    put(bench.database)
    run_one(bench, holder="a")

    assert reports(bench.database) == [{"message_id": str(message.id), "outcome": "delivered"}]


def test_a_task_hears_that_a_recipient_is_refused_for_good(bench: Bench, received: Received) -> None:
    received.refused["wang@supplier.example"] = "550 5.1.1 no such user here"
    put(bench.database, reports_to="note_invitation_mail")

    assert run_one(bench, holder="a") is JobState.FAILED
    message = only_message(bench.database)
    assert message.last_error == "550 5.1.1 no such user here"
    assert reports(bench.database) == [{"message_id": str(message.id), "outcome": "refused"}]


def test_a_refusal_that_is_not_about_the_address_is_no_bounce(bench: Bench, received: Received) -> None:
    received.answers.append("554 5.7.1 looks like spam")
    put(bench.database, reports_to="note_invitation_mail")

    assert run_one(bench, holder="a") is JobState.FAILED
    assert reports(bench.database) == []


def test_a_recipient_refused_for_now_is_tried_again_without_a_report(bench: Bench, received: Received, clock: MovableClock) -> None:
    received.refused["wang@supplier.example"] = "451 4.7.1 greylisted"
    put(bench.database, reports_to="note_invitation_mail")

    assert run_one(bench, holder="a") is JobState.WAITING
    assert reports(bench.database) == []
    received.refused.clear()
    clock.move(timedelta(seconds=5))
    run_one(bench, holder="a")
    assert [report["outcome"] for report in reports(bench.database)] == ["delivered"]


def test_a_server_that_is_away_is_tried_again_until_the_last_attempt(
    sqlite_database: Database, settings: Settings, clock: MovableClock
) -> None:
    away = settings.model_copy(update={"smtp_host": "127.0.0.1", "smtp_port": free_port()})
    bench = Bench(database=sqlite_database, settings=away, clock=clock, tasks=TASKS)
    put(sqlite_database)

    assert run_one(bench, holder="a") is JobState.WAITING
    assert only_message(sqlite_database).state is MailState.WAITING

    states = []
    for _ in range(MAX_ATTEMPTS - 1):
        clock.move(timedelta(hours=1))
        states.append(run_one(bench, holder="a"))
    assert states[-1] is JobState.FAILED
    assert only_message(sqlite_database).state is MailState.FAILED


def test_a_repeated_attempt_carries_the_same_message_id(bench: Bench, received: Received) -> None:
    put(bench.database)
    run_one(bench, holder="a")
    with bench.database.writing() as session:
        job = session.exec(select(Job)).one()
        job.state, job.attempts = JobState.WAITING, 0

    run_one(bench, holder="a")

    first, second = received.letters
    assert first["message-id"] == second["message-id"]


def a_certificate(folder: Path) -> tuple[Path, Path]:
    """Return key and self-signed certificate for 127.0.0.1."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    key_file, certificate_file = folder / "key.pem", folder / "certificate.pem"
    plain = serialization.NoEncryption()
    key_file.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, plain))
    certificate_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return key_file, certificate_file


def test_a_password_is_never_sent_to_a_server_whose_certificate_is_unknown(
    sqlite_database: Database, settings: Settings, clock: MovableClock, received: Received, tmp_path: Path
) -> None:
    key_file, certificate_file = a_certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate_file, key_file)
    seen: list[object] = []

    def authenticate(*arguments: object) -> AuthResult:
        seen.append(arguments)
        return AuthResult(success=True)

    server = Controller(
        received, hostname="127.0.0.1", port=free_port(), tls_context=context, require_starttls=True, authenticator=authenticate
    )
    server.start()
    configured = settings.model_copy(
        update={"smtp_host": "127.0.0.1", "smtp_port": server.port, "smtp_user": "u", "smtp_starttls": True}
    )
    put(sqlite_database)

    state = run_one(Bench(database=sqlite_database, settings=configured, clock=clock, tasks=TASKS), holder="a")
    server.stop()

    assert state is JobState.WAITING
    assert "CERTIFICATE_VERIFY_FAILED" in str(only_message(sqlite_database).last_error)
    assert (seen, received.letters) == ([], [])
