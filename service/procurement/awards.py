"""Every write on award memos; a memo never changes."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from service.allocation.candidates import REMOVALS, Candidate
from service.allocation.models import AllocationRun
from service.allocation.queries import candidates_for
from service.audit.operations import record
from service.errors import N_, ConflictError, FieldError, InvalidInputError, ServiceError
from service.green_score.method_queries import method_in_force
from service.green_score.published import Disclosure
from service.jobs.operations import enqueue
from service.modelling.queries import active_model
from service.procurement import award_queries as queries
from service.procurement.award_schemas import AwardInput
from service.procurement.award_snapshot import Awarded, Versions, snapshot_of
from service.procurement.models import AwardMemo

RENDER: Final = "render_award"
TOLERANCE: Final = 1e-6
_NUMBER_TRIES: Final = 5


class NotAwardableError(ConflictError):
    """A memo can't rest on this allocation."""

    code = "not-awardable"


def award(session: Session, fields: AwardInput, *, by: str, at: datetime, today: date, is_sample: bool = False) -> AwardMemo:
    """Record a decision with everything known on the day, and ask for its document.

    Raises
    ------
    InvalidInputError
        If somebody gets an order who may not, or more than capacity, grade and contract allow; beside the field of the supplier.
    NotAwardableError
        If the allocation counts exact footprints, which the memo would give away, or has no plan of the material.

    """
    run = _run(session, fields)
    version, method = method_in_force(session, today)
    candidates = candidates_for(session, {fields.flow}, on=today, method=method, disclosure=Disclosure.ROUNDED)
    awarded = _awarded(fields, candidates)
    snapshot = snapshot_of(
        awarded,
        candidates,
        flow=fields.flow,
        title=fields.title,
        reason=fields.reason,
        carbon_price_per_t=fields.carbon_price_per_t,
        judged_on=today,
        run=run,
        versions=Versions(method=version.label, method_hash=version.content_hash, model=active_model(session).model_version),
    )
    memo = AwardMemo(
        number="",
        title=fields.title,
        flow=fields.flow,
        allocation_id=fields.allocation_id,
        reason=fields.reason,
        snapshot=snapshot,
        decided_by=by,
        decided_at=at,
        is_sample=is_sample,
    )
    _number(session, memo, year=today.year)
    enqueue(session, RENDER, {"award_id": str(memo.id)}, key=f"{RENDER}:{memo.id}", run_at=at)
    record(session, "award_recorded", of=memo, by=by, at=at, number=memo.number, flow=memo.flow)
    return memo


def store_document(session: Session, award_id: uuid.UUID, pdf: bytes, sha256: str, *, at: datetime) -> None:
    """Keep the document of a memo; the first one stays, whatever comes later."""
    memo = session.get_one(AwardMemo, award_id, with_for_update=True, populate_existing=True)
    if memo.pdf is not None:
        return
    memo.pdf, memo.pdf_sha256 = pdf, sha256
    record(session, "award_document_stored", of=memo, by="system", at=at, number=memo.number, pdf_sha256=sha256)


def _run(session: Session, fields: AwardInput) -> AllocationRun | None:
    if fields.allocation_id is None:
        return None
    run = session.get(AllocationRun, fields.allocation_id)
    if run is None or run.is_exact or run.answer is None:
        raise NotAwardableError(
            N_("A memo needs an allocation with a plan that counts rounded footprints; allocate again without exact ones.")
        )
    if fields.flow not in {one["material"] for one in run.answer["allocations"]}:
        raise NotAwardableError(N_("%(number)s has no orders of this material; choose another one."), number=run.number)
    return run


def _awarded(fields: AwardInput, candidates: Sequence[Candidate]) -> Sequence[Awarded]:
    """Return the orders above zero, the largest first."""
    known = {one.supplier: one for one in candidates}
    wanted = {str(one.supplier_id): one.t for one in fields.orders if one.t > 0}
    total = sum(wanted.values())
    if not wanted:
        raise InvalidInputError({"": FieldError(N_("Nobody gets anything; enter the amount of at least one supplier."))})
    problems = {
        field_of(supplier): problem
        for supplier, t in wanted.items()
        if (problem := _problem(known.get(supplier), t, total)) is not None
    }
    if problems:
        raise InvalidInputError(problems)
    return sorted((Awarded(candidate=known[one], t=t) for one, t in wanted.items()), key=lambda one: -one.t)


def field_of(supplier: str) -> str:
    """Return the form's field of a supplier's amount."""
    return f"t_{supplier}"


def _problem(candidate: Candidate | None, t: float, total: float) -> ServiceError | None:
    """Return why a supplier may not get so much."""
    if candidate is None:
        return FieldError(N_("This supplier has no valid offer for this material any more; load the page again."))
    if candidate.removal is not None:
        return FieldError(REMOVALS[candidate.removal])
    limits: Mapping[str, tuple[bool, FieldError]] = {
        "capacity": (
            t > candidate.capacity_t * (1 + TOLERANCE),
            FieldError(N_("It delivers at most %(most)s t a year; lower the amount."), most=f"{candidate.capacity_t:g}"),
        ),
        "least": (
            t < candidate.moq_t * (1 - TOLERANCE),
            FieldError(N_("It delivers %(least)s t a year or nothing; raise the amount or write 0."), least=f"{candidate.moq_t:g}"),
        ),
        "share": (
            t > min(candidate.max_share, candidate.grade_cap) * total * (1 + TOLERANCE),
            FieldError(
                N_(
                    "It may get at most %(cap)s %% of the material, and this is %(share)s %%; lower the amount or ask for a waiver."
                ),
                cap=f"{100 * min(candidate.max_share, candidate.grade_cap):.4g}",
                share=f"{100 * t / total:.4g}",
            ),
        ),
    }
    return next((error for is_broken, error in limits.values() if is_broken), None)


def _number(session: Session, memo: AwardMemo, *, year: int) -> None:
    """Store a memo under the next number of the year; another transaction may take the same number first."""
    prefix = f"AM-{year}-"
    for _ in range(_NUMBER_TRIES):
        last = queries.last_number(session, prefix)
        memo.number = f"{prefix}{int(last.removeprefix(prefix)) + 1 if last else 1:04}"
        try:
            with session.begin_nested():
                session.add(memo)
        except IntegrityError:
            continue
        return
    raise ConflictError(N_("Too many memos are being written at once; try again in a moment."))
