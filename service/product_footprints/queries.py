"""Every SELECT on declared footprints."""

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, exists, or_, true
from sqlmodel import Session, col, select

from service.errors import NotFoundError
from service.footprints.models import FootprintRecord, FootprintStatus
from service.product_footprints.models import (
    DeclaredStatus,
    FootprintIdentifier,
    IdentifierKind,
    ProductFootprint,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FootprintFilter:
    """What a partner may ask for: any of the values of one name, all of the names; upper and lower case are the same.

    Attributes
    ----------
    valid_on
        Days on any of which a footprint is valid; both ends of its validity count.
    valid_after, valid_before
        Its validity begins after the one, ends before the other.

    """

    product_ids: Sequence[str] = ()
    company_ids: Sequence[str] = ()
    geographies: Sequence[str] = ()
    classifications: Sequence[str] = ()
    statuses: Collection[DeclaredStatus] = ()
    valid_on: Sequence[datetime] = ()
    valid_after: Sequence[datetime] = ()
    valid_before: Sequence[datetime] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """A place in a list of footprints, which goes from the latest to the earliest."""

    declared_at: datetime
    id: uuid.UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredFilter:
    """What people filter the list by."""

    product_id: uuid.UUID | None = None
    status: DeclaredStatus | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One page of footprints."""

    rows: Sequence[ProductFootprint]
    has_next: bool = field(default=False)


def get_product_footprint(session: Session, footprint_id: uuid.UUID, *, lock: bool = False) -> ProductFootprint:
    """Return a declared footprint by its id."""
    found = session.get(ProductFootprint, footprint_id, with_for_update=lock or None, populate_existing=lock)
    if found is None:
        raise NotFoundError
    return found


def active_footprint_of(session: Session, record_id: uuid.UUID) -> ProductFootprint | None:
    """Return the active footprint of a record."""
    statement = select(ProductFootprint).where(
        ProductFootprint.record_id == record_id, ProductFootprint.status == DeclaredStatus.ACTIVE
    )
    return session.exec(statement).first()


def latest_footprint_of(session: Session, record_id: uuid.UUID) -> ProductFootprint | None:
    """Return what was declared last of a record, active or not."""
    newest = (col(ProductFootprint.declared_at).desc(), col(ProductFootprint.id).desc())
    return session.exec(select(ProductFootprint).where(ProductFootprint.record_id == record_id).order_by(*newest)).first()


def declared_among(session: Session, record_ids: Collection[uuid.UUID]) -> frozenset[uuid.UUID]:
    """Return which records have ever been declared."""
    return frozenset(session.exec(select(ProductFootprint.record_id).where(col(ProductFootprint.record_id).in_(record_ids))))


def active_until(session: Session, product_id: uuid.UUID, *, period_end: date) -> Sequence[ProductFootprint]:
    """Return the active footprints of a product whose period ends no later than a day, the earliest first, locked."""
    statement = (
        select(ProductFootprint)
        .where(
            ProductFootprint.product_id == product_id,
            ProductFootprint.status == DeclaredStatus.ACTIVE,
            col(ProductFootprint.period_end) <= period_end,
        )
        .order_by(col(ProductFootprint.declared_at), col(ProductFootprint.id))
        .with_for_update()
    )
    return session.exec(statement).all()


def all_active(session: Session) -> Sequence[ProductFootprint]:
    """Return every active footprint, the earliest first."""
    statement = select(ProductFootprint).where(ProductFootprint.status == DeclaredStatus.ACTIVE)
    return session.exec(statement.order_by(col(ProductFootprint.declared_at), col(ProductFootprint.id))).all()


def undeclared_records(session: Session) -> Sequence[FootprintRecord]:
    """Return released records of which nothing was ever declared, by period and product, the earliest release first."""
    statement = (
        select(FootprintRecord)
        .where(
            FootprintRecord.status == FootprintStatus.RELEASED,
            ~exists().where(col(ProductFootprint.record_id) == col(FootprintRecord.id)),
        )
        .order_by(col(FootprintRecord.period_end), col(FootprintRecord.released_at), col(FootprintRecord.id))
    )
    return session.exec(statement).all()


def find_listed(
    session: Session,
    wanted: FootprintFilter,
    *,
    visible: ColumnElement[bool],
    after: Position | None,
    limit: int,
) -> Sequence[ProductFootprint]:
    """Return the footprints that a filter wants, the latest first.

    Parameters
    ----------
    visible
        Condition on `ProductFootprint`: what the one who asks may see.
    after
        The last one of the page before.

    """
    statement = select(ProductFootprint).where(visible, *_conditions(wanted), _beyond(after))
    newest = (col(ProductFootprint.declared_at).desc(), col(ProductFootprint.id).desc())
    return session.exec(statement.order_by(*newest).limit(limit)).all()


def find_declared(session: Session, wanted: DeclaredFilter, *, after: uuid.UUID | None, limit: int) -> Listed:
    """Return one page of the list in the console, the latest first."""
    last = session.get(ProductFootprint, after) if after else None
    conditions = [] if wanted.product_id is None else [ProductFootprint.product_id == wanted.product_id]
    conditions += [] if wanted.status is None else [ProductFootprint.status == wanted.status]
    position = Position(declared_at=last.declared_at, id=last.id) if last else None
    newest = (col(ProductFootprint.declared_at).desc(), col(ProductFootprint.id).desc())
    statement = select(ProductFootprint).where(*conditions, _beyond(position)).order_by(*newest).limit(limit + 1)
    rows = session.exec(statement).all()
    return Listed(rows=rows[:limit], has_next=len(rows) > limit)


def footprints_by_id(session: Session, ids: Iterable[str]) -> Mapping[str, ProductFootprint]:
    """Return footprints by their id as text; unknown ones are missing."""
    wanted = [uuid.UUID(one) for one in ids]
    found = session.exec(select(ProductFootprint).where(col(ProductFootprint.id).in_(wanted))).all()
    return {str(one.id): one for one in found}


def footprints_of_product(session: Session, product_id: uuid.UUID) -> Sequence[ProductFootprint]:
    """Return everything ever declared of a product, the earliest first."""
    statement = select(ProductFootprint).where(ProductFootprint.product_id == product_id)
    return session.exec(statement.order_by(col(ProductFootprint.declared_at), col(ProductFootprint.id))).all()


def _conditions(wanted: FootprintFilter) -> Sequence[ColumnElement[bool]]:
    start, end = col(ProductFootprint.valid_from), col(ProductFootprint.valid_until)
    found = [
        *_named(IdentifierKind.PRODUCT, wanted.product_ids),
        *_named(IdentifierKind.COMPANY, wanted.company_ids),
        *_named(IdentifierKind.GEOGRAPHY, wanted.geographies),
        *_named(IdentifierKind.CLASSIFICATION, wanted.classifications),
    ]
    any_of = (
        [col(ProductFootprint.status) == one for one in wanted.statuses],
        [and_(start <= day, day <= end) for day in wanted.valid_on],
        [start > day for day in wanted.valid_after],
        [end < day for day in wanted.valid_before],
    )
    return [*found, *(or_(*some) for some in any_of if some)]


def _named(kind: IdentifierKind, values: Sequence[str]) -> Sequence[ColumnElement[bool]]:
    if not values:
        return ()
    same = and_(
        col(FootprintIdentifier.footprint_id) == col(ProductFootprint.id),
        col(FootprintIdentifier.kind) == kind,
        col(FootprintIdentifier.value).in_([value.lower() for value in values]),
    )
    return (exists().where(same),)


def _beyond(position: Position | None) -> ColumnElement[bool]:
    if position is None:
        return true()
    declared_at, identity = col(ProductFootprint.declared_at), col(ProductFootprint.id)
    return or_(declared_at < position.declared_at, and_(declared_at == position.declared_at, identity < position.id))
