"""Offers, demands and scores with plausible defaults; a test names only what it is about."""

from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from service.allocation.models import Demand, Offer
from service.allocation.operations import record_demand, record_offer
from service.allocation.schemas import DemandInput, OfferInput
from service.suppliers.models import Supplier, SupplierType
from tests import builders
from tests.green_score.builders import a_benchmark, a_score

NOW = builders.NOW
TODAY = NOW.date()
FLOW = "green_petroleum_coke"
BY = "user:01999999-0000-7000-8000-00000000000a"


def a_coke_supplier(session: Session, name: str = "沪焦", *, grade: str | None = "B", total: float = 70.0) -> Supplier:
    """Return a supplier of green coke with a score; without one if `grade` is None."""
    supplier = builders.a_supplier(session, supplier_type=SupplierType.COKE, name_zh=name, name_en=f"{name} Ltd")
    if grade is not None:
        a_score(session, supplier=supplier, flow=FLOW, grade=grade, total=total)
    return supplier


def an_offer(session: Session, supplier: Supplier, *, price: float = 2000.0, at: datetime = NOW, **fields: Any) -> Offer:
    """Return an offer of 10,000 t a year that is valid today."""
    values: dict[str, Any] = {
        "supplier_id": supplier.id,
        "flow": FLOW,
        "price_cny_per_t": price,
        "priced_on": date(2026, 11, 1),
        "valid_until": date(2026, 12, 31),
        "capacity_t": 10_000.0,
    }
    return record_offer(session, OfferInput(**(values | fields)), by=BY, at=at)


def a_demand(session: Session, **fields: Any) -> Demand:
    """Return a demand of 1,000 t in 2027."""
    values: dict[str, Any] = {"flow": FLOW, "year": 2027, "demand_t": 1000.0}
    return record_demand(session, DemandInput(**(values | fields)), by=BY, at=NOW)


def a_market(session: Session) -> tuple[Supplier, Supplier, Supplier]:
    """Return three suppliers of grades A, B and B that offer at 2,100, 2,000 and 1,900 yuan, and a demand of 1,000 t.

    None of them has a footprint of its own: 1.5 times the benchmark of 0.4 stands in, 0.6 t CO2e per tonne.
    """
    a_benchmark(session, flow=FLOW, kg_co2e_per_kg=0.4)
    found = (
        a_coke_supplier(session, "甲焦", grade="A", total=80.0),
        a_coke_supplier(session, "乙焦"),
        a_coke_supplier(session, "丙焦"),
    )
    for supplier, price in zip(found, (2100.0, 2000.0, 1900.0), strict=True):
        an_offer(session, supplier, price=price)
    a_demand(session)
    return found
