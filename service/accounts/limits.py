"""Rate limits counted in the database, so that all workers count together; counted before the request's own transaction."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Session, col
from starlette.datastructures import FormData
from starlette.requests import Request

from service.accounts.models import RateWindow
from service.database import Database
from service.errors import TooManyRequestsError


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """So many tries per window, by client address or by a form field's value.

    Attributes
    ----------
    per_s
        Length of the window, s.
    field
        Name of the form field to count by; None counts by the client's address.

    """

    name: str
    tries: int
    per_s: int
    field: str | None = None


def spend(database: Database, limit: Limit, *, request: Request, form: FormData | None, at: datetime) -> None:
    """Count one try; raise `TooManyRequestsError` when the window's tries are used up."""
    subject = _subject(limit, request=request, form=form)
    hashed = hashlib.sha256(subject.strip().lower().encode()).hexdigest()[:32]  # no e-mail address in this table
    now = int(at.timestamp())
    start = now - now % limit.per_s
    with database.writing() as session:
        tries = _count(session, key=f"{limit.name}:{hashed}", start=start)
    if tries > limit.tries:
        raise TooManyRequestsError(retry_after_s=start + limit.per_s - now)


def _subject(limit: Limit, *, request: Request, form: FormData | None) -> str:
    if limit.field is not None:
        return str(form.get(limit.field, "")) if form else ""
    return request.client.host if request.client else "-"


def _count(session: Session, *, key: str, start: int) -> int:
    session.exec(delete(RateWindow).where(col(RateWindow.key) == key, col(RateWindow.window_start) < start))
    window = session.get(RateWindow, (key, start), with_for_update=True)
    if window is None:
        window = RateWindow(key=key, window_start=start, tries=0)
    window.tries += 1
    session.add(window)
    return window.tries
