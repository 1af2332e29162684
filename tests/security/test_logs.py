"""A whole story, faults included, leaves log lines without a password, PIN, token, answer, name or address of mail."""

import io
import re
from collections.abc import Iterator

import pytest
import structlog
from aiosmtpd.controller import Controller
from fastapi import FastAPI
from sqlalchemy import inspect, text
from sqlmodel import select
from starlette.testclient import TestClient

from service import logs
from service.accounts.access import PUBLIC, Context, endpoint
from service.accounts.models import Role, User
from service.accounts.operations import create_user
from service.jobs.embedded import run_one
from service.jobs.performing import Bench
from service.mail.models import MailMessage
from service.tasks import TASKS
from tests import builders
from tests.conftest import NOW, MovableClock
from tests.portal.visits import PIN, answer_everything, enter, invite, send
from tests.ports import free_port

EMAIL, NAME = "canary.person@sample.example", "Canary Person"
PASSWORD, WRONG_PASSWORD, NEW_PASSWORD = "right canary horse staple", "wrong canary horse staple", "newer canary horse staple"
WRONG_PIN = "918273"
ANSWER = "765432.25"
FILE_NAME = "canary-bill.csv"
LINK = re.compile(r"https?://\S+/(?:r|reset|welcome)/(\S+)")


class RefusesEverybody:
    """A mail server that knows nobody, and says whom."""

    async def handle_RCPT(self, server: object, session: object, envelope: object, address: str, options: object) -> str:  # noqa: N802 - the library's name
        del server, session, envelope, options
        return f"550 no such person: {address}"


@pytest.fixture(params=["json", "console"])
def log(app: FastAPI, request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    before = structlog.get_config()
    stream = io.StringIO()
    logs.configure(app.state.settings.model_copy(update={"log_format": request.param}), stream=stream)
    yield stream
    structlog.configure(**before)


@pytest.fixture
def secrets(app: FastAPI, client: TestClient, clock: MovableClock, log: io.StringIO) -> set[str]:
    """Tell the story and return everything in it that is nobody else's business."""
    del log
    client.headers["accept"] = "text/html"
    cookies = {cookie for step in (_sign_in, _reset, _answer) for cookie in step(app, client)}
    _break_something(app, client)
    _send_mails(app, clock)
    typed = {EMAIL, NAME, PASSWORD, WRONG_PASSWORD, NEW_PASSWORD, PIN, WRONG_PIN, ANSWER, FILE_NAME, "Mengtan", "蒙炭"}
    return typed | cookies | _tokens(app) | {recipient for recipient, _ in _mails(app)}


def _sign_in(app: FastAPI, client: TestClient) -> set[str]:
    with app.state.database.writing() as session:
        create_user(
            session,
            organisation=builders.a_maker(session),
            email=EMAIL,
            name=NAME,
            roles=[Role.SALES],
            password=PASSWORD,
            by="system",
            at=NOW,
        )
    assert send(client, "/sign-in", {"email": EMAIL, "password": WRONG_PASSWORD}).status_code == 422
    assert send(client, "/sign-in", {"email": EMAIL, "password": PASSWORD}).status_code == 303
    assert client.get("/console/search", params={"q": "Mengtan"}).status_code == 200
    cookies = set(client.cookies.values())
    send(client, "/account", {}, action="/sign-out")
    return cookies


def _reset(app: FastAPI, client: TestClient) -> set[str]:
    assert send(client, "/reset", {"email": EMAIL}).status_code == 200
    [token] = _tokens(app)
    typed = {"password": NEW_PASSWORD, "repeated": NEW_PASSWORD}
    assert send(client, f"/reset/{token}", {**typed, "repeated": WRONG_PASSWORD}).status_code == 422
    assert send(client, f"/reset/{token}", typed).status_code == 303
    assert client.get(f"/reset/{token}").status_code in {404, 409, 410}
    return set(client.cookies.values())


def _answer(app: FastAPI, client: TestClient) -> set[str]:
    client.cookies.clear()
    invited = invite(app)
    assert enter(client, invited).status_code == 303
    first = set(client.cookies.values())
    client.cookies.clear()
    assert enter(client, invited, WRONG_PIN).status_code == 422
    assert enter(client, invited).status_code == 303
    answer_everything(client, invited)
    typed = {"grid_electricity": ANSWER, "grid_electricity_unit": "kWh"}
    assert send(client, f"{invited.home}/electricity", typed).status_code == 303
    upload = {"csrf_token": _form_token(client, f"{invited.home}/evidence"), "field": ""}
    file = (FILE_NAME, b"canary,1\n", "text/csv")
    assert client.post(f"{invited.home}/evidence", data=upload, files=[("files", file)]).status_code == 303
    return first | set(client.cookies.values())


def _form_token(client: TestClient, page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(page).text)
    assert found is not None
    return found[1]


def _break_something(app: FastAPI, client: TestClient) -> None:
    """Let a statement fail that carries a person's values, as a fault of ours would."""

    @app.get("/broken")
    @endpoint(PUBLIC)
    def broken(context: Context) -> dict[str, str]:
        context.session.exec(select(User).where(text("no_such_column = :email").bindparams(email=EMAIL))).all()
        return {}

    assert client.get("/broken", params={"token": PASSWORD}).status_code == 503
    assert client.post("/api/v1/certificates", content=b'{"x": "' + PASSWORD.encode()).status_code >= 400


def _send_mails(app: FastAPI, clock: MovableClock) -> None:
    controller = Controller(RefusesEverybody(), hostname="127.0.0.1", port=free_port())
    controller.start()
    mail = {"smtp_host": "127.0.0.1", "smtp_port": controller.port, "smtp_starttls": False}
    settings = app.state.settings.model_copy(update=mail)
    bench = Bench(database=app.state.database, settings=settings, clock=clock, tasks=TASKS)
    try:
        while run_one(bench, holder="test") is not None:
            pass
    finally:
        controller.stop()


def _mails(app: FastAPI) -> list[tuple[str, str]]:
    """Return recipients and texts of the outbox."""
    with app.state.database.reading() as session:
        return [(mail.recipient, mail.body) for mail in session.exec(select(MailMessage)).all()]


def _tokens(app: FastAPI) -> set[str]:
    return {found[1] for _, body in _mails(app) for found in LINK.finditer(body)}


def test_the_log_tells_the_story_without_its_secrets(secrets: set[str], log: io.StringIO) -> None:
    lines = log.getvalue().splitlines()

    for event in ("request", "sign_in_refused", "job_attempt_failed", "database_out_of_reach"):
        assert event in log.getvalue()
    assert len(secrets) > 15
    assert [(secret, line[:2000]) for line in lines for secret in secrets if secret in line] == []


@pytest.mark.parametrize("log", ["json"], indirect=True)
def test_secrets_lie_in_the_database_as_hashes_only(app: FastAPI, secrets: set[str]) -> None:
    given = {EMAIL, NAME, ANSWER, FILE_NAME, "Mengtan", "蒙炭"} | {recipient for recipient, _ in _mails(app)}
    tokens = secrets - given
    with app.state.database.reading() as session:
        connection = session.connection()
        tables = [table for table in inspect(connection).get_table_names() if table != "mail_message"]
        rows = [(table, repr(row)) for table in tables for row in connection.execute(text(f'SELECT * FROM "{table}"'))]  # noqa: S608 - names of tables

    assert len(tokens) > 8
    assert [(table, token) for table, row in rows for token in tokens if token in row] == []
