import uuid
from collections.abc import Sequence

from sqlmodel import Session, col, select

from service.evidence.models import AttachedFile, Scan


def unscanned_files(session: Session, *, limit: int) -> Sequence[tuple[uuid.UUID, str]]:
    """Return id and SHA-256 of attached files that no virus scanner has seen, oldest first."""
    statement = (
        select(AttachedFile.id, AttachedFile.sha256)
        .where(AttachedFile.scan == Scan.UNSCANNED, col(AttachedFile.removed_at).is_(None))
        .order_by(col(AttachedFile.attached_at), col(AttachedFile.id))
        .limit(limit)
    )
    return [(key, sha256) for key, sha256 in session.exec(statement)]
