from collections.abc import Sequence

from sqlmodel import Session, col, select

from service.audit.models import AuditEvent


def find_events(session: Session, *, object_type: str, object_id: object, limit: int = 200) -> Sequence[AuditEvent]:
    """Return what happened to one object, newest first."""
    statement = (
        select(AuditEvent)
        .where(AuditEvent.object_type == object_type, AuditEvent.object_id == str(object_id))
        .order_by(col(AuditEvent.id).desc())
        .limit(limit)
    )
    return session.exec(statement).all()


def find_latest_events(session: Session, *, limit: int = 200) -> Sequence[AuditEvent]:
    """Return the newest events of the whole deployment, newest first."""
    return session.exec(select(AuditEvent).order_by(col(AuditEvent.id).desc()).limit(limit)).all()
