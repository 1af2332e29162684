"""Every write of scores: calculated from what is known on a day, stored when something has changed, frozen every quarter."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlmodel import Session

from service.audit.operations import record
from service.green_score import queries
from service.green_score.benchmarks import SYSTEM, freeze_benchmarks
from service.green_score.gathering import gather
from service.green_score.grading import PreviousGrade
from service.green_score.method import ScoringMethod
from service.green_score.method_operations import keep_method
from service.green_score.method_queries import method_in_force
from service.green_score.models import MethodVersion, Score
from service.green_score.periods import Period, latest_period
from service.green_score.robustness import ScoreRobustness, score_robustness
from service.green_score.scoring import ScoreResult, score
from service.green_score.stored_facts import facts_as_stored, hash_of
from service.suppliers.models import Supplier

LEAST_CHANGE: Final = 0.05
"""Points by which a score has to move for a new row, where only time has passed: records fade a little every day."""
Pair = tuple[Supplier, str]
"""A supplier and what it delivers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
    """A score that was calculated and is not stored yet."""

    inputs: dict[str, Any]
    result: ScoreResult
    robustness: ScoreRobustness
    version: MethodVersion
    previous: Score | None
    is_open: bool


def score_supplier(
    session: Session, supplier: Supplier, flow: str, period: Period, *, by: str, at: datetime, on: date | None = None
) -> Score:
    """Score a supplier for one material and period by what is known now, and return the row that holds.

    Nothing new is stored where the inputs and the method are those of the last row of the period, or only time has passed and
    has moved the score by less than `LEAST_CHANGE`.

    Parameters
    ----------
    on
        Day for which ages and validity are judged; that of `at` unless given.

    """
    day = on or at.date()
    in_force = method_in_force(session, day)
    keep_method(session, in_force[0])
    made = _made(session, (supplier, flow), period, in_force, on=day)
    last = queries.latest_of_period(session, supplier.id, flow, period[1])
    if last is not None and not _is_news(last, made):
        return last
    row = _row(supplier, flow, period, made, by=by, at=at)
    session.add(row)
    session.flush()  # the id is part of the audit trail
    record(session, "score_calculated", of=row, by=by, at=at, flow=flow, grade=row.grade, inputs=row.inputs_hash)
    return row


def has_news(session: Session, supplier: Supplier, flow: str, period: Period, *, on: date) -> bool:
    """Tell, without writing, whether scoring a supplier would store a new row."""
    last = queries.latest_of_period(session, supplier.id, flow, period[1])
    return last is None or _is_news(last, _made(session, (supplier, flow), period, method_in_force(session, on), on=on))


def run_scores(
    session: Session, pairs: Iterable[Pair], *, period: Period | None = None, by: str, at: datetime, on: date | None = None
) -> list[Score]:
    """Score suppliers for what they deliver, for the last ended calendar year unless given, and return the rows that hold.

    The benchmarks of the scoring year are frozen first where they are not.
    """
    day = on or at.date()
    wanted = list(pairs)
    freeze_benchmarks(session, day.year, by=SYSTEM, at=at, flows=sorted({flow for _, flow in wanted}))
    of = period or latest_period(day)
    return [score_supplier(session, supplier, flow, of, by=by, at=at, on=day) for supplier, flow in wanted]


def freeze_scores(session: Session, quarter: str, *, at: datetime) -> Sequence[Score]:
    """Keep the latest ranked score of everybody under a quarter's name, once, and return what was kept now."""
    kept = {(one.supplier_id, one.flow) for one in queries.frozen_scores(session, quarter)}
    waiting = [one for one in queries.latest_scores(session) if not one.is_open and (one.supplier_id, one.flow) not in kept]
    copies = [_frozen(one, quarter, at=at) for one in waiting]
    session.add_all(copies)
    if copies:
        session.flush()  # the id is part of the audit trail
        record(session, "scores_frozen", of=copies[0], by=SYSTEM, at=at, quarter=quarter, count=len(copies))
    return copies


def previous_grade(previous: Score | None) -> PreviousGrade | None:
    """Return what a grade starts from: the grade of the period before, None where there is none."""
    if previous is None:
        return None
    return PreviousGrade(
        by_points=previous.grade_by_points or previous.grade,
        is_held=previous.is_grade_held,
        probabilities=previous.robustness.get("grades", {}),
    )


def indicators_as_stored(result: ScoreResult, sources: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Return what a row keeps of each indicator: value, credit, left_out, possible, points, reasons, sources."""
    return {
        name: {
            "value": points.value,
            "credit": points.credit,
            "left_out": points.left_out,
            "possible": points.possible,
            "points": points.points,
            "reasons": [one.as_stored() for one in result.valued[name].reasons],
            "sources": list(sources.get(name, ())),
        }
        for name, points in result.points.indicators.items()
    }


def _made(session: Session, pair: Pair, period: Period, in_force: tuple[MethodVersion, ScoringMethod], *, on: date) -> _Made:
    (supplier, flow), (version, method) = pair, in_force
    gathered = gather(session, supplier, flow, period, category=method.category_of(flow), on=on)
    previous = queries.score_before(session, supplier.id, flow, period[1])
    firm = score_robustness(gathered.facts, method)
    return _Made(
        inputs=facts_as_stored(gathered.facts),
        result=score(gathered.facts, method, previous=previous_grade(previous), probabilities=firm.by_points),
        robustness=firm,
        version=version,
        previous=previous,
        is_open=gathered.is_open,
    )


def _is_news(last: Score, made: _Made) -> bool:
    """Tell whether something has changed besides the day."""
    if (last.method_id, last.is_open, last.grade) != (made.version.id, made.is_open, made.result.grade.letter):
        return True
    if _timeless(last.inputs) != _timeless(made.inputs) or last.previous_id != (made.previous and made.previous.id):
        return True
    return abs(last.total - made.result.points.total) >= LEAST_CHANGE


def _timeless(inputs: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in inputs.items() if name != "on"}


def _row(supplier: Supplier, flow: str, period: Period, made: _Made, *, by: str, at: datetime) -> Score:
    points, grade = made.result.points, made.result.grade
    return Score(
        supplier_id=supplier.id,
        flow=flow,
        category=made.inputs["category"],
        period_start=period[0],
        period_end=period[1],
        method_id=made.version.id,
        inputs=made.inputs,
        inputs_hash=hash_of(made.inputs),
        indicators=indicators_as_stored(made.result, made.inputs["sources"]),
        dimensions=dict(points.dimensions),
        total=points.total,
        grade=grade.letter,
        grade_by_points=grade.by_points,
        is_grade_held=grade.is_held,
        previous_id=None if made.previous is None else made.previous.id,
        grade_reasons=[one.as_stored() for one in grade.reasons],
        robustness=made.robustness.as_stored(grade.letter),
        is_open=made.is_open,
        calculated_by=by,
        calculated_at=at,
        is_sample=supplier.is_sample,
    )


def _frozen(one: Score, quarter: str, *, at: datetime) -> Score:
    kept = one.model_dump(exclude={"id", "frozen_quarter", "calculated_at", "calculated_by"})
    return Score(**kept, frozen_quarter=quarter, calculated_at=at, calculated_by=SYSTEM)
