"""Background work of allocations: the answer first, the exact front after it."""

import uuid

from service.allocation import runs
from service.allocation.answers import Status
from service.allocation.explaining import blocking_rules
from service.allocation.front import exact_front, lp_front
from service.allocation.models import AllocationRun
from service.allocation.problem import Problem, problem_of
from service.allocation.solving import solve
from service.jobs.work import Work


def solve_allocation(work: Work) -> None:
    """Answer a run: the plan, the relaxed front, or the rules that stand in the way."""
    run_id = uuid.UUID(work.payload["run_id"])
    with work.noting_last_failure(lambda session: runs.note_failure(session, run_id, at=work.clock())):
        problem = _problem(work, run_id)
        answer = solve(problem)
        blocking = blocking_rules(problem) if answer.status is Status.INFEASIBLE else ()
        relaxed = lp_front(problem, points=runs.RELAXED_POINTS) if answer.has_plan else ()
        with work.finishing() as session:
            runs.store_answer(session, run_id, answer, blocking=blocking, relaxed=relaxed, at=work.clock())


def trace_exact_front(work: Work) -> None:
    """Trace the exact front of a run, point by point, until it is done or somebody cancels."""
    run_id = uuid.UUID(work.payload["run_id"])

    def tell(share: float) -> None:
        with work.database.writing() as session:
            runs.note_progress(session, run_id, share)
        work.report_progress(share)

    def is_cancelled() -> bool:
        with work.database.reading() as session:
            return session.get_one(AllocationRun, run_id).is_cancelled

    with work.noting_last_failure(lambda session: runs.note_failure(session, run_id, at=work.clock())):
        problem = _problem(work, run_id)
        front = exact_front(problem, points=_points(work, run_id), on_progress=tell, is_cancelled=is_cancelled)
        with work.finishing() as session:
            runs.store_front(session, run_id, front, at=work.clock())


def _problem(work: Work, run_id: uuid.UUID) -> Problem:
    with work.database.reading() as session:
        return problem_of(session.get_one(AllocationRun, run_id).question["problem"])


def _points(work: Work, run_id: uuid.UUID) -> int:
    with work.database.reading() as session:
        return session.get_one(AllocationRun, run_id).front_points
