"""Every SELECT of the sales pages."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from service.accounts.models import Organisation
from service.certificates.models import Certificate, CertificateStatus
from service.certificates.rules import Standing, standing
from service.errors import NotFoundError
from service.footprints.models import FootprintRecord
from service.footprints.queries import RecordRow, get_row
from service.product_footprints.models import DeclaredStatus, ProductFootprint
from service.sales.models import AnswerSheet, ShareLink


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedCertificate:
    """The latest certificate of a product for one customer."""

    id: uuid.UUID
    number: str
    customer_id: uuid.UUID
    customer_name_zh: str
    customer_name_en: str
    standing: Standing
    valid_until: date
    is_of_this_footprint: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SellableProduct:
    """A product whose footprint may be handed to customers.

    Attributes
    ----------
    declared_until
        Last moment of the declared footprint's validity.

    """

    record: RecordRow
    footprint_id: uuid.UUID
    declared_until: datetime
    certificates: Sequence[IssuedCertificate]


def sellable_products(session: Session, *, today: date, at: datetime) -> Sequence[SellableProduct]:
    """Return the products with an active declared footprint on present data, by grade."""
    statement = select(ProductFootprint).where(
        ProductFootprint.status == DeclaredStatus.ACTIVE, col(ProductFootprint.valid_until) > at
    )
    footprints = session.exec(statement).all()
    rows = [(get_row(session, one.record_id), one) for one in footprints]
    found = [_sellable(session, row, footprint, today=today) for row, footprint in rows if not row.is_stale]
    return sorted(found, key=lambda one: (one.record.grade, one.record.period_start))


def get_sellable(session: Session, record_id: uuid.UUID, *, today: date, at: datetime) -> SellableProduct:
    """Return one of them by its footprint record."""
    found = next((one for one in sellable_products(session, today=today, at=at) if one.record.id == record_id), None)
    if found is None:
        raise NotFoundError
    return found


def find_renewable(session: Session, record_id: uuid.UUID, customer_id: uuid.UUID) -> Certificate | None:
    """Return the certificate of the record's product for a customer that a new one would replace."""
    product_id = session.get_one(FootprintRecord, record_id).product_id
    statement = (
        select(Certificate)
        .join(FootprintRecord, col(FootprintRecord.id) == col(Certificate.footprint_id))
        .where(
            FootprintRecord.product_id == product_id,
            Certificate.customer_id == customer_id,
            Certificate.status == CertificateStatus.VALID,
        )
        .order_by(col(Certificate.id).desc())
        .limit(1)
    )
    return session.exec(statement).first()


def links_of(session: Session, certificate_id: uuid.UUID) -> Sequence[ShareLink]:
    """Return the links to a certificate, the newest first."""
    statement = select(ShareLink).where(ShareLink.certificate_id == certificate_id).order_by(col(ShareLink.id).desc())
    return session.exec(statement).all()


def get_link(session: Session, share_link_id: uuid.UUID) -> ShareLink:
    """Return a link."""
    found = session.get(ShareLink, share_link_id)
    if found is None:
        raise NotFoundError
    return found


def find_link(session: Session, token_hash: str) -> ShareLink | None:
    """Return the link with a secret, by its hash."""
    return session.exec(select(ShareLink).where(ShareLink.token_hash == token_hash)).first()


def find_sheets(session: Session) -> Sequence[tuple[AnswerSheet, Organisation]]:
    """Return the answer sheets with their customers, by customer and name."""
    statement = (
        select(AnswerSheet, Organisation)
        .join(Organisation, col(Organisation.id) == col(AnswerSheet.customer_id))
        .order_by(Organisation.name_en, AnswerSheet.name)
    )
    return session.exec(statement).all()


def get_sheet(session: Session, answer_sheet_id: uuid.UUID) -> AnswerSheet:
    """Return an answer sheet with its workbook."""
    found = session.get(AnswerSheet, answer_sheet_id)
    if found is None:
        raise NotFoundError
    return found


def certificates_for(session: Session, customer_id: uuid.UUID) -> Sequence[Certificate]:
    """Return the valid certificates of a customer, the newest first."""
    statement = (
        select(Certificate)
        .where(Certificate.customer_id == customer_id, Certificate.status == CertificateStatus.VALID)
        .order_by(col(Certificate.id).desc())
    )
    return session.exec(statement).all()


def _sellable(session: Session, row: RecordRow, footprint: ProductFootprint, *, today: date) -> SellableProduct:
    return SellableProduct(
        record=row,
        footprint_id=footprint.id,
        declared_until=footprint.valid_until,
        certificates=_latest_certificates(session, row, today=today),
    )


def _latest_certificates(session: Session, row: RecordRow, *, today: date) -> list[IssuedCertificate]:
    columns: tuple[Any, ...] = (
        *(Certificate.id, Certificate.number, Certificate.customer_id, Organisation.name_zh, Organisation.name_en),
        *(Certificate.status, Certificate.valid_until, Certificate.footprint_id),
    )
    statement = (
        select_columns(*columns)
        .select_from(Certificate)
        .join(Organisation, col(Organisation.id) == col(Certificate.customer_id))
        .join(FootprintRecord, col(FootprintRecord.id) == col(Certificate.footprint_id))
        .where(col(FootprintRecord.product_id) == row.product_id)
        .order_by(col(Certificate.id))
    )
    latest: dict[uuid.UUID, IssuedCertificate] = {}
    for key, number, customer_id, name_zh, name_en, status, valid_until, footprint_id in session.execute(statement):
        latest[customer_id] = IssuedCertificate(
            id=key,
            number=number,
            customer_id=customer_id,
            customer_name_zh=name_zh,
            customer_name_en=name_en,
            standing=standing(status, valid_until, today=today),
            valid_until=valid_until,
            is_of_this_footprint=footprint_id == row.id,
        )
    return sorted(latest.values(), key=lambda one: one.customer_name_en)
