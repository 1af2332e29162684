import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field, SQLModel

from service.database import UtcDateTime, new_id, text_enum
from service.errors import N_, ConflictError
from service.immutability import keep_as_written
from service.registers.models import RegisterRow


class MeasureStatus(StrEnum):
    """How far a measure is; only somebody else than who wrote it approves it."""

    IDEA = "idea"
    ASSESSED = "assessed"
    APPROVED = "approved"
    RUNNING = "running"
    DONE = "done"
    DROPPED = "dropped"


class Measure(SQLModel, table=True):
    """A measure of the carbon plan; what it says stands in its versions."""

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    status: MeasureStatus = Field(default=MeasureStatus.IDEA, sa_type=text_enum(MeasureStatus))
    version: int = 1
    owner_unit_id: uuid.UUID | None = Field(default=None, foreign_key="org_unit.id", index=True)
    owner_id: uuid.UUID | None = Field(default=None, foreign_key="user.id", index=True)
    created_by: str = Field(max_length=80)
    created_at: datetime = Field(sa_type=UtcDateTime)
    approved_by: str | None = Field(default=None, max_length=80)
    approved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    is_sample: bool = False


class MeasureVersion(SQLModel, table=True):
    """What a measure said at one time; never changed, so that a run of the plan can be read again."""

    __tablename__ = "measure_version"
    __table_args__ = (UniqueConstraint("measure_id", "version"),)

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    measure_id: uuid.UUID = Field(foreign_key="measure.id", index=True)
    version: int
    name_zh: str = Field(max_length=100)
    name_en: str = Field(max_length=100)
    reasoning: str = Field(max_length=1000, description="why anybody should believe it; an estimate says so")
    evidence: str = Field(max_length=500, description="where cost and effect come from")
    content: dict[str, Any] = Field(sa_type=JSON, description="lever, overlay, uptake, money: `measures.schemas.MeasureContent`")
    written_by: str = Field(max_length=80)
    written_at: datetime = Field(sa_type=UtcDateTime)


class CarbonPriceLadder(SQLModel, table=True):
    """The internal carbon price by year, as it was set at one time; the newest one holds. Rows never change."""

    __tablename__ = "carbon_price_ladder"

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    steps: dict[str, Any] = Field(sa_type=JSON, description="yuan per t CO2 by the year from which it holds")
    discount_rate: float = Field(description="at which money of later years is discounted, 0.08 for 8 %")
    source: str = Field(max_length=300)
    set_by: str = Field(max_length=80)
    set_at: datetime = Field(sa_type=UtcDateTime)
    is_sample: bool = False


class InvestmentKind(StrEnum):
    """What money is put into."""

    EQUIPMENT = "equipment"
    PHOTOVOLTAICS = "photovoltaics"
    WIND = "wind"
    STORAGE = "storage"
    REMOVAL = "removal"
    OTHER = "other"


class Investment(RegisterRow, table=True):
    """A line of the investment portfolio: its cash flows, its tonnes, and for own generation its capacity."""

    kind: InvestmentKind = Field(sa_type=text_enum(InvestmentKind))
    name_zh: str = Field(max_length=100)
    name_en: str = Field(max_length=100)
    plant_id: uuid.UUID | None = Field(default=None, foreign_key="plant.id", index=True)
    measure_id: uuid.UUID | None = Field(default=None, foreign_key="measure.id", index=True)
    first_year: int
    capex_cny: float = Field(description="spent in the first year")
    yearly_gain_cny: float = Field(description="savings and income less running cost, in each year after the first")
    lifetime_years: int
    capacity_kw: float | None = None
    generation_kwh_per_a: float | None = None
    avoided_t_co2_per_a: float = Field(description="in each year after the first; removals stand apart from the inventory")
    source: str = Field(max_length=300)


class TechnologyProject(RegisterRow, table=True):
    """A technology that is not ready yet: how far it is, and what it would change in the model of a product."""

    __tablename__ = "technology_project"

    name_zh: str = Field(max_length=100)
    name_en: str = Field(max_length=100)
    trl: int = Field(description="technology readiness level, 1 to 9 (GB/T 22900)")
    expected_year: int = Field(description="in which it is expected to be ready for the plant")
    product_id: uuid.UUID = Field(foreign_key="product.id", index=True)
    overlay: str = Field(max_length=2000, description="parameters of the model, a line `name = value` for each")
    partner: str | None = Field(default=None, max_length=200)
    source: str = Field(max_length=300)


class PlanRun(SQLModel, table=True):
    """A search for the measures and years of least cost: question and answer; its answer never changes."""

    __tablename__ = "plan_run"

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    question: dict[str, Any] = Field(sa_type=JSON)
    answer: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    started_by: str = Field(max_length=80)
    started_at: datetime = Field(sa_type=UtcDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    problem: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    is_sample: bool = False


class KeptRowError(ConflictError):
    """A version of a measure, a price ladder or the answer of a plan was to be changed."""

    code = "kept-plan-row"


def _kept(_row: SQLModel, _changed: str) -> KeptRowError:
    return KeptRowError(N_("What was written of the plan is kept as it was. Write a new version."))


keep_as_written(MeasureVersion, refuse=_kept)
keep_as_written(CarbonPriceLadder, refuse=_kept)
keep_as_written(PlanRun, refuse=_kept, is_open=lambda stored: stored.finished_at is None)
