import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from service.database import UtcDateTime, new_id, text_enum
from service.errors import N_, ConflictError
from service.evidence.models import keep_link_as_written
from service.immutability import keep_as_written


class Method(StrEnum):
    """How an amount is found out."""

    METERED = "metered"
    BILLED = "billed"
    WEIGHED = "weighed"
    CALCULATED = "calculated"
    ESTIMATED = "estimated"


class Frequency(StrEnum):
    """How often it is found out."""

    CONTINUOUS = "continuous"
    DAILY = "daily"
    MONTHLY = "monthly"
    BATCH = "batch"


class EvidenceKind(StrEnum):
    """The paper behind an amount."""

    BILL = "bill"
    METER_READING = "meter_reading"
    WEIGHBRIDGE = "weighbridge"
    STOCK_RECORD = "stock_record"
    LABORATORY = "laboratory"
    CALCULATION = "calculation"


class Door(StrEnum):
    """Which way an amount came in."""

    FORM = "form"
    WORKBOOK = "workbook"
    API = "api"


class Meter(SQLModel, table=True):
    """A meter of a site; what a sub-meter counts is within what its main meter counts."""

    __table_args__ = (UniqueConstraint("plant_id", "serial"),)

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    plant_id: uuid.UUID = Field(foreign_key="plant.id", index=True)
    parent_id: uuid.UUID | None = Field(default=None, foreign_key="meter.id", index=True, description="the main meter before it")
    serial: str = Field(max_length=60, description="as it stands on the meter")
    place: str = Field(max_length=120)
    unit: str = Field(max_length=20, description="of one step of its counter times the multiplier: a code of the units registry")
    multiplier: float = Field(default=1.0, description="of its transformers; the counter's difference times this is the amount")
    calibrated_until: date | None = Field(default=None, description="last day on which its calibration holds; None: not known")
    is_sample: bool = False
    created_at: datetime = Field(sa_type=UtcDateTime)
    version: int = 1


class EmissionSource(SQLModel, table=True):
    """One thing of a site that is counted each month: an electricity account, a gas meter, a material, an output."""

    __tablename__ = "emission_source"
    __table_args__ = (UniqueConstraint("plant_id", "name_zh"), UniqueConstraint("plant_id", "code"))

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    plant_id: uuid.UUID = Field(foreign_key="plant.id", index=True)
    code: str = Field(max_length=40, description="how tables and other systems call it")
    carrier: str = Field(max_length=40, description="key of `carriers.toml`")
    name_zh: str = Field(max_length=120)
    name_en: str = Field(max_length=120)
    product_id: uuid.UUID | None = Field(default=None, foreign_key="product.id", description="of an output: which product")
    responsible_id: uuid.UUID | None = Field(default=None, foreign_key="user.id", index=True)
    unit_id: uuid.UUID | None = Field(default=None, foreign_key="org_unit.id", description="the unit that answers for it")
    method: Method = Field(sa_type=text_enum(Method))
    meter_id: uuid.UUID | None = Field(default=None, foreign_key="meter.id", index=True)
    frequency: Frequency = Field(sa_type=text_enum(Frequency))
    evidence_kind: EvidenceKind | None = Field(default=None, sa_type=text_enum(EvidenceKind))
    starts: date = Field(description="first day of the first month counted")
    ends: date | None = Field(default=None, description="first day of the last month counted")
    is_sample: bool = False
    created_at: datetime = Field(sa_type=UtcDateTime)
    version: int = 1


class ActivityEntry(SQLModel, table=True):
    """What one source came to in one month. Never changed: a correction is a new row that takes the place of the one before."""

    __tablename__ = "activity_entry"
    __table_args__ = (
        UniqueConstraint("source_id", "month", "version"),
        Index(
            "ix_activity_entry_current",
            "source_id",
            "month",
            unique=True,
            sqlite_where=text("superseded_at IS NULL"),
            postgresql_where=text("superseded_at IS NULL"),
        ),
    )

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    source_id: uuid.UUID = Field(foreign_key="emission_source.id", index=True)
    month: date = Field(index=True, description="its first day")
    version: int = 1
    typed: str = Field(max_length=60, description="the amount as it was typed")
    typed_unit: str = Field(max_length=20)
    amount: float = Field(description="in the carrier's canonical unit")
    properties: dict[str, Any] = Field(default_factory=dict, sa_type=JSON, description="by property: what was measured")
    reading_start: float | None = Field(default=None, description="of the meter's counter, at the beginning of the month")
    reading_end: float | None = None
    evidence_number: str | None = Field(default=None, max_length=120, description="of the bill, the reading sheet, the ticket")
    evidence_until: date | None = Field(default=None, description="last day on which the paper proves it; None: for good")
    reason: str | None = Field(default=None, max_length=500, description="why a warning is right all the same")
    door: Door = Field(sa_type=text_enum(Door))
    entered_by: str = Field(max_length=80)
    entered_at: datetime = Field(sa_type=UtcDateTime)
    superseded_at: datetime | None = Field(default=None, sa_type=UtcDateTime, description="when another took its place")
    withdrawn_because: str | None = Field(default=None, max_length=500, description="where none took its place")
    is_sample: bool = False


class EntryKeptError(ConflictError):
    """A row of an entry was to be changed or deleted, although inventories refer to it."""

    code = "activity-entry-kept"

    def __init__(self, entry: ActivityEntry, changed: str) -> None:
        super().__init__(
            N_("The figure of %(month)s is kept as it was entered (%(changed)s); enter it again to correct it."),
            month=f"{entry.month:%Y-%m}",
            changed=changed,
        )


# The words beside a figure may name somebody who has a right to be forgotten.
keep_as_written(
    ActivityEntry, refuse=EntryKeptError, changeable={"superseded_at", "withdrawn_because", "reason", "evidence_number"}
)


class ActivityFile(SQLModel, table=True):
    """A file stands behind one version of a figure; who corrects the figure brings the file of the correction."""

    __tablename__ = "activity_file"

    file_id: uuid.UUID = Field(foreign_key="attached_file.id", primary_key=True)
    entry_id: uuid.UUID = Field(foreign_key="activity_entry.id", index=True)


keep_link_as_written(ActivityFile)


class ClosedYear(SQLModel, table=True):
    """A year whose entries stand; reopened with a reason, the row says so and stays."""

    __tablename__ = "closed_year"

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    year: int = Field(index=True)
    closed_by: str = Field(max_length=80)
    closed_at: datetime = Field(sa_type=UtcDateTime)
    reopened_by: str | None = Field(default=None, max_length=80)
    reopened_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    reopened_because: str | None = Field(default=None, max_length=500)
    is_sample: bool = False


class MonitoringPlan(SQLModel, table=True):
    """A version of the monitoring plan: who answers for each source, and how it is measured; approved by another person."""

    __tablename__ = "monitoring_plan"

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    number: int = Field(unique=True)
    content: list[Any] = Field(sa_type=JSON, description="the sources as they were when it was proposed")
    sha256: str = Field(max_length=64, description="of the content as canonical JSON")
    proposed_by: str = Field(max_length=80)
    proposed_at: datetime = Field(sa_type=UtcDateTime)
    approved_by: str | None = Field(default=None, max_length=80)
    approved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    is_sample: bool = False


class ApprovedPlanError(ConflictError):
    """An approved version of the monitoring plan was to be changed."""

    code = "approved-monitoring-plan"


def _refuse_after_approval(plan: MonitoringPlan, fields: str) -> ApprovedPlanError:
    del fields
    return ApprovedPlanError(
        N_("Version %(number)s of the monitoring plan stays as it was approved. Change the sources and propose the next version."),
        number=plan.number,
    )


keep_as_written(MonitoringPlan, refuse=_refuse_after_approval, is_open=lambda stored: stored.approved_at is None)
