import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from service.database import UtcDateTime, new_id


class FootprintLimit(SQLModel, table=True):
    """The most that a customer accepts of a product's footprint."""

    __tablename__ = "footprint_limit"

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    product_id: uuid.UUID = Field(foreign_key="product.id", index=True)
    customer_id: uuid.UUID = Field(foreign_key="organisation.id", index=True)
    limit_kg_co2e_per_kg: float
    electricity_view: str = Field(max_length=30)
    valid_from: date
    source: str = Field(max_length=500, description="contract or letter that states it")
    recorded_by: str = Field(max_length=80)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    withdrawn_by: str | None = Field(default=None, max_length=80)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    is_sample: bool = False


class SwapRun(SQLModel, table=True):
    """All combinations of candidates for a product's inputs, calculated in the background."""

    __tablename__ = "swap_run"

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    product_id: uuid.UUID = Field(foreign_key="product.id", index=True)
    period_start: date
    period_end: date
    choices: dict[str, Any] = Field(sa_type=JSON, description="by flow: candidates that are tried")
    with_halves: bool = Field(default=False, description="two candidates with half each are tried too")
    is_exact: bool = Field(description="rests on answers as they are: for those only who may see them")
    model_version: str = Field(max_length=120)
    total: int
    done: int = 0
    front: list[Any] = Field(default_factory=list, sa_type=JSON, description="combinations that no other beats")
    summary: dict[str, Any] = Field(default_factory=dict, sa_type=JSON, description="today, and what has no price")
    problem: dict[str, Any] | None = Field(default=None, sa_type=JSON, description="message id and its values")
    is_cancelled: bool = False
    started_by: str = Field(max_length=80)
    started_at: datetime = Field(sa_type=UtcDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    is_sample: bool = False
