"""Every write on the rows of a light register."""

import uuid
from datetime import datetime
from typing import TypeVar

from pydantic import BaseModel
from sqlmodel import Session

from service.audit.operations import record
from service.database import flush_unless_taken
from service.errors import N_, ConflictError, FieldError, InvalidInputError, StaleVersionError
from service.registers.models import RegisterRow
from service.registers.queries import get_row

Row = TypeVar("Row", bound=RegisterRow)


def add_row(session: Session, table: type[Row], fields: BaseModel, *, by: str, at: datetime, is_sample: bool = False) -> Row:
    """Add a row; the event is called `<table>_added`."""
    row = table(**fields.model_dump(), created_at=at, is_sample=is_sample)
    session.add(row)
    _keep(session)
    record(session, f"{table.__tablename__}_added", of=row, by=by, at=at)
    return row


def change_row(
    session: Session, table: type[Row], row_id: uuid.UUID, fields: BaseModel, *, version: int, by: str, at: datetime
) -> Row:
    """Change a row that nobody else has changed since and that has not ended."""
    row = _open_row(session, table, row_id, version)
    for name, value in fields.model_dump().items():
        setattr(row, name, value)
    row.version += 1
    _keep(session)
    record(session, f"{table.__tablename__}_changed", of=row, by=by, at=at, version=row.version)
    return row


def end_row(session: Session, table: type[Row], row_id: uuid.UUID, *, reason: str, version: int, by: str, at: datetime) -> Row:
    """End a row; it stays, with the reason, and can no longer be changed."""
    row = _open_row(session, table, row_id, version)
    row.ended_at, row.ended_reason = at, reason
    row.version += 1
    record(session, f"{table.__tablename__}_ended", of=row, by=by, at=at)
    return row


def _open_row(session: Session, table: type[Row], row_id: uuid.UUID, version: int) -> Row:
    row = get_row(session, table, row_id)
    if row.version != version:
        raise StaleVersionError
    if row.ended_at is not None:
        raise ConflictError(N_("This has ended and is kept as it was; add a new row instead."))
    return row


def _keep(session: Session) -> None:
    message = N_("There is a row like this already, or something it refers to is gone; look at the list, then try again.")
    flush_unless_taken(session, InvalidInputError({"": FieldError(message)}))
