import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from service.database import UtcDateTime


class AuditEvent(SQLModel, table=True):
    """One thing that somebody did, written in the transaction that did it; triggers refuse changes and deletion."""

    __tablename__ = "audit_event"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime, index=True)
    actor: str = Field(max_length=80, description="`user:<id>`, `invitation:<id>` or `system`")
    organisation_id: uuid.UUID | None = Field(default=None, index=True, description="whose data it concerns")
    action: str = Field(max_length=80, index=True)
    object_type: str = Field(max_length=40)
    object_id: str = Field(max_length=64, index=True)
    details: dict[str, Any] = Field(default_factory=dict, sa_type=JSON, description="never answers, names or tokens")
