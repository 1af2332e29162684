"""Whom we score, and for what: everybody of whom we buy a material, or who has offered it."""

import uuid
from collections.abc import Collection, Sequence

from sqlmodel import Session, col, select

from service.allocation.models import Offer
from service.green_score.operations import Pair
from service.suppliers.flows import FLOWS
from service.suppliers.models import Purchase, Supplier, SupplierType


def pairs_to_score(session: Session, supplier_ids: Collection[uuid.UUID] | None = None) -> Sequence[Pair]:
    """Return active suppliers with what they deliver or have offered, in a stable order.

    Parameters
    ----------
    supplier_ids
        Those asked for; None is everybody.

    """
    statement = select(Supplier).where(col(Supplier.is_active), Supplier.supplier_type != SupplierType.MAKER)
    if supplier_ids is not None:
        statement = statement.where(col(Supplier.id).in_(supplier_ids))
    suppliers = {one.id: one for one in session.exec(statement)}
    bought = session.exec(select(Purchase.supplier_id, Purchase.flow).distinct()).all()
    offered = session.exec(select(Offer.supplier_id, Offer.flow).distinct()).all()
    wanted = sorted({(key, flow) for key, flow in (*bought, *offered) if key in suppliers and flow in FLOWS}, key=str)
    return [(suppliers[key], flow) for key, flow in wanted]
