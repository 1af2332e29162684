import uuid
from datetime import date
from typing import Annotated

from pydantic import Field, field_validator

from service.premises.models import BuildingKind, RetrofitStatus
from service.web.forms import FormInput

Name = Annotated[str, Field(min_length=1, max_length=120)]
Year = Annotated[int, Field(ge=1900, le=2100)]


class BuildingInput(FormInput):
    """A building as it is typed."""

    plant_id: uuid.UUID
    name_zh: Name
    name_en: Name
    kind: BuildingKind
    area_m2: float = Field(gt=0, le=1e7)
    built: Year | None = None
    source_id: uuid.UUID | None = None


class RetrofitInput(FormInput):
    """A retrofit as it is typed."""

    building_id: uuid.UUID
    name: str = Field(min_length=1, max_length=200)
    cost_cny: float = Field(ge=0, le=1e10)
    saving_kwh: float = Field(ge=0, le=1e9)
    status: RetrofitStatus
    year: Year | None = None


class OfficeFigureInput(FormInput):
    """One month of an indicator as it is typed."""

    indicator: str = Field(min_length=1, max_length=80)
    unit: str = Field(min_length=1, max_length=30)
    month: date
    value: float = Field(ge=0, le=1e12)

    @field_validator("month")
    @classmethod
    def whole_month(cls, value: date) -> date:
        """Take any day for its month."""
        return value.replace(day=1)
