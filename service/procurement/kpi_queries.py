"""What the figures of engagement are counted from."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from sqlmodel import Session, col, select

from service.compliance.models import Declaration, Proof
from service.green_score.benchmarks import benchmark_for
from service.green_score.queries import latest_scores
from service.procurement.kpis import TARGET_LEVELS, Answering, Bought
from service.submissions.models import Submission, SubmissionStatus
from service.submissions.rules import USABLE
from service.suppliers.models import Purchase

_NOT_ASKED = (SubmissionStatus.PLANNED, SubmissionStatus.WITHDRAWN)


def purchase_years(session: Session) -> Sequence[int]:
    """Return the years in which periods of purchases end, the latest first."""
    ends = session.exec(select(col(Purchase.period_end)).distinct()).all()
    return sorted({one.year for one in ends}, reverse=True)


def bought_in(session: Session, year: int, *, on: date) -> list[Bought]:
    """Return what was bought in periods that end in a year, by supplier and material; scores are the latest ones."""
    statement = select(col(Purchase.supplier_id), col(Purchase.flow), col(Purchase.amount_t), col(Purchase.price_cny_per_t)).where(
        Purchase.period_end >= date(year, 1, 1), Purchase.period_end <= date(year, 12, 31)
    )
    rows = session.exec(statement).all()
    scores = {(one.supplier_id, one.flow): one for one in latest_scores(session)}
    benchmarks = {flow: benchmark_for(session, flow, on=on) for flow in {row[1] for row in rows}}
    found = []
    for supplier_id, flow in sorted({(row[0], row[1]) for row in rows}, key=str):
        own = [(t, price) for supplier, of, t, price in rows if (supplier, of) == (supplier_id, flow)]
        score, benchmark, t = scores.get((supplier_id, flow)), benchmarks[flow], sum(t for t, _ in own)
        priced = [t * price for t, price in own if price is not None]
        found.append(
            Bought(
                supplier_id=supplier_id,
                flow=flow,
                t=t,
                cny=sum(priced) if priced else None,
                benchmark_t_co2e=None if benchmark is None else t * benchmark.kg_co2e_per_kg,
                grade=None if score is None else score.grade,
                has_own_footprint=score is not None and score.inputs.get("footprint") is not None,
            )
        )
    return found


def answering_of(session: Session, supplier_ids: Collection[uuid.UUID], year: int) -> Mapping[uuid.UUID, Answering]:
    """Return how far suppliers have come with questions on periods that end in a year; targets hold whatever the year."""
    statement = select(Submission).where(
        col(Submission.supplier_id).in_(supplier_ids),
        Submission.period_end >= date(year, 1, 1),
        Submission.period_end <= date(year, 12, 31),
        col(Submission.status).not_in(_NOT_ASKED),
    )
    asked: dict[uuid.UUID, list[Submission]] = {}
    for one in session.exec(statement):
        asked.setdefault(one.supplier_id, []).append(one)
    targets = _with_target(session, supplier_ids)
    return {
        supplier: Answering(
            is_asked=supplier in asked,
            has_answered=any(one.submitted_at is not None for one in asked.get(supplier, [])),
            is_accepted=any(one.status in USABLE for one in asked.get(supplier, [])),
            has_target=supplier in targets,
        )
        for supplier in supplier_ids
    }


def _with_target(session: Session, supplier_ids: Collection[uuid.UUID]) -> frozenset[uuid.UUID]:
    """Return suppliers whose newest paper on targets shows one with a number."""
    statement = (
        select(Declaration)
        .where(
            col(Declaration.supplier_id).in_(supplier_ids),
            Declaration.indicator == "D1",
            Declaration.proof != Proof.CLAIM,
            col(Declaration.withdrawn_at).is_(None),
        )
        .order_by(col(Declaration.period_end), col(Declaration.recorded_at))
    )
    newest = {one.supplier_id: one for one in session.exec(statement)}
    return frozenset(supplier for supplier, one in newest.items() if one.content.get("level") in TARGET_LEVELS)
