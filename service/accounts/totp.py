"""The second factor: codes of six digits that an app on the phone shows for 30 s (RFC 6238)."""

import base64
import hmac
import unicodedata
from datetime import datetime

import pyotp
import segno

from service.accounts.models import User
from service.keys import derive

STEP_S = 30
SECRET_BYTES = 20  # 160 bits, as RFC 4226 recommends
ISSUER = "AnodePrint"


def offered_secret(secret: bytes, session_hash: str) -> str:
    """Return the secret that one sign-in session is offered, in base32.

    It follows from the deployment's secret and the session's random token, so that nothing is stored before the person has
    shown a code made from it.
    """
    return base64.b32encode(bytes.fromhex(derive(secret, "totp", session_hash.encode()))[:SECRET_BYTES]).decode()


def matching_step(totp_secret: str, code: str, *, at: datetime) -> int | None:
    """Return the 30 s step that a code belongs to, or None; the step before and after count too, for clocks that differ.

    Spaces and full-width digits are what phones and input methods add; they are read, so that a code is one code however typed.
    """
    given = "".join(unicodedata.normalize("NFKC", code).split()).encode()
    now = int(at.timestamp()) // STEP_S
    totp = pyotp.TOTP(totp_secret)
    return next((step for step in (now, now - 1, now + 1) if hmac.compare_digest(totp.at(step * STEP_S).encode(), given)), None)


def qr_code(totp_secret: str, user: User) -> str:
    """Return the QR code that an authenticator app scans, as a data URI of an SVG."""
    uri = pyotp.TOTP(totp_secret).provisioning_uri(name=user.email, issuer_name=ISSUER)
    return str(segno.make(uri, error="m").svg_data_uri(scale=5, border=4, light="#fff"))
