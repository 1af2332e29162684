import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field, SQLModel

from service.database import UtcDateTime, new_id, text_enum
from service.errors import N_, ConflictError
from service.immutability import keep_as_written

_CHANGEABLE = frozenset({"withdrawn_at", "withdrawn_by", "withdrawn_reason", "published_at", "published_by"})


class CaseStatus(StrEnum):
    """Where a verification stands."""

    OPEN = "open"
    STATED = "stated"
    CLOSED = "closed"


class AssuranceLevel(StrEnum):
    """ISO 14064-3: how much the verifier vouches for."""

    LIMITED = "limited"
    REASONABLE = "reasonable"


class Coverage(StrEnum):
    """What was verified; PACT v3 knows the same three under longer names."""

    MODEL = "model"
    PROGRAM = "program"
    PRODUCT = "product"


class Conclusion(StrEnum):
    """What the verifier came to."""

    POSITIVE = "positive"
    QUALIFIED = "qualified"
    ADVERSE = "adverse"


class PackStatus(StrEnum):
    """How far an evidence pack is."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


class VerificationCase(SQLModel, table=True):
    """A verifier's read-only look at some footprints and at everything behind them, from one day to another."""

    __tablename__ = "verification_case"

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    number: str = Field(max_length=20, unique=True, description="for people: V-2026-0001")
    organisation_id: uuid.UUID = Field(foreign_key="organisation.id", index=True, description="the verifier")
    title: str = Field(max_length=200)
    status: CaseStatus = Field(default=CaseStatus.OPEN, sa_type=text_enum(CaseStatus), index=True)
    opens_on: date
    closes_on: date
    opened_by: str = Field(max_length=80)
    opened_at: datetime = Field(sa_type=UtcDateTime)
    closed_by: str | None = Field(default=None, max_length=80)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    version: int = 1
    is_sample: bool = False


class CaseFootprint(SQLModel, table=True):
    """A footprint that a case is about."""

    __tablename__ = "case_footprint"
    __table_args__ = (UniqueConstraint("case_id", "record_id"),)

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    case_id: uuid.UUID = Field(foreign_key="verification_case.id", index=True)
    record_id: uuid.UUID = Field(foreign_key="footprint_record.id", index=True)


class CaseComment(SQLModel, table=True):
    """A question or finding of the verifier, or the answer of the footprint team."""

    __tablename__ = "case_comment"

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    case_id: uuid.UUID = Field(foreign_key="verification_case.id", index=True)
    reply_to: uuid.UUID | None = Field(default=None, foreign_key="case_comment.id", index=True, description="None begins a thread")
    about: str = Field(max_length=120, description="page that it is about: `case`, or `<footprint record>/<part>`")
    is_from_verifier: bool = False
    text: str = Field(max_length=4000)
    author: str = Field(max_length=80)
    written_at: datetime = Field(sa_type=UtcDateTime)
    settled_by: str | None = Field(default=None, max_length=80)
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class VerificationStatement(SQLModel, table=True):
    """What a verifier stated; it goes into footprint and certificate word by word and never changes."""

    __tablename__ = "verification_statement"

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    case_id: uuid.UUID = Field(foreign_key="verification_case.id", unique=True)
    body_name: str = Field(max_length=200)
    accreditation: str | None = Field(default=None, max_length=200)
    coverage: Coverage = Field(sa_type=text_enum(Coverage))
    level: AssuranceLevel = Field(sa_type=text_enum(AssuranceLevel))
    standard: str = Field(max_length=120, description="ISO 14064-3:2019")
    criteria: str = Field(max_length=500, description="what was verified against: ISO 14067:2018, GB/T 24067-2024")
    materiality_percent: float | None = None
    conclusion: Conclusion = Field(sa_type=text_enum(Conclusion))
    statement_zh: str | None = Field(default=None, max_length=4000)
    statement_en: str | None = Field(default=None, max_length=4000)
    completed_on: date
    valid_until: date | None = None
    record_ids: list[Any] = Field(default_factory=list, sa_type=JSON, description="the footprints it covers, as verified")
    stated_by: str = Field(max_length=80)
    stated_at: datetime = Field(sa_type=UtcDateTime)
    published_by: str | None = Field(default=None, max_length=80, description="who of the maker put it into the footprints")
    published_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    withdrawn_by: str | None = Field(default=None, max_length=80)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    withdrawn_reason: str | None = Field(default=None, max_length=500)


class EvidencePack(SQLModel, table=True):
    """All evidence of a case in one file below the data folder; the latest one counts."""

    __tablename__ = "evidence_pack"

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    case_id: uuid.UUID = Field(foreign_key="verification_case.id", index=True)
    status: PackStatus = Field(default=PackStatus.WAITING, sa_type=text_enum(PackStatus))
    asked_by: str = Field(max_length=80)
    asked_at: datetime = Field(sa_type=UtcDateTime)
    made_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    sha256: str | None = Field(default=None, max_length=64, description="of the file, which lies under this name")
    size_bytes: int | None = None


class ImmutableStatementError(ConflictError):
    """A verifier's statement was to be changed by anybody."""

    code = "immutable-statement"


def _kept(statement: VerificationStatement, fields: str) -> ImmutableStatementError:
    del statement
    return ImmutableStatementError(
        N_("A statement stays as the verifier made it; %(fields)s can't be changed. The verifier may withdraw it."),
        fields=fields,
    )


keep_as_written(VerificationStatement, refuse=_kept, changeable=_CHANGEABLE, deletable=True)
