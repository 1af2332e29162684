"""Signing in by the form, as tests do it."""

import httpx
import pyotp
from starlette.testclient import TestClient

from tests.accounts.builders import PASSWORD, TOTP_SECRET
from tests.conftest import MovableClock
from tests.console.browsing import submit

COOKIE = "anodeprint_session"


def enter(client: TestClient, email: str, password: str = PASSWORD, *, page: str = "/sign-in") -> httpx.Response:
    return submit(client, page, {"email": email, "password": password})


def code(clock: MovableClock, secret: str = TOTP_SECRET) -> str:
    return pyotp.TOTP(secret).at(clock())


def enter_again(client: TestClient, email: str) -> httpx.Response:
    client.cookies.clear()
    return enter(client, email)
