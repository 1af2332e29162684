import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field, SQLModel

from service.database import UtcDateTime, new_id


class Plant(SQLModel, table=True):
    """A plant of the maker."""

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    name_zh: str = Field(max_length=200)
    name_en: str = Field(max_length=200)
    address_zh: str | None = Field(default=None, max_length=300)
    address_en: str | None = Field(default=None, max_length=300)
    province_code: str = Field(max_length=6, description="ISO 3166-2: CN-GD")
    bpns: str | None = Field(default=None, max_length=16, description="Catena-X business partner number of the site")
    is_sample: bool = False
    created_at: datetime = Field(sa_type=UtcDateTime)


class Product(SQLModel, table=True):
    """One grade made at one plant: what a footprint and a certificate are about."""

    __table_args__ = (UniqueConstraint("grade", "plant_id"),)

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    plant_id: uuid.UUID = Field(foreign_key="plant.id", index=True)
    grade: str = Field(max_length=60)
    name_zh: str = Field(max_length=200)
    name_en: str = Field(max_length=200)
    cas: str = Field(default="7782-42-5", max_length=20)
    furnace: str = Field(max_length=30, description="variant of P3, a choice of the model's `furnace` parameter")
    toll_share: float = Field(default=0.0, description="share of graphitization done by toll plants, 0 to 1")
    recipe: dict[str, Any] = Field(default_factory=dict, sa_type=JSON, description="model parameters that differ from the default")
    classifications: list[Any] | None = Field(default=None, sa_type=JSON, description="URNs: UN CPC, HS, UNSPSC")
    description_zh: str | None = Field(default=None, max_length=500)
    description_en: str | None = Field(default=None, max_length=500)
    quality: dict[str, Any] | None = Field(
        default=None,
        sa_type=JSON,
        description="by quality parameter of GB/T 24533: value and unit",
    )
    is_active: bool = True
    is_sample: bool = False
    created_at: datetime = Field(sa_type=UtcDateTime)
    version: int = 1


class ProductInput(SQLModel, table=True):
    """Which supplier delivers which input of a product, with its share of that input."""

    __tablename__ = "product_input"
    __table_args__ = (UniqueConstraint("product_id", "flow", "supplier_id"),)

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    product_id: uuid.UUID = Field(foreign_key="product.id", index=True)
    flow: str = Field(max_length=60)
    supplier_id: uuid.UUID = Field(foreign_key="supplier.id", index=True)
    share: float | None = Field(default=None, description="0 to 1; None: by the period's purchases")


class Production(SQLModel, table=True):
    """How much of a product was made in a period."""

    __table_args__ = (UniqueConstraint("product_id", "period_start", "period_end"),)

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    product_id: uuid.UUID = Field(foreign_key="product.id", index=True)
    period_start: date
    period_end: date
    output_t: float
    is_sample: bool = False
