"""Every write of scores: calculated from what is known on a day, stored when something has changed, frozen every quarter."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlmodel import Session

from service.audit.operations import record
from service.green_score import queries
from service.green_score.benchmarks import SYSTEM, freeze_benchmarks
from service.green_score.facts import Facts
from service.green_score.gathering import gather
from service.green_score.grading import PreviousGrade
from service.green_score.method import ScoringMethod
from service.green_score.method_operations import keep_method
from service.green_score.method_queries import method_in_force
from service.green_score.models import MethodVersion, Score
from service.green_score.periods import Period, latest_period
from service.green_score.robustness import score_robustness
from service.green_score.scoring import ScoreResult, score
from service.green_score.stored_facts import facts_as_stored, hash_of
from service.suppliers.models import Supplier

LEAST_CHANGE: Final = 0.05
"""Points by which a score has to move for a new row, where only time has passed: records fade a little every day."""
Pair = tuple[Supplier, str]
"""A supplier and what it delivers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """All that a score follows from."""

    facts: Facts
    inputs: dict[str, Any]
    is_open: bool
    version: MethodVersion
    method: ScoringMethod
    previous: Score | None


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
    known = _known(session, supplier, flow, period, on=day)
    last = queries.latest_of_period(session, supplier.id, flow, period[1])
    if last is not None and not _is_news(last, known):
        return last
    keep_method(session, known.version)
    row = _row(supplier, flow, period, known, by=by, at=at)
    session.add(row)
    session.flush()  # the id is part of the audit trail
    record(session, "score_calculated", of=row, by=by, at=at, flow=flow, grade=row.grade, inputs=row.inputs_hash)
    return row


def has_news(session: Session, supplier: Supplier, flow: str, period: Period, *, on: date) -> bool:
    """Tell, without writing, whether scoring a supplier would store a new row."""
    last = queries.latest_of_period(session, supplier.id, flow, period[1])
    return last is None or _is_news(last, _known(session, supplier, flow, period, on=on))


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
        probabilities=_probabilities(previous),
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


def _known(session: Session, supplier: Supplier, flow: str, period: Period, *, on: date) -> _Known:
    version, method = method_in_force(session, on)
    gathered = gather(session, supplier, flow, period, category=method.category_of(flow), on=on)
    return _Known(
        facts=gathered.facts,
        inputs=facts_as_stored(gathered.facts),
        is_open=gathered.is_open,
        version=version,
        method=method,
        previous=queries.score_before(session, supplier.id, flow, period[1]),
    )


def _is_news(last: Score, known: _Known) -> bool:
    """Tell whether something has changed besides the day; how firmly the last score stood is not drawn again for that."""
    previous_id = None if known.previous is None else known.previous.id
    if (last.method_id, last.is_open, last.previous_id) != (known.version.id, known.is_open, previous_id):
        return True
    if _timeless(last.inputs) != _timeless(known.inputs):
        return True
    found = score(known.facts, known.method, previous=previous_grade(known.previous), probabilities=_probabilities(last))
    return found.grade.letter != last.grade or abs(found.points.total - last.total) >= LEAST_CHANGE


def _timeless(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return inputs without the day, and without how late answers are, which grows by itself while they are awaited."""
    portal = {name: value for name, value in inputs["portal"].items() if name != "days_late"}
    return {name: value for name, value in inputs.items() if name != "on"} | {"portal": portal}


def _probabilities(row: Score) -> Mapping[str, float]:
    found: Mapping[str, float] = row.robustness.get("grades", {})
    return found


def _row(supplier: Supplier, flow: str, period: Period, known: _Known, *, by: str, at: datetime) -> Score:
    firm = score_robustness(known.facts, known.method)
    result = score(known.facts, known.method, previous=previous_grade(known.previous), probabilities=firm.by_points)
    points, grade = result.points, result.grade
    return Score(
        supplier_id=supplier.id,
        flow=flow,
        category=known.facts.category,
        period_start=period[0],
        period_end=period[1],
        method_id=known.version.id,
        inputs=known.inputs,
        inputs_hash=hash_of(known.inputs),
        indicators=indicators_as_stored(result, known.facts.sources),
        dimensions=dict(points.dimensions),
        total=points.total,
        grade=grade.letter,
        grade_by_points=grade.by_points,
        is_grade_held=grade.is_held,
        previous_id=None if known.previous is None else known.previous.id,
        grade_reasons=[one.as_stored() for one in grade.reasons],
        robustness=firm.as_stored(grade.letter),
        is_open=known.is_open,
        calculated_by=by,
        calculated_at=at,
        is_sample=supplier.is_sample,
    )


def _frozen(one: Score, quarter: str, *, at: datetime) -> Score:
    kept = one.model_dump(exclude={"id", "frozen_quarter", "calculated_at", "calculated_by"})
    return Score(**kept, frozen_quarter=quarter, calculated_at=at, calculated_by=SYSTEM)
