"""Reading sources of recycled material, their receipts and claims."""

import uuid
from collections.abc import Sequence

from sqlmodel import Session, col, select

from service.errors import NotFoundError
from service.material_flows.models import ClaimStatus, RecycledClaim, RecycledReceipt, RecycledSource

HOLDING = (ClaimStatus.PROPOSED, ClaimStatus.APPROVED)
"""Statuses in which a claim takes its tonnes."""


def get_source(session: Session, source_id: uuid.UUID, *, lock: bool = False) -> RecycledSource:
    """Return a source; locked, nobody else claims of it until the end of the transaction."""
    source = session.get(RecycledSource, source_id, with_for_update=lock or None)
    if source is None:
        raise NotFoundError
    return source


def all_sources(session: Session) -> Sequence[RecycledSource]:
    """Return all sources by Chinese name."""
    return session.exec(select(RecycledSource).order_by(RecycledSource.name_zh, col(RecycledSource.id))).all()


def sources_of_supplier(session: Session, supplier_id: uuid.UUID) -> Sequence[RecycledSource]:
    """Return the sources that are a supplier's."""
    query = select(RecycledSource).where(RecycledSource.supplier_id == supplier_id)
    return session.exec(query.order_by(RecycledSource.name_zh, col(RecycledSource.id))).all()


def get_receipt(session: Session, receipt_id: uuid.UUID) -> RecycledReceipt:
    """Return a delivery."""
    receipt = session.get(RecycledReceipt, receipt_id)
    if receipt is None:
        raise NotFoundError
    return receipt


def receipts_of(session: Session, source_id: uuid.UUID, *, reversed_too: bool = False) -> Sequence[RecycledReceipt]:
    """Return the deliveries of a source in the order of their days."""
    query = select(RecycledReceipt).where(RecycledReceipt.source_id == source_id)
    if not reversed_too:
        query = query.where(col(RecycledReceipt.ended_at).is_(None))
    return session.exec(query.order_by(col(RecycledReceipt.received_on), col(RecycledReceipt.batch))).all()


def get_claim(session: Session, claim_id: uuid.UUID, *, lock: bool = False) -> RecycledClaim:
    """Return a claim."""
    claim = session.get(RecycledClaim, claim_id, with_for_update=lock or None)
    if claim is None:
        raise NotFoundError
    return claim


def claims_of(
    session: Session,
    *,
    source_id: uuid.UUID | None = None,
    product_id: uuid.UUID | None = None,
    statuses: Sequence[ClaimStatus] = tuple(ClaimStatus),
) -> Sequence[RecycledClaim]:
    """Return claims, the latest number first."""
    query = select(RecycledClaim).where(col(RecycledClaim.status).in_(statuses))
    if source_id is not None:
        query = query.where(RecycledClaim.source_id == source_id)
    if product_id is not None:
        query = query.where(RecycledClaim.product_id == product_id)
    return session.exec(query.order_by(col(RecycledClaim.number).desc())).all()


def last_claim_number(session: Session, prefix: str) -> str | None:
    """Return the highest number that begins with a prefix."""
    query = select(RecycledClaim.number).where(col(RecycledClaim.number).startswith(prefix, autoescape=True))
    return session.exec(query.order_by(col(RecycledClaim.number).desc())).first()
