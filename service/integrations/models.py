import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from service.database import UtcDateTime, new_id, text_enum


class SystemToken(SQLModel, table=True):
    """The key of another system of the maker (ERP, MES); only its SHA-256 is stored."""

    __tablename__ = "system_token"

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    name: str = Field(max_length=100, description="the system that uses it")
    scopes: list[str] = Field(default_factory=list, sa_type=JSON)
    token_hash: str = Field(max_length=64, unique=True)
    created_by: str = Field(max_length=80)
    created_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    last_used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Webhook(SQLModel, table=True):
    """A registered address of the maker's own systems that hears of events; each message is signed."""

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    name: str = Field(max_length=100)
    url: str = Field(max_length=300)
    secret: str = Field(max_length=600, description="sealed: `service.keys.seal`")
    events: list[str] = Field(default_factory=list, sa_type=JSON)
    is_active: bool = True
    created_by: str = Field(max_length=80)
    created_at: datetime = Field(sa_type=UtcDateTime)
    version: int = 1


class MessageState(StrEnum):
    """Where a message stands."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    DEAD = "dead"


class WebhookMessage(SQLModel, table=True):
    """A message to a webhook, written with what it tells of, sent by a job until it is taken or 72 hours have passed."""

    __tablename__ = "webhook_message"

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    webhook_id: uuid.UUID = Field(foreign_key="webhook.id", index=True)
    event: str = Field(max_length=60)
    body: dict[str, Any] = Field(sa_type=JSON)
    state: MessageState = Field(default=MessageState.WAITING, sa_type=text_enum(MessageState), index=True)
    attempts: int = 0
    rounds: int = Field(default=0, description="how often a person has had it sent again after it was given up")
    created_at: datetime = Field(sa_type=UtcDateTime)
    since: datetime = Field(sa_type=UtcDateTime, description="when its 72 hours began")
    next_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    problem: str | None = Field(default=None, max_length=500, description="of the last attempt")
