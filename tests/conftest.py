"""Fixtures shared by all tests: a fresh database each, a fixed clock, an application on it, a signed-in browser."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlmodel import Session, SQLModel
from starlette.testclient import TestClient

from service.accounts.access import session_cookie
from service.accounts.models import LoginSession, Role, User
from service.accounts.tokens import csrf_token, hash_token
from service.database import Database, open_database
from service.main import create_app
from service.settings import Settings
from tests import builders

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


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "anodeprint.db"
    database = open_database(f"sqlite:///{path}")
    with database.writing() as session:
        SQLModel.metadata.create_all(session.connection())
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA query_only=OFF")
    database.close()
    return path


@pytest.fixture
def sqlite_database(sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    path = tmp_path / "anodeprint.db"
    shutil.copy(sqlite_template, path)
    database = open_database(f"sqlite:///{path}")
    yield database
    database.close()


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    return sqlite_database


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
