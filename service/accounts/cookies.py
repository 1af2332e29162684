from starlette.responses import Response

from service.accounts.access import LOCALE_COOKIE, session_cookie
from service.i18n import Locale
from service.settings import Settings

YEAR_S = 365 * 24 * 3600


def set_session_cookie(response: Response, token: str, *, settings: Settings) -> None:
    """Give the browser its session; it forgets it when closed, the server earlier (idle and absolute limits)."""
    response.set_cookie(session_cookie(settings), token, httponly=True, samesite="lax", secure=settings.is_https, path="/")


def clear_session_cookie(response: Response, *, settings: Settings) -> None:
    """Take the session from the browser."""
    response.delete_cookie(session_cookie(settings), httponly=True, samesite="lax", secure=settings.is_https, path="/")


def set_locale_cookie(response: Response, locale: Locale, *, settings: Settings) -> None:
    """Let the browser remember the language; no script needs to read it."""
    response.set_cookie(LOCALE_COOKIE, locale, max_age=YEAR_S, httponly=True, samesite="lax", secure=settings.is_https, path="/")
