import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from service.database import UtcDateTime, new_id
from service.errors import N_, ConflictError
from service.immutability import keep_as_written
from service.registers.models import RegisterRow


class DesignComparison(SQLModel, table=True):
    """Variants of a product beside the footprint that they were laid over: what was entered and what came out, as it was."""

    __tablename__ = "design_comparison"

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    title: str = Field(max_length=120)
    product_id: uuid.UUID = Field(foreign_key="product.id", index=True)
    record_id: uuid.UUID = Field(foreign_key="footprint_record.id", index=True)
    electricity_view: str = Field(max_length=30, description="of the record")
    model_version: str = Field(max_length=120, description="with which base and variants were calculated")
    content: dict[str, Any] = Field(sa_type=JSON, description="service.eco_design.comparing.Compared as JSON")
    made_by: str = Field(max_length=80)
    made_at: datetime = Field(sa_type=UtcDateTime)
    is_sample: bool = False


class DesignDecision(SQLModel, table=True):
    """Which variant was chosen, and why."""

    __tablename__ = "design_decision"

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    comparison_id: uuid.UUID = Field(foreign_key="design_comparison.id", unique=True)
    variant: int = Field(description="position in the comparison; 0 keeps the product as it is")
    reason: str = Field(max_length=1000)
    decided_by: str = Field(max_length=80)
    decided_at: datetime = Field(sa_type=UtcDateTime)
    is_sample: bool = False


class QualityLimit(RegisterRow, table=True):
    """What a customer asks of a quality parameter of a product."""

    __tablename__ = "quality_limit"

    product_id: uuid.UUID = Field(foreign_key="product.id", index=True)
    customer: str = Field(max_length=120)
    parameter: str = Field(max_length=30, description="key of service.products.quality")
    lowest: float | None = None
    highest: float | None = None
    source: str = Field(max_length=300, description="specification that states it")


class KeptComparisonError(ConflictError):
    """A comparison or its decision was to be changed."""

    code = "immutable-comparison"


def _kept(_row: SQLModel, fields: str) -> KeptComparisonError:
    return KeptComparisonError(
        N_("A comparison stays as it was made, and so does its decision; %(fields)s can't be changed. Make another one."),
        fields=fields,
    )


keep_as_written(DesignComparison, refuse=_kept)
keep_as_written(DesignDecision, refuse=_kept)
