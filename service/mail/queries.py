import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy
from sqlmodel import Session, col

from service.mail.models import MailMessage, MailState


@dataclass(frozen=True, slots=True, kw_only=True)
class MailRow:
    """A message as lists show it; its text may hold a link that only the recipient may use."""

    id: uuid.UUID
    about: str
    recipient: str
    subject: str
    state: MailState
    created_at: datetime
    last_error: str | None


def find_undelivered(session: Session, *, limit: int = 50) -> Sequence[MailRow]:
    """Return the messages that failed, or that nobody could send without a mail server, newest first."""
    names = ("id", "about", "recipient", "subject", "state", "created_at", "last_error")
    statement = (
        sqlalchemy.select(*(getattr(MailMessage, name) for name in names))
        .where(col(MailMessage.state).in_((MailState.FAILED, MailState.NOT_CONFIGURED)))
        .order_by(col(MailMessage.id).desc())
        .limit(limit)
    )
    return [MailRow(**row) for row in session.execute(statement).mappings()]


def find_latest(session: Session, *, about: str) -> MailRow | None:
    """Return the newest message about something, whatever its state."""
    names = ("id", "about", "recipient", "subject", "state", "created_at", "last_error")
    statement = (
        sqlalchemy.select(*(getattr(MailMessage, name) for name in names))
        .where(col(MailMessage.about) == about)
        .order_by(col(MailMessage.id).desc())
        .limit(1)
    )
    found = session.execute(statement).mappings().first()
    return MailRow(**found) if found else None
