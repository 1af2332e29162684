import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from service.database import UtcDateTime, new_id, text_enum


class Proof(StrEnum):
    """What stands behind a statement; the scoring method says what each is worth."""

    CLAIM = "claim"
    DOCUMENT = "document"
    METERED = "metered"
    VERIFIED = "verified"


class CertificateKind(StrEnum):
    """What a certificate of a supplier says."""

    ISO_14001 = "iso_14001"
    ISO_50001 = "iso_50001"
    ISO_14064_1 = "iso_14064_1"
    ISO_45001 = "iso_45001"
    ISO_9001 = "iso_9001"
    PCF_VERIFICATION = "pcf_verification"


class HeldCertificate(SQLModel, table=True):
    """A certificate that a supplier holds from somebody else; not one of ours."""

    __tablename__ = "held_certificate"

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    supplier_id: uuid.UUID = Field(foreign_key="supplier.id", index=True)
    kind: CertificateKind = Field(sa_type=text_enum(CertificateKind))
    number: str = Field(max_length=80)
    issuer: str = Field(max_length=200)
    level: str | None = Field(
        default=None, max_length=20, description="of a verification: self_check, desk_audit, limited, reasonable"
    )
    covers_site: bool = Field(default=True, description="the site that delivers to us is in its scope")
    is_contract_only: bool = Field(default=False, description="certification is under contract, not yet reached")
    issued_on: date
    valid_until: date
    proof: Proof = Field(sa_type=text_enum(Proof))
    evidence: str = Field(max_length=500, description="file, registry entry or letter that was looked at")
    checked_on: date | None = Field(default=None, description="looked up in the issuer's or the national register")
    recorded_by: str = Field(max_length=80)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    withdrawn_by: str | None = Field(default=None, max_length=80)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    withdrawn_reason: str | None = Field(default=None, max_length=500)
    noticed_days: int | None = Field(
        default=None, description="stage of the last mail about its end: 90, 60, 30 days before, 0 once it has ended"
    )
    is_sample: bool = False


class RecordArea(StrEnum):
    """What a record in public registers is about."""

    ENVIRONMENT = "environment"
    CONDUCT = "conduct"


class Violation(StrEnum):
    """Kinds of violations that cost points; keys of the scoring method's penalties."""

    WARNING = "warning"
    FINE_SMALL = "fine_small"
    FINE_LARGE = "fine_large"
    PRODUCTION_STOPPED = "production_stopped"
    YELLOW_CREDIT = "yellow_credit"


class ComplianceRecord(SQLModel, table=True):
    """A violation found in public registers; its weight halves every year, and once more when its remediation is verified."""

    __tablename__ = "compliance_record"

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    supplier_id: uuid.UUID = Field(foreign_key="supplier.id", index=True)
    area: RecordArea = Field(sa_type=text_enum(RecordArea))
    violation: Violation = Field(sa_type=text_enum(Violation))
    happened_on: date
    description: str = Field(max_length=1000)
    source: str = Field(max_length=500, description="register and document number")
    remedied_on: date | None = None
    remedy: str | None = Field(default=None, max_length=1000, description="what was done and how it was verified")
    remedy_recorded_by: str | None = Field(default=None, max_length=80)
    remedy_verified_by: str | None = Field(default=None, max_length=80)
    remedy_verified_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    recorded_by: str = Field(max_length=80)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    withdrawn_by: str | None = Field(default=None, max_length=80)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    withdrawn_reason: str | None = Field(default=None, max_length=500)
    is_sample: bool = False


class RecordSearch(SQLModel, table=True):
    """Somebody looked a supplier up in public registers; without such a look nothing is known, also no absence."""

    __tablename__ = "record_search"

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    supplier_id: uuid.UUID = Field(foreign_key="supplier.id", index=True)
    area: RecordArea = Field(sa_type=text_enum(RecordArea))
    searched_on: date
    source: str = Field(max_length=500)
    searched_by: str = Field(max_length=80)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    withdrawn_by: str | None = Field(default=None, max_length=80)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    withdrawn_reason: str | None = Field(default=None, max_length=500)
    is_sample: bool = False


class VetoKind(StrEnum):
    """What excludes a supplier until a named person clears it with evidence."""

    CREDIT = "credit"
    ACCIDENT = "accident"
    PERMIT = "permit"
    FALSIFICATION = "falsification"
    FORCED_LABOUR = "forced_labour"
    HAZARDOUS_WASTE = "hazardous_waste"
    BANNED_SUBSTANCE = "banned_substance"
    SANCTIONS = "sanctions"


class Veto(SQLModel, table=True):
    """An exclusion; cleared only by another person than the one who raised it."""

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    supplier_id: uuid.UUID = Field(foreign_key="supplier.id", index=True)
    kind: VetoKind = Field(sa_type=text_enum(VetoKind))
    since: date
    reason: str = Field(max_length=1000)
    evidence: str = Field(max_length=500)
    raised_by: str = Field(max_length=80)
    raised_at: datetime = Field(sa_type=UtcDateTime)
    cleared_by: str | None = Field(default=None, max_length=80)
    cleared_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    cleared_evidence: str | None = Field(default=None, max_length=1000)
    is_sample: bool = False


class Declaration(SQLModel, table=True):
    """What a supplier has shown for one indicator that no question asks, as its papers say; the newest one of a period counts."""

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    supplier_id: uuid.UUID = Field(foreign_key="supplier.id", index=True)
    indicator: str = Field(max_length=4, description="as in the scoring method: D1, E2")
    content: dict[str, Any] = Field(sa_type=JSON, description="level or share, as `green_score.facts` names it")
    proof: Proof = Field(sa_type=text_enum(Proof))
    evidence: str = Field(max_length=500)
    period_end: date = Field(description="last day that it speaks of")
    recorded_by: str = Field(max_length=80)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    withdrawn_by: str | None = Field(default=None, max_length=80)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    withdrawn_reason: str | None = Field(default=None, max_length=500)
    is_sample: bool = False
