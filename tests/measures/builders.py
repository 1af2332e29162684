"""Measures, tonnes and products with plausible defaults; a test names only what it is about."""

import uuid
from typing import Any

from sqlmodel import Session

from service.measures.operations import create_measure
from service.measures.queries import PlannedMeasure, get_measure
from service.measures.schemas import MeasureInput
from service.products.models import Product
from service.targets.models import ActivityPlan
from tests.builders import NOW, a_product

ENGINEER = "user:00000000-0000-0000-0000-00000000000e"
COMMITTEE = "user:00000000-0000-0000-0000-00000000000c"
YEAR = 2026


def a_measure_input(**fields: Any) -> MeasureInput:
    given: dict[str, Any] = {
        "name_zh": "某措施",
        "name_en": "Some measure",
        "reasoning": "Measured at a furnace like ours",
        "evidence": "Offer of a maker",
        "lever": "heat_recovery",
        "begins": YEAR,
        "lifetime_years": 10,
        "earliest": YEAR,
        "trl": 9,
    }
    return MeasureInput.model_validate(given | fields)


def a_measure(session: Session, product: Product | None = None, **fields: Any) -> PlannedMeasure:
    """Return a measure on a product, by default 10 % less electricity of graphitization."""
    if product is not None:
        fields = {"product_ids": [product.id], "parameters": {"graphitization_electricity_kwh_per_kg": 9.0}, **fields}
    made = create_measure(session, a_measure_input(**fields), by=ENGINEER, at=NOW)
    session.flush()
    return get_measure(session, made.id)


def a_made_product(session: Session, *, amount_t: float = 1000.0, furnace: str = "box", **fields: Any) -> Product:
    """Return a product with its own furnace, of which an amount is made in the year."""
    product = a_product(session, **fields)
    product.furnace = furnace
    session.add(
        ActivityPlan(
            year=YEAR,
            product_id=product.id,
            low_t=amount_t,
            likely_t=amount_t,
            high_t=amount_t,
            source="Plan of the sales department",
            created_at=NOW,
        )
    )
    session.flush()
    return product


def ids(*measures: PlannedMeasure) -> list[uuid.UUID]:
    return [one.id for one in measures]
