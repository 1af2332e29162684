"""What buyers keep of supplier A: one object of each kind, for the world to attack."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlmodel import Session, select

from service.accounts.models import Organisation, OrganisationKind
from service.allocation import runs
from service.allocation.models import AllocationRun, RunOrigin
from service.allocation.operations import ask_waiver, record_demand, record_offer
from service.allocation.queries import problem_from_database
from service.allocation.schemas import DemandInput, OfferInput, WaiverInput
from service.allocation.solving import solve
from service.green_score.method_operations import create_draft
from service.procurement.models import AwardMemo
from service.products.models import Product
from service.suppliers.models import Supplier
from service.swaps.models import FootprintLimit, SwapRun

FLOW = "coal_tar_pitch"


def procurement_objects(session: Session, supplier: Supplier, *, by: str, at: datetime) -> Mapping[str, str]:
    """Return ids by name of a path parameter."""
    terms = OfferInput(
        supplier_id=supplier.id,
        flow=FLOW,
        price_cny_per_t=4321.5,
        priced_on=date(2026, 11, 9),
        valid_until=date(2027, 3, 31),
        capacity_t=4000,
    )
    wanted = WaiverInput(supplier_id=supplier.id, flow=FLOW, reason="Nobody else delivers it", valid_until=date(2027, 3, 31))
    return {
        "year": "2026",
        "item": "X11",
        "method_label": create_draft(session, notes="Of the committee", effective_from=date(2031, 1, 1), by=by, at=at).label,
        "offer_id": str(record_offer(session, terms, by=by, at=at).id),
        "demand_id": str(record_demand(session, DemandInput(flow=FLOW, year=2031, demand_t=1000), by=by, at=at).id),
        "allocation_id": str(_allocation(session, by=by, at=at).id),
        **_swap_objects(session, supplier, by=by, at=at),
        "award_id": str(_memo(session, supplier, by=by, at=at).id),
        "waiver_id": str(ask_waiver(session, wanted, by=by, at=at, today=at.date()).id),
    }


def _allocation(session: Session, *, by: str, at: datetime) -> AllocationRun:
    """Return an answered allocation of the demand."""
    found = problem_from_database(session, 2031, on=at.date())
    asked = runs.Asked(
        name="Pitch of 2031", origin=RunOrigin.DATABASE, year=2031, judged_on=at.date(), is_exact=False, front_points=0
    )
    run = runs.start_from_database(session, asked, found, by=by, at=at)
    return runs.store_answer(session, run.id, solve(found.problem), blocking=(), relaxed=(), at=at)


def _swap_objects(session: Session, supplier: Supplier, *, by: str, at: datetime) -> Mapping[str, str]:
    """Return a search over swaps with what it found, and a customer's limit."""
    product = session.exec(select(Product)).first()
    customer = session.exec(select(Organisation).where(Organisation.kind == OrganisationKind.CUSTOMER)).first()
    assert product is not None
    assert customer is not None
    figures = {"kg_co2e_per_kg": 12.0, "p90_kg_co2e_per_kg": 14.0, "cny_per_t": 9000.0, "score": 60.0, "defect_share": 0.01}
    point = {"mixes": {FLOW: {str(supplier.id): 1.0}}, **figures, "on_front": True, "on_p90_front": True}
    run = SwapRun(
        product_id=product.id,
        period_start=date(2025, 1, 1),
        period_end=date(2025, 12, 31),
        choices={FLOW: [str(supplier.id)]},
        is_exact=False,
        model_version="1",
        total=1,
        done=1,
        front=[point],
        summary={"today": point, "without_price_count": 0, "without_price": []},
        started_by=by,
        started_at=at,
        finished_at=at,
    )
    limit = FootprintLimit(
        product_id=product.id,
        customer_id=customer.id,
        limit_kg_co2e_per_kg=11.0,
        electricity_view="national",
        valid_from=date(2026, 1, 1),
        source="Contract of 2025-12-01",
        recorded_by=by,
        recorded_at=at,
    )
    session.add_all([run, limit])
    session.flush()
    return {"swap_run_id": str(run.id), "footprint_limit_id": str(limit.id)}


def _memo(session: Session, supplier: Supplier, *, by: str, at: datetime) -> AwardMemo:
    """Return a memo of a decision for the supplier; what it says does not matter here."""
    memo = AwardMemo(
        number="AM-2031-0001",
        title="Pitch",
        flow=FLOW,
        reason="Nobody else delivers it",
        snapshot={
            "title": "Pitch",
            "flow": FLOW,
            "reason": "Nobody else delivers it",
            "judged_on": "2026-11-22",
            "carbon_price_per_t": 0.0,
            "demand_t": 10.0,
            "cost": 1000.0,
            "t_co2e": 5.0,
            "carbon_cost": 0.0,
            "orders": [],
            "candidates": [],
            "break_even": {},
            "plan": None,
            "method": "2026.1",
            "method_hash": "0" * 64,
            "model": "test",
        },
        pdf=f"%PDF of {supplier.id}".encode(),
        pdf_sha256="0" * 64,
        decided_by=by,
        decided_at=at,
    )
    session.add(memo)
    session.flush()
    return memo
