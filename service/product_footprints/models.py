import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from service.database import UtcDateTime, new_id, text_enum
from service.errors import N_, ConflictError
from service.immutability import keep_as_written

_CHANGEABLE = frozenset({"status", "version", "deprecated_at", "deprecated_by", "deprecated_reason"})


class DeclaredStatus(StrEnum):
    """The two states of a footprint in the exchange network (PACT v3); nothing else of it ever changes."""

    ACTIVE = "Active"
    DEPRECATED = "Deprecated"


class IdentifierKind(StrEnum):
    """By what partners look for footprints."""

    PRODUCT = "product"
    COMPANY = "company"
    CLASSIFICATION = "classification"
    GEOGRAPHY = "geography"


class AlertKind(StrEnum):
    """Why a declared footprint needs a look."""

    CHANGED = "changed"
    ENDING = "ending"
    ENDED = "ended"


class ProductFootprint(SQLModel, table=True):
    """A released footprint as it is told to others: a PACT v3 document that never changes; only its status may."""

    __tablename__ = "product_footprint"
    # The database itself guards what two people at once could break: one active footprint of a product and period.
    __table_args__ = (
        Index(
            "uq_product_footprint_active",
            *("product_id", "period_start", "period_end"),
            unique=True,
            sqlite_where=text("status = 'Active'"),
            postgresql_where=text("status = 'Active'"),
        ),
    )

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True, description="the `id` of the document")
    record_id: uuid.UUID = Field(foreign_key="footprint_record.id", index=True)
    product_id: uuid.UUID = Field(foreign_key="product.id", index=True)
    period_start: date
    period_end: date = Field(description="last day; the document names the day after")
    document: dict[str, Any] = Field(sa_type=JSON, description="PACT v3 ProductFootprint without `status`")
    document_sha256: str = Field(max_length=64, description="of the canonical JSON (RFC 8785) of `document`")
    status: DeclaredStatus = Field(default=DeclaredStatus.ACTIVE, sa_type=text_enum(DeclaredStatus), index=True)
    preceding_ids: list[str] = Field(default_factory=list, sa_type=JSON, description="documents that this one replaces")
    valid_from: datetime = Field(sa_type=UtcDateTime)
    valid_until: datetime = Field(sa_type=UtcDateTime)
    declared_by: str = Field(max_length=80)
    declared_at: datetime = Field(sa_type=UtcDateTime, index=True)
    deprecated_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    deprecated_by: str | None = Field(default=None, max_length=80)
    deprecated_reason: str | None = Field(default=None, max_length=500)
    statement_id: uuid.UUID | None = Field(default=None, index=True, description="verification statement that it carries")
    statement: dict[str, Any] | None = Field(default=None, sa_type=JSON, description="that statement, as certificates print it")
    version: int = 1
    is_sample: bool = False


class ImmutableFootprintError(ConflictError):
    """A declared footprint, or anything of it but its status, was to be changed."""

    code = "immutable-footprint"


def _kept(footprint: ProductFootprint, fields: str) -> ImmutableFootprintError:
    del footprint
    if not fields:
        return ImmutableFootprintError(N_("A declared footprint is kept for good and can't be deleted. Deprecate it."))
    return ImmutableFootprintError(
        N_("A declared footprint stays as it was declared; %(fields)s can't be changed. Declare it again under a new id."),
        fields=fields,
    )


keep_as_written(ProductFootprint, refuse=_kept, changeable=_CHANGEABLE)


class FootprintIdentifier(SQLModel, table=True):
    """One identifier of a declared footprint, in lower case, for the filters of partners."""

    __tablename__ = "footprint_identifier"
    __table_args__ = (UniqueConstraint("footprint_id", "kind", "value"),)

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    footprint_id: uuid.UUID = Field(foreign_key="product_footprint.id", index=True)
    kind: IdentifierKind = Field(sa_type=text_enum(IdentifierKind))
    value: str = Field(max_length=300, index=True)


class CustomerPartNumber(SQLModel, table=True):
    """What a customer calls a product: one number per customer and product."""

    __tablename__ = "customer_part_number"
    __table_args__ = (UniqueConstraint("product_id", "customer_id"),)

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    product_id: uuid.UUID = Field(foreign_key="product.id", index=True)
    customer_id: uuid.UUID = Field(foreign_key="organisation.id", index=True)
    part_no: str = Field(max_length=80)
    recorded_by: str = Field(max_length=80)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    is_sample: bool = False


class FootprintAlert(SQLModel, table=True):
    """A declared footprint whose validity ends, or from which today's calculation is 10 % or more away."""

    __tablename__ = "footprint_alert"
    __table_args__ = (UniqueConstraint("footprint_id", "kind", "reason"),)

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    footprint_id: uuid.UUID = Field(foreign_key="product_footprint.id", index=True)
    kind: AlertKind = Field(sa_type=text_enum(AlertKind))
    reason: str = Field(max_length=80, description="record that differs, or days before the end: no alert twice")
    details: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    raised_at: datetime = Field(sa_type=UtcDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    closed_by: str | None = Field(default=None, max_length=80)
    closed_reason: str | None = Field(default=None, max_length=500)
