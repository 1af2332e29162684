from collections.abc import Sequence

from sqlmodel import Session, col, select

from service.audit.models import AuditCheck, AuditEvent


def find_events(session: Session, *, object_type: str, object_id: object, limit: int = 200) -> Sequence[AuditEvent]:
    """Return what happened to one object, newest first."""
    statement = (
        select(AuditEvent)
        .where(AuditEvent.object_type == object_type, AuditEvent.object_id == str(object_id))
        .order_by(col(AuditEvent.id).desc())
        .limit(limit)
    )
    return session.exec(statement).all()


def find_latest_events(
    session: Session, *, before: int | None = None, object_id: str | None = None, limit: int = 200
) -> Sequence[AuditEvent]:
    """Return the newest events of all or of one object, newest first; `before` is the last id of the page before."""
    statement = select(AuditEvent).order_by(col(AuditEvent.id).desc()).limit(limit)
    if before is not None:
        statement = statement.where(col(AuditEvent.id) < before)
    if object_id is not None:
        statement = statement.where(AuditEvent.object_id == object_id)
    return session.exec(statement).all()


def find_latest_check(session: Session) -> AuditCheck | None:
    """Return what the last comparison of the whole log found."""
    return session.exec(select(AuditCheck)).first()
