import uuid
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from service.database import UtcDateTime, new_id, text_enum


class SupplierType(StrEnum):
    """Which questionnaire a supplier gets; the keys of the questionnaire's `supplier_type` column."""

    MAKER = "MAKER"
    COKE = "COKE"
    PITCH = "PITCH"
    RESIN = "RESIN"
    TOLL = "TOLL"
    TOLL_CARB = "TOLL_CARB"
    CRUCIBLE = "CRUCIBLE"
    GAS = "GAS"
    PACKAGING = "PACKAGING"
    LOGISTICS = "LOGISTICS"
    EQUIPMENT = "EQUIPMENT"
    RECYCLED = "RECYCLED"
    WASTE = "WASTE"


class Supplier(SQLModel, table=True):
    """What procurement knows of a supplier; its name is that of its organisation."""

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    organisation_id: uuid.UUID = Field(foreign_key="organisation.id", unique=True)
    supplier_type: SupplierType = Field(sa_type=text_enum(SupplierType), index=True)
    province_code: str | None = Field(default=None, max_length=6, description="ISO 3166-2, as in electricity_cn.csv: CN-NM")
    city: str | None = Field(default=None, max_length=80)
    contact_name: str | None = Field(default=None, max_length=100)
    contact_email: str | None = Field(default=None, max_length=254)
    contact_phone: str | None = Field(default=None, max_length=40)
    owner_id: uuid.UUID | None = Field(
        default=None, foreign_key="user.id", index=True, description="who of the maker looks after it"
    )
    is_active: bool = True
    is_sample: bool = False
    created_at: datetime = Field(sa_type=UtcDateTime)
    version: int = 1


class Purchase(SQLModel, table=True):
    """What was bought from one supplier in one period: weights suppliers of the same flow in a footprint."""

    __table_args__ = (UniqueConstraint("supplier_id", "flow", "period_start", "period_end"),)

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    supplier_id: uuid.UUID = Field(foreign_key="supplier.id", index=True)
    flow: str = Field(max_length=60, index=True, description="flow of the model: `green_petroleum_coke`, `graphitised_powder`, ...")
    period_start: date
    period_end: date
    amount_t: float = Field(description="t bought, or t processed by a toll plant")
    price_cny_per_t: float | None = Field(default=None, description="yuan per t, without VAT; None when not known")
    is_sample: bool = False
    created_at: datetime = Field(sa_type=UtcDateTime)
    version: int = Field(default=1, description="grows with each change; guards two people editing at once")
