"""Rate limits counted in the database, so that all workers count together; counted before the request's own transaction."""

import hashlib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, text
from sqlmodel import Session, col
from starlette.datastructures import FormData
from starlette.requests import Request

from service.accounts.models import RateWindow
from service.database import Database, read_columns
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
    misses_only
        Count only requests that find nothing, so that looking at what exists writes nothing.

    """

    name: str
    tries: int
    per_s: int
    field: str | None = None
    misses_only: bool = False


def spend(database: Database, limit: Limit, *, request: Request, form: FormData | None, at: datetime) -> None:
    """Count one try; raise `TooManyRequestsError` when the window's tries are used up."""
    window = _window(limit, request=request, form=form, at=at)
    with database.writing() as session:
        tries = _count(session, window)
    if tries > limit.tries:
        raise _refusal(limit, window, at=at)


def check(session: Session, limit: Limit, *, request: Request, form: FormData | None, at: datetime) -> None:
    """Raise `TooManyRequestsError` when the window's tries are used up, counting nothing."""
    window = _window(limit, request=request, form=form, at=at)
    tries = read_columns(session, TRIES, window).scalar()
    if tries is not None and tries >= limit.tries:
        raise _refusal(limit, window, at=at)


def _window(limit: Limit, *, request: Request, form: FormData | None, at: datetime) -> dict[str, Any]:
    subject = _subject(limit, request=request, form=form)
    hashed = hashlib.sha256(subject.strip().lower().encode()).hexdigest()[:32]  # no e-mail address in this table
    now = int(at.timestamp())
    return {"key": f"{limit.name}:{hashed}", "start": now - now % limit.per_s}


def _refusal(limit: Limit, window: Mapping[str, Any], *, at: datetime) -> TooManyRequestsError:
    return TooManyRequestsError(retry_after_s=window["start"] + limit.per_s - int(at.timestamp()))


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


TRIES = text("SELECT tries FROM rate_window WHERE key = :key AND window_start = :start")


def _count(session: Session, window: Mapping[str, Any]) -> int:
    connection = session.connection()
    connection.execute(
        delete(RateWindow).where(col(RateWindow.key) == window["key"], col(RateWindow.window_start) < window["start"])
    )
    return int(connection.execute(COUNT_TRY, window).scalar_one())
