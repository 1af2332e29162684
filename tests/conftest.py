"""Fixtures shared by all tests: a fresh database each, a fixed clock, an application on it, a signed-in browser."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import structlog
from fastapi import FastAPI
from hypothesis import HealthCheck
from hypothesis import settings as examples
from sqlmodel import Session
from starlette.testclient import TestClient

from service.accounts.access import session_cookie
from service.accounts.models import LoginSession, Role, User
from service.accounts.tokens import csrf_token, hash_token
from service.database import Database
from service.jobs.embedded import run_one
from service.jobs.performing import Bench
from service.settings import Settings
from service.tasks import TASKS
from tests import builders
from tests.databases import PostgresTemplate, make_sqlite_template, postgres_template, sqlite_copy

# How fast examples come says something about the machine, nothing about the code.
examples.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
examples.load_profile("untimed")

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


class MovableClock:
    """A clock that stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def move(self, step: timedelta) -> None:
        """Move the clock on (or back)."""
        self.now += step


@pytest.fixture(autouse=True, scope="session")
def plain_logs() -> None:
    """Write the service's log lines as JSON, so that a failing test shows them in one line each."""
    structlog.configure(processors=[structlog.processors.format_exc_info, structlog.processors.JSONRenderer()])


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_sqlite_template(tmp_path_factory.mktemp("template"))


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresTemplate]:
    """A running PostgreSQL server; started only if a test needs it."""
    with postgres_template() as template:
        yield template


@pytest.fixture
def sqlite_database(sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    with sqlite_copy(sqlite_template, tmp_path) as database:
        yield database


@pytest.fixture
def postgres_database(postgres: PostgresTemplate) -> Iterator[Database]:
    with postgres.copy() as database:
        yield database


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test of the data layer on both engines; the application of the other tests stands on SQLite."""
    if "database" in metafunc.fixturenames and "app" not in metafunc.fixturenames:
        metafunc.parametrize("engine_name", ["sqlite", "postgresql"])


@pytest.fixture
def engine_name() -> str:
    return "sqlite"


@pytest.fixture
def database(engine_name: str, request: pytest.FixtureRequest) -> Database:
    """A fresh database; each test that asks for it runs once per engine."""
    fixture = {"sqlite": "sqlite_database", "postgresql": "postgres_database"}[engine_name]
    database: Database = request.getfixturevalue(fixture)
    return database


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A writing transaction on a fresh database; committed at the end of the test."""
    with database.writing() as session:
        yield session


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(env="test", data_dir=tmp_path, secret_key="0" * 64, jobs_in_web_process=False)


@pytest.fixture
def app(settings: Settings, sqlite_database: Database, clock: MovableClock) -> FastAPI:
    from service.main import create_app  # noqa: PLC0415 - a domain's own tests do without the whole application

    return create_app(settings, database=sqlite_database, clock=clock)


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    """A browser that is not signed in; English, follows no redirects."""
    with TestClient(
        app,
        base_url="http://127.0.0.1:8000",
        follow_redirects=False,
        headers={"accept": "text/html", "accept-language": "en"},
    ) as client:
        yield client


SignIn = Callable[..., User]


@pytest.fixture
def sign_in(app: FastAPI, client: TestClient, clock: MovableClock) -> SignIn:
    """Sign the browser in as a new person of the maker with the roles given; returns the person."""

    def sign_in_as(*roles: Role, user: User | None = None) -> User:
        with app.state.database.writing() as session:
            person = user or builders.a_user(session, roles=roles)
            token = f"token-of-{person.id}"
            session.merge(
                LoginSession(
                    token_hash=hash_token(token),
                    user_id=person.id,
                    organisation_id=person.organisation_id,
                    created_at=clock(),
                    last_seen_at=clock(),
                )
            )
        client.cookies.set(session_cookie(app.state.settings), token)
        client.headers["x-test-csrf"] = csrf_token(app.state.secret, token)
        return person

    return sign_in_as


@pytest.fixture
def form(client: TestClient) -> Callable[..., dict[str, str]]:
    """Return form data with the token that this signed-in browser's forms carry."""
    return lambda **values: {"csrf_token": client.headers["x-test-csrf"], **values}


RunJobs = Callable[[], int]


@pytest.fixture
def run_jobs(request: pytest.FixtureRequest, settings: Settings, clock: MovableClock) -> RunJobs:
    """Run every job that is due, one after the other, and return how many attempts were made."""
    of_app = "app" in request.fixturenames
    database: Database = request.getfixturevalue("sqlite_database" if of_app else "database")
    bench = Bench(database=database, settings=settings, clock=clock, tasks=TASKS)

    def run_all() -> int:
        return sum(1 for _ in iter(lambda: run_one(bench, holder="test"), None))

    return run_all
