"""Rows that are kept as they were written."""

import uuid

import pytest
from sqlalchemy import MetaData
from sqlmodel import Field, Session, SQLModel, create_engine

from service.errors import ConflictError
from service.immutability import keep_as_written


class KeptRow(SQLModel, table=True):
    """A row that is closed once and then kept."""

    metadata = MetaData()

    id: uuid.UUID = Field(default_factory=uuid.uuid4, primary_key=True)
    figure: int = 1
    note: str = ""
    is_closed: bool = False


def _refuse(row: KeptRow, fields: str) -> ConflictError:
    return ConflictError(f"{row.figure} {fields or 'deletion'}")


keep_as_written(KeptRow, refuse=_refuse, changeable={"note"}, is_open=lambda stored: not stored.is_closed)


@pytest.fixture
def rows() -> Session:
    engine = create_engine("sqlite://")
    KeptRow.metadata.create_all(engine)
    return Session(engine)


def _stored(session: Session, *, is_closed: bool) -> KeptRow:
    row = KeptRow(is_closed=is_closed)
    session.add(row)
    session.commit()
    return row


def test_a_closed_row_refuses_changes_and_names_the_fields(rows: Session) -> None:
    row = _stored(rows, is_closed=True)
    row.figure, row.is_closed = 2, False

    with pytest.raises(ConflictError, match="figure, is_closed"):
        rows.flush()


def test_what_may_change_changes(rows: Session) -> None:
    row = _stored(rows, is_closed=True)
    row.note = "closed by mistake"

    rows.commit()

    assert rows.get_one(KeptRow, row.id).note == "closed by mistake"


def test_an_open_row_changes_up_to_its_closing(rows: Session) -> None:
    row = _stored(rows, is_closed=False)
    row.figure, row.is_closed = 2, True
    rows.commit()
    row.figure = 3

    with pytest.raises(ConflictError):
        rows.flush()


def test_a_closed_row_is_not_deleted(rows: Session) -> None:
    rows.delete(_stored(rows, is_closed=True))

    with pytest.raises(ConflictError, match="1 deletion"):
        rows.flush()


def test_an_open_row_is_deleted(rows: Session) -> None:
    row = _stored(rows, is_closed=False)
    rows.delete(row)
    rows.commit()

    assert rows.get(KeptRow, row.id) is None
