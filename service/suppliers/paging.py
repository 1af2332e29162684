"""Long lists by keyset: a page starts beside a row, not at a number, so that it stays right while rows come and go."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, func, tuple_
from sqlmodel import Session

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[Row]):
    """Some rows of a longer list.

    Attributes
    ----------
    first
        Position of the first row in the whole list, from 1; 0 if there is none.
    has_previous, has_next
        Whether rows lie before or after these.

    """

    rows: Sequence[Row]
    first: int
    total: int
    has_previous: bool
    has_next: bool

    @property
    def last(self) -> int:
        """Position of the last row in the whole list."""
        return self.first + len(self.rows) - 1 if self.rows else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """Where a page starts.

    Attributes
    ----------
    place
        Sort key of the neighbouring row, one value per column of the order.
    backwards
        Whether the page lies before that row instead of after it.

    """

    place: tuple[Any, ...]
    backwards: bool = False


def read_page(
    session: Session,
    statement: Select[Any],
    *,
    order: Sequence[Any],
    make: Callable[..., Row],
    cursor: Cursor | None,
    limit: int,
    descending: bool = False,
) -> Page[Row]:
    """Read one page of a statement.

    Parameters
    ----------
    order
        Columns that sort the list; together unique.
    make
        Builds a row from the statement's columns by name.

    """
    backwards = cursor is not None and cursor.backwards
    key, descends = tuple_(*order), descending != backwards
    page = statement.order_by(*(column.desc() if descends else column.asc() for column in order)).limit(limit + 1)
    if cursor is not None:
        page = page.where(key < tuple_(*cursor.place) if descends else key > tuple_(*cursor.place))
    found = session.execute(page.add_columns(*(column.label(f"key_{n}") for n, column in enumerate(order)))).all()
    has_more, found = len(found) > limit, found[:limit]
    if backwards:
        found = found[::-1]
    names, width = statement.selected_columns.keys(), len(order)
    total = _count(session, statement)
    first = 0
    if found:
        place = tuple_(*found[0][-width:])
        first = 1 + _count(session, statement.where(key > place if descending else key < place))
    return Page(
        rows=[make(**dict(zip(names, row, strict=False))) for row in found],
        first=first,
        total=total,
        has_previous=has_more if backwards else cursor is not None,
        has_next=True if backwards else has_more,
    )


def _count(session: Session, statement: Select[Any]) -> int:
    return int(session.execute(statement.with_only_columns(func.count(), maintain_column_froms=True)).scalar_one())
