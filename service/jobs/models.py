import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from service.database import UtcDateTime, new_id, text_enum


class JobState(StrEnum):
    """Where a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Job(SQLModel, table=True):
    """One piece of background work, recorded in the transaction that asked for it.

    The row is the truth on both engines; they differ only in who picks it up (`service.jobs`).
    """

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    name: str = Field(max_length=60, index=True)
    payload: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    key: str = Field(max_length=200, unique=True, description="the same key is never worked on twice")
    state: JobState = Field(default=JobState.WAITING, sa_type=text_enum(JobState), index=True)
    attempts: int = 0
    run_at: datetime = Field(sa_type=UtcDateTime, index=True)
    lease_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    lease_holder: str | None = Field(default=None, max_length=60)
    progress: float = Field(default=0.0, description="share done, 0 to 1")
    last_error: str | None = Field(default=None, max_length=500)
    created_at: datetime = Field(sa_type=UtcDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
