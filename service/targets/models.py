import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from service.database import UtcDateTime, new_id, text_enum
from service.errors import N_, ConflictError
from service.immutability import keep_as_written
from service.registers.models import RegisterRow


def _one_open(name: str, *columns: str) -> Index:
    """Return what lets one row that has not ended stand for the same thing."""
    open_ = text("ended_at IS NULL")
    return Index(f"uq_{name}_open", *columns, unique=True, sqlite_where=open_, postgresql_where=open_)


class OutputValue(RegisterRow, table=True):
    """The maker's output value of a year, at the prices of that year."""

    __tablename__ = "output_value"
    __table_args__ = (_one_open("output_value", "year"),)

    year: int
    current_price_10k_cny: float
    price_index: float | None = Field(default=None, description="selling prices of this year, 2021 = 1")
    source: str = Field(max_length=300)


class ActivityPlan(RegisterRow, table=True):
    """Tonnes of a product planned for a year: what a forecast rests on."""

    __tablename__ = "activity_plan"
    __table_args__ = (_one_open("activity_plan", "year", "product_id"),)

    year: int
    product_id: uuid.UUID = Field(foreign_key="product.id", index=True)
    low_t: float
    likely_t: float
    high_t: float
    source: str = Field(max_length=300)


class PathKind(StrEnum):
    """What changes over the years without the maker's doing."""

    GRID_FACTOR = "grid_factor"
    PRICE_INDEX = "price_index"


class ForecastPath(RegisterRow, table=True):
    """What is expected of a grid factor or of selling prices in a year, as a ratio to the last year that is known."""

    __tablename__ = "forecast_path"
    __table_args__ = (_one_open("forecast_path", "kind", "year"),)

    kind: PathKind = Field(sa_type=text_enum(PathKind))
    year: int
    low: float = Field(description="ratio to the last closed year, 1 = as then")
    likely: float
    high: float
    source: str = Field(max_length=300)


class DefinitionStatus(StrEnum):
    """What has become of a proposed definition."""

    PROPOSED = "proposed"
    IN_FORCE = "in_force"
    REFUSED = "refused"
    REPLACED = "replaced"


class TargetDefinition(SQLModel, table=True):
    """What the plan leaves open, as somebody proposed and somebody else approved it. Each proposal is a row."""

    __tablename__ = "target_definition"
    # The database itself guards that two people at once don't put two values of one setting into force.
    __table_args__ = (
        Index(
            "uq_target_definition_in_force",
            "key",
            unique=True,
            sqlite_where=text("status = 'in_force'"),
            postgresql_where=text("status = 'in_force'"),
        ),
    )

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    key: str = Field(max_length=40, index=True)
    value: str = Field(max_length=300)
    evidence: str = Field(max_length=500, description="document and place that says so")
    status: DefinitionStatus = Field(default=DefinitionStatus.PROPOSED, sa_type=text_enum(DefinitionStatus))
    proposed_by: str = Field(max_length=80)
    proposed_at: datetime = Field(sa_type=UtcDateTime)
    decided_by: str | None = Field(default=None, max_length=80)
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    is_sample: bool = False
    version: int = 1


class SettlementStatus(StrEnum):
    """A statement can be changed by drafting it anew until somebody else has approved it."""

    DRAFT = "draft"
    APPROVED = "approved"


class TargetSettlement(SQLModel, table=True):
    """What became of the targets of a year, with all of its arithmetic; an approved one never changes."""

    __tablename__ = "target_settlement"
    __table_args__ = (UniqueConstraint("target_year"),)

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    target_year: int
    content: dict[str, Any] = Field(sa_type=JSON)
    content_sha256: str = Field(max_length=64, description="of the canonical JSON (RFC 8785) of `content`")
    status: SettlementStatus = Field(default=SettlementStatus.DRAFT, sa_type=text_enum(SettlementStatus))
    drafted_by: str = Field(max_length=80)
    drafted_at: datetime = Field(sa_type=UtcDateTime)
    approved_by: str | None = Field(default=None, max_length=80)
    approved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    is_sample: bool = False
    version: int = 1


class AssetKind(StrEnum):
    """Kinds of carbon assets; electricity certificates are no carbon assets and stand in the green power ledger."""

    CEA = "cea"
    CCER = "ccer"
    OTHER_CREDIT = "other_credit"
    FOREST_SINK = "forest_sink"
    SOIL_SINK = "soil_sink"
    BIOCHAR = "biochar"
    DIRECT_AIR_CAPTURE = "direct_air_capture"
    BIOENERGY_CAPTURE = "bioenergy_capture"


REMOVAL_KINDS = frozenset(
    {
        AssetKind.FOREST_SINK,
        AssetKind.SOIL_SINK,
        AssetKind.BIOCHAR,
        AssetKind.DIRECT_AIR_CAPTURE,
        AssetKind.BIOENERGY_CAPTURE,
    }
)
"""What takes carbon dioxide out of the air; only that can stand against a residual."""


class CarbonAsset(RegisterRow, table=True):
    """Units of one serial number in a registry: allowances, credits, removals. Kept apart from inventory and footprints."""

    __tablename__ = "carbon_asset"
    __table_args__ = (_one_open("carbon_asset", "registry_name", "serial"),)

    kind: AssetKind = Field(sa_type=text_enum(AssetKind))
    registry_name: str = Field(max_length=100)
    serial: str = Field(max_length=100)
    amount_t_co2e: float
    vintage: int = Field(description="year in which it was reduced, removed or allotted")
    cost_cny: float | None = None
    source: str = Field(max_length=300)


class AssetUse(SQLModel, table=True):
    """What units were used for, once: the serial number was cancelled or surrendered in its registry. It never changes."""

    __tablename__ = "carbon_asset_use"
    __table_args__ = (UniqueConstraint("asset_id"),)

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    asset_id: uuid.UUID = Field(foreign_key="carbon_asset.id")
    for_year: int
    purpose: str = Field(max_length=200)
    cancelled_on: date
    proof: str = Field(max_length=300, description="number of the registry's confirmation, and where it is kept")
    is_sample: bool = False
    recorded_by: str = Field(max_length=80)
    recorded_at: datetime = Field(sa_type=UtcDateTime)


class ResidualPlan(RegisterRow, table=True):
    """What is planned to be left of emissions in a year, and what is planned to be removed against it."""

    __tablename__ = "residual_plan"
    __table_args__ = (_one_open("residual_plan", "year"),)

    year: int
    residual_t_co2: float
    removal_t_co2e: float
    source: str = Field(max_length=300)


class ApprovedSettlementError(ConflictError):
    """An approved statement was to be changed."""

    code = "approved-settlement"


class RecordedUseError(ConflictError):
    """The recorded use of a carbon asset was to be changed."""

    code = "recorded-use"


def _refuse_after_approval(row: TargetSettlement, _fields: str) -> Exception:
    return ApprovedSettlementError(
        N_("The statement on the targets of %(year)s is approved and can't change any more."), year=row.target_year
    )


def _refuse_other_use(_row: AssetUse, _fields: str) -> Exception:
    return RecordedUseError(N_("The use of a carbon asset is recorded once and can't change any more."))


keep_as_written(TargetSettlement, refuse=_refuse_after_approval, is_open=lambda stored: stored.status == SettlementStatus.DRAFT)
keep_as_written(AssetUse, refuse=_refuse_other_use)
