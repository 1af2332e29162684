import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Index, Row, Text, text
from sqlmodel import Field, SQLModel

from service.database import UtcDateTime, new_id, text_enum
from service.errors import N_, ConflictError
from service.immutability import keep_as_written

_CHANGEABLE = frozenset({"status", "version", "released_by", "released_at", "checks"})


class ModelStatus(StrEnum):
    """Where a model version stands; only drafts change."""

    DRAFT = "draft"
    RELEASED = "released"
    RETIRED = "retired"


class ModelOrigin(StrEnum):
    """Who made a version: it came with the software, or people edited it here."""

    SHIPPED = "shipped"
    EDITED = "edited"


class ModelTable(SQLModel, table=True):
    """The text of one table, stored once however many versions share it; never changed or deleted."""

    __tablename__ = "model_table"

    sha256: str = Field(primary_key=True, max_length=64)
    content: str = Field(sa_type=Text)


class ModelVersion(SQLModel, table=True):
    """A version of the life-cycle model in the shape of the shipped one: tables by file name."""

    __tablename__ = "model_version"
    # Two drafts may hold the same content for a while; what records can rest on exists once.
    __table_args__ = (
        Index(
            "uq_model_version_content",
            "content_hash",
            unique=True,
            sqlite_where=text("status <> 'draft'"),
            postgresql_where=text("status <> 'draft'"),
        ),
        Index(
            "uq_model_version_in_use",
            "status",
            unique=True,
            sqlite_where=text("status = 'released' AND origin = 'edited'"),
            postgresql_where=text("status = 'released' AND origin = 'edited'"),
        ),
        Index(
            "uq_model_version_label",
            "label",
            unique=True,
            sqlite_where=text("origin = 'edited'"),
            postgresql_where=text("origin = 'edited'"),
        ),
    )

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    label: str = Field(max_length=30, description="for people: 1.0.0, 1.0.0.1")
    content_hash: str = Field(max_length=64, index=True)
    tables: dict[str, Any] = Field(sa_type=JSON, description="by file name: SHA-256 of the text in model_table")
    origin: ModelOrigin = Field(sa_type=text_enum(ModelOrigin))
    status: ModelStatus = Field(default=ModelStatus.DRAFT, sa_type=text_enum(ModelStatus), index=True)
    version: int = 1
    parent_hash: str | None = Field(default=None, max_length=64, description="content hash of what a draft began with")
    parent_label: str | None = Field(default=None, max_length=30)
    notes: str = Field(max_length=2000, description="why this version was made")
    created_by: str = Field(max_length=80)
    created_at: datetime = Field(sa_type=UtcDateTime)
    edited_by: list[Any] = Field(default_factory=list, sa_type=JSON, description="who changed a table; nobody of them releases")
    released_by: str | None = Field(default=None, max_length=80)
    released_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    checks: dict[str, Any] = Field(default_factory=dict, sa_type=JSON, description="what was found at release")


class ImmutableModelError(ConflictError):
    """The tables of a model version that records may rest on were to be changed."""

    code = "immutable-model"


def _kept(version: ModelVersion, fields: str) -> ImmutableModelError:
    del fields
    return ImmutableModelError(
        N_("Model %(label)s is kept as it was released, because records rest on it. Begin a draft from it and change that."),
        label=version.label,
    )


def _is_draft(stored: Row[Any]) -> bool:
    return stored.status is ModelStatus.DRAFT


def _kept_table(table: ModelTable, fields: str) -> ImmutableModelError:
    del fields
    return ImmutableModelError(
        N_("The table %(hash)s of a model is kept for good, because versions share it. Store another one."), hash=table.sha256[:12]
    )


keep_as_written(ModelVersion, refuse=_kept, changeable=_CHANGEABLE, is_open=_is_draft)
keep_as_written(ModelTable, refuse=_kept_table)
