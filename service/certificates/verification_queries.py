"""What the public page and readers who check without us ask of the register of certificates."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func
from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from service.certificates.models import Certificate, CertificateStatus
from service.certificates.queries import SUCCESSOR
from service.database import UtcDateTime


@dataclass(frozen=True, slots=True, kw_only=True)
class Revoked:
    """A certificate that nobody is to rely on any more, why, and since when."""

    number: str
    reason: CertificateStatus
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LogEntry:
    """Where an issue stands in the log: number of its leaf, counted from 1, and the checkpoint that the file carries."""

    number: int
    size: int
    root: str


def find_revoked(session: Session) -> Sequence[Revoked]:
    """Return withdrawn certificates and those that a finished later revision stands for, by number."""
    since = func.coalesce(col(Certificate.withdrawn_at), func.min(col(SUCCESSOR.issued_at)), type_=UtcDateTime())
    replaced = and_(col(SUCCESSOR.supersedes_id) == col(Certificate.id), col(SUCCESSOR.pdf_sha256).is_not(None))
    statement = (
        select_columns(col(Certificate.number), col(Certificate.status), since)
        .join(SUCCESSOR, replaced, isouter=True)
        .where(
            col(Certificate.status).in_([CertificateStatus.WITHDRAWN, CertificateStatus.SUPERSEDED]),
            col(Certificate.pdf_sha256).is_not(None),
        )
        .group_by(col(Certificate.id))
        .order_by(col(Certificate.number))
    )
    return [Revoked(number=number, reason=status, at=at) for number, status, at in session.execute(statement)]


def find_log_entry(session: Session, certificate_id: uuid.UUID) -> LogEntry | None:
    """Return where a certificate's issue stands in the log; None for one that carries no proof of it."""
    proof = col(Certificate.evidence)
    statement = select_columns(
        proof[("log", "index")].as_integer(), proof[("log", "size")].as_integer(), proof[("log", "root")].as_string()
    ).where(col(Certificate.id) == certificate_id)
    index, size, root = session.execute(statement).one()
    return None if index is None else LogEntry(number=index + 1, size=size, root=root)
