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


class AuditLeaf(SQLModel, table=True):
    """One leaf of the Merkle tree over the audit trail (RFC 6962), written before the commit of what it tells of."""

    __tablename__ = "audit_leaf"

    index: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False}, description="0, 1, 2 ... without a gap")
    event_id: int = Field(foreign_key="audit_event.id", unique=True)
    salt: str = Field(max_length=32, description="128 random bits in hexadecimal, part of what is hashed")
    leaf_hash: str = Field(max_length=64, description="SHA-256 of 0x00 and the event's canonical JSON, which holds the index")
    subtrees: list[str] = Field(
        default_factory=list, sa_type=JSON, description="roots of the subtrees of 2, 4, 8 ... leaves that end with this one"
    )


class AuditHead(SQLModel, table=True):
    """The tree's size and right edge in one row; its lock puts writers of the tree in order."""

    __tablename__ = "audit_head"

    id: int = Field(default=1, primary_key=True)
    size: int = 0
    right_edge: list[str] = Field(
        default_factory=list, sa_type=JSON, description="roots of the perfect subtrees, the largest first"
    )


class AuditCheckpoint(SQLModel, table=True):
    """A signed statement of the tree's size and root; the same text lies in a file outside the database."""

    __tablename__ = "audit_checkpoint"

    size: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    root_hash: str = Field(max_length=64)
    note: str = Field(max_length=1000, description="C2SP signed note, as printed and exported")
    key: str = Field(max_length=300, description="public key that checks the note: `name+key id+base64`")
    at: datetime = Field(sa_type=UtcDateTime)


class AuditCheck(SQLModel, table=True):
    """What the last comparison of the whole log found: one row, replaced each time."""

    __tablename__ = "audit_check"

    id: int = Field(default=1, primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)
    size: int = Field(description="leaves looked at")
    checkpoints: int = Field(description="checkpoints compared")
    findings: list[Any] = Field(default_factory=list, sa_type=JSON, description="what is wrong: message id and its values")
