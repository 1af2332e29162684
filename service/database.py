"""The one place that opens and ends transactions, on SQLite and PostgreSQL alike."""

import fcntl
import os
import secrets
import threading
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic_core import from_json
from sqlalchemy import Connection, DateTime, Dialect, Engine, Enum, Executable, Result, create_engine, event, make_url
from sqlalchemy.exc import IntegrityError
from sqlalchemy.types import TypeDecorator
from sqlmodel import Session, SQLModel

# Constraint names must be the same on every engine, so that migrations can name them.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant, stored in UTC; SQLite forgets time zones, so the type remembers."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive datetime, convert others to UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = f"naive datetime {value!r}: give it a time zone"
            raise ValueError(message)
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return an aware instant in UTC."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def text_enum(kind: type[StrEnum]) -> Any:  # noqa: ANN401 - SQLModel declares a type where SQLAlchemy takes an instance too
    """Return the column type of an enum: its values as text, the same on every engine, so that a new value is no schema change."""
    return Enum(kind, native_enum=False, length=20, values_callable=lambda members: [member.value for member in members])


def new_id() -> uuid.UUID:
    """Return a UUID of version 7 (RFC 9562): sorts by time, unguessable in its 74 random bits, never the only guard."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds << 80) | (7 << 76) | (secrets.randbits(12) << 64) | (2 << 62) | secrets.randbits(62)
    return uuid.UUID(int=value)


class WriterLock:
    """A fair lock in front of SQLite's own: a queue in the kernel across processes, a lock across threads.

    SQLite's busy handler sleeps with growing pauses, so a loser can starve. The kernel drops the file lock when a process dies.
    """

    def __init__(self, path: Path) -> None:
        self._threads = threading.Lock()
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the lock for the length of the block."""
        with self._threads:
            fcntl.flock(self._file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.flock(self._file, fcntl.LOCK_UN)

    def close(self) -> None:
        """Give the file handle back."""
        os.close(self._file)


@dataclass(frozen=True, kw_only=True)  # no slots: the two views of the engine are kept in the instance
class Database:
    """An engine and, for SQLite, its writers' queue."""

    engine: Engine
    writer_lock: WriterLock | None

    @cached_property
    def _readers(self) -> Engine:
        return self.engine.execution_options(postgresql_readonly=True)

    @cached_property
    def _writers(self) -> Engine:
        return self.engine.execution_options(anodeprint_writes=True)

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the embedded engine."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a transaction in which the database refuses writes."""
        with Session(self._readers) as session, session.begin():
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Open a writing transaction; commit at the end of the block, roll back when it raises."""
        queue: AbstractContextManager[None] = self.writer_lock.held() if self.writer_lock else nullcontext()
        with queue, Session(self._writers, expire_on_commit=False) as session, session.begin():
            yield session

    def transaction(self, *, write: bool) -> AbstractContextManager[Session]:
        """Open a writing or a read-only transaction."""
        return self.writing() if write else self.reading()

    def close(self) -> None:
        """Give connections and file handles back."""
        self.engine.dispose()
        if self.writer_lock:
            self.writer_lock.close()


def flush_unless_taken(session: Session, refusal: Exception) -> None:
    """Write what waits, so that what a unique index finds taken is raised as this refusal here, not as a failed commit later."""
    try:
        session.flush()
    except IntegrityError as error:
        raise refusal from error


def read_columns(session: Session, statement: Executable, parameters: Mapping[str, Any] | None = None) -> Result[Any]:
    """Run a SELECT of columns past the session's bookkeeping for objects, which costs more than the query itself.

    A statement kept at module level, with `bindparam` for its values, is also compiled but once.
    """
    session.flush()  # as the session itself does before it asks
    return session.connection().execute(statement, parameters)


def open_database(url: str) -> Database:
    """Open the database that a URL names; a missing folder of an SQLite file is made."""
    if make_url(url).get_backend_name() == "sqlite":
        return _open_sqlite(url)
    engine = create_engine(
        url, pool_size=10, max_overflow=10, pool_pre_ping=True, hide_parameters=True, json_deserializer=from_json
    )
    return Database(engine=engine, writer_lock=None)


def _open_sqlite(url: str) -> Database:
    path = Path(make_url(url).database or "")
    path.parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url,
        hide_parameters=True,
        pool_size=10,
        max_overflow=20,
        connect_args={"check_same_thread": False},
        json_deserializer=from_json,
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return Database(engine=engine, writer_lock=WriterLock(path.with_name(path.name + ".lock")))


def _prepare_sqlite(connection: Any, record: object) -> None:  # noqa: ANN401 - the driver's connection is untyped here
    del record
    connection.isolation_level = None  # we begin transactions ourselves: a writer needs BEGIN IMMEDIATE
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    options: Mapping[str, Any] = connection.get_execution_options()
    writes = bool(options.get("anodeprint_writes"))
    if connection.info.get("writes") is not writes:  # a connection of the pool keeps what it was last used for
        connection.exec_driver_sql(f"PRAGMA query_only={'OFF' if writes else 'ON'}")
        connection.info["writes"] = writes
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
