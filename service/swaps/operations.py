"""Every write of swaps: runs and their progress, customers' limits."""

import uuid
from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from sqlmodel import Session

from service.audit.operations import record as record_event
from service.certificates.queries import get_customer
from service.errors import N_, ConflictError, ServiceError
from service.footprints.rules import check_period
from service.green_score.published import Disclosure
from service.jobs.operations import enqueue
from service.products.queries import get_product
from service.swaps.desk import Desk
from service.swaps.models import FootprintLimit, SwapRun
from service.swaps.schemas import LimitInput
from service.swaps.search import Found, Picked, check_picked, combinations_of

EXPLORE_TASK: Final = "explore_swaps"


class RunEndedError(ConflictError):
    """A run was to be stopped that has ended."""

    code = "swap-run-ended"


class LimitWithdrawnError(ConflictError):
    """A limit was to be withdrawn twice."""

    code = "footprint-limit-withdrawn"


def start_run(
    session: Session,
    desk: Desk,
    picked: Picked,
    *,
    period: tuple[date, date],
    with_halves: bool,
    by: str,
    at: datetime,
) -> SwapRun:
    """Ask for every combination of the picked suppliers; the work is one background job.

    Raises
    ------
    InvalidInputError
        By field of the form.
    TooManyCombinationsError
        Before anything is stored.

    """
    check_period(*period)
    check_picked(desk, picked)
    product = desk.overlays.workbench.product
    run = SwapRun(
        product_id=product.id,
        period_start=period[0],
        period_end=period[1],
        choices={flow: [str(supplier_id) for supplier_id in suppliers] for flow, suppliers in picked.items()},
        with_halves=with_halves,
        is_exact=desk.disclosure is Disclosure.EXACT,
        model_version=desk.overlays.workbench.model.model_version,
        total=len(combinations_of(desk, picked, with_halves=with_halves)),
        started_by=by,
        started_at=at,
        is_sample=product.is_sample,
    )
    session.add(run)
    session.flush()  # the job names it
    enqueue(session, EXPLORE_TASK, {"swap_run_id": str(run.id)}, key=f"{EXPLORE_TASK}:{run.id}", run_at=at)
    record_event(session, "swap_run_started", of=run, by=by, at=at, combinations=run.total)
    return run


def note_progress(session: Session, swap_run_id: uuid.UUID, *, done: int) -> bool:
    """Note how many combinations are done; return whether somebody has stopped the run."""
    run = session.get_one(SwapRun, swap_run_id)
    run.done = done
    return run.is_cancelled


def finish_run(session: Session, swap_run_id: uuid.UUID, found: Found, *, at: datetime) -> None:
    """Keep what a run has found."""
    run = session.get_one(SwapRun, swap_run_id)
    run.front = [point.as_dict() for point in found.points]
    run.summary = {
        "today": found.today.as_dict(),
        "without_price_count": found.without_price_count,
        "without_price": [point.as_dict() for point in found.without_price],
    }
    run.done, run.finished_at = run.total, at


def end_run(session: Session, swap_run_id: uuid.UUID, *, problem: ServiceError | None, at: datetime) -> None:
    """End a run that found nothing: somebody stopped it, or something stood in its way."""
    run = session.get_one(SwapRun, swap_run_id)
    run.finished_at = at
    if problem is not None:
        run.problem = {"template": problem.template, "values": _values(problem.values)}


def cancel_run(session: Session, run: SwapRun, *, by: str, at: datetime) -> None:
    """Stop a run; what it has done is thrown away."""
    if run.finished_at is not None or run.is_cancelled:
        raise RunEndedError(N_("This search has ended; there is nothing to stop."))
    run.is_cancelled = True
    record_event(session, "swap_run_cancelled", of=run, by=by, at=at)


def record_limit(session: Session, fields: LimitInput, *, by: str, at: datetime) -> FootprintLimit:
    """Note a customer's limit; of several for one product and view all count."""
    product, customer = get_product(session, fields.product_id), get_customer(session, fields.customer_id)
    limit = FootprintLimit(**fields.model_dump(), recorded_by=by, recorded_at=at, is_sample=product.is_sample or customer.is_sample)
    session.add(limit)
    session.flush()  # the event names it
    record_event(session, "footprint_limit_recorded", of=limit, by=by, at=at, kg_co2e_per_kg=limit.limit_kg_co2e_per_kg)
    return limit


def withdraw_limit(session: Session, limit: FootprintLimit, *, by: str, at: datetime) -> None:
    """Let a limit count no more; it stays on record."""
    if limit.withdrawn_at is not None:
        raise LimitWithdrawnError(N_("This limit is withdrawn already."))
    limit.withdrawn_by, limit.withdrawn_at = by, at
    record_event(session, "footprint_limit_withdrawn", of=limit, by=by, at=at)


def _values(values: Mapping[str, object]) -> dict[str, object]:
    return {name: value if isinstance(value, int | float) else str(value) for name, value in values.items()}
