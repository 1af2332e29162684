import uuid
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from service.database import UtcDateTime, new_id, text_enum
from service.errors import N_, ConflictError
from service.immutability import keep_as_written


class FlowKind(StrEnum):
    """What a flow is to the process that it leaves, or enters from outside."""

    INPUT = "input"
    PRODUCT = "product"
    BY_PRODUCT = "by_product"
    LOOP = "loop"
    WASTE = "waste"
    LOSS = "loss"


class FlowBasis(StrEnum):
    """Where an amount comes from."""

    MEASURED = "measured"
    BALANCE = "balance"
    DEFAULT = "default"


class Treatment(StrEnum):
    """What becomes of a waste."""

    RECYCLING = "recycling"
    ENERGY_RECOVERY = "energy_recovery"
    INCINERATION = "incineration"
    LANDFILL = "landfill"
    HAZARDOUS_TREATMENT = "hazardous_treatment"


class MaterialAccount(SQLModel, table=True):
    """The material balance of one plant over one period, in tonnes of dry material."""

    __tablename__ = "material_account"
    __table_args__ = (UniqueConstraint("plant_id", "period_start", "period_end"),)

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    plant_id: uuid.UUID = Field(foreign_key="plant.id", index=True)
    period_start: date
    period_end: date
    tolerance: float = Field(default=0.02, description="part of a process's larger side by which its two sides may differ")
    is_sample: bool = False
    created_by: str = Field(max_length=80)
    created_at: datetime = Field(sa_type=UtcDateTime)
    version: int = 1


class MaterialFlow(SQLModel, table=True):
    """One flow of an account: so many tonnes of a material from one place to another."""

    __tablename__ = "material_flow"

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    account_id: uuid.UUID = Field(foreign_key="material_account.id", index=True)
    from_node: str = Field(max_length=20, description="key of `data/nodes.csv`")
    to_node: str = Field(max_length=20)
    material: str = Field(max_length=40, description="key of `data/materials.csv`")
    kind: FlowKind = Field(sa_type=text_enum(FlowKind))
    basis: FlowBasis = Field(sa_type=text_enum(FlowBasis))
    amount_t: float = Field(description="t, dry")
    treatment: Treatment | None = Field(default=None, sa_type=text_enum(Treatment))
    is_hazardous: bool = False
    evidence: str = Field(default="", max_length=300, description="weigh-bridge slips, stock ledger, number of the waste manifest")
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime, description="when it was taken out of the account")
    ended_reason: str | None = Field(default=None, max_length=500)
    is_sample: bool = False
    created_by: str = Field(max_length=80)
    created_at: datetime = Field(sa_type=UtcDateTime)
    version: int = 1


class Custody(StrEnum):
    """How recycled material is told from other material (ISO 22095 chain-of-custody models)."""

    MASS_BALANCE = "mass_balance"
    CONTROLLED_BLENDING = "controlled_blending"


class RecycledSource(SQLModel, table=True):
    """Where recycled material comes from: a supplier of recycled graphite, or scrap of the maker's own."""

    __tablename__ = "recycled_source"
    __table_args__ = (UniqueConstraint("name_zh"),)

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    name_zh: str = Field(max_length=100)
    name_en: str = Field(max_length=100)
    supplier_id: uuid.UUID | None = Field(default=None, foreign_key="supplier.id", index=True, description="None: own scrap")
    material: str = Field(max_length=40, description="key of `data/materials.csv`")
    custody: Custody = Field(sa_type=text_enum(Custody))
    certificate_no: str = Field(max_length=80)
    valid_from: date
    valid_until: date
    conversion: float = Field(description="t in the product per t received, 0 to 1")
    is_sample: bool = False
    created_by: str = Field(max_length=80)
    created_at: datetime = Field(sa_type=UtcDateTime)
    version: int = 1


class RecycledReceipt(SQLModel, table=True):
    """A delivery of a source; it is never edited, only reversed."""

    __tablename__ = "recycled_receipt"
    __table_args__ = (UniqueConstraint("source_id", "batch"),)

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    source_id: uuid.UUID = Field(foreign_key="recycled_source.id", index=True)
    received_on: date
    amount_t: float = Field(description="t, dry")
    pre_consumer_share: float = Field(description="part of the amount that is recycled from production, 0 to 1")
    post_consumer_share: float = Field(description="part of the amount that is recycled from used products, 0 to 1")
    batch: str = Field(max_length=60)
    evidence: str = Field(max_length=300)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime, description="when it was taken back")
    ended_reason: str | None = Field(default=None, max_length=500)
    is_sample: bool = False
    created_by: str = Field(max_length=80)
    created_at: datetime = Field(sa_type=UtcDateTime)
    version: int = 1


class ClaimStatus(StrEnum):
    """Where a claim stands."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class RecycledClaim(SQLModel, table=True):
    """So much recycled material of a source is in a product of a period."""

    __tablename__ = "recycled_claim"

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    number: str = Field(max_length=20, unique=True, description="for people: RC-2026-0001")
    source_id: uuid.UUID = Field(foreign_key="recycled_source.id", index=True)
    product_id: uuid.UUID = Field(foreign_key="product.id", index=True)
    period_start: date
    period_end: date
    claimed_t: float = Field(description="t of recycled material in the product")
    evidence: str = Field(max_length=300)
    status: ClaimStatus = Field(default=ClaimStatus.PROPOSED, sa_type=text_enum(ClaimStatus), index=True)
    proposed_by: str = Field(max_length=80)
    proposed_at: datetime = Field(sa_type=UtcDateTime)
    decided_by: str | None = Field(default=None, max_length=80)
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    reason: str = Field(default="", max_length=300)
    is_sample: bool = False
    version: int = 1


class KeptReceiptError(ConflictError):
    """A receipt of recycled material was to be changed or deleted."""

    code = "kept-receipt"

    def __init__(self) -> None:
        super().__init__(N_("A receipt is proof and is never changed. Take it back with a reason, then record it anew."))


class DecidedClaimError(ConflictError):
    """A claim of recycled content was to be changed after it was decided."""

    code = "decided-recycled-claim"


def _kept_receipt(receipt: RecycledReceipt, fields: str) -> KeptReceiptError:
    del receipt, fields
    return KeptReceiptError()


def _decided_claim(claim: RecycledClaim, fields: str) -> DecidedClaimError:
    del fields
    return DecidedClaimError(
        N_("Claim %(number)s is decided and stays as it is, because certificates cite it. Withdraw it and propose another."),
        number=claim.number,
    )


# The words beside the figures may name somebody who has a right to be forgotten.
keep_as_written(RecycledReceipt, refuse=_kept_receipt, changeable={"evidence", "ended_at", "ended_reason", "version"})
keep_as_written(
    RecycledClaim,
    refuse=_decided_claim,
    changeable={"status", "evidence", "reason", "version"},
    is_open=lambda stored: stored.status is ClaimStatus.PROPOSED,
)
