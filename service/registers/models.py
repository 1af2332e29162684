import uuid
from datetime import datetime

from sqlmodel import Field, SQLModel

from service.database import UtcDateTime, new_id


class RegisterRow(SQLModel):
    """What every row of a light register has; a table inherits it and adds its own columns."""

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    created_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_reason: str | None = Field(default=None, max_length=500)
    is_sample: bool = False
    version: int = 1
