"""How long a share link lives, and what a certificate must be for one."""

from datetime import datetime, timedelta
from typing import Final

from service.certificates.models import Certificate, CertificateStatus
from service.errors import N_, ConflictError
from service.sales.models import ShareLink

LONGEST_DAYS: Final = 90
TOKEN_BYTES: Final = 32
"""256 random bits."""


class NotShareableError(ConflictError):
    """A certificate that is not finished, was withdrawn or replaced is not given out."""

    code = "certificate-not-shareable"


def check_shareable(certificate: Certificate) -> None:
    """Raise unless a certificate may be given out."""
    if certificate.status is not CertificateStatus.VALID:
        raise NotShareableError(
            N_("Certificate %(number)s is %(status)s; only a valid one is given out."),
            number=certificate.number,
            status=certificate.status.value,
        )


def expiry(at: datetime, days: int) -> datetime:
    """Return when a link that is made now ends."""
    return at + timedelta(days=days)


def is_living(link: ShareLink, *, at: datetime) -> bool:
    """Tell whether a link still opens."""
    return link.revoked_at is None and link.expires_at > at
