import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Index, text
from sqlmodel import Field, SQLModel

from service.database import UtcDateTime, new_id, text_enum
from service.errors import N_, ConflictError
from service.immutability import keep_as_written

_CHANGEABLE = frozenset({"status", "version", "released_by", "released_at"})


class FootprintStatus(StrEnum):
    """Where a record stands; its numbers never change."""

    CALCULATED = "calculated"
    RELEASED = "released"
    REPLACED = "replaced"


class FootprintRecord(SQLModel, table=True):
    """A product carbon footprint with all that led to it; only `status`, `version` and the release columns ever change."""

    __tablename__ = "footprint_record"
    # The database itself guards what two people at once could break: one released record, and no record twice.
    __table_args__ = (
        Index(
            "uq_footprint_record_released",
            *("product_id", "period_start", "period_end"),
            unique=True,
            sqlite_where=text("status = 'released'"),
            postgresql_where=text("status = 'released'"),
        ),
        Index(
            "uq_footprint_record_inputs",
            *("product_id", "period_start", "period_end", "inputs_sha256"),
            unique=True,
            sqlite_where=text("status <> 'replaced'"),
            postgresql_where=text("status <> 'replaced'"),
        ),
    )

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    number: str = Field(max_length=20, unique=True, description="for people: F-2026-0001")
    product_id: uuid.UUID = Field(foreign_key="product.id", index=True)
    product_version: int = Field(default=1, description="of the product's set-up; a later one makes the record stale")
    period_start: date
    period_end: date
    status: FootprintStatus = Field(default=FootprintStatus.CALCULATED, sa_type=text_enum(FootprintStatus), index=True)
    version: int = 1
    total_kg_co2e_per_kg: float
    electricity_view: str = Field(max_length=30)
    model_version: str = Field(max_length=120)
    result: dict[str, Any] = Field(sa_type=JSON, description="the model's whole answer, full precision")
    views: list[Any] = Field(default_factory=list, sa_type=JSON, description="the same product under the electricity views")
    parameters: dict[str, Any] = Field(sa_type=JSON)
    provenance: dict[str, Any] = Field(sa_type=JSON, description="by parameter: kind, source, submission, supplier, weight")
    shares: dict[str, Any] = Field(sa_type=JSON, description="share of the total by data kind: primary, secondary, default; sum 1")
    default_total_kg_co2e_per_kg: float = Field(description="the model default under the same headline electricity")
    drivers: list[Any] = Field(
        default_factory=list, sa_type=JSON, description="by stage and flow: what the default has, what this has; kg CO2e per kg"
    )
    inputs_sha256: str = Field(max_length=64)
    calculated_by: str = Field(max_length=80)
    calculated_at: datetime = Field(sa_type=UtcDateTime)
    released_by: str | None = Field(default=None, max_length=80)
    released_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    is_sample: bool = False


class FootprintSource(SQLModel, table=True):
    """Which submissions a record rests on; if one is superseded the record is stale."""

    __tablename__ = "footprint_source"

    footprint_id: uuid.UUID = Field(foreign_key="footprint_record.id", primary_key=True)
    submission_id: uuid.UUID = Field(foreign_key="submission.id", primary_key=True, index=True)


class FootprintBatch(SQLModel, table=True):
    """One recalculation of many products, with its progress."""

    __tablename__ = "footprint_batch"

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    period_start: date
    period_end: date
    total: int
    done: int = 0
    problems: list[Any] = Field(default_factory=list, sa_type=JSON, description="by product: message id and its values")
    started_by: str = Field(max_length=80)
    started_at: datetime = Field(sa_type=UtcDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class ImmutableRecordError(ConflictError):
    """The numbers of a footprint record, or the record itself, were to be changed."""

    code = "immutable-record"


def _kept(record: FootprintRecord, fields: str) -> ImmutableRecordError:
    if not fields:
        return ImmutableRecordError(N_("Footprint %(number)s is kept for good and can't be deleted."), number=record.number)
    return ImmutableRecordError(
        N_("Footprint %(number)s is kept as it was calculated; %(fields)s can't be changed. Calculate a new one."),
        number=record.number,
        fields=fields,
    )


keep_as_written(FootprintRecord, refuse=_kept, changeable=_CHANGEABLE)
