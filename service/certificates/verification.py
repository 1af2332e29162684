"""What the public page says of a certificate: status, dates and hash, no result and no customer."""

import uuid
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from service.certificates import queries, rules
from service.certificates.models import Certificate
from service.certificates.rules import Standing
from service.certificates.schemas import VerificationOut


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """A certificate behind its public address, as of one day."""

    id: uuid.UUID
    version: int
    facts: VerificationOut


def verify(session: Session, public_id: str, *, today: date, timezone: str) -> Verified:
    """Return what anybody with the address may know.

    Raises
    ------
    NotFoundError
        For an unknown address, and for one whose document does not exist yet.

    """
    certificate = queries.get_public(session, public_id)
    successor = queries.find_successor(session, certificate.id)
    finished = successor if successor is not None and successor.pdf_sha256 is not None else None
    return Verified(
        id=certificate.id,
        version=certificate.version,
        facts=_facts(certificate, finished, today=today, timezone=timezone),
    )


def _facts(certificate: Certificate, successor: Certificate | None, *, today: date, timezone: str) -> VerificationOut:
    issuer, product = certificate.snapshot["issuer"], certificate.snapshot["product"]
    withdrawn = certificate.withdrawn_at
    return VerificationOut(
        number=certificate.number,
        revision=certificate.revision,
        standing=_public_standing(certificate, today),
        issuer_zh=issuer["name_zh"],
        issuer_en=issuer["name_en"],
        product_zh=product["name_zh"],
        product_en=product["name_en"],
        grade=product["grade"],
        valid_from=certificate.valid_from,
        valid_until=certificate.valid_until,
        withdrawn_on=None if withdrawn is None else rules.local_day(withdrawn, timezone),
        withdrawn_reason=certificate.withdrawn_reason,
        pdf_sha256=certificate.pdf_sha256 or "",
        snapshot_sha256=certificate.snapshot_sha256,
        signing_key_id=certificate.signing_key_id or "",
        successor_number=None if successor is None else successor.number,
        successor_url=None if successor is None else f"/verify/{successor.public_id}",
        is_sample=certificate.is_sample,
    )


def _public_standing(certificate: Certificate, today: date) -> Standing:
    """Leave out the notice before the end: to a reader, a certificate is valid until it is not."""
    found = rules.standing(certificate.status, certificate.valid_until, today=today)
    return Standing.VALID if found is Standing.EXPIRING else found
