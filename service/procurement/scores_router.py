"""The JSON API of green supplier scores; who sees results only gets them rounded and in ranges."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Query

from service.accounts.access import Context, endpoint, roles
from service.accounts.models import Role
from service.green_score import queries
from service.green_score.models import Score
from service.green_score.operations import run_scores
from service.green_score.published import Disclosure, PublishedIndicator, Range, disclosure_for, published_score
from service.procurement.score_pairs import pairs_to_score
from service.procurement.score_schemas import IndicatorOut, RangeOut, RunInput, RunOut, ScoreOut, ScorePage
from service.suppliers.queries import get_active_supplier, get_supplier
from service.suppliers.rescoring import ask_for_scores
from service.suppliers.schemas import FlowKey

router = APIRouter(tags=["scores"])

READERS = roles(Role.ENGINEER, Role.REVIEWER, Role.AUDITOR, Role.PROCUREMENT)
RUNNERS = roles(Role.ENGINEER, Role.PROCUREMENT)

Explain = Annotated[bool, Query(description="Also each indicator with value, credit, points, reasons and sources.")]


@router.get("/scores")
@endpoint(READERS)
def list_scores(context: Context, *, flow: FlowKey | None = None, explain: Explain = False) -> ScorePage:
    """List the latest score of every supplier and material, the best first."""
    found = queries.latest_scores(context.session, flow=flow)
    return ScorePage(items=[_score(context, one, explain=explain) for one in found])


@router.get("/scores/{score_id}")
@endpoint(READERS)
def show_score(context: Context, score_id: uuid.UUID) -> ScoreOut:
    """Return a score with every indicator."""
    return _score(context, queries.get_score(context.session, score_id), explain=True)


@router.get("/suppliers/{supplier_id}/scores")
@endpoint(READERS)
def list_scores_of_supplier(context: Context, supplier_id: uuid.UUID, *, explain: Explain = False) -> ScorePage:
    """Return the latest score of each material of a supplier."""
    supplier = get_supplier(context.session, supplier_id, asking=context.asking)
    found = queries.scores_of(context.session, supplier.id)
    return ScorePage(items=[_score(context, one, explain=explain) for one in found])


@router.post("/scores/run")
@endpoint(RUNNERS)
def run(context: Context, body: RunInput) -> RunOut:
    """Score a supplier by what is known now; without a supplier everybody is scored in the background."""
    by = context.asking.actor
    if body.supplier_id is None:
        ask_for_scores(context.session, None, at=context.at)
        return RunOut(queued=True, scores=[])
    supplier = get_active_supplier(context.session, body.supplier_id)
    today = context.today
    made = run_scores(context.session, pairs_to_score(context.session, [supplier.id]), by=by, at=context.at, on=today)
    return RunOut(queued=False, scores=[_score(context, one, explain=False) for one in made])


def _score(context: Context, score: Score, *, explain: bool) -> ScoreOut:
    disclosure = disclosure_for(context.asking)
    shown = published_score(score, disclosure)
    return ScoreOut(
        id=score.id,
        supplier_id=score.supplier_id,
        flow=score.flow,
        category=score.category,
        period_start=score.period_start,
        period_end=score.period_end,
        method=queries.method_version_of(context.session, score).label,
        disclosure=disclosure,
        total=shown.total,
        grade=shown.grade,
        grade_reasons=[one.in_words(context.locale) for one in shown.grade_reasons],
        dimensions={name: _range(one) for name, one in shown.dimensions.items()},
        interval=None if shown.interval is None else _range(shown.interval),
        grade_probability=shown.grade_probability,
        is_open=score.is_open,
        frozen_quarter=score.frozen_quarter,
        # A hash of exact inputs would let a buyer try figures until it fits.
        inputs_hash=score.inputs_hash if disclosure is Disclosure.EXACT else None,
        calculated_at=score.calculated_at,
        is_sample=score.is_sample,
        indicators=[_indicator(context, name, one) for name, one in shown.indicators.items()] if explain else None,
    )


def _indicator(context: Context, name: str, one: PublishedIndicator) -> IndicatorOut:
    return IndicatorOut(
        id=name,
        visibility=one.visibility,
        value=None if one.value is None else _range(one.value),
        credit=one.credit,
        possible=one.possible,
        points=None if one.points is None else _range(one.points),
        reasons=[reason.in_words(context.locale) for reason in one.reasons],
        sources=list(one.sources),
    )


def _range(one: Range) -> RangeOut:
    return RangeOut(low=one.low, high=one.high)
