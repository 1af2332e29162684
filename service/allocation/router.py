import uuid

from fastapi import APIRouter

from service.accounts.access import Context, endpoint, roles
from service.accounts.models import Role
from service.allocation import run_queries, runs
from service.allocation.lines import Rules
from service.allocation.models import AllocationRun, RunOrigin
from service.allocation.queries import problem_from_database
from service.allocation.runs import Asked
from service.allocation.schemas import AllocationFrontOut, AllocationOut, RunInput
from service.errors import N_, FieldError, InvalidInputError
from service.green_score.published import Disclosure, disclosure_for

router = APIRouter(prefix="/allocations", tags=["allocations"])

READERS = roles(Role.ENGINEER, Role.PROCUREMENT, Role.REVIEWER, Role.AUDITOR)
WRITERS = roles(Role.ENGINEER, Role.PROCUREMENT)


@router.post("")
@endpoint(WRITERS)
def start_allocation(context: Context, body: RunInput) -> AllocationOut:
    """Ask for an allocation of what the database holds; it is answered in the background."""
    return _output(start_run(context, body))


@router.get("/{allocation_id}")
@endpoint(READERS)
def show_allocation(context: Context, allocation_id: uuid.UUID) -> AllocationOut:
    """Return an allocation; `answer` is null until it is calculated."""
    return _output(run_queries.get_run(context.session, allocation_id, asking=context.asking))


@router.get("/{allocation_id}/front")
@endpoint(READERS)
def show_allocation_front(context: Context, allocation_id: uuid.UUID) -> AllocationFrontOut:
    """Return cost against carbon: of the relaxed question, and exactly as far as it is traced."""
    run = run_queries.get_run(context.session, allocation_id, asking=context.asking)
    return AllocationFrontOut(
        number=run.number,
        is_finished=run.finished_at is not None,
        is_cancelled=run.is_cancelled,
        progress=run.progress,
        relaxed=run.relaxed_front,
        exact=run.exact_front,
    )


def start_run(context: Context, wanted: RunInput) -> AllocationRun:
    """Start a run from the database; only those count exact footprints who may see them."""
    today = context.today
    if wanted.is_exact and disclosure_for(context.asking) is not Disclosure.EXACT:
        raise InvalidInputError({"is_exact": FieldError(N_("Your role sees rounded footprints; leave this empty."))})
    rules = Rules(
        carbon_price_per_t=wanted.carbon_price_per_t,
        carbon_cap_t=wanted.carbon_cap_t,
        bid_mode=wanted.bid_mode,
        max_new_suppliers=wanted.max_new_suppliers,
    )
    found = problem_from_database(
        context.session,
        wanted.year,
        on=today,
        rules=rules,
        disclosure=Disclosure.EXACT if wanted.is_exact else Disclosure.ROUNDED,
        dual_sourcing=wanted.dual_sourcing,
    )
    asked = Asked(
        name=wanted.name,
        origin=RunOrigin.DATABASE,
        year=wanted.year,
        judged_on=today,
        is_exact=wanted.is_exact,
        front_points=wanted.front_points,
    )
    return runs.start_from_database(context.session, asked, found, by=context.asking.actor, at=context.at)


def _output(run: AllocationRun) -> AllocationOut:
    same = {name: getattr(run, name) for name in AllocationOut.model_fields if hasattr(run, name)}
    return AllocationOut(**same, is_finished=run.finished_at is not None, blocking_rules=run.blocking)
