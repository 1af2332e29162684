import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field, SQLModel

from service.company_inventory.factors import FuelFactorSet
from service.company_inventory.inventory import InventoryStatus
from service.database import UtcDateTime, new_id, text_enum
from service.errors import N_, ConflictError
from service.immutability import keep_as_written


class RestatementCause(StrEnum):
    """Why a closed year was opened again."""

    STRUCTURE = "structure"
    METHOD = "method"
    FACTORS = "factors"
    ERROR = "error"


class CompanyInventory(SQLModel, table=True):
    """The work on one year: by which factors, how far, by whom; its figures follow from monitoring until it is closed."""

    __tablename__ = "company_inventory"
    __table_args__ = (UniqueConstraint("year"),)

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    year: int
    factor_set: FuelFactorSet = Field(sa_type=text_enum(FuelFactorSet))
    status: InventoryStatus = Field(default=InventoryStatus.DRAFT, sa_type=text_enum(InventoryStatus))
    prepared_by: str = Field(max_length=80)
    prepared_at: datetime = Field(sa_type=UtcDateTime)
    verified_by: str | None = Field(default=None, max_length=80)
    verified_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    verified_sha256: str | None = Field(default=None, max_length=64, description="of the figures that were verified")
    checks: list[str] = Field(default_factory=list, sa_type=JSON, description="keys of the checks that were made")
    reopened_by: str | None = Field(default=None, max_length=80, description="who opened the closed year again")
    reopened_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    reopened_cause: RestatementCause | None = Field(default=None, sa_type=text_enum(RestatementCause))
    reopened_because: str | None = Field(default=None, max_length=500)
    is_sample: bool = False
    version: int = 1


class InventoryFinding(SQLModel, table=True):
    """What an internal verification found, and what was done about it."""

    __tablename__ = "inventory_finding"

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    inventory_id: uuid.UUID = Field(foreign_key="company_inventory.id", index=True)
    check: str = Field(max_length=40, description="key of the check")
    text: str = Field(max_length=500)
    entry_id: uuid.UUID | None = Field(default=None, foreign_key="activity_entry.id")
    raised_by: str = Field(max_length=80)
    raised_at: datetime = Field(sa_type=UtcDateTime)
    resolution: str | None = Field(default=None, max_length=500)
    resolved_by: str | None = Field(default=None, max_length=80)
    resolved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    is_sample: bool = False


class InventorySnapshot(SQLModel, table=True):
    """A closed year as it was closed: what reports are made of. Never changed; another closing makes another."""

    __tablename__ = "inventory_snapshot"
    __table_args__ = (UniqueConstraint("year", "number"),)

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    year: int
    number: int = Field(description="which closing of the year it is")
    content: dict[str, Any] = Field(sa_type=JSON)
    sha256: str = Field(max_length=64, description="of the canonical JSON (RFC 8785) of `content`")
    closed_by: str = Field(max_length=80)
    closed_at: datetime = Field(sa_type=UtcDateTime)
    is_sample: bool = False


class Restatement(SQLModel, table=True):
    """That a closed year says something else than before, and why; both snapshots stay. Never changed."""

    __tablename__ = "inventory_restatement"

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    year: int = Field(index=True)
    former_id: uuid.UUID = Field(foreign_key="inventory_snapshot.id")
    restated_id: uuid.UUID = Field(foreign_key="inventory_snapshot.id")
    cause: RestatementCause = Field(sa_type=text_enum(RestatementCause))
    reason: str = Field(max_length=500)
    former_t_co2: float = Field(description="Scope 1 and Scope 2 by location")
    restated_t_co2: float
    asked_by: str = Field(max_length=80, description="who opened the year again")
    restated_at: datetime = Field(sa_type=UtcDateTime)
    is_sample: bool = False

    @property
    def change(self) -> float | None:
        """By how much of the former figure the new one differs; None of a former zero."""
        return (self.restated_t_co2 - self.former_t_co2) / self.former_t_co2 if self.former_t_co2 else None


class ClosedInventoryError(ConflictError):
    """The snapshot of a closed year, or the record of a restatement, was to be changed."""

    code = "closed-inventory"


def _kept(row: InventorySnapshot | Restatement, fields: str) -> ClosedInventoryError:
    del fields
    return ClosedInventoryError(
        N_("The closed inventory of %(year)s stays as it was closed. Open the year again with a reason, and close it anew."),
        year=row.year,
    )


keep_as_written(InventorySnapshot, refuse=_kept)
keep_as_written(Restatement, refuse=_kept)
