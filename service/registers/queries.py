"""Reading the rows of a light register."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, func
from sqlmodel import Session, SQLModel, select

from service.errors import NotFoundError

Row = TypeVar("Row", bound=SQLModel)


def get_row(session: Session, table: type[Row], row_id: uuid.UUID) -> Row:
    """Return one row."""
    row = session.get(table, row_id)
    if row is None:
        raise NotFoundError
    return row


def find_rows(
    session: Session, table: type[Row], *, where: Sequence[ColumnElement[bool]], order: Sequence[str], offset: int, limit: int
) -> Sequence[Row]:
    """Return some rows.

    Parameters
    ----------
    order
        Names of columns; one with a minus in front sorts downwards. Rows that are alike in all of them stand by their id.

    """
    query = select(table).where(*where).order_by(*(_direction(table, name) for name in (*order, "id")))
    return session.exec(query.offset(offset).limit(limit)).all()


def count_rows(session: Session, table: type[SQLModel], *, where: Sequence[ColumnElement[bool]]) -> int:
    """Return how many rows there are."""
    counted: Select[Any] = select(func.count()).select_from(table).where(*where)
    return int(session.execute(counted).scalar_one())


def conditions(
    table: type[SQLModel], *, equal: Mapping[str, object], contained: Mapping[str, str]
) -> Sequence[ColumnElement[bool]]:
    """Return what rows must fulfil: columns that equal a value, and columns that contain a text in any case."""
    same = [getattr(table, name) == value for name, value in equal.items()]
    return [*same, *(getattr(table, name).icontains(text, autoescape=True) for name, text in contained.items())]


def _direction(table: type[SQLModel], name: str) -> ColumnElement[Any]:
    column: ColumnElement[Any] = getattr(table, name.removeprefix("-"))
    return column.desc() if name.startswith("-") else column.asc()
