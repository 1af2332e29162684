"""What the public page says of a certificate: status, dates and hash, no result and no customer."""

import uuid
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from service.certificates import queries, rules
from service.certificates.queries import PublicRow
from service.certificates.rules import Standing
from service.certificates.schemas import VerificationOut
from service.clock import day_at


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
    return Verified(
        id=certificate.id,
        version=certificate.version,
        facts=_facts(certificate, today=today, timezone=timezone),
    )


def _facts(certificate: PublicRow, *, today: date, timezone: str) -> VerificationOut:
    issuer, product = certificate.issuer, certificate.product
    withdrawn, successor = certificate.withdrawn_at, certificate.successor_public_id
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
        withdrawn_on=None if withdrawn is None else day_at(withdrawn, timezone),
        withdrawn_reason=certificate.withdrawn_reason,
        pdf_sha256=certificate.pdf_sha256,
        snapshot_sha256=certificate.snapshot_sha256,
        signing_key_id=certificate.signing_key_id or "",
        successor_number=certificate.successor_number,
        successor_url=None if successor is None else f"/verify/{successor}",
        is_sample=certificate.is_sample,
    )


def _public_standing(certificate: PublicRow, today: date) -> Standing:
    """Leave out the notice before the end: to a reader, a certificate is valid until it is not."""
    found = rules.standing(certificate.status, certificate.valid_until, today=today)
    return Standing.VALID if found is Standing.EXPIRING else found
