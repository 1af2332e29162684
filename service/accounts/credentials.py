"""From what a request carries to who sent it: a browser's session, or the key of a supplier's program."""

import functools
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from fastapi import Request
from sqlmodel import Session

from service.accounts import api_keys, queries
from service.accounts.queries import FoundLogin
from service.accounts.tokens import hash_token
from service.errors import N_, NotSignedInError, ServiceError
from service.settings import Settings

TOUCH_INTERVAL: Final = timedelta(minutes=5)
API_PREFIX: Final = "/api/v1/"

Touch = Callable[[Session], None]


class TwoCredentialsError(ServiceError):
    """A request names both a browser's session and a program's key."""

    code = "two-credentials"
    status = 400

    def __init__(self) -> None:
        super().__init__(N_("Send either the session's cookie or a key, not both."))


def find_caller(
    session: Session, *, request: Request, cookie: str | None, settings: Settings, at: datetime
) -> tuple[FoundLogin | None, Touch | None]:
    """Return who sent a request, and what is to be noted about the session or key afterwards.

    Raises
    ------
    NotSignedInError
        The key has ended or never was one.
    TwoCredentialsError
        There is a session too.

    """
    key = _api_key(request)
    if key is not None:
        return _by_key(session, key, has_cookie=bool(cookie), at=at)
    if not cookie:
        return None, None
    login = queries.find_live_login(
        session,
        hash_token(cookie),
        at=at,
        idle=timedelta(minutes=settings.session_idle_minutes),
        absolute=timedelta(hours=settings.session_absolute_hours),
    )
    if login is None or login.totp_pending:
        return None, None
    return login, _touch(queries.touch_login, login, at=at)


def _by_key(session: Session, key: str, *, has_cookie: bool, at: datetime) -> tuple[FoundLogin, Touch | None]:
    if has_cookie:
        raise TwoCredentialsError
    found = api_keys.find_live_key(session, key, at=at)
    if found is None:
        raise NotSignedInError(N_("This key is not valid here, has ended or was revoked. Make a new one in the portal."))
    return found, _touch(api_keys.touch_key, found, at=at)


def _api_key(request: Request) -> str | None:
    """Return the key of a program; keys open the API and nothing else."""
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    return key.strip() if scheme.lower() == "bearer" and request.url.path.startswith(API_PREFIX) else None


def _touch(note: Callable[..., None], login: FoundLogin, *, at: datetime) -> Touch | None:
    """Return what notes the use, unless the last one was noted a moment ago."""
    is_due = at - login.last_seen_at > TOUCH_INTERVAL
    return functools.partial(note, token_hash=login.token_hash, at=at) if is_due else None
