"""The real server: over TLS and not without, and killed in the midst of events."""

import json
import random
import shutil
import signal
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import select

from service.database import Database, open_database
from service.exchange.models import ReceivedEvent
from service.jobs.models import Job
from tests.exchange.server import EVENTS, SECRET, a_declared, a_partner, a_request, basic
from tests.exchange.serving import Server, ask, make_certificate, run, serving

CLIENT = "cell-maker"
KEY = "0" * 64


@pytest.fixture(scope="module")
def deployment(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two declared footprints and a partner that the command registered."""
    folder = tmp_path_factory.mktemp("deployment")
    shutil.copy(sqlite_template, folder / "anodeprint.db")
    database = opened(folder)
    with database.writing() as session:
        a_declared(session)
        a_declared(session)
    database.close()
    arguments = (
        "--name",
        "Cell maker",
        "--base-url",
        "https://pact.cell.example",
        "--client-id",
        CLIENT,
        "--client-secret",
        SECRET,
    )
    added = run(folder, "exchange", "partner", "add", *arguments, "--share-all-released")
    assert added.returncode == 0, added.stderr
    return folder


@pytest.fixture(scope="module")
def secured(deployment: Path) -> Iterator[tuple[Server, ssl.SSLContext]]:
    certificate, key = make_certificate(deployment)
    trusting = ssl.create_default_context(cafile=str(certificate))
    with serving(deployment, "--tls-cert", str(certificate), "--tls-key", str(key), context=trusting) as server:
        yield server, trusting


def opened(folder: Path) -> Database:
    return open_database(f"sqlite:///{folder / 'anodeprint.db'}")


def a_token(port: int, context: ssl.SSLContext | None) -> str:
    form = b"grant_type=client_credentials"
    kind = "application/x-www-form-urlencoded"
    status, _, body = ask(
        port, "POST", "/auth/token", context=context, body=form, authorization=basic(CLIENT, SECRET), content_type=kind
    )
    assert status == 200, body
    token: str = json.loads(body)["access_token"]
    return token


def test_a_client_that_trusts_the_certificate_lists_gets_and_sends(secured: tuple[Server, ssl.SSLContext]) -> None:
    (server, context), bearer = secured, f"Bearer {a_token(secured[0].port, secured[1])}"

    _, headers, body = ask(server.port, "GET", "/3/footprints?limit=1", context=context, authorization=bearer)
    (footprint,) = json.loads(body)["data"]
    assert headers["link"].startswith(f"<https://127.0.0.1:{server.port}/3/footprints?")
    path = headers["link"].split(">")[0].removeprefix(f"<https://127.0.0.1:{server.port}")
    _, headers, body = ask(server.port, "GET", path, context=context, authorization=bearer)
    assert "link" not in headers
    assert json.loads(body)["data"][0]["id"] != footprint["id"]

    status, _, body = ask(server.port, "GET", f"/3/footprints/{footprint['id']}", context=context, authorization=bearer)
    assert (status, json.loads(body)["data"]) == (200, footprint)

    event = json.dumps(a_request()).encode()
    status, _, body = ask(server.port, "POST", "/3/events", context=context, body=event, authorization=bearer, content_type=EVENTS)
    assert (status, body) == (200, b"")


def test_discovery_names_the_address_that_is_served(secured: tuple[Server, ssl.SSLContext]) -> None:
    server, context = secured
    _, _, body = ask(server.port, "GET", "/.well-known/openid-configuration", context=context)

    assert json.loads(body)["token_endpoint"] == f"https://127.0.0.1:{server.port}/auth/token"


def test_plain_http_to_the_port_of_tls_gets_no_answer(secured: tuple[Server, ssl.SSLContext]) -> None:
    with pytest.raises((OSError, ValueError)):
        ask(secured[0].port, "GET", "/3/footprints")


def test_a_client_that_does_not_trust_the_certificate_sends_nothing(secured: tuple[Server, ssl.SSLContext]) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        ask(secured[0].port, "GET", "/3/footprints", context=ssl.create_default_context())


def test_what_was_acknowledged_is_there_after_a_kill(sqlite_template: Path, tmp_path: Path) -> None:
    assert _acknowledged_and_kept(sqlite_template, tmp_path, kills=1, drawn=random.Random(1)) >= 5


@pytest.mark.long
def test_what_was_acknowledged_is_there_after_many_kills(sqlite_template: Path, tmp_path: Path) -> None:
    assert _acknowledged_and_kept(sqlite_template, tmp_path, kills=15, drawn=random.Random(2)) >= 75


def _acknowledged_and_kept(template: Path, folder: Path, *, kills: int, drawn: random.Random) -> int:
    """Kill the server again and again while events arrive; compare what it acknowledged with what it has; return how many."""
    shutil.copy(template, folder / "anodeprint.db")
    database = opened(folder)
    with database.writing() as session:
        a_partner(session, client_id=CLIENT, deployment_secret=KEY.encode())
    acknowledged: list[str] = []
    for _ in range(kills):
        with serving(folder, ANODEPRINT_ENV="test", ANODEPRINT_JOBS_IN_WEB_PROCESS="false", ANODEPRINT_SECRET_KEY=KEY) as server:
            _send_until_killed(server, acknowledged, after=5 + drawn.randrange(5))
    with database.reading() as session:
        kept = [received.event_id for received in session.exec(select(ReceivedEvent))]
        handled = [job.key for job in session.exec(select(Job).where(Job.name == "handle_event"))]
    database.close()
    assert len(kept) == len(set(kept)) == len(set(handled)) == len(handled)
    assert set(acknowledged) <= set(kept)
    return len(acknowledged)


def _send_until_killed(server: Server, acknowledged: list[str], *, after: int) -> None:
    """Send events one after the other, and kill the server while one of them is on its way."""
    token = a_token(server.port, None)
    enough = threading.Event()

    def send() -> None:
        count = 0
        while True:
            event = a_request()
            body = json.dumps(event).encode()
            try:
                status, _, _ = ask(
                    server.port, "POST", "/3/events", body=body, authorization=f"Bearer {token}", content_type=EVENTS
                )
            except (OSError, ValueError):
                return
            assert status == 200
            acknowledged.append(event["id"])
            count += 1
            if count == after:
                enough.set()

    sender = threading.Thread(target=send)
    sender.start()
    assert enough.wait(60)
    server.process.send_signal(signal.SIGKILL)
    sender.join()
