import uuid
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from service.database import UtcDateTime, new_id, text_enum


class BuildingKind(StrEnum):
    """What a building is used for; ranked among its like."""

    OFFICE = "office"
    CANTEEN = "canteen"
    DORMITORY = "dormitory"
    LABORATORY = "laboratory"
    WAREHOUSE = "warehouse"
    WORKSHOP = "workshop"


class RetrofitStatus(StrEnum):
    """How far a retrofit is."""

    IDEA = "idea"
    PLANNED = "planned"
    DONE = "done"


class Building(SQLModel, table=True):
    """A building of a site; its electricity is a source of the monitoring, mostly the sub-meter of the site's main meter."""

    __table_args__ = (UniqueConstraint("plant_id", "name_zh"),)

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    plant_id: uuid.UUID = Field(foreign_key="plant.id", index=True)
    name_zh: str = Field(max_length=120)
    name_en: str = Field(max_length=120)
    kind: BuildingKind = Field(sa_type=text_enum(BuildingKind))
    area_m2: float
    built: int | None = Field(default=None, description="year")
    source_id: uuid.UUID | None = Field(default=None, foreign_key="emission_source.id", unique=True, description="its electricity")
    is_active: bool = True
    is_sample: bool = False
    created_at: datetime = Field(sa_type=UtcDateTime)
    version: int = 1


class Retrofit(SQLModel, table=True):
    """What could be done to a building, with its cost and what it saves."""

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    building_id: uuid.UUID = Field(foreign_key="building.id", index=True)
    name: str = Field(max_length=200)
    cost_cny: float
    saving_kwh: float = Field(description="electricity saved in a year")
    status: RetrofitStatus = Field(sa_type=text_enum(RetrofitStatus))
    year: int | None = Field(default=None, description="when it is to be done or was done")
    is_active: bool = True
    is_sample: bool = False
    created_at: datetime = Field(sa_type=UtcDateTime)
    version: int = 1


class OfficeFigure(SQLModel, table=True):
    """One month of an indicator of office work, such as paper; it is counted for its trend and enters no inventory and no footprint."""

    __tablename__ = "office_figure"
    __table_args__ = (UniqueConstraint("indicator", "unit", "month"),)

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    indicator: str = Field(max_length=80, description="as the company calls it: copy paper, flights, old devices")
    unit: str = Field(max_length=30)
    month: date = Field(description="its first day")
    value: float
    is_active: bool = True
    is_sample: bool = False
    created_at: datetime = Field(sa_type=UtcDateTime)
    version: int = 1
