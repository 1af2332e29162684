"""Closing a year: its entries stand, until somebody reopens it and says why."""

from datetime import date, datetime

from sqlmodel import Session, col, select

from service.audit.operations import record
from service.errors import N_, ConflictError, FieldError, InvalidInputError
from service.monitoring.models import ClosedYear


class ClosedYearError(ConflictError):
    """A figure of a closed year was to be entered, changed or removed."""

    code = "closed-year"

    def __init__(self, year: int) -> None:
        super().__init__(
            N_(
                "The year %(year)s is closed, so its figures stand. "
                "Reopen it on the page of the inventory, with a reason, to change one."
            ),
            year=year,
        )


def close_year(session: Session, year: int, *, by: str, at: datetime, is_sample: bool = False) -> ClosedYear:
    """Close a year; whether it is complete is for the inventory to say.

    Raises
    ------
    ConflictError
        When it is closed already.

    """
    if _closing_of(session, year) is not None:
        raise ConflictError(N_("The year %(year)s is closed already."), year=year)
    closing = ClosedYear(year=year, closed_by=by, closed_at=at, is_sample=is_sample)
    session.add(closing)
    record(session, "year_closed", of=closing, by=by, at=at, year=year)
    return closing


def reopen_year(session: Session, year: int, *, reason: str, by: str, at: datetime) -> ClosedYear:
    """Open a closed year again, with a reason that stays."""
    closing = _closing_of(session, year)
    if closing is None:
        raise ConflictError(N_("The year %(year)s is not closed."), year=year)
    if not reason.strip():
        raise InvalidInputError({"reason": FieldError(N_("Say why the year %(year)s is opened again."), year=year)})
    closing.reopened_by, closing.reopened_at, closing.reopened_because = by, at, reason.strip()
    record(session, "year_reopened", of=closing, by=by, at=at, year=year)
    return closing


def is_closed(session: Session, month: date) -> bool:
    """Whether the figures of a month stand."""
    return _closing_of(session, month.year) is not None


def check_open(session: Session, month: date) -> None:
    """Refuse what would change a month of a closed year.

    Raises
    ------
    ClosedYearError
        With the year.

    """
    if is_closed(session, month):
        raise ClosedYearError(month.year)


def _closing_of(session: Session, year: int) -> ClosedYear | None:
    query = select(ClosedYear).where(ClosedYear.year == year, col(ClosedYear.reopened_at).is_(None))
    return session.exec(query).first()
