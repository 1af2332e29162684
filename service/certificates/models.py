import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from service.database import UtcDateTime, new_id, text_enum


class CertificateStatus(StrEnum):
    """Where a certificate stands; that it has expired follows from its dates."""

    RENDERING = "rendering"
    VALID = "valid"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"


class CertificateBatch(SQLModel, table=True):
    """Certificates of many products for one customer, issued together, with their progress."""

    __tablename__ = "certificate_batch"

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    customer_id: uuid.UUID = Field(foreign_key="organisation.id", index=True)
    total: int
    problems: list[Any] = Field(default_factory=list, sa_type=JSON, description="by product: message id and its values")
    started_by: str = Field(max_length=80)
    started_at: datetime = Field(sa_type=UtcDateTime)


class Certificate(SQLModel, table=True):
    """An issued document: its snapshot, its bytes and their hash never change once it is valid."""

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    public_id: str = Field(max_length=40, unique=True, description="128 random bits; the only way to the public page")
    number: str = Field(max_length=30, unique=True, description="for people: AP-2026-0001")
    revision: int = 1
    footprint_id: uuid.UUID = Field(foreign_key="footprint_record.id", index=True)
    customer_id: uuid.UUID = Field(foreign_key="organisation.id", index=True)
    customer_part_no: str | None = Field(default=None, max_length=80)
    status: CertificateStatus = Field(default=CertificateStatus.RENDERING, sa_type=text_enum(CertificateStatus), index=True)
    version: int = 1
    valid_from: date
    valid_until: date
    snapshot: dict[str, Any] = Field(sa_type=JSON)
    snapshot_sha256: str = Field(max_length=64)
    product_footprint_id: uuid.UUID | None = Field(
        default=None, foreign_key="product_footprint.id", index=True, description="the document that partners get"
    )
    batch_id: uuid.UUID | None = Field(default=None, foreign_key="certificate_batch.id", index=True)
    evidence: dict[str, Any] | None = Field(
        default=None,
        sa_type=JSON,
        description="what stands beside the snapshot in the file: model bundle, its signature, log proof",
    )
    pdf: bytes | None = None
    pdf_sha256: str | None = Field(default=None, max_length=64, index=True)
    unsigned_pdf_sha256: str | None = Field(
        default=None, max_length=64, description="of the file before signing; rendering the snapshot again gives the same"
    )
    signing_key_id: str | None = Field(default=None, max_length=16, description="which of our keys signed the file")
    supersedes_id: uuid.UUID | None = Field(default=None, foreign_key="certificate.id", index=True)
    issued_by: str = Field(max_length=80)
    issued_at: datetime = Field(sa_type=UtcDateTime)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    withdrawn_by: str | None = Field(default=None, max_length=80)
    withdrawn_reason: str | None = Field(default=None, max_length=500)
    is_sample: bool = False


class CertificateCounter(SQLModel, table=True):
    """The last number given out in a year; its row lock makes numbers unique under concurrency."""

    __tablename__ = "certificate_counter"

    year: int = Field(primary_key=True)
    last: int = 0
