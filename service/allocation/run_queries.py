"""Every SELECT on allocation runs."""

import uuid
from collections.abc import Sequence
from datetime import date

from sqlmodel import Session, col, select

from service.accounts.access import Principal
from service.allocation.answers import answer_of
from service.allocation.effects import PlannedOrder
from service.allocation.models import AllocationRun
from service.allocation.queries import candidates_of
from service.errors import NotFoundError
from service.green_score.published import Disclosure, disclosure_for


def get_run(session: Session, run_id: uuid.UUID, *, asking: Principal) -> AllocationRun:
    """Return a run that the principal may open: one of exact footprints tells them."""
    run = session.get(AllocationRun, run_id)
    if run is None or (run.is_exact and disclosure_for(asking) is not Disclosure.EXACT):
        raise NotFoundError
    return run


def find_runs(session: Session, *, asking: Principal, limit: int = 50) -> Sequence[AllocationRun]:
    """Return the latest runs that the principal may open."""
    statement = select(AllocationRun).order_by(col(AllocationRun.started_at).desc(), col(AllocationRun.id).desc())
    if disclosure_for(asking) is not Disclosure.EXACT:
        statement = statement.where(col(AllocationRun.is_exact).is_(False))
    return session.exec(statement.limit(limit)).all()


def plan_of(run: AllocationRun) -> Sequence[PlannedOrder]:
    """Return the orders of a run from the database; none without a plan, and none of a workbook."""
    if run.answer is None or run.year is None:
        return ()
    demands = {line["material"]: line["demand_t"] for line in run.question["problem"]["demands"]}
    candidates = {(one.supplier, one.material): one for one in candidates_of(run.question)}
    chosen = [(candidates[one.supplier, one.material], one.t) for one in answer_of(run.answer).allocations]
    return [
        PlannedOrder(
            supplier_id=uuid.UUID(one.supplier),
            material=one.material,
            share=t / demands[one.material],
            price_per_t=one.price_per_t,
            grade=one.grade,
        )
        for one, t in chosen
    ]


def open_plans(session: Session, *, today: date) -> Sequence[AllocationRun]:
    """Return the latest run of each year that is not over: the plan that everybody goes by, so none of exact footprints."""
    statement = (
        select(AllocationRun)
        .where(
            col(AllocationRun.year) >= today.year,
            col(AllocationRun.finished_at).is_not(None),
            col(AllocationRun.is_exact).is_(False),
        )
        .order_by(col(AllocationRun.started_at), col(AllocationRun.id))
    )
    return list({one.year: one for one in session.exec(statement)}.values())
