"""Background work of scores: calculating them again where something has changed, and keeping them every quarter."""

import uuid

from sqlmodel import Session

from service.clock import day_at
from service.green_score.benchmarks import SYSTEM, freeze_benchmarks
from service.green_score.operations import freeze_scores, has_news, score_supplier
from service.green_score.periods import ended_quarter, latest_period
from service.jobs.operations import enqueue
from service.jobs.work import Work
from service.procurement.score_pairs import pairs_to_score
from service.suppliers.models import Supplier

KeyPair = tuple[uuid.UUID, str]


def score_suppliers(work: Work) -> None:
    """Score one supplier, or everybody, for the last ended year; each row in a transaction of its own, so that others can work.

    Most of the time nothing has changed: that is found out in transactions that only read.
    """
    with work.database.reading() as session:
        waiting = _pairs(session, work)
    _freeze_benchmarks(work, waiting)
    for done, pair in enumerate(waiting):
        _score(work, pair)
        work.report_progress(done / len(waiting))
    with work.finishing() as session:
        enqueue(session, "rank_materials", {}, key=f"rank_materials:{work.job_id}", run_at=work.at)


def keep_quarter(work: Work) -> None:
    """Once a day: keep everybody's score of the last ended quarter, unless that was done."""
    with work.finishing() as session:
        freeze_scores(session, ended_quarter(day_at(work.at, work.settings.timezone)), at=work.at)


def _pairs(session: Session, work: Work) -> list[KeyPair]:
    named = work.payload.get("supplier_id")
    found = pairs_to_score(session, None if named is None else [uuid.UUID(named)])
    return [(supplier.id, flow) for supplier, flow in found]


def _freeze_benchmarks(work: Work, pairs: list[KeyPair]) -> None:
    year = day_at(work.at, work.settings.timezone).year
    with work.database.writing() as session:
        freeze_benchmarks(session, year, by=SYSTEM, at=work.at, flows=sorted({flow for _, flow in pairs}))


def _score(work: Work, pair: KeyPair) -> None:
    today = day_at(work.at, work.settings.timezone)
    period, (supplier_id, flow) = latest_period(today), pair
    with work.database.reading() as session:
        if not has_news(session, session.get_one(Supplier, supplier_id), flow, period, on=today):
            return
    with work.database.writing() as session:
        score_supplier(session, session.get_one(Supplier, supplier_id), flow, period, by=SYSTEM, at=work.at, on=today)
