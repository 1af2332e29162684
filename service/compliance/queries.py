"""Every SELECT on what is known of suppliers besides their answers; what was withdrawn is left out."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import func
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Session, SQLModel, col, select

from service.compliance.models import (
    CertificateKind,
    ComplianceRecord,
    Declaration,
    HeldCertificate,
    Proof,
    RecordSearch,
    Veto,
)
from service.errors import NotFoundError
from service.suppliers.models import Supplier

Row = TypeVar("Row", bound=SQLModel)


def certificates_of(session: Session, supplier_id: uuid.UUID, *, on: date) -> Sequence[HeldCertificate]:
    """Return the certificates issued by a day that somebody of the maker has looked at, longest valid first; ended ones too."""
    seen = (col(HeldCertificate.proof) != Proof.CLAIM, HeldCertificate.issued_on <= on)
    return _certificates(session, supplier_id, *seen)


def told_certificates_of(session: Session, supplier_id: uuid.UUID) -> Sequence[HeldCertificate]:
    """Return the certificates that the supplier has told of and nobody has looked at; they count for nothing yet."""
    return _certificates(session, supplier_id, col(HeldCertificate.proof) == Proof.CLAIM)


def records_of(session: Session, supplier_id: uuid.UUID, *, on: date) -> Sequence[ComplianceRecord]:
    """Return the violations up to a day, latest first, old ones too."""
    statement = (
        select(ComplianceRecord)
        .where(
            ComplianceRecord.supplier_id == supplier_id,
            col(ComplianceRecord.withdrawn_at).is_(None),
            ComplianceRecord.happened_on <= on,
        )
        .order_by(col(ComplianceRecord.happened_on).desc(), col(ComplianceRecord.id))
    )
    return session.exec(statement).all()


def searches_of(session: Session, supplier_id: uuid.UUID, *, on: date) -> Sequence[RecordSearch]:
    """Return the looks into registers up to a day, latest first."""
    statement = (
        select(RecordSearch)
        .where(
            RecordSearch.supplier_id == supplier_id,
            col(RecordSearch.withdrawn_at).is_(None),
            RecordSearch.searched_on <= on,
        )
        .order_by(col(RecordSearch.searched_on).desc(), col(RecordSearch.id))
    )
    return session.exec(statement).all()


def vetoes_of(session: Session, supplier_id: uuid.UUID, *, on: date) -> Sequence[Veto]:
    """Return the exclusions since a day at the latest that nobody has cleared, oldest first."""
    statement = (
        select(Veto)
        .where(Veto.supplier_id == supplier_id, col(Veto.cleared_at).is_(None), Veto.since <= on)
        .order_by(col(Veto.since), col(Veto.id))
    )
    return session.exec(statement).all()


def all_vetoes_of(session: Session, supplier_id: uuid.UUID) -> Sequence[Veto]:
    """Return the exclusions, cleared ones too, latest first."""
    statement = select(Veto).where(Veto.supplier_id == supplier_id).order_by(col(Veto.since).desc(), col(Veto.id))
    return session.exec(statement).all()


def declarations_of(session: Session, supplier_id: uuid.UUID, *, on: date) -> Sequence[Declaration]:
    """Return what papers show of periods that end by a day, the newest of an indicator first."""
    statement = (
        select(Declaration)
        .where(
            Declaration.supplier_id == supplier_id,
            col(Declaration.withdrawn_at).is_(None),
            Declaration.period_end <= on,
        )
        .order_by(
            col(Declaration.indicator),
            col(Declaration.period_end).desc(),
            col(Declaration.recorded_at).desc(),
            col(Declaration.id).desc(),
        )
    )
    return session.exec(statement).all()


def get_of(session: Session, table: type[Row], row_id: uuid.UUID, *, supplier_id: uuid.UUID) -> Row:
    """Return a row that belongs to a supplier."""
    row = session.get(table, row_id)
    if row is None or getattr(row, "supplier_id", None) != supplier_id:
        raise NotFoundError
    return row


def get_certificate(session: Session, certificate_id: uuid.UUID) -> HeldCertificate:
    """Return a certificate by id."""
    found = session.get(HeldCertificate, certificate_id)
    if found is None:
        raise NotFoundError
    return found


def find_same_certificate(
    session: Session, supplier_id: uuid.UUID, *, kind: CertificateKind, number: str
) -> HeldCertificate | None:
    """Return a supplier's certificate of the same kind and number that is in force."""
    same = (HeldCertificate.kind == kind, func.lower(HeldCertificate.number) == number.lower())
    return next(iter(_certificates(session, supplier_id, *same)), None)


def find_same_record(session: Session, record: ComplianceRecord) -> ComplianceRecord | None:
    """Return a violation of the same day, kind and source."""
    statement = select(ComplianceRecord).where(
        ComplianceRecord.supplier_id == record.supplier_id,
        ComplianceRecord.area == record.area,
        ComplianceRecord.violation == record.violation,
        ComplianceRecord.happened_on == record.happened_on,
        ComplianceRecord.source == record.source,
        col(ComplianceRecord.withdrawn_at).is_(None),
    )
    return session.exec(statement).first()


def find_open_veto(session: Session, supplier_id: uuid.UUID, kind: str) -> Veto | None:
    """Return an exclusion of the same kind that nobody has cleared."""
    statement = select(Veto).where(Veto.supplier_id == supplier_id, Veto.kind == kind, col(Veto.cleared_at).is_(None))
    return session.exec(statement).first()


def ending_certificates(session: Session, *, until: date) -> Sequence[tuple[HeldCertificate, Supplier]]:
    """Return certificates in force or ended that end by a day and have no later one of their kind, soonest first."""
    later = (
        select(col(HeldCertificate.supplier_id), col(HeldCertificate.kind), func.max(HeldCertificate.valid_until).label("last"))
        .where(*_counting())
        .group_by(col(HeldCertificate.supplier_id), col(HeldCertificate.kind))
        .subquery()
    )
    statement = (
        select(HeldCertificate, Supplier)
        .join(Supplier, col(HeldCertificate.supplier_id) == col(Supplier.id))
        .join(
            later,
            (later.c.supplier_id == HeldCertificate.supplier_id)
            & (later.c.kind == HeldCertificate.kind)
            & (later.c.last == HeldCertificate.valid_until),
        )
        .where(*_counting(), HeldCertificate.valid_until <= until, col(Supplier.is_active))
        .order_by(col(HeldCertificate.valid_until), col(HeldCertificate.id))
    )
    return [(row[0], row[1]) for row in session.exec(statement)]


def all_certificates(
    session: Session,
    *,
    supplier_id: uuid.UUID | None = None,
    kind: CertificateKind | None = None,
    owner_id: uuid.UUID | None = None,
) -> Sequence[tuple[HeldCertificate, Supplier]]:
    """Return the certificates on file with their suppliers, soonest end first, those told of too."""
    statement = (
        select(HeldCertificate, Supplier)
        .join(Supplier, col(HeldCertificate.supplier_id) == col(Supplier.id))
        .where(col(HeldCertificate.withdrawn_at).is_(None))
        .order_by(col(HeldCertificate.valid_until), col(HeldCertificate.id))
    )
    if supplier_id is not None:
        statement = statement.where(HeldCertificate.supplier_id == supplier_id)
    if kind is not None:
        statement = statement.where(HeldCertificate.kind == kind)
    if owner_id is not None:
        statement = statement.where(Supplier.owner_id == owner_id)
    return [(row[0], row[1]) for row in session.exec(statement)]


def count_told(session: Session, *, owner_id: uuid.UUID) -> tuple[int, datetime | None]:
    """Return how many certificates suppliers in somebody's care told of that nobody has looked at, and since when."""
    statement = (
        select(func.count(col(HeldCertificate.id)), func.min(HeldCertificate.recorded_at))
        .join(Supplier, col(HeldCertificate.supplier_id) == col(Supplier.id))
        .where(
            HeldCertificate.proof == Proof.CLAIM,
            col(HeldCertificate.withdrawn_at).is_(None),
            (col(Supplier.owner_id) == owner_id) | col(Supplier.owner_id).is_(None),
        )
    )
    count, first = session.exec(statement).one()
    return count, first


def _counting() -> tuple[ColumnElement[bool], ...]:
    return (
        col(HeldCertificate.withdrawn_at).is_(None),
        col(HeldCertificate.proof) != Proof.CLAIM,
        col(HeldCertificate.is_contract_only).is_(False),
    )


def _certificates(session: Session, supplier_id: uuid.UUID, *conditions: ColumnElement[bool] | bool) -> Sequence[HeldCertificate]:
    statement = (
        select(HeldCertificate)
        .where(HeldCertificate.supplier_id == supplier_id, col(HeldCertificate.withdrawn_at).is_(None), *conditions)
        .order_by(col(HeldCertificate.valid_until).desc(), col(HeldCertificate.id))
    )
    return session.exec(statement).all()


def remedies_to_verify(session: Session) -> Sequence[ComplianceRecord]:
    """Return the violations whose remedy waits for another person, the oldest remedy first."""
    waits = (
        col(ComplianceRecord.remedied_on).is_not(None),
        col(ComplianceRecord.remedy_verified_by).is_(None),
        col(ComplianceRecord.withdrawn_at).is_(None),
    )
    return session.exec(select(ComplianceRecord).where(*waits).order_by(col(ComplianceRecord.remedied_on))).all()
