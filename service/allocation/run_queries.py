"""Every SELECT on allocation runs."""

import uuid
from collections.abc import Sequence
from datetime import date

from sqlmodel import Session, col, select

from service.accounts.access import Principal
from service.allocation.models import AllocationRun
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


def latest_plans(session: Session, *, since: date, limit: int = 20) -> Sequence[AllocationRun]:
    """Return the latest runs from the database that have a plan and were judged from a day on."""
    statement = (
        select(AllocationRun)
        .where(col(AllocationRun.year).is_not(None), AllocationRun.judged_on >= since, col(AllocationRun.finished_at).is_not(None))
        .order_by(col(AllocationRun.started_at).desc())
    )
    return [one for one in session.exec(statement.limit(limit)) if one.answer and one.answer["cost"] is not None]
