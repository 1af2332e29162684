import uuid
from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, SQLModel

from service.database import UtcDateTime, new_id, text_enum


class MailState(StrEnum):
    """Where a message stands."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    NOT_CONFIGURED = "not_configured"


class MailMessage(SQLModel, table=True):
    """A message in the outbox: written with the business change, sent by a job, copyable when there is no mail server."""

    __tablename__ = "mail_message"

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    organisation_id: uuid.UUID | None = Field(default=None, foreign_key="organisation.id", index=True)
    about: str = Field(max_length=80, index=True, description="`submission:<id>`, `user:<id>`")
    recipient: str = Field(max_length=254)
    subject: str = Field(max_length=300)
    body: str = Field(max_length=20_000)
    state: MailState = Field(default=MailState.WAITING, sa_type=text_enum(MailState))
    created_at: datetime = Field(sa_type=UtcDateTime)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_error: str | None = Field(default=None, max_length=500)
    reports_to: str | None = Field(default=None, max_length=60, description="task that hears whether it was taken or refused")
