"""Reads for other systems."""

import uuid
from collections.abc import Sequence

from sqlalchemy.orm import defer
from sqlmodel import Session, col, select

from service.certificates.models import Certificate, CertificateStatus


def certificates_page(session: Session, *, after: uuid.UUID | None, limit: int) -> Sequence[Certificate]:
    """Return issued certificates, the newest first, one more than asked for where there are more; their files stay unread."""
    heavy = (defer(column) for column in (Certificate.pdf, Certificate.snapshot, Certificate.evidence))  # type: ignore[arg-type] # mapped columns
    statement = select(Certificate).options(*heavy).where(Certificate.status != CertificateStatus.RENDERING)
    if after is not None:
        statement = statement.where(col(Certificate.id) < after)
    return session.exec(statement.order_by(col(Certificate.id).desc()).limit(limit + 1)).all()
