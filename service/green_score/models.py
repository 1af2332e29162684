import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Row, UniqueConstraint
from sqlmodel import Field, SQLModel

from service.database import UtcDateTime, new_id, text_enum
from service.errors import N_, ConflictError
from service.immutability import keep_as_written


class MethodStatus(StrEnum):
    """Where a version of the scoring method stands."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    RELEASED = "released"


class MethodVersion(SQLModel, table=True):
    """A version of the scoring method; who proposed or edited it does not release it, and a released one never changes."""

    __tablename__ = "method_version"

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    label: str = Field(max_length=30, unique=True)
    content: dict[str, Any] = Field(sa_type=JSON, description="the table as in `data/method.toml`")
    content_hash: str = Field(max_length=64)
    effective_from: date
    status: MethodStatus = Field(default=MethodStatus.DRAFT, sa_type=text_enum(MethodStatus), index=True)
    version: int = 1
    notes: str = Field(max_length=2000, description="why it was made; consistency ratio where a committee compared pairs")
    edited_by: list[str] = Field(default_factory=list, sa_type=JSON)
    created_by: str = Field(max_length=80)
    created_at: datetime = Field(sa_type=UtcDateTime)
    released_by: str | None = Field(default=None, max_length=80)
    released_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    is_sample: bool = False


class Benchmark(SQLModel, table=True):
    """What a material's footprint is held against in one scoring year; frozen, a later one is a new row."""

    __table_args__ = (UniqueConstraint("flow", "scoring_year", "revision"),)

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    flow: str = Field(max_length=60, index=True)
    scoring_year: int
    revision: int = 1
    kg_co2e_per_kg: float = Field(description="per kg of material, or per kg processed by a toll plant")
    best_ratio: float = Field(description="ratio that earns full marks: P10 over the benchmark, 0.3 to 0.8")
    worst_ratio: float = Field(description="ratio that earns nothing: P90 over the benchmark, 1.5 to 3")
    p90_kg_co2e_per_kg: float | None = Field(default=None, description="of the peers; None with fewer than five")
    origin: str = Field(max_length=20, description="`peers`, `dataset` or `default`")
    source: str = Field(max_length=500)
    frozen_by: str = Field(max_length=80)
    frozen_at: datetime = Field(sa_type=UtcDateTime)
    is_sample: bool = False


class NotApplicable(SQLModel, table=True):
    """An indicator that a buyer says does not apply to a supplier; counts once another person has approved it."""

    __tablename__ = "not_applicable"

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    supplier_id: uuid.UUID = Field(foreign_key="supplier.id", index=True)
    indicator: str = Field(max_length=4)
    reason: str = Field(max_length=500)
    asked_by: str = Field(max_length=80)
    asked_at: datetime = Field(sa_type=UtcDateTime)
    approved_by: str | None = Field(default=None, max_length=80)
    approved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    withdrawn_by: str | None = Field(default=None, max_length=80)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    is_sample: bool = False


class Score(SQLModel, table=True):
    """A supplier's score for one material and period, with everything that it rests on; never changed, a later one is a new row."""

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    supplier_id: uuid.UUID = Field(foreign_key="supplier.id", index=True)
    flow: str = Field(max_length=60, index=True)
    category: str = Field(max_length=30, description="profile of the method")
    period_start: date
    period_end: date
    method_id: uuid.UUID = Field(foreign_key="method_version.id")
    inputs: dict[str, Any] = Field(sa_type=JSON, description="`facts.Facts`, as they were")
    inputs_hash: str = Field(max_length=64)
    indicators: dict[str, Any] = Field(
        sa_type=JSON, description="by indicator: value, credit, left_out, possible, points, reasons, sources"
    )
    dimensions: dict[str, Any] = Field(sa_type=JSON, description="0 to 100 by dimension")
    total: float = Field(description="0 to 100")
    grade: str = Field(max_length=2)
    grade_by_points: str | None = Field(
        default=None, max_length=2, description="before caps and vetoes; None is the same as `grade`"
    )
    is_grade_held: bool = Field(default=False, description="kept although the points are just below its threshold")
    previous_id: uuid.UUID | None = Field(
        default=None, foreign_key="score.id", description="score of the period before, whose grade it starts from"
    )
    grade_reasons: list[Any] = Field(default_factory=list, sa_type=JSON, description="caps, floors, vetoes, hysteresis")
    robustness: dict[str, Any] = Field(default_factory=dict, sa_type=JSON, description="`robustness.ScoreRobustness`")
    is_open: bool = Field(default=False, description="its period is still open for answers: not ranked")
    frozen_quarter: str | None = Field(default=None, max_length=7, description="2026-Q3, where it was frozen at a quarter's end")
    calculated_by: str = Field(max_length=80)
    calculated_at: datetime = Field(sa_type=UtcDateTime, index=True)
    is_sample: bool = False


class ImmutableMethodError(ConflictError):
    """The table of a released scoring method was to be changed."""

    code = "immutable-scoring-method"


def _kept(version: MethodVersion, fields: str) -> ImmutableMethodError:
    del fields
    return ImmutableMethodError(
        N_("Scoring method %(label)s is kept as it was released, because scores rest on it. Begin a draft and change that."),
        label=version.label,
    )


def _is_not_released(stored: Row[Any]) -> bool:
    return stored.status is not MethodStatus.RELEASED


keep_as_written(MethodVersion, refuse=_kept, is_open=_is_not_released)
