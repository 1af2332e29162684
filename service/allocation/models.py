import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field, SQLModel

from service.database import UtcDateTime, new_id, text_enum


class Offer(SQLModel, table=True):
    """What a supplier would deliver of a material, and on which terms; of several that are valid, the latest priced counts."""

    __table_args__ = (UniqueConstraint("supplier_id", "flow", "priced_on"),)

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    supplier_id: uuid.UUID = Field(foreign_key="supplier.id", index=True)
    flow: str = Field(max_length=60, index=True)
    price_cny_per_t: float = Field(description="with freight, without VAT")
    priced_on: date
    valid_until: date
    capacity_t: float = Field(description="per year")
    moq_t: float = Field(default=0.0, description="least amount that is delivered at all, t per year")
    fixed_cost_cny: float = Field(default=0.0, description="of ordering at all: qualification, tooling, yearly audit")
    max_share: float = Field(default=1.0, description="of the material's demand, 0 to 1; the grade's cap may be lower")
    defect_share: float = Field(default=0.0, description="0 to 1")
    is_qualified: bool = True
    version: int = 1
    recorded_by: str = Field(max_length=80)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    is_sample: bool = False


class Demand(SQLModel, table=True):
    """What is needed of a material in a year, and the rules of buying it."""

    __table_args__ = (UniqueConstraint("flow", "year"),)

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    flow: str = Field(max_length=60, index=True)
    year: int
    demand_t: float
    min_suppliers: int = 1
    max_suppliers: int | None = None
    max_defect_share: float | None = Field(default=None, description="mean over what is bought, 0 to 1")
    min_green_score: float | None = Field(default=None, description="mean over what is bought, 0 to 100")
    version: int = 1
    recorded_by: str = Field(max_length=80)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    is_sample: bool = False


class SoleSourceWaiver(SQLModel, table=True):
    """A named person allows a material to come from one supplier, or from one whose grade forbids it, until a day."""

    __tablename__ = "sole_source_waiver"

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    flow: str = Field(max_length=60, index=True)
    supplier_id: uuid.UUID = Field(foreign_key="supplier.id", index=True)
    reason: str = Field(max_length=500)
    valid_until: date
    asked_by: str = Field(max_length=80)
    asked_at: datetime = Field(sa_type=UtcDateTime)
    approved_by: str | None = Field(default=None, max_length=80)
    approved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_by: str | None = Field(default=None, max_length=80, description="who refused it or took it back")
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    is_sample: bool = False


class RunOrigin(StrEnum):
    """Where an allocation's offers and demands come from."""

    DATABASE = "database"
    WORKBOOK = "workbook"


class AllocationRun(SQLModel, table=True):
    """An allocation of orders: the question as it was asked, and its answer."""

    __tablename__ = "allocation_run"

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    number: str = Field(max_length=20, unique=True, description="for people: O-2026-0001")
    name: str = Field(max_length=120)
    origin: RunOrigin = Field(sa_type=text_enum(RunOrigin))
    year: int | None = Field(default=None, description="whose demands it fills; None for a workbook")
    judged_on: date = Field(description="day on which offers, scores and waivers were looked at")
    is_exact: bool = Field(default=False, description="counts exact footprints; only for those who may see them")
    question: dict[str, Any] = Field(sa_type=JSON, description="offers, demands and rules, as they were")
    question_hash: str = Field(max_length=64)
    answer: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    blocking: list[Any] = Field(default_factory=list, sa_type=JSON, description="rules in the way, where there is no answer")
    relaxed_front: list[Any] = Field(default_factory=list, sa_type=JSON, description="cost against carbon of the linear relaxation")
    exact_front: list[Any] = Field(default_factory=list, sa_type=JSON)
    front_points: int = Field(default=0, description="points of the exact front that were asked for")
    progress: float = Field(default=0.0, description="share of the exact front that is done, 0 to 1")
    is_cancelled: bool = False
    problem: str | None = Field(default=None, max_length=1000, description="why it could not be calculated")
    started_by: str = Field(max_length=80)
    started_at: datetime = Field(sa_type=UtcDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    is_sample: bool = False
