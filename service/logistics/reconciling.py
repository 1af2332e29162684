"""Whether the legs carry what was bought and made: tonnes of legs against purchases and production of the same year."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func
from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from service.logistics.models import Direction
from service.logistics.queries import hauls
from service.logistics.rules import Haul
from service.products.models import Product, Production
from service.suppliers.models import Purchase

TOLERANCE = 0.02
"""Difference that weighing and stocks explain; own choice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciliation:
    """One material that came in, or one product that went out, in a year.

    Attributes
    ----------
    flow, product
        One of the two; the product by its grade.
    legs_t
        Carried by legs; legs that carry the same goods on count once.
    recorded_t
        Bought or made; None where nothing is recorded.

    """

    flow: str | None
    product: str | None
    legs_t: float
    tkm: float
    recorded_t: float | None

    @property
    def difference_t(self) -> float | None:
        """Legs less records."""
        return None if self.recorded_t is None else self.legs_t - self.recorded_t

    @property
    def agrees(self) -> bool:
        """Whether the difference is within the tolerance."""
        difference = self.difference_t
        return difference is not None and self.recorded_t is not None and abs(difference) <= TOLERANCE * self.recorded_t


def reconcile(session: Session, *, year: int) -> Sequence[Reconciliation]:
    """Compare inbound legs with purchases by material, and outbound legs with production by product, over all sites.

    A material or product that has no leg at all is not looked at: then the model's or suppliers' distances stand for it.
    """
    start, end = date(year, 1, 1), date(year, 12, 31)
    listed = hauls(session, start=start, end=end)
    inbound = [one for one in listed if one.direction is Direction.INBOUND]
    outbound = [one for one in listed if one.direction is Direction.OUTBOUND]
    bought, made = _bought(session, start, end), _made(session, start, end)
    materials = [
        _reconciliation([one for one in inbound if one.flow == flow], flow=flow, product=None, recorded=bought.get(flow))
        for flow in sorted({one.flow for one in inbound if one.flow is not None})
    ]
    products = [
        _reconciliation(
            [one for one in outbound if one.product_id == product.id],
            flow=None,
            product=product.grade,
            recorded=made.get(product.id),
        )
        for product in _products(session, outbound)
    ]
    return [*materials, *products]


def _reconciliation(listed: Sequence[Haul], *, flow: str | None, product: str | None, recorded: float | None) -> Reconciliation:
    return Reconciliation(
        flow=flow,
        product=product,
        legs_t=sum(one.work.tonnes for one in listed if one.part == 1),
        tkm=sum(one.work.tkm for one in listed),
        recorded_t=recorded,
    )


def _bought(session: Session, start: date, end: date) -> dict[str, float]:
    query = select_columns(col(Purchase.flow), func.sum(col(Purchase.amount_t))).group_by(col(Purchase.flow))
    rows = session.execute(query.where(col(Purchase.period_start) >= start, col(Purchase.period_end) <= end))
    return {row[0]: row[1] for row in rows}


def _made(session: Session, start: date, end: date) -> dict[uuid.UUID, float]:
    query = select_columns(col(Production.product_id), func.sum(col(Production.output_t))).group_by(col(Production.product_id))
    rows = session.execute(query.where(col(Production.period_start) >= start, col(Production.period_end) <= end))
    return {row[0]: row[1] for row in rows}


def _products(session: Session, outbound: Sequence[Haul]) -> Sequence[Product]:
    found = [session.get_one(Product, product_id) for product_id in {one.product_id for one in outbound if one.product_id}]
    return sorted(found, key=lambda one: (one.grade, one.id))
