"""Every write of declared footprints: declare what is released, declare again, deprecate."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import update
from sqlmodel import Session, col

from service.audit.operations import record as record_event
from service.database import new_id
from service.errors import N_, SamePersonError, StaleVersionError
from service.exemptions.queries import ledger
from service.footprints import operations as footprints
from service.footprints.models import FootprintRecord
from service.footprints.rechecking import rebuild
from service.jobs.operations import enqueue
from service.modelling.queries import model_of
from service.product_footprints import queries, rules
from service.product_footprints.conforming import check_conforming
from service.product_footprints.documents import Subject, build_document, sha256_of, start_of
from service.product_footprints.identifiers import identifiers_of
from service.product_footprints.models import DeclaredStatus, FootprintIdentifier, ProductFootprint
from service.product_footprints.watching import close_alerts_of
from service.products.queries import get_plant, get_product
from service.settings import Settings

ANNOUNCE_TASK: Final = "announce_published"
"""Tells partners of new and of deprecated footprints; the exchange does it."""


def release(
    session: Session, record: FootprintRecord, *, version: int, by: str, at: datetime, settings: Settings
) -> ProductFootprint:
    """Let a second person stand for a record, and declare it; what it replaces is deprecated in the same transaction.

    It replaces the active footprints of the product whose period ends no later than its own.

    Raises
    ------
    ServiceError
        As `footprints.operations.release`.

    """
    footprints.release(session, record, version=version, by=by, at=at)
    return declare(session, record, by=by, at=at, settings=settings)


def declare(session: Session, record: FootprintRecord, *, by: str, at: datetime, settings: Settings) -> ProductFootprint:
    """Declare a released record, valid for as long as the rules allow."""
    preceding = queries.active_until(session, record.product_id, period_end=record.period_end)
    return _declare(
        session,
        record,
        preceding=preceding,
        reason=N_("A newer footprint of the product was released."),
        valid_until=rules.latest_valid_until(record.period_end),
        statement=None,
        by=by,
        at=at,
        settings=settings,
    )


def declare_again(
    session: Session,
    footprint: ProductFootprint,
    *,
    statement: Mapping[str, Any] | None,
    reason: str,
    by: str,
    at: datetime,
    settings: Settings,
    valid_until: date | None = None,
) -> ProductFootprint:
    """Declare the same record under a new id: with texts put right, a verifier's statement, or another end of validity.

    Parameters
    ----------
    statement
        As `statements.verification_of` describes it, with its `id`; None keeps the one that the footprint carries, an empty one
        takes it out.
    reason
        Why, in a person's words; it stands with the old footprint.
    by
        Another person than the one who calculated the record.
    valid_until
        Last day; None keeps the present one.

    """
    record = session.get_one(FootprintRecord, footprint.record_id)
    rules.check_active(footprint)
    _check_second_person(record, by=by)
    return _declare(
        session,
        record,
        preceding=[footprint],
        reason=rules.checked_reason(reason),
        valid_until=rules.checked_end(valid_until or last_day(footprint), record=record),
        statement=footprint.statement if statement is None else (statement or None),
        by=by,
        at=at,
        settings=settings,
    )


def deprecate(
    session: Session, footprint: ProductFootprint, *, reason: str, version: int, by: str, at: datetime
) -> ProductFootprint:
    """Take a footprint out of use without a successor; it stays readable for ever.

    Raises
    ------
    StaleVersionError
        Somebody else was quicker.

    """
    rules.check_active(footprint)
    _move(session, footprint, reason=rules.checked_reason(reason), version=version, by=by, at=at)
    _announce(session, footprint, at=at)
    return footprint


def declare_released(session: Session, *, by: str, at: datetime, settings: Settings) -> Sequence[ProductFootprint]:
    """Declare every released record that has no footprint yet, the earliest period first."""
    return [declare(session, record, by=by, at=at, settings=settings) for record in queries.undeclared_records(session)]


def last_day(footprint: ProductFootprint) -> date:
    """Return the last day of a footprint's validity."""
    return footprint.valid_until.date() - timedelta(days=1)


def _declare(
    session: Session,
    record: FootprintRecord,
    *,
    preceding: Sequence[ProductFootprint],
    reason: str,
    valid_until: date,
    statement: Mapping[str, Any] | None,
    by: str,
    at: datetime,
    settings: Settings,
) -> ProductFootprint:
    for one in preceding:
        _move(session, one, reason=reason, version=one.version, by=by, at=at)
    subject = _subject(
        session,
        record,
        preceding_ids=[str(one.id) for one in preceding],
        valid_until=valid_until,
        statement=statement,
        created=at,
    )
    document = build_document(subject, settings=settings)
    check_conforming(document)
    found = _row(subject, document, by=by)
    session.add(found)
    session.flush()  # its identifiers refer to it
    session.add_all(
        FootprintIdentifier(footprint_id=found.id, kind=kind, value=value) for kind, value in sorted(identifiers_of(found.document))
    )
    record_event(
        session,
        "footprint_declared",
        of=found,
        by=by,
        at=at,
        number=record.number,
        document_sha256=found.document_sha256,
        preceding=", ".join(found.preceding_ids),
    )
    _announce(session, found, at=at)
    return found


def _subject(
    session: Session,
    record: FootprintRecord,
    *,
    preceding_ids: Sequence[str],
    valid_until: date,
    statement: Mapping[str, Any] | None,
    created: datetime,
) -> Subject:
    product = get_product(session, record.product_id)
    model = model_of(session, record.result["content_hash"])
    return Subject(
        id=new_id(),
        record=record,
        product=product,
        plant=get_plant(session, product.plant_id),
        model=model,
        footprint=rebuild(session, record),
        exemptions=[entry.exemption for entry in ledger(session, model)],
        preceding_ids=preceding_ids,
        valid_until=valid_until,
        statement=statement,
        notes=(),
        created=created,
    )


def _row(subject: Subject, document: dict[str, Any], *, by: str) -> ProductFootprint:
    record, statement = subject.record, subject.statement
    return ProductFootprint(
        id=subject.id,
        record_id=record.id,
        product_id=record.product_id,
        period_start=record.period_start,
        period_end=record.period_end,
        document=document,
        document_sha256=sha256_of(document),
        preceding_ids=list(subject.preceding_ids),
        valid_from=start_of(record.period_end + timedelta(days=1)),
        valid_until=start_of(subject.valid_until + timedelta(days=1)),
        declared_by=by,
        declared_at=subject.created,
        statement_id=uuid.UUID(str(statement["id"])) if statement else None,
        statement=dict(statement) if statement else None,
        is_sample=record.is_sample,
    )


def _move(session: Session, footprint: ProductFootprint, *, reason: str, version: int, by: str, at: datetime) -> None:
    """Deprecate a footprint if it is still as it was seen."""
    seen = update(ProductFootprint).where(
        col(ProductFootprint.id) == footprint.id,
        col(ProductFootprint.version) == version,
        col(ProductFootprint.status) == DeclaredStatus.ACTIVE,
    )
    moved = session.connection().execute(
        seen.values(
            status=DeclaredStatus.DEPRECATED,
            version=version + 1,
            deprecated_at=at,
            deprecated_by=by,
            deprecated_reason=reason,
        )
    )
    if moved.rowcount != 1:
        raise StaleVersionError
    session.refresh(footprint)
    close_alerts_of(session, footprint, by=by, at=at)
    record_event(session, "footprint_deprecated", of=footprint, by=by, at=at)


def _announce(session: Session, footprint: ProductFootprint, *, at: datetime) -> None:
    key = f"{ANNOUNCE_TASK}:{footprint.id}:{footprint.status.value}"
    enqueue(session, ANNOUNCE_TASK, {"footprint_ids": [str(footprint.id)]}, key=key, run_at=at)


def _check_second_person(record: FootprintRecord, *, by: str) -> None:
    if by == record.calculated_by:
        raise SamePersonError(
            N_("You calculated %(number)s yourself; another person must look at it and declare it."), number=record.number
        )
