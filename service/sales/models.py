import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from service.database import UtcDateTime, new_id


class ShareLink(SQLModel, table=True):
    """An address under which a customer downloads one certificate for a while; only its SHA-256 is stored."""

    __tablename__ = "share_link"

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    certificate_id: uuid.UUID = Field(foreign_key="certificate.id", index=True)
    token_hash: str = Field(max_length=64, unique=True)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    downloads: int = 0
    last_download_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_by: str = Field(max_length=80)
    created_at: datetime = Field(sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    version: int = 1


class AnswerSheet(SQLModel, table=True):
    """A customer's questionnaire workbook and where in it which figure goes: mapped once, filled for any certificate."""

    __tablename__ = "answer_sheet"

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    customer_id: uuid.UUID = Field(foreign_key="organisation.id", index=True)
    name: str = Field(max_length=120)
    workbook: bytes
    workbook_sha256: str = Field(max_length=64)
    cells: list[Any] = Field(default_factory=list, sa_type=JSON, description="by cell: sheet, cell, field, unit")
    saved_by: str = Field(max_length=80)
    saved_at: datetime = Field(sa_type=UtcDateTime)
    version: int = 1
    is_sample: bool = False
