"""Every SELECT on appeals, and on what a supplier sees of its scores."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import func
from sqlmodel import Session, SQLModel, col, select

from service.accounts.access import Principal, visible_to
from service.compliance.models import ComplianceRecord, Declaration, HeldCertificate, RecordSearch
from service.errors import NotFoundError
from service.green_score.models import NotApplicable, Score
from service.procurement.models import Appeal, AppealStatus
from service.submissions.models import Submission
from service.suppliers.models import Supplier

SOURCES: Final[Mapping[str, tuple[type[SQLModel], tuple[str, ...]]]] = {
    "submission": (Submission, ("decided_by",)),
    "held_certificate": (HeldCertificate, ("recorded_by",)),
    "compliance_record": (ComplianceRecord, ("recorded_by", "remedy_verified_by")),
    "record_search": (RecordSearch, ("searched_by",)),
    "declaration": (Declaration, ("recorded_by",)),
    "not_applicable": (NotApplicable, ("asked_by", "approved_by")),
}
"""By kind of source, its table and the columns that name who put it there."""


def get_visible_score(session: Session, score_id: uuid.UUID, *, asking: Principal) -> Score:
    """Return a score that a supplier may see: its own, and of a period that is closed for answers."""
    statement = (
        select(Score)
        .join(Supplier, col(Score.supplier_id) == col(Supplier.id))
        .where(Score.id == score_id, col(Score.is_open).is_(False), visible_to(asking, Supplier.organisation_id))
    )
    found = session.exec(statement).first()
    if found is None:
        raise NotFoundError
    return found


def visible_since(session: Session, score: Score) -> datetime:
    """Return when a supplier could first see what a score says: a copy kept at a quarter's end is no new score."""
    same = (
        Score.supplier_id == score.supplier_id,
        Score.flow == score.flow,
        Score.period_end == score.period_end,
        Score.inputs_hash == score.inputs_hash,
        Score.method_id == score.method_id,
        Score.grade == score.grade,
        col(Score.is_open).is_(False),
    )
    first = session.exec(select(func.min(Score.calculated_at)).where(*same)).one()
    return first or score.calculated_at


def get_appeal(session: Session, appeal_id: uuid.UUID, *, asking: Principal) -> Appeal:
    """Return an appeal that the principal may see."""
    statement = select(Appeal).where(Appeal.id == appeal_id, visible_to(asking, Appeal.organisation_id))
    found = session.exec(statement).first()
    if found is None:
        raise NotFoundError
    return found


def find_appeal(session: Session, score_id: uuid.UUID, indicator: str | None) -> Appeal | None:
    """Return the appeal against one indicator of a score, or against its whole."""
    same = col(Appeal.indicator).is_(None) if indicator is None else col(Appeal.indicator) == indicator
    return session.exec(select(Appeal).where(Appeal.score_id == score_id, same)).first()


def find_appeals(session: Session, *, status: AppealStatus | None = None) -> Sequence[Appeal]:
    """Return appeals, those that wait first, the oldest first."""
    waits = col(Appeal.status) == AppealStatus.FILED
    statement = select(Appeal).order_by(waits.desc(), col(Appeal.filed_at), col(Appeal.id))
    return session.exec(statement.where(Appeal.status == status) if status is not None else statement).all()


def appeals_of(session: Session, organisation_id: uuid.UUID) -> Sequence[Appeal]:
    """Return a supplier's appeals, the latest first."""
    statement = select(Appeal).where(Appeal.organisation_id == organisation_id)
    return session.exec(statement.order_by(col(Appeal.filed_at).desc(), col(Appeal.id))).all()


def people_behind(session: Session, score: Score, indicator: str | None) -> frozenset[str]:
    """Return the actors whose work an indicator of a score rests on, or the whole of it: who calculated, recorded or accepted."""
    by_indicator: Mapping[str, Sequence[str]] = score.inputs.get("sources", {})
    named = by_indicator.get(indicator, ()) if indicator else [one for sources in by_indicator.values() for one in sources]
    return frozenset({score.calculated_by, *_actors(session, set(named))})


def _actors(session: Session, sources: Iterable[str]) -> Iterable[str]:
    for source in sorted(sources):
        kind, _, row_id = source.partition(":")
        if kind in SOURCES:
            table, columns = SOURCES[kind]
            row: Any = session.get(table, uuid.UUID(row_id))
            yield from (name for column in columns if (name := getattr(row, column, None)))


def visible_scores(session: Session, supplier_id: uuid.UUID) -> Sequence[Score]:
    """Return what a supplier sees: its latest score for each material, of a period that is closed for answers."""
    statement = (
        select(Score)
        .where(Score.supplier_id == supplier_id, col(Score.is_open).is_(False), col(Score.frozen_quarter).is_(None))
        .order_by(col(Score.flow), col(Score.period_end).desc(), col(Score.calculated_at).desc(), col(Score.id).desc())
    )
    latest: dict[str, Score] = {}
    for one in session.exec(statement):
        latest.setdefault(one.flow, one)
    return list(latest.values())
