"""SQLite forgives what PostgreSQL refuses; here it refuses that too, so that one world shows the faults of both engines."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event, inspect
from sqlmodel import Session


class PostgresWouldRefuseError(Exception):
    """A value that PostgreSQL does not store or compare; a server error there."""


@contextmanager
def as_strict_as_postgresql(engine: Engine) -> Iterator[None]:
    """Refuse parameters with NUL or surrogates, and texts longer than their column, in one database."""

    def check_lengths(session: Session, *_: object) -> None:
        if session.get_bind().engine.url == engine.url:
            _check_lengths(session)

    event.listen(engine, "before_cursor_execute", _check_parameters)
    event.listen(Session, "before_flush", check_lengths)
    yield
    event.remove(Session, "before_flush", check_lengths)
    event.remove(engine, "before_cursor_execute", _check_parameters)


def _check_parameters(*called: Any) -> None:
    _, _, statement, parameters, *_ = called
    for value in _values(parameters):
        if isinstance(value, str) and ("\0" in value or any("\ud800" <= sign <= "\udfff" for sign in value)):
            raise PostgresWouldRefuseError(f"{value[:40]!r} in {statement[:200]}")


def _values(parameters: Any) -> Iterator[object]:
    if isinstance(parameters, dict):
        parameters = list(parameters.values())
    for one in parameters:
        if isinstance(one, list | tuple | dict):
            yield from _values(one)
        else:
            yield one


def _check_lengths(session: Session) -> None:
    for row in [*session.new, *session.dirty]:
        state = inspect(row)
        for column in state.mapper.column_attrs:
            limit = getattr(column.columns[0].type, "length", None)
            added = state.attrs[column.key].history.added
            if limit is not None and added and isinstance(added[0], str) and len(added[0]) > limit:
                raise PostgresWouldRefuseError(f"{len(added[0])} signs in {type(row).__name__}.{column.key}, at most {limit}")
