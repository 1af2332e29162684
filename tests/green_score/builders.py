"""Rows of scores with plausible defaults; a test names only what it is about."""

import itertools
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any

from sqlmodel import Session

from service.green_score.facts import Facts
from service.green_score.method import shipped_method
from service.green_score.method_operations import keep_method
from service.green_score.method_queries import shipped_version
from service.green_score.models import Benchmark, MethodVersion, Score
from service.green_score.operations import indicators_as_stored
from service.green_score.points import Valued, give_points
from service.green_score.robustness import score_robustness
from service.green_score.scoring import score
from service.green_score.stored_facts import facts_as_stored, hash_of
from service.suppliers.models import Purchase, Supplier
from tests import builders
from tests.green_score.facts_builders import EXAMPLE

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
PERIOD = (date(2025, 1, 1), date(2025, 12, 31))
FLOW = "graphitised_powder"
_numbers = itertools.count(1)

WORKED_EXAMPLE: Mapping[str, Valued] = {
    "A1": Valued(value=66.01),
    "A2": Valued(value=75.72),
    "A3": Valued(value=77.5),
    "A4": Valued(value=72.0),
    "A5": Valued(value=60.0),
    "B1": Valued(value=47.5, credit=0.9),
    "B2": Valued(value=76.0, credit=0.9),
    "B3": Valued(value=60.0, credit=0.9),
    "C1": Valued(value=100.0),
    "C2": Valued(value=0.0),
    "C3": Valued(value=50.0, credit=0.7),
    "C4": Valued(value=100.0),
    "C5": Valued(value=100.0),
    "D1": Valued(value=60.0, credit=0.7),
    "D2": Valued(value=80.0, credit=0.7),
    "E1": Valued(left_out=True),
    "E2": Valued(value=50.0, credit=0.7),
    "E3": Valued(value=100.0, credit=0.9),
    "F1": Valued(value=66.08, credit=0.9),
    "F2": Valued(value=41.67, credit=0.9),
    "G1": Valued(value=90.0),
    "G2": Valued(value=100.0),
    "H1": Valued(value=92.0),
    "H2": Valued(value=66.67),
    "H3": Valued(value=85.0),
}
"""Values and credits of the worked example, E1 left out."""


def a_method(session: Session) -> MethodVersion:
    """Return the shipped method, stored at the first call."""
    version = shipped_version()
    keep_method(session, version)
    return session.get_one(MethodVersion, version.id)


def a_score(
    session: Session,
    *,
    supplier: Supplier | None = None,
    flow: str = FLOW,
    known: Mapping[str, Valued] = WORKED_EXAMPLE,
    grade: str = "B",
    period: tuple[date, date] = PERIOD,
    **fields: Any,
) -> Score:
    """Return a new score of what is known, by indicator; its points are those of the shipped method's default profile."""
    supplier = supplier or builders.a_supplier(session)
    points = give_points(shipped_method(), "default", known)
    columns: dict[str, Any] = {
        "category": "default",
        "method_id": a_method(session).id,
        "inputs": facts_as_stored(EXAMPLE),
        "inputs_hash": f"{next(_numbers):064}",
        "indicators": {name: asdict(one) | {"reasons": [], "sources": []} for name, one in points.indicators.items()},
        "dimensions": dict(points.dimensions),
        "total": points.total,
        "calculated_by": "system",
        "calculated_at": NOW,
    }
    row = Score(supplier_id=supplier.id, flow=flow, grade=grade, period_start=period[0], period_end=period[1], **(columns | fields))
    session.add(row)
    session.flush()
    return row


def a_calculated_score(session: Session, *, supplier: Supplier, facts: Facts = EXAMPLE, flow: str = FLOW) -> Score:
    """Return a new score that its own stored inputs give again."""
    firm, inputs = score_robustness(facts, shipped_method(), samples=200), facts_as_stored(facts)
    found = score(facts, shipped_method(), probabilities=firm.by_points)
    return a_score(
        session,
        supplier=supplier,
        flow=flow,
        inputs=inputs,
        inputs_hash=hash_of(inputs),
        indicators=indicators_as_stored(found, inputs["sources"]),
        dimensions=dict(found.points.dimensions),
        total=found.points.total,
        grade=found.grade.letter,
        grade_by_points=found.grade.by_points,
        grade_reasons=[one.as_stored() for one in found.grade.reasons],
        robustness=firm.as_stored(found.grade.letter),
    )


def a_benchmark(session: Session, *, flow: str = FLOW, kg_co2e_per_kg: float = 5.0, **fields: Any) -> Benchmark:
    """Return a frozen benchmark of 2026 with the default anchors."""
    columns: dict[str, Any] = {"best_ratio": 0.5, "worst_ratio": 2.0, "origin": "default", "source": "test", "frozen_by": "system"}
    benchmark = Benchmark(flow=flow, scoring_year=2026, kg_co2e_per_kg=kg_co2e_per_kg, frozen_at=NOW, **(columns | fields))
    session.add(benchmark)
    session.flush()
    return benchmark


def a_purchase(
    session: Session, supplier: Supplier, *, flow: str = FLOW, amount_t: float = 1000.0, price_cny_per_t: float | None = 9000.0
) -> Purchase:
    """Return a purchase of the period."""
    purchase = Purchase(
        supplier_id=supplier.id,
        flow=flow,
        period_start=PERIOD[0],
        period_end=PERIOD[1],
        amount_t=amount_t,
        price_cny_per_t=price_cny_per_t,
        created_at=NOW,
    )
    session.add(purchase)
    session.flush()
    return purchase
