"""What a certificate may become, how long it holds and what it is called; no session, no clock."""

import base64
from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum

from service.certificates.models import CertificateStatus
from service.errors import InvalidTransitionError

VALIDITY_YEARS = 3
"""Longest validity after the reporting period's end, years (PACT Methodology, validity period)."""
EXPIRY_NOTICE = timedelta(days=60)
PUBLIC_ID_BYTES = 20
"""160 random bits, 32 characters of base32: no guess finds a certificate."""

TRANSITIONS: Mapping[CertificateStatus, frozenset[CertificateStatus]] = {
    CertificateStatus.RENDERING: frozenset({CertificateStatus.VALID, CertificateStatus.WITHDRAWN}),
    CertificateStatus.VALID: frozenset({CertificateStatus.WITHDRAWN, CertificateStatus.SUPERSEDED}),
    CertificateStatus.WITHDRAWN: frozenset(),
    CertificateStatus.SUPERSEDED: frozenset(),
}


class Standing(StrEnum):
    """What a reader must know of a certificate today: its status, and what its dates make of it."""

    RENDERING = "rendering"
    VALID = "valid"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"


def check_transition(present: CertificateStatus, wanted: CertificateStatus) -> None:
    """Raise unless a certificate may go from one status to the other."""
    allowed = TRANSITIONS[present]
    if wanted not in allowed:
        raise InvalidTransitionError(present=present, wanted=wanted, allowed=", ".join(sorted(allowed)))


def standing(status: CertificateStatus, valid_until: date, *, today: date) -> Standing:
    """Return where a certificate stands; it is valid on the last day of its validity."""
    if status is not CertificateStatus.VALID:
        return Standing(status.value)
    if today > valid_until:
        return Standing.EXPIRED
    return Standing.EXPIRING if today > valid_until - EXPIRY_NOTICE else Standing.VALID


def latest_valid_until(period_end: date) -> date:
    """Return the last day a certificate of a reporting period may hold."""
    try:
        return period_end.replace(year=period_end.year + VALIDITY_YEARS)
    except ValueError:  # 29 February, three years on
        return period_end.replace(year=period_end.year + VALIDITY_YEARS, day=28)


def certificate_number(year: int, running: int) -> str:
    """Return the number of a first edition: AP-2026-0001."""
    return f"AP-{year}-{running:04}"


def revised_number(number: str, revision: int) -> str:
    """Return the number of a later revision: AP-2026-0001-R2 after AP-2026-0001."""
    return f"{first_number(number)}-R{revision}"


def first_number(number: str) -> str:
    """Return the number of the first edition that a revision goes back to."""
    return number.partition("-R")[0]


def public_id_from(random: bytes) -> str:
    """Return the public id for random bytes: lower-case base32, which survives being read aloud and typed."""
    return base64.b32encode(random).decode().rstrip("=").lower()
