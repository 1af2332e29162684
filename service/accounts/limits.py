"""Rate limits counted in the database, so that all workers count together; counted before the request's own transaction."""

import hashlib
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, text
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
        # The first value that is not empty, as in `parse_form`: a field sent twice must not count as somebody else's.
        given = (str(value) for value in form.getlist(limit.field)) if form else ()
        return unicodedata.normalize("NFC", next((value for value in given if value.strip()), ""))
    return request.client.host if request.client else "-"


# An upsert, so that two first tries at the same moment are both counted, on either engine.
COUNT_TRY = text(
    "INSERT INTO rate_window (key, window_start, tries) VALUES (:key, :start, 1) "
    "ON CONFLICT (key, window_start) DO UPDATE SET tries = rate_window.tries + 1 RETURNING tries"
)


def _count(session: Session, *, key: str, start: int) -> int:
    connection = session.connection()
    connection.execute(delete(RateWindow).where(col(RateWindow.key) == key, col(RateWindow.window_start) < start))
    return int(connection.execute(COUNT_TRY, {"key": key, "start": start}).scalar_one())
