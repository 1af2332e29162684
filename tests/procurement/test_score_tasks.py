"""Scores in the background: after an acceptance, every hour, and kept every quarter."""

from datetime import timedelta

from sqlmodel import select

from service.database import Database
from service.green_score import queries
from service.green_score.models import Score
from service.jobs.embedded import run_all_due
from service.jobs.models import Job
from service.jobs.operations import enqueue
from service.jobs.performing import Bench
from service.settings import Settings
from service.submissions.models import SubmissionStatus
from service.submissions.operations import accept
from service.suppliers.rescoring import ask_for_scores
from service.tasks import TASKS
from tests import builders
from tests.builders import NOW
from tests.conftest import MovableClock
from tests.footprints.builders import a_toll_supplier, an_accepted_submission
from tests.green_score.builders import FLOW, a_benchmark, a_purchase


def test_an_acceptance_scores_the_supplier_and_nobody_else(database: Database, settings: Settings, clock: MovableClock) -> None:
    with database.writing() as session:
        a_benchmark(session)
        others, supplier = a_toll_supplier(session), a_toll_supplier(session)
        for one in (others, supplier):
            a_purchase(session, one)
        submission = builders.a_submission(session, supplier=supplier, status=SubmissionStatus.IN_REVIEW)
        accept(session, submission, version=submission.version, by="user:reviewer", at=NOW)
        ask_for_scores(session, supplier.id, at=NOW + timedelta(seconds=5))
        supplier_id = supplier.id
        asked = session.exec(select(Job.id).where(Job.name == "score_suppliers")).all()
    clock.move(timedelta(minutes=1))

    run_all_due(Bench(database=database, settings=settings, clock=clock, tasks=TASKS))

    assert len(asked) == 1  # what changes within a minute is scored once
    with database.reading() as session:
        assert [(one.supplier_id, one.flow) for one in session.exec(select(Score))] == [(supplier_id, FLOW)]


def test_every_hour_only_what_has_changed_is_stored(database: Database, settings: Settings, clock: MovableClock) -> None:
    bench = Bench(database=database, settings=settings, clock=clock, tasks=TASKS)
    with database.writing() as session:
        supplier = a_toll_supplier(session)
        an_accepted_submission(session, supplier)
        a_purchase(session, supplier)
    for hour in range(3):
        with database.writing() as session:
            enqueue(session, "score_suppliers", {}, key=f"hour {hour}", run_at=clock())
            enqueue(session, "keep_quarter", {}, key=f"day {hour}", run_at=clock())
        run_all_due(bench)
        clock.move(timedelta(hours=1))

    with database.reading() as session:
        history = queries.score_history(session, supplier.id, FLOW)
        assert [one.frozen_quarter for one in history] == ["2026-Q3", None]
        assert [one.grade for one in queries.frozen_scores(session, "2026-Q3")] == [history[1].grade]
