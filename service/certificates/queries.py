"""Every SELECT on certificates and customers; lists read columns, never the document."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, or_
from sqlalchemy import select as select_columns
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from service.accounts.models import Organisation, OrganisationKind
from service.certificates import rules
from service.certificates.models import Certificate, CertificateStatus
from service.certificates.rules import Standing
from service.database import read_columns
from service.errors import N_, NotFoundError
from service.footprints.models import FootprintRecord
from service.i18n import Locale
from service.jobs.models import Job, JobState
from service.products.models import Product
from service.suppliers.paging import Cursor, Page, read_page


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateRow:
    """A certificate as lists and programs see it; standing is worked out for a day."""

    id: uuid.UUID
    public_id: str
    number: str
    revision: int
    status: CertificateStatus
    version: int
    footprint_id: uuid.UUID
    footprint_number: str
    customer_id: uuid.UUID
    customer_name_zh: str
    customer_name_en: str
    part_no: str | None
    grade: str
    valid_from: date
    valid_until: date
    pdf_sha256: str | None
    snapshot_sha256: str
    issued_by: str
    issued_at: datetime
    is_sample: bool

    def customer_name(self, locale: Locale) -> str:
        """Return the customer's name in a language."""
        return self.customer_name_zh if locale == "zh-CN" else self.customer_name_en

    def standing(self, today: date) -> Standing:
        """Return where the certificate stands on a day."""
        return rules.standing(self.status, self.valid_until, today=today)


COLUMNS: Mapping[str, Any] = {
    "id": Certificate.id,
    "public_id": Certificate.public_id,
    "number": Certificate.number,
    "revision": Certificate.revision,
    "status": Certificate.status,
    "version": Certificate.version,
    "footprint_id": Certificate.footprint_id,
    "footprint_number": FootprintRecord.number,
    "customer_id": Certificate.customer_id,
    "customer_name_zh": Organisation.name_zh,
    "customer_name_en": Organisation.name_en,
    "part_no": Certificate.customer_part_no,
    "grade": Product.grade,
    "valid_from": Certificate.valid_from,
    "valid_until": Certificate.valid_until,
    "pdf_sha256": Certificate.pdf_sha256,
    "snapshot_sha256": Certificate.snapshot_sha256,
    "issued_by": Certificate.issued_by,
    "issued_at": Certificate.issued_at,
    "is_sample": Certificate.is_sample,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateFilter:
    """Which certificates a list shows; None shows all."""

    standing: Standing | None = None
    customer_id: uuid.UUID | None = None
    footprint_id: uuid.UUID | None = None
    words: str = ""


def find_certificates(
    session: Session, wanted: CertificateFilter, *, today: date, cursor: Cursor | None = None, limit: int
) -> Page[CertificateRow]:
    """Return a page of certificates, the newest first."""
    statement = _rows().where(*_conditions(wanted, today))
    return read_page(
        session, statement, order=[col(Certificate.id)], make=CertificateRow, cursor=cursor, limit=limit, descending=True
    )


def get_row(session: Session, certificate_id: uuid.UUID) -> CertificateRow:
    """Return a certificate as lists show it."""
    found = session.execute(_rows().where(col(Certificate.id) == certificate_id)).mappings().first()
    if found is None:
        raise NotFoundError
    return CertificateRow(**found)


def get_certificate(session: Session, certificate_id: uuid.UUID) -> Certificate:
    """Return a certificate with its snapshot and document."""
    certificate = session.get(Certificate, certificate_id)
    if certificate is None:
        raise NotFoundError
    return certificate


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicRow:
    """What the public page tells of a certificate; issuer and product as the certificate names them."""

    id: uuid.UUID
    version: int
    number: str
    revision: int
    status: CertificateStatus
    issuer: Mapping[str, Any]
    product: Mapping[str, Any]
    valid_from: date
    valid_until: date
    withdrawn_at: datetime | None
    withdrawn_reason: str | None
    pdf_sha256: str
    snapshot_sha256: str
    signing_key_id: str | None
    is_sample: bool
    successor_number: str | None
    successor_public_id: str | None


SUCCESSOR = aliased(Certificate)
PUBLIC: Select[Any] = (
    select_columns(
        *(
            getattr(Certificate, name)
            for name in PublicRow.__slots__
            if name not in {"issuer", "product", "successor_number", "successor_public_id"}
        ),
        *(col(Certificate.snapshot)[name].label(name) for name in ("issuer", "product")),
        col(SUCCESSOR.number).label("successor_number"),
        col(SUCCESSOR.public_id).label("successor_public_id"),
    )
    .join(
        SUCCESSOR,
        and_(
            col(SUCCESSOR.supersedes_id) == col(Certificate.id),
            col(SUCCESSOR.status) != CertificateStatus.WITHDRAWN,
            col(SUCCESSOR.pdf_sha256).is_not(None),
        ),
        isouter=True,
    )
    .where(col(Certificate.public_id) == bindparam("public_id"), col(Certificate.pdf_sha256).is_not(None))
)


def get_public(session: Session, public_id: str) -> PublicRow:
    """Return the certificate behind a public address, with its successor; without their documents both are not known there yet."""
    found = read_columns(session, PUBLIC, {"public_id": public_id.strip().lower()}).mappings().first()
    if found is None:
        raise NotFoundError(
            N_("No certificate has this address. Scan the code on the certificate again, or compare the address letter by letter.")
        )
    return PublicRow(**found)


def find_successor(session: Session, certificate_id: uuid.UUID) -> Certificate | None:
    """Return the revision that replaces a certificate, whether finished or still being set."""
    statement = select(Certificate).where(
        Certificate.supersedes_id == certificate_id, Certificate.status != CertificateStatus.WITHDRAWN
    )
    return session.exec(statement).first()


def last_revision(session: Session, number: str) -> int:
    """Return the highest revision ever given out under a number, withdrawn ones included."""
    first = rules.first_number(number)
    statement = select(Certificate.revision).where(
        or_(col(Certificate.number) == first, col(Certificate.number).startswith(f"{first}-R"))
    )
    return max(session.exec(statement))


def find_job(session: Session, certificate_id: uuid.UUID, *, task: str) -> Job | None:
    """Return the latest job that sets a certificate's document."""
    statement = (
        select(Job)
        .where(Job.name == task, col(Job.key).startswith(f"{task}:{certificate_id}"))
        .order_by(col(Job.created_at).desc(), col(Job.id).desc())
    )
    return session.exec(statement).first()


def has_failed(job: Job | None) -> bool:
    """Tell whether nothing will happen any more unless somebody asks again."""
    return job is not None and job.state is JobState.FAILED


def find_customers(session: Session, *, words: str = "") -> Sequence[Organisation]:
    """Return customers by name, the active ones first."""
    statement = select(Organisation).where(Organisation.kind == OrganisationKind.CUSTOMER)
    if words:
        statement = statement.where(_contains(words, Organisation.name_zh, Organisation.name_en, Organisation.registration_no))
    return session.exec(statement.order_by(col(Organisation.is_active).desc(), Organisation.name_en)).all()


def get_customer(session: Session, customer_id: uuid.UUID) -> Organisation:
    """Return a customer."""
    found = session.get(Organisation, customer_id)
    if found is None or found.kind is not OrganisationKind.CUSTOMER:
        raise NotFoundError
    return found


def _rows() -> Select[Any]:
    return (
        select_columns(*(column.label(name) for name, column in COLUMNS.items()))
        .join(Organisation, col(Certificate.customer_id) == col(Organisation.id))
        .join(FootprintRecord, col(Certificate.footprint_id) == col(FootprintRecord.id))
        .join(Product, col(FootprintRecord.product_id) == col(Product.id))
    )


def _conditions(wanted: CertificateFilter, today: date) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.standing is not None:
        conditions.append(_stands(wanted.standing, today))
    if wanted.customer_id is not None:
        conditions.append(col(Certificate.customer_id) == wanted.customer_id)
    if wanted.footprint_id is not None:
        conditions.append(col(Certificate.footprint_id) == wanted.footprint_id)
    if wanted.words:
        searched = (Certificate.number, Certificate.customer_part_no, Product.grade, Organisation.name_zh, Organisation.name_en)
        conditions.append(_contains(wanted.words, *searched))
    return conditions


def _stands(standing: Standing, today: date) -> ColumnElement[bool]:
    """Say in SQL what `rules.standing` says of one certificate."""
    valid, until = col(Certificate.status) == CertificateStatus.VALID, col(Certificate.valid_until)
    notice = today + rules.EXPIRY_NOTICE
    by_date = {
        Standing.VALID: and_(valid, until >= notice),
        Standing.EXPIRING: and_(valid, until >= today, until < notice),
        Standing.EXPIRED: and_(valid, until < today),
    }
    return by_date[standing] if standing in by_date else col(Certificate.status) == CertificateStatus(standing.value)


def _contains(words: str, *columns: Any) -> ColumnElement[bool]:  # noqa: ANN401 - mapped columns
    return or_(*(col(column).icontains(words, autoescape=True) for column in columns))


def certificates_on(session: Session, product_footprint_id: uuid.UUID) -> Sequence[Certificate]:
    """Return the certificates that rest on a declared footprint, the latest first."""
    statement = select(Certificate).where(Certificate.product_footprint_id == product_footprint_id)
    return session.exec(statement.order_by(col(Certificate.issued_at).desc())).all()
