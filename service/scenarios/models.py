import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field, SQLModel

from service.database import UtcDateTime, new_id


class OwnScenario(SQLModel, table=True):
    """A scenario that people of the maker defined; what it says stands in its versions."""

    __tablename__ = "own_scenario"

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    version: int = 1
    is_active: bool = True
    is_sample: bool = False
    created_by: str = Field(max_length=80)
    created_at: datetime = Field(sa_type=UtcDateTime)


class ScenarioVersion(SQLModel, table=True):
    """What a scenario said at one time; never changed, so that a comparison can be made again."""

    __tablename__ = "scenario_version"
    __table_args__ = (UniqueConstraint("scenario_id", "version"),)

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    scenario_id: uuid.UUID = Field(foreign_key="own_scenario.id", index=True)
    version: int
    name_zh: str = Field(max_length=100)
    name_en: str = Field(max_length=100)
    reasoning: str = Field(max_length=1000, description="why anybody should believe it; an assumption says so")
    electricity: str | None = Field(default=None, max_length=30, description="electricity view; None keeps that of the base")
    parameters: dict[str, Any] = Field(default_factory=dict, sa_type=JSON, description="by name: number, choice or alternative")
    supplier_shares: dict[str, Any] = Field(default_factory=dict, sa_type=JSON, description="by flow, then supplier id: 0 to 1")
    written_by: str = Field(max_length=80)
    written_at: datetime = Field(sa_type=UtcDateTime)
