from collections.abc import Callable
from uuid import UUID

import pytest
from sqlmodel import Session

from service.allocation import runs
from service.allocation.answers import answer_of
from service.allocation.front import exact_front
from service.allocation.lines import Rules
from service.allocation.models import AllocationRun, RunOrigin
from service.allocation.problem import problem_of
from service.allocation.queries import problem_from_database
from service.allocation.runs import Asked, RunFinishedError, cancel, start_from_database, store_front
from service.database import Database
from tests.allocation.offer_builders import BY, NOW, TODAY, a_demand, a_market


def a_run(session: Session, *, front_points: int = 0, rules: Rules | None = None, year: int = 2027) -> AllocationRun:
    found = problem_from_database(session, year, on=TODAY, rules=rules)
    asked = Asked(
        name="Coke of 2027", origin=RunOrigin.DATABASE, year=year, judged_on=TODAY, is_exact=False, front_points=front_points
    )
    return start_from_database(session, asked, found, by=BY, at=NOW)


def read(database: Database, run_id: UUID) -> AllocationRun:
    with database.reading() as session:
        run = session.get_one(AllocationRun, run_id)
        session.expunge(run)
        return run


def test_a_run_is_numbered_answered_and_its_front_traced_by_jobs(database: Database, run_jobs: Callable[[], int]) -> None:
    with database.writing() as session:
        a_market(session)
        first, second = a_run(session), a_run(session, front_points=3)

    assert (first.number, second.number) == ("O-2026-0001", "O-2026-0002")
    assert run_jobs() == 3

    plain, traced = read(database, first.id), read(database, second.id)
    assert plain.answer is not None
    answer = answer_of(plain.answer)
    # 400 t each from the cheapest two of grade B, the rest from the third
    assert answer.cost == pytest.approx(400 * 1900 + 400 * 2000 + 200 * 2100)
    assert answer.t_co2e == pytest.approx(1000 * 0.6)
    assert (plain.exact_front, plain.finished_at) == ([], NOW)
    assert plain.relaxed_front[0]["cost"] == pytest.approx(answer.cost)
    assert traced.exact_front[0]["cost"] == pytest.approx(answer.cost)
    assert (traced.progress, traced.finished_at) == (1.0, NOW)


def test_a_run_that_nothing_fulfils_names_the_rules(database: Database, run_jobs: Callable[[], int]) -> None:
    with database.writing() as session:
        a_market(session)
        run = a_run(session, rules=Rules(carbon_cap_t=1.0), front_points=3)

    run_jobs()

    found = read(database, run.id)
    assert found.answer is not None
    assert found.answer["status"] == "infeasible"
    # 1,000 t at 0.6 t CO2e each
    assert [(one["rule"], one["needed"]) for one in found.blocking] == [("carbon_cap_t", pytest.approx(600))]
    assert found.finished_at == NOW


def test_a_front_that_is_cancelled_keeps_what_was_there_and_ends(database: Database, run_jobs: Callable[[], int]) -> None:
    with database.writing() as session:
        a_market(session)
        run = a_run(session, front_points=9)
        cancel(session, run, by=BY, at=NOW)

    run_jobs()

    found = read(database, run.id)
    assert found.answer is not None
    assert (found.is_cancelled, found.finished_at, found.exact_front) == (True, NOW, [])
    with database.writing() as session, pytest.raises(RunFinishedError, match="O-2026-0001 has ended already"):
        cancel(session, session.get_one(AllocationRun, run.id), by=BY, at=NOW)


def test_a_front_that_is_cancelled_on_the_way_is_not_called_complete(session: Session) -> None:
    a_market(session)
    run = a_run(session, front_points=9)
    told: list[float] = []

    front = exact_front(problem_of(run.question["problem"]), points=9, on_progress=told.append, is_cancelled=lambda: len(told) >= 2)
    run.progress = told[-1]
    store_front(session, run.id, front, at=NOW)

    assert len(told) == 2
    assert 0 < run.progress < 1


def test_a_run_keeps_its_question_when_offers_change(session: Session) -> None:
    a_market(session)
    run = a_run(session)
    a_demand(session, flow="nitrogen")

    later = problem_from_database(session, 2027, on=TODAY)

    assert len(later.problem.demands) == 2
    assert len(problem_of(run.question["problem"]).demands) == 1
    assert problem_of(run.question["problem"]).content_hash() == run.question_hash


def test_a_run_that_breaks_says_so_and_ends(session: Session) -> None:
    a_market(session)
    run = a_run(session)

    runs.note_failure(session, run.id, at=NOW)

    assert run.finished_at == NOW
    assert run.problem is not None
    assert run.problem.startswith("It could not be calculated")
