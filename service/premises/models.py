import uuid
from datetime import date
from enum import StrEnum

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from service.database import text_enum
from service.registers.models import RegisterRow


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


class Building(RegisterRow, table=True):
    """A building of a site; its electricity is a source of the monitoring, mostly the sub-meter of the site's main meter."""

    __table_args__ = (UniqueConstraint("plant_id", "name_zh"),)

    plant_id: uuid.UUID = Field(foreign_key="plant.id", index=True)
    name_zh: str = Field(max_length=120)
    name_en: str = Field(max_length=120)
    kind: BuildingKind = Field(sa_type=text_enum(BuildingKind))
    area_m2: float
    built: int | None = Field(default=None, description="year")
    source_id: uuid.UUID | None = Field(default=None, foreign_key="emission_source.id", unique=True, description="its electricity")


class Retrofit(RegisterRow, table=True):
    """What could be done to a building, with its cost and what it saves."""

    building_id: uuid.UUID = Field(foreign_key="building.id", index=True)
    name: str = Field(max_length=200)
    cost_cny: float
    saving_kwh: float = Field(description="electricity saved in a year")
    status: RetrofitStatus = Field(sa_type=text_enum(RetrofitStatus))
    year: int | None = Field(default=None, description="when it is to be done or was done")


class OfficeFigure(RegisterRow, table=True):
    """One month of an indicator of office work, such as paper; counted for its trend, in no inventory and no footprint."""

    __tablename__ = "office_figure"
    __table_args__ = (UniqueConstraint("indicator", "unit", "month"),)

    indicator: str = Field(max_length=80, description="as the company calls it: copy paper, flights, old devices")
    unit: str = Field(max_length=30)
    month: date = Field(description="its first day")
    value: float
