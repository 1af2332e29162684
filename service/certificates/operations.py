"""Every write on certificates. A certificate's content never changes; only its status does."""

import hmac
import secrets
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import text
from sqlmodel import Session, col, update

from service.accounts.models import Organisation, OrganisationKind
from service.audit.operations import record as audit
from service.certificates import queries, rules
from service.certificates.contents import Contents, build_contents
from service.certificates.models import Certificate, CertificateStatus
from service.certificates.snapshot import Issue, sha256_of
from service.clock import day_at
from service.errors import N_, ConflictError, FieldError, InvalidInputError, SamePersonError, StaleVersionError
from service.footprints import queries as footprints
from service.footprints.models import FootprintRecord, FootprintStatus
from service.footprints.rules import StaleFootprintError
from service.jobs.operations import enqueue
from service.pdf.fonts import missing_characters
from service.product_footprints.models import ProductFootprint
from service.product_footprints.operations import last_day
from service.product_footprints.queries import active_footprint_of
from service.settings import Settings

RENDER = "render_certificate"
"""Name of the background task that sets, signs and stores the document."""
ISSUED = "certificate_issued"
"""The event whose place in the log the certificate proves."""
RandomBytes = Callable[[int], bytes]


class FootprintNotReleasedError(ConflictError):
    """A certificate needs a released footprint."""

    code = "footprint-not-released"


class FootprintNotDeclaredError(ConflictError):
    """A certificate needs a declared footprint that is in use."""

    code = "footprint-not-declared"


class UnprintableError(ConflictError):
    """A text of the certificate has characters that its typeface can't draw."""

    code = "unprintable-characters"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A finished document.

    Attributes
    ----------
    unsigned_sha256
        Of the bytes before signing, which the snapshot gives again at any time.
    key_id
        Of the key that signed.

    """

    pdf: bytes
    pdf_sha256: str
    unsigned_sha256: str
    key_id: str


def issue(
    session: Session,
    record: FootprintRecord,
    *,
    customer: Organisation,
    part_no: str | None,
    valid_until: date | None,
    by: str,
    at: datetime,
    settings: Settings,
    batch_id: uuid.UUID | None = None,
    random: RandomBytes = secrets.token_bytes,
) -> Certificate:
    """Number a certificate, keep its content and ask for its document; it is valid once that is stored.

    Parameters
    ----------
    valid_until
        Last day of validity; None takes the latest allowed, the last day of the declared footprint.
    by
        Another person than the one who released the footprint.

    """
    today = day_at(at, settings.timezone)
    declared = _checked_footprint(session, record, customer=customer, by=by)
    number = rules.certificate_number(today.year, _next_running_number(session, today.year))
    terms = Issue(
        number=number,
        public_id=rules.public_id_from(random(rules.PUBLIC_ID_BYTES)),
        revision=1,
        supersedes=None,
        part_no=part_no,
        valid_from=today,
        valid_until=_checked_end(declared, valid_until, today=today),
    )
    contents = build_contents(session, declared, customer, terms, settings=settings)
    return _store(session, contents, terms, by=by, at=at, replaced=None, batch_id=batch_id)


def supersede(
    session: Session,
    certificate: Certificate,
    record: FootprintRecord,
    *,
    part_no: str | None,
    valid_until: date | None,
    version: int,
    by: str,
    at: datetime,
    settings: Settings,
    random: RandomBytes = secrets.token_bytes,
) -> Certificate:
    """Issue the next revision of a certificate for the same customer and product.

    The present one stays valid until the new document is stored, so that there is no moment without a valid certificate.
    """
    rules.check_transition(certificate.status, CertificateStatus.SUPERSEDED)
    customer = session.get_one(Organisation, certificate.customer_id)
    declared = _checked_footprint(session, record, customer=customer, by=by)
    _check_same_product(session, certificate, record)
    _check_no_successor(session, certificate)
    _claim(session, certificate, version=version, values={})
    today = day_at(at, settings.timezone)
    revision = queries.last_revision(session, certificate.number) + 1
    terms = Issue(
        number=rules.revised_number(certificate.number, revision),
        public_id=rules.public_id_from(random(rules.PUBLIC_ID_BYTES)),
        revision=revision,
        supersedes=certificate.number,
        part_no=part_no,
        valid_from=today,
        valid_until=_checked_end(declared, valid_until, today=today),
    )
    contents = build_contents(session, declared, customer, terms, settings=settings)
    return _store(session, contents, terms, by=by, at=at, replaced=certificate)


def withdraw(session: Session, certificate: Certificate, *, reason: str, version: int, by: str, at: datetime) -> Certificate:
    """Declare that a certificate no longer holds; its public page says so, with the reason, at once."""
    rules.check_transition(certificate.status, CertificateStatus.WITHDRAWN)
    values = {
        "status": CertificateStatus.WITHDRAWN,
        "withdrawn_at": at,
        "withdrawn_by": by,
        "withdrawn_reason": reason,
    }
    _claim(session, certificate, version=version, values=values)
    audit(session, "certificate_withdrawn", of=certificate, by=by, at=at, number=certificate.number)
    return certificate


def render_again(session: Session, certificate: Certificate, *, at: datetime) -> None:
    """Ask once more for a document whose job has failed."""
    rules.check_transition(certificate.status, CertificateStatus.VALID)
    _enqueue(session, certificate, at=at, key=f"{RENDER}:{certificate.id}:{at.isoformat()}")


def keep_evidence(certificate: Certificate, evidence: Mapping[str, Any]) -> None:
    """Keep what the file carries beside the snapshot; once complete it stays, so that every attempt sets the same file."""
    certificate.evidence = {**(certificate.evidence or {}), **evidence}


def store_document(session: Session, certificate_id: uuid.UUID, rendered: Rendered, *, at: datetime) -> bool:
    """Keep the bytes of a certificate, which makes it valid and its predecessor superseded.

    Returns
    -------
    False if the certificate no longer waits for its document: it was withdrawn, or an earlier attempt was faster.

    """
    statement = (
        update(Certificate)
        .where(col(Certificate.id) == certificate_id, col(Certificate.status) == CertificateStatus.RENDERING)
        .values(
            status=CertificateStatus.VALID,
            version=Certificate.version + 1,
            pdf=rendered.pdf,
            pdf_sha256=rendered.pdf_sha256,
            unsigned_pdf_sha256=rendered.unsigned_sha256,
            signing_key_id=rendered.key_id,
        )
    )
    if session.exec(statement).rowcount != 1:
        return False
    certificate = session.get_one(Certificate, certificate_id)
    facts: dict[str, Any] = {"number": certificate.number, "pdf_sha256": rendered.pdf_sha256, "key_id": rendered.key_id}
    audit(session, "certificate_rendered", of=certificate, by="system", at=at, **facts)
    _retire_predecessor(session, certificate, at=at)
    return True


def is_issued_file(certificate: Certificate, sha256: str) -> bool:
    """Tell whether a file with this SHA-256 is the one that was issued."""
    return hmac.compare_digest(certificate.pdf_sha256 or "", sha256)


def _checked_footprint(session: Session, record: FootprintRecord, *, customer: Organisation, by: str) -> ProductFootprint:
    """Return the declared footprint of a record that this person may certify for this customer."""
    if record.status is not FootprintStatus.RELEASED:
        raise FootprintNotReleasedError(
            N_("Footprint %(number)s is not released; a second person must release it first."), number=record.number
        )
    if footprints.is_stale(session, record.id):
        raise StaleFootprintError(
            N_("Footprint %(number)s rests on data that have been replaced; calculate and release a new one first."),
            number=record.number,
        )
    if record.released_by == by:
        raise SamePersonError(
            N_("You released footprint %(number)s yourself; a certificate needs two people. Ask a colleague to issue it."),
            number=record.number,
        )
    if customer.kind is not OrganisationKind.CUSTOMER or not customer.is_active:
        raise InvalidInputError({"customer_id": FieldError(N_("This is no active customer; pick one from the list."))})
    declared = active_footprint_of(session, record.id)
    if declared is None:
        raise FootprintNotDeclaredError(
            N_("Footprint %(number)s is not declared, or no longer in use; declare it first, or choose its successor."),
            number=record.number,
        )
    return declared


def _checked_end(declared: ProductFootprint, wanted: date | None, *, today: date) -> date:
    latest = last_day(declared)
    if latest <= today:
        raise ConflictError(
            N_("The footprint holds until %(latest)s, which is past; calculate a footprint of a later period."),
            latest=latest,
        )
    if wanted is not None and not today < wanted <= latest:
        message = N_("%(wanted)s is outside %(first)s to %(latest)s, the last day of the footprint; choose a day within.")
        raise InvalidInputError({"valid_until": FieldError(message, wanted=wanted, first=today, latest=latest)})
    return wanted or latest


def _check_same_product(session: Session, certificate: Certificate, record: FootprintRecord) -> None:
    present = session.get_one(FootprintRecord, certificate.footprint_id)
    if record.product_id != present.product_id:
        raise InvalidInputError(
            {"footprint_id": FieldError(N_("This footprint is of another product; a revision keeps the product."))}
        )


def _check_no_successor(session: Session, certificate: Certificate) -> None:
    successor = queries.find_successor(session, certificate.id)
    if successor is not None:
        raise ConflictError(
            N_("%(number)s is already being replaced by %(successor)s."),
            number=certificate.number,
            successor=successor.number,
        )


def _store(
    session: Session,
    contents: Contents,
    terms: Issue,
    *,
    by: str,
    at: datetime,
    replaced: Certificate | None,
    batch_id: uuid.UUID | None = None,
) -> Certificate:
    snapshot, declared = contents.snapshot, contents.declared
    _check_printable(snapshot)
    certificate = Certificate(
        public_id=terms.public_id,
        number=terms.number,
        revision=terms.revision,
        footprint_id=declared.record_id,
        product_footprint_id=declared.id,
        customer_id=contents.customer_id,
        customer_part_no=terms.part_no,
        valid_from=terms.valid_from,
        valid_until=terms.valid_until,
        snapshot=snapshot,
        snapshot_sha256=sha256_of(snapshot),
        evidence={"exports": contents.files},
        supersedes_id=replaced.id if replaced else None,
        batch_id=batch_id,
        issued_by=by,
        issued_at=at,
        is_sample=snapshot["certificate"]["is_sample"],
    )
    session.add(certificate)
    session.flush()  # the job refers to it
    _enqueue(session, certificate, at=at, key=f"{RENDER}:{certificate.id}")
    facts: dict[str, Any] = {
        "number": terms.number,
        "footprint_id": declared.record_id,
        "product_footprint_id": declared.id,
        "snapshot_sha256": certificate.snapshot_sha256,
    }
    audit(session, ISSUED, of=certificate, by=by, at=at, organisation_id=certificate.customer_id, **facts)
    return certificate


def _enqueue(session: Session, certificate: Certificate, *, at: datetime, key: str) -> None:
    enqueue(session, RENDER, {"certificate_id": str(certificate.id)}, key=key, run_at=at)


def _check_printable(snapshot: Mapping[str, Any]) -> None:
    if missing := missing_characters(*_texts(snapshot)):
        raise UnprintableError(
            N_(
                "The certificate's typeface has no sign for %(characters)s; "
                "correct the name of product, plant, customer or company."
            ),
            characters=" ".join(f"“{one}” (U+{ord(one):04X})" for one in missing[:5]),
        )


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def _next_running_number(session: Session, year: int) -> int:
    """Count up under a row lock, so that two issues at once get two numbers on either engine."""
    session.execute(
        text("INSERT INTO certificate_counter (year, last) VALUES (:year, 0) ON CONFLICT (year) DO NOTHING"), {"year": year}
    )
    counted = text("UPDATE certificate_counter SET last = last + 1 WHERE year = :year RETURNING last")
    return int(session.execute(counted, {"year": year}).scalar_one())


def _claim(session: Session, certificate: Certificate, *, version: int, values: Mapping[str, object]) -> None:
    """Change a certificate only if nobody else has since `version` was read."""
    statement = (
        update(Certificate)
        .where(
            col(Certificate.id) == certificate.id,
            col(Certificate.version) == version,
            col(Certificate.status) == certificate.status,
        )
        .values(version=version + 1, **values)
    )
    if session.exec(statement).rowcount != 1:
        raise StaleVersionError
    session.refresh(certificate)


def _retire_predecessor(session: Session, certificate: Certificate, *, at: datetime) -> None:
    predecessor = session.get(Certificate, certificate.supersedes_id) if certificate.supersedes_id else None
    if predecessor is None or predecessor.status is not CertificateStatus.VALID:  # withdrawn meanwhile: stays so
        return
    _claim(session, predecessor, version=predecessor.version, values={"status": CertificateStatus.SUPERSEDED})
    facts: dict[str, Any] = {"number": predecessor.number, "successor": certificate.number}
    audit(session, "certificate_superseded", of=predecessor, by=certificate.issued_by, at=at, **facts)
