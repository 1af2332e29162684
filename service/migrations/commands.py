"""Brings the database to the shape that the service needs, and back."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection

from service.database import Database
from service.migrations import HEAD, SchemaError, find_revision

FOLDER = Path(__file__).parent


def upgrade(database: Database, *, to: str = "head") -> None:
    """Apply every migration that the database lacks, in one transaction."""
    with _migrating(database) as config, _explained(database):
        command.upgrade(config, to)


def downgrade(database: Database, *, to: str = "-1") -> None:
    """Take back the last migration, or all down to the one given (`base`: all)."""
    with _migrating(database) as config, _explained(database):
        command.downgrade(config, to)


def generate(database: Database, *, message: str, revision_id: str) -> Path:
    """Write a new migration with the differences between the tables and a database that is up to date."""
    with _migrating(database) as config:
        script: Any = command.revision(config, message=message, autogenerate=True, rev_id=revision_id)
    return Path(script.path)


def keep_copy(database: Database, *, at: datetime) -> Path | None:
    """Copy an SQLite database that is about to be migrated beside itself; None if there is nothing to lose."""
    revision = find_revision(database)
    if not database.is_sqlite or revision in {None, HEAD}:
        return None
    original = Path(database.engine.url.database or "")
    copy = original.with_name(f"{original.stem}-before-{HEAD}-{at:%Y%m%dT%H%M%SZ}.db")
    with database.engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        driver.execute("PRAGMA query_only=OFF")
        driver.execute("VACUUM INTO ?", (str(copy),))
    return copy


def configuration(connection: Connection) -> Config:
    """Return Alembic's configuration for an open connection."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("path_separator", "os")
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config


@contextmanager
def _explained(database: Database) -> Iterator[None]:
    try:
        yield
    except CommandError as error:
        found = find_revision(database)
        raise SchemaError(f"can't migrate from revision {found}: {error}; this version knows up to {HEAD}") from error


@contextmanager
def _migrating(database: Database) -> Iterator[Config]:
    """Open the one transaction of a migration; SQLite's foreign keys rest, because changing a table there replaces it."""
    queue = database.writer_lock.held() if database.writer_lock else nullcontext()
    engine = database.engine.execution_options(anodeprint_writes=True)
    with queue, engine.connect() as connection, _foreign_keys_resting(connection), connection.begin():
        yield configuration(connection)
        _check_foreign_keys(connection)


@contextmanager
def _foreign_keys_resting(connection: Connection) -> Iterator[None]:
    if connection.dialect.name != "sqlite":
        yield
        return
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA foreign_keys=OFF")  # works outside of a transaction only
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys=ON")


def _check_foreign_keys(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise SchemaError(f"the migration would leave {len(broken)} rows that point to nothing; nothing was changed")
