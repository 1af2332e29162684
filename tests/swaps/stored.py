"""A product in the database with two toll plants, two pitch makers and their prices."""

import uuid
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from service.allocation.models import Offer
from service.products.models import Product, ProductInput
from service.suppliers.models import Purchase, Supplier, SupplierType
from tests.builders import NOW, PERIOD, a_product, a_supplier
from tests.footprints.builders import TOLL_ANSWERS, an_accepted_submission

TODAY = NOW.date()
EFFICIENT = {**TOLL_ANSWERS, "furnace_electricity": 10_450_000.0}
SHARED: dict[str, float | str] = {"own_pcf": 900.0, "own_pcf_boundary": "cradle_to_gate", "own_primary_share": 50.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What the database holds: the product buys all graphitization from `plant` and all pitch from `pitch`."""

    product: Product
    plant: Supplier
    efficient: Supplier
    silent: Supplier
    pitch: Supplier
    other_pitch: Supplier


def an_offer(session: Session, supplier: Supplier, flow: str, cny_per_t: float, *, defect_share: float = 0.01) -> Offer:
    """Return a valid offer."""
    offer = Offer(
        supplier_id=supplier.id,
        flow=flow,
        price_cny_per_t=cny_per_t,
        priced_on=date(2026, 11, 1),
        valid_until=date(2027, 3, 31),
        capacity_t=5000.0,
        defect_share=defect_share,
        recorded_by="user:buyer",
        recorded_at=NOW,
    )
    session.add(offer)
    session.flush()
    return offer


def a_purchase(session: Session, supplier: Supplier, flow: str, cny_per_t: float | None) -> Purchase:
    """Return a purchase of the period."""
    purchase = Purchase(
        supplier_id=supplier.id,
        flow=flow,
        period_start=PERIOD[0],
        period_end=PERIOD[1],
        amount_t=100.0,
        price_cny_per_t=cny_per_t,
        created_at=NOW,
    )
    session.add(purchase)
    session.flush()
    return purchase


def name_suppliers(session: Session, product: Product, shares: dict[str, dict[uuid.UUID, float]]) -> None:
    """Let a product buy from these."""
    for flow, mix in shares.items():
        for supplier_id, share in mix.items():
            session.add(ProductInput(product_id=product.id, flow=flow, supplier_id=supplier_id, share=share))
    session.flush()


def a_stored_product(session: Session) -> Stored:
    """Return a product with candidates: the efficient plant is dearer, the silent one the cheapest."""
    product = a_product(session, toll_share=1.0)
    plant, efficient, silent = (a_supplier(session, name_zh=name, name_en=name) for name in ("甲", "乙", "丙"))
    pitch, other = (a_supplier(session, supplier_type=SupplierType.PITCH, name_zh=name, name_en=name) for name in ("丁", "戊"))
    an_accepted_submission(session, plant)
    an_accepted_submission(session, efficient, EFFICIENT)
    an_accepted_submission(session, pitch, SHARED)
    an_accepted_submission(session, other, {**SHARED, "own_pcf": 600.0})
    name_suppliers(session, product, {"graphitised_powder": {plant.id: 1.0}, "coal_tar_pitch": {pitch.id: 1.0}})
    for supplier, flow, price in (
        (plant, "graphitised_powder", 8000.0),
        (efficient, "graphitised_powder", 9000.0),
        (silent, "graphitised_powder", 7000.0),
        (pitch, "coal_tar_pitch", 5000.0),
        (other, "coal_tar_pitch", 5600.0),
    ):
        an_offer(session, supplier, flow, price)
    return Stored(product=product, plant=plant, efficient=efficient, silent=silent, pitch=pitch, other_pitch=other)
