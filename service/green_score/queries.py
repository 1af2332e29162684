"""Every SELECT on scores."""

import uuid
from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import func
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from service.errors import NotFoundError
from service.green_score.models import MethodVersion, Score

_LATEST_FIRST = (col(Score.period_end).desc(), col(Score.calculated_at).desc(), col(Score.id).desc())


def get_score(session: Session, score_id: uuid.UUID) -> Score:
    """Return a score by id."""
    found = session.get(Score, score_id)
    if found is None:
        raise NotFoundError
    return found


def latest_score(session: Session, supplier_id: uuid.UUID, flow: str) -> Score | None:
    """Return the last score of the latest period of a supplier for a material."""
    return session.exec(_of(supplier_id, flow)).first()


def latest_of_period(session: Session, supplier_id: uuid.UUID, flow: str, period_end: date) -> Score | None:
    """Return the last score of one period."""
    return session.exec(_of(supplier_id, flow).where(Score.period_end == period_end)).first()


def score_before(session: Session, supplier_id: uuid.UUID, flow: str, period_end: date) -> Score | None:
    """Return the last ranked score of the latest period before one, however old: what a grade starts from."""
    earlier = (Score.period_end < period_end, col(Score.is_open).is_(False))
    return session.exec(_of(supplier_id, flow).where(*earlier)).first()


def latest_scores(
    session: Session, *, flow: str | None = None, supplier_ids: Collection[uuid.UUID] | None = None
) -> Sequence[Score]:
    """Return the latest score of every supplier and material, the best first; those of open periods too."""
    place = func.row_number().over(partition_by=(col(Score.supplier_id), col(Score.flow)), order_by=_LATEST_FIRST).label("place")
    ranked = select(col(Score.id), place)
    if flow is not None:
        ranked = ranked.where(Score.flow == flow)
    if supplier_ids is not None:
        ranked = ranked.where(col(Score.supplier_id).in_(supplier_ids))
    rows = ranked.subquery()
    statement = select(Score).join(rows, rows.c.id == col(Score.id)).where(rows.c.place == 1)
    return session.exec(statement.order_by(col(Score.total).desc(), col(Score.id))).all()


def score_history(session: Session, supplier_id: uuid.UUID, flow: str) -> Sequence[Score]:
    """Return every score of a supplier for a material, the latest first."""
    return session.exec(_of(supplier_id, flow)).all()


def scores_of(session: Session, supplier_id: uuid.UUID) -> Sequence[Score]:
    """Return the latest score of each material of a supplier, by material."""
    return sorted(latest_scores(session, supplier_ids=[supplier_id]), key=lambda one: one.flow)


def frozen_scores(session: Session, quarter: str) -> Sequence[Score]:
    """Return what was frozen at a quarter's end, the best first."""
    statement = select(Score).where(Score.frozen_quarter == quarter).order_by(col(Score.total).desc(), col(Score.id))
    return session.exec(statement).all()


def scored_flows(session: Session) -> Sequence[str]:
    """Return the materials that have scores, in alphabetical order."""
    return session.exec(select(Score.flow).distinct().order_by(col(Score.flow))).all()


def method_version_of(session: Session, score: Score) -> MethodVersion:
    """Return the version of the method that a score was calculated by."""
    return session.get_one(MethodVersion, score.method_id)


def _of(supplier_id: uuid.UUID, flow: str) -> SelectOfScalar[Score]:
    return select(Score).where(Score.supplier_id == supplier_id, Score.flow == flow).order_by(*_LATEST_FIRST)
