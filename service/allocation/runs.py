"""Every write on allocation runs: ask, answer, trace the exact front, cancel."""

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from service.allocation.answers import Answer
from service.allocation.candidates import Candidate
from service.allocation.explaining import BlockingRule
from service.allocation.front import ExactFront, RelaxedPoint
from service.allocation.models import AllocationRun, RunOrigin
from service.allocation.problem import Problem
from service.allocation.queries import AskedProblem
from service.audit.operations import record
from service.errors import N_, ConflictError
from service.jobs.operations import enqueue

SOLVE_TASK: Final = "solve_allocation"
FRONT_TASK: Final = "trace_exact_front"
RELAXED_POINTS: Final = 21
_NUMBER_TRIES: Final = 5


class RunFinishedError(ConflictError):
    """A run that has ended can't be cancelled."""

    code = "allocation-finished"


class RunUnfinishedError(ConflictError):
    """Something needs the plan of a run that has none."""

    code = "allocation-without-plan"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a new run is about.

    Attributes
    ----------
    year
        Whose demands are filled; None for a workbook.
    judged_on
        Day on which offers, scores and waivers were looked at.
    is_exact
        Suppliers' exact footprints count, so that only those may open it who may see them.
    front_points
        Of the exact front; 0 for none.

    """

    name: str
    origin: RunOrigin
    year: int | None
    judged_on: date
    is_exact: bool
    front_points: int


def start_from_database(
    session: Session, asked: Asked, found: AskedProblem, *, by: str, at: datetime, is_sample: bool = False
) -> AllocationRun:
    """Keep a question with all that it rests on, and ask for its answer."""
    return _start(session, asked, found.as_dict(), found.problem.content_hash(), by=by, at=at, is_sample=is_sample)


def start_from_workbook(
    session: Session, asked: Asked, problem: Problem, *, by: str, at: datetime, is_sample: bool = False
) -> AllocationRun:
    """Keep the question of an uploaded workbook, and ask for its answer."""
    nobody: Sequence[Candidate] = ()
    question = {"problem": problem.as_dict(), "candidates": list(nobody), "method": "", "method_hash": ""}
    return _start(session, asked, question, problem.content_hash(), by=by, at=at, is_sample=is_sample)


def store_answer(
    session: Session,
    run_id: uuid.UUID,
    answer: Answer,
    *,
    blocking: Sequence[BlockingRule],
    relaxed: Sequence[RelaxedPoint],
    at: datetime,
) -> AllocationRun:
    """Keep the answer, and ask for the exact front where one is wanted and there is a plan."""
    run = _locked(session, run_id)
    run.answer = answer.as_dict()
    run.blocking = [one.as_dict() for one in blocking]
    run.relaxed_front = [one.as_dict() for one in relaxed]
    if answer.has_plan and run.front_points and not run.is_cancelled:
        enqueue(session, FRONT_TASK, {"run_id": str(run.id)}, key=f"{FRONT_TASK}:{run.id}", run_at=at)
    else:
        run.finished_at = at
    record(session, "allocation_answered", of=run, by=run.started_by, at=at, number=run.number, status=str(answer.status))
    return run


def note_progress(session: Session, run_id: uuid.UUID, share: float) -> None:
    """Note how much of the exact front is done, 0 to 1."""
    _locked(session, run_id).progress = share


def store_front(session: Session, run_id: uuid.UUID, front: ExactFront, *, at: datetime) -> AllocationRun:
    """Keep the exact front, or as much of it as was there when somebody cancelled."""
    run = _locked(session, run_id)
    run.exact_front = [one.as_dict() for one in front.points]
    run.progress = 1.0 if front.is_complete else run.progress
    run.finished_at = at
    record(session, "allocation_front_traced", of=run, by=run.started_by, at=at, number=run.number, points=len(front.points))
    return run


def note_failure(session: Session, run_id: uuid.UUID, *, at: datetime) -> None:
    """Let people know that a run broke for a reason nobody foresaw; the log has it under the job."""
    run = _locked(session, run_id)
    run.problem = N_("It could not be calculated because of an unexpected error on our side. Tell the operator its number.")
    run.finished_at = at


def cancel(session: Session, run: AllocationRun, *, by: str, at: datetime) -> AllocationRun:
    """Stop tracing the exact front after the point that is being solved; what is there stays.

    Raises
    ------
    RunFinishedError
        If it has ended already.

    """
    run = _locked(session, run.id)
    if run.finished_at is not None:
        raise RunFinishedError(N_("%(number)s has ended already; there is nothing to cancel."), number=run.number)
    run.is_cancelled = True
    record(session, "allocation_cancelled", of=run, by=by, at=at, number=run.number)
    return run


def _start(
    session: Session, asked: Asked, question: Mapping[str, Any], content_hash: str, *, by: str, at: datetime, is_sample: bool
) -> AllocationRun:
    run = AllocationRun(
        number="",
        name=asked.name,
        origin=asked.origin,
        year=asked.year,
        judged_on=asked.judged_on,
        is_exact=asked.is_exact,
        question=json.loads(json.dumps(question)),
        question_hash=content_hash,
        front_points=asked.front_points,
        started_by=by,
        started_at=at,
        is_sample=is_sample,
    )
    _number(session, run, year=at.year)
    enqueue(session, SOLVE_TASK, {"run_id": str(run.id)}, key=f"{SOLVE_TASK}:{run.id}", run_at=at)
    record(session, "allocation_started", of=run, by=by, at=at, number=run.number, question_sha256=content_hash)
    return run


def _number(session: Session, run: AllocationRun, *, year: int) -> None:
    """Store a run under the next number of the year; another transaction may take the same number first."""
    prefix = f"O-{year}-"
    for _ in range(_NUMBER_TRIES):
        last = session.exec(
            select(AllocationRun.number)
            .where(col(AllocationRun.number).startswith(prefix))
            .order_by(col(AllocationRun.number).desc())
        ).first()
        run.number = f"{prefix}{int(last.removeprefix(prefix)) + 1 if last else 1:04}"
        try:
            with session.begin_nested():
                session.add(run)
        except IntegrityError:
            continue
        return
    raise ConflictError(N_("Too many allocations are being started at once; try again in a moment."))


def _locked(session: Session, run_id: uuid.UUID) -> AllocationRun:
    return session.get_one(AllocationRun, run_id, with_for_update=True, populate_existing=True)
