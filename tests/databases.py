"""Fresh databases on both engines, copied from a template that is made once per test process."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, make_url, text

from service.database import Database, new_id, open_database
from service.migrations.commands import upgrade
from service.postgres import NoPostgresError, temporary_server


def make_sqlite_template(folder: Path) -> Path:
    """Return a file with all tables and no rows."""
    path = folder / "anodeprint.db"
    database = open_database(f"sqlite:///{path}")
    upgrade(database)
    database.close()
    return path


@contextmanager
def sqlite_copy(template: Path, folder: Path) -> Iterator[Database]:
    """Open a copy of the template."""
    path = folder / "anodeprint.db"
    shutil.copy(template, path)
    database = open_database(f"sqlite:///{path}")
    yield database
    database.close()


class PostgresTemplate:
    """A running server with a template database."""

    def __init__(self, server_url: str) -> None:
        self.server_url = server_url
        self._engine: Engine = create_engine(server_url, isolation_level="AUTOCOMMIT")
        with self.empty_database(name="template_full", keep=True) as database:
            upgrade(database)

    @contextmanager
    def empty_database(self, *, name: str | None = None, keep: bool = False) -> Iterator[Database]:
        """Open a new database without tables."""
        with self._created(name or f"t{new_id().hex}", template="template0", keep=keep) as database:
            yield database

    @contextmanager
    def copy(self) -> Iterator[Database]:
        """Open a new database with all tables and no rows."""
        with self._created(f"t{new_id().hex}", template="template_full", keep=False) as database:
            yield database

    @contextmanager
    def _created(self, name: str, *, template: str, keep: bool) -> Iterator[Database]:
        self._run(f"CREATE DATABASE {name} TEMPLATE {template}")
        url = make_url(self.server_url).set(database=name).render_as_string(hide_password=False)
        database = open_database(url)
        yield database
        database.close()
        if not keep:
            self._run(f"DROP DATABASE {name} WITH (FORCE)")

    def _run(self, statement: str) -> None:
        with self._engine.connect() as connection:
            connection.execute(text(statement))

    def close(self) -> None:
        """Give connections back."""
        self._engine.dispose()


@contextmanager
def postgres_template() -> Iterator[PostgresTemplate]:
    """Start a server; where there is none, skip the tests that need it, or fail them on a build machine."""
    try:
        with temporary_server(durable=False) as url:
            template = PostgresTemplate(url)
            yield template
            template.close()
    except NoPostgresError as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"PostgreSQL part not run: {error}")
