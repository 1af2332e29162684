import uuid
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from service.database import UtcDateTime, new_id, text_enum
from service.errors import N_, ConflictError
from service.immutability import keep_as_written
from service.registers.models import RegisterRow


class Instrument(StrEnum):
    """What stands behind electricity of known origin; the values begin the names of the model's share parameters."""

    CONTRACT = "contract"
    DIRECT_LINE = "direct_line"


class Technology(StrEnum):
    """How the electricity is made; the values are part of the names of the model's share parameters."""

    WIND = "wind"
    SOLAR_PV = "solar_pv"
    HYDRO = "hydro"
    NUCLEAR = "nuclear"
    BIOMASS = "biomass"


class ContractKind(StrEnum):
    """How electricity, or its certificates, come to a plant."""

    DIRECT_LINE = "direct_line"
    OWN_PLANT = "own_plant"
    GREEN_TRADE = "green_trade"
    CERTIFICATES = "certificates"


class CertificateStatus(StrEnum):
    """Where a certificate stands; that one has run out follows from its month and is not stored."""

    ISSUED = "issued"
    HELD = "held"
    CANCELLED = "cancelled"
    SOLD = "sold"


class Scheme(StrEnum):
    """Who keeps the register of a certificate."""

    GEC = "gec"
    I_REC = "i_rec"


class Purpose(StrEnum):
    """What a claim is for: all of a site and its products alike, or one product of it."""

    SITE = "site"
    PRODUCT = "product"


class ClaimStatus(StrEnum):
    """Where a claim stands; only an approved one counts anywhere."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class PowerContract(SQLModel, table=True):
    """Where a plant's electricity of known origin comes from: a line, a plant of its own, a trade, or certificates alone."""

    __tablename__ = "power_contract"
    __table_args__ = (UniqueConstraint("number"),)

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    plant_id: uuid.UUID = Field(foreign_key="plant.id", index=True)
    kind: ContractKind = Field(sa_type=text_enum(ContractKind))
    number: str = Field(max_length=80)
    seller: str = Field(max_length=200)
    technology: Technology = Field(sa_type=text_enum(Technology))
    starts_on: date
    ends_on: date | None = None
    price_cny_per_mwh: float | None = None
    source_id: uuid.UUID | None = Field(
        default=None, foreign_key="emission_source.id", index=True, description="whose months are its kWh; None: entered here"
    )
    attributes_sold: bool = Field(default=False, description="certificates of this electricity are sold to others")
    evidence: str = Field(max_length=500)
    recorded_by: str = Field(max_length=80)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    is_sample: bool = False
    version: int = 1


class MeteredPower(RegisterRow, table=True):
    """What a contract delivered in a month, as its meter or settlement says."""

    __tablename__ = "metered_power"
    __table_args__ = (UniqueConstraint("contract_id", "month"),)

    contract_id: uuid.UUID = Field(foreign_key="power_contract.id", index=True)
    month: date = Field(description="its first day")
    kwh: float
    evidence: str = Field(max_length=500)


class SupplyClaim(SQLModel, table=True):
    """Electricity of known origin that a site says it used in a year; the only place from which market-based results take it."""

    __tablename__ = "supply_claim"
    __table_args__ = (CheckConstraint("(kwh is null) <> (taken_over_share is null)", name="ck_supply_claim_amount"),)

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    plant_id: uuid.UUID = Field(foreign_key="plant.id", index=True)
    period_start: date
    period_end: date
    purpose: Purpose = Field(sa_type=text_enum(Purpose))
    product_id: uuid.UUID | None = Field(default=None, foreign_key="product.id", index=True)
    contract_id: uuid.UUID | None = Field(default=None, foreign_key="power_contract.id", index=True)
    instrument: Instrument = Field(sa_type=text_enum(Instrument))
    technology: Technology = Field(sa_type=text_enum(Technology))
    kwh: float | None = None
    taken_over_share: float | None = Field(
        default=None, description="0 to 1 of the plant's electricity: typed before the ledger existed, evidence as typed"
    )
    evidence: str = Field(max_length=500)
    status: ClaimStatus = Field(sa_type=text_enum(ClaimStatus))
    proposed_by: str = Field(max_length=80)
    proposed_at: datetime = Field(sa_type=UtcDateTime)
    decided_by: str | None = Field(default=None, max_length=80)
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    withdrawn_by: str | None = Field(default=None, max_length=80)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    reason: str | None = Field(default=None, max_length=500, description="why it was refused or withdrawn")
    is_sample: bool = False
    version: int = 1


class GreenCertificate(SQLModel, table=True):
    """Certificates with consecutive codes of one project and month, one for each MWh; spent by one claim as a whole."""

    __tablename__ = "green_certificate"
    __table_args__ = (
        UniqueConstraint("project_code", "first_number"),
        CheckConstraint("mwh >= 1", name="ck_green_certificate_mwh"),
    )

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    plant_id: uuid.UUID = Field(foreign_key="plant.id", index=True, description="the site it was bought for")
    scheme: Scheme = Field(sa_type=text_enum(Scheme))
    project_code: str = Field(max_length=40, description="17 digits of a GEC; the device of an I-REC")
    first_number: str = Field(max_length=15, description="15 digits: the energy part of the first certificate")
    last_number: str = Field(max_length=15, description="of the last one; there are as many as MWh")
    mwh: int = Field(description="one certificate stands for 1 MWh = 1,000 kWh")
    technology: Technology = Field(sa_type=text_enum(Technology))
    project: str = Field(max_length=200)
    generation_month: date = Field(description="its first day")
    is_tradable: bool = True
    contract_id: uuid.UUID | None = Field(default=None, foreign_key="power_contract.id", index=True, description="bundled with")
    owner: str = Field(max_length=200)
    status: CertificateStatus = Field(sa_type=text_enum(CertificateStatus))
    cancelled_on: date | None = None
    cancellation_proof: str | None = Field(default=None, max_length=500)
    sold_because: str | None = Field(default=None, max_length=500, description="to whom, by which contract")
    claim_id: uuid.UUID | None = Field(default=None, foreign_key="supply_claim.id", index=True)
    recorded_by: str = Field(max_length=80)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    is_sample: bool = False
    version: int = 1

    @property
    def first_code(self) -> str:
        """The whole code of the first certificate."""
        return self.project_code + self.first_number

    @property
    def last_code(self) -> str:
        """The whole code of the last certificate."""
        return self.project_code + self.last_number


class ConsumptionWeight(RegisterRow, table=True):
    """A duty to consume renewable electricity that an administrator has read from an announcement."""

    __tablename__ = "consumption_weight"
    __table_args__ = (UniqueConstraint("province_code", "year"),)

    province_code: str = Field(max_length=6)
    year: int
    total_percent: float
    nonhydro_percent: float
    document: str = Field(max_length=200, description="number of the announcement")


class DecidedSupplyError(ConflictError):
    """A claim of green power was to be changed after it was decided."""

    code = "decided-supply-claim"


def _decided(claim: SupplyClaim, fields: str) -> DecidedSupplyError:
    del claim, fields
    return DecidedSupplyError(N_("A decided claim of green power stays as it is. Withdraw it and propose another."))


# The words beside the figures may name somebody who has a right to be forgotten.
keep_as_written(
    SupplyClaim,
    refuse=_decided,
    changeable={"status", "evidence", "reason", "withdrawn_by", "withdrawn_at", "version"},
    is_open=lambda stored: stored.status is ClaimStatus.PROPOSED,
)
