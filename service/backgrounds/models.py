import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field, SQLModel

from service.database import UtcDateTime, new_id


class Background(SQLModel, table=True):
    """A licensed life-cycle inventory database of this deployment; its files lie in `backgrounds/<id>/` of the data folder."""

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    name: str = Field(max_length=80, unique=True)
    licence: str = Field(max_length=300, description="as the operator stated it; shown with everything derived")
    file_format: str = Field(max_length=20)
    activities: int
    unmatched_gas_flows: int = Field(description="flows that look like greenhouse gases and count nothing")
    manifest_sha256: str = Field(max_length=64)
    is_enabled: bool = Field(default=False, description="only then do calculations use its factors")
    version: int = 1
    imported_by: str = Field(max_length=80)
    imported_at: datetime = Field(sa_type=UtcDateTime)


class BackgroundFactor(SQLModel, table=True):
    """A parameter of the model that takes its value from an activity of a background."""

    __tablename__ = "background_factor"
    __table_args__ = (UniqueConstraint("background_id", "parameter", name="uq_background_factor_parameter"),)

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    background_id: uuid.UUID = Field(foreign_key="background.id", index=True)
    parameter: str = Field(max_length=120)
    activity: int = Field(description="position in the background's arrays")
    activity_name: str = Field(max_length=300)
    product: str = Field(max_length=300)
    location: str = Field(max_length=80)
    activity_unit: str = Field(max_length=40)
    kg_co2e_per_unit: float = Field(description="per unit of the parameter, biogenic uptake left out; GWP100 AR6")
    by_category: dict[str, Any] = Field(sa_type=JSON, description="the same by category of ISO 14067, uptake included")
    set_by: str = Field(max_length=80)
    set_at: datetime = Field(sa_type=UtcDateTime)


class BackgroundDraws(SQLModel, table=True):
    """Draws of a factor from the background's bank, for simulations; apart from the factor, because only simulations read them."""

    __tablename__ = "background_draws"

    factor_id: uuid.UUID = Field(foreign_key="background_factor.id", primary_key=True)
    seed: int
    kg_co2e_per_unit: list[float] = Field(sa_type=JSON, description="per unit of the parameter, one for each draw of the bank")
    drawn_at: datetime = Field(sa_type=UtcDateTime)
