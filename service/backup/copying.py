"""A consistent copy of the database while it is in use, and its way back, on both engines."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, inspect, make_url, text

from service.backup.archive import BackupError
from service.database import Database, open_database
from service.postgres import NoPostgresError, find_programs

PROCRASTINATE = "procrastinate_"


def copy_database(database: Database, target: Path) -> Mapping[str, int]:
    """Write a copy as of one instant; return its number of rows by table."""
    if database.is_sqlite:
        return _copy_sqlite(database, target)
    return _dump_postgres(database, target)


def count_rows(connection: Connection) -> Mapping[str, int]:
    """Return the number of rows of each table of ours."""
    names = [name for name in sorted(inspect(connection).get_table_names()) if not name.startswith(PROCRASTINATE)]
    preparer = connection.dialect.identifier_preparer
    return {
        name: connection.execute(text(f"SELECT count(*) FROM {preparer.quote(name)}")).scalar_one()  # noqa: S608 - names of our own tables
        for name in names
    }


def restore_dump(url: str, dump: Path) -> None:
    """Replace what is in a PostgreSQL database by a dump, all or nothing."""
    options = ["--clean", "--if-exists", "--no-owner", "--single-transaction", "--exit-on-error"]
    _run_client("pg_restore", url, [*options, f"--dbname={_without_password(url)}", str(dump)])


def _copy_sqlite(database: Database, target: Path) -> Mapping[str, int]:
    with database.engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        driver.execute("PRAGMA query_only=OFF")
        driver.execute("VACUUM INTO ?", (str(target),))
    with _opened_copy(target) as engine, engine.connect() as connection:
        return count_rows(connection)


@contextmanager
def _opened_copy(target: Path) -> Iterator[Engine]:
    copy = open_database(f"sqlite:///{target}")
    try:
        yield copy.engine
    finally:
        copy.close()
        for suffix in ("-wal", "-shm", ".lock"):
            target.with_name(target.name + suffix).unlink(missing_ok=True)


def _dump_postgres(database: Database, target: Path) -> Mapping[str, int]:
    engine = database.engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    url = database.engine.url.render_as_string(hide_password=False)
    with engine.connect() as connection, connection.begin():
        snapshot = connection.execute(text("SELECT pg_export_snapshot()")).scalar_one()
        options = ["--format=custom", f"--snapshot={snapshot}", f"--file={target}", _without_password(url)]
        _run_client("pg_dump", url, options)
        return count_rows(connection)


def _run_client(program: str, url: str, options: Sequence[str]) -> None:
    password = make_url(url).password
    environment = os.environ | ({"PGPASSWORD": password} if password else {})
    command: list[str | Path] = [_newest(program), *options]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - our own words
    if done.returncode != 0:
        raise BackupError(f"{program} failed: {done.stderr.strip()[:500]}")


def _without_password(url: str) -> str:
    """Return the URL for a command line, which other people of the machine can see."""
    return make_url(url).set(drivername="postgresql", password=None).render_as_string(hide_password=False)


def _newest(program: str) -> Path:
    """Return the newest client of the machine: an older one refuses a newer server."""
    found = shutil.which(program)
    candidates = [Path(found)] if found else []
    with suppress(NoPostgresError):
        candidates.append(find_programs() / program)
    existing = [candidate for candidate in candidates if candidate.exists()]
    if not existing:
        raise BackupError(f"{program} is not installed: apt-get install postgresql-client")
    return max(existing, key=_version)


def _version(program: Path) -> tuple[int, ...]:
    done = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)  # noqa: S603 - our own words
    return tuple(int(number) for number in re.findall(r"\d+", done.stdout.rpartition(" ")[2]))
