import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Index, LargeBinary, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from service.database import UtcDateTime, new_id, text_enum


class ActionStatus(StrEnum):
    """Where a corrective action stands; points come back only when it is closed by somebody else than its owner."""

    OPEN = "open"
    DONE = "done"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class CorrectiveAction(SQLModel, table=True):
    """Something that a supplier must put right."""

    __tablename__ = "corrective_action"

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    number: str = Field(max_length=20, unique=True, description="for people: K-2026-0001")
    supplier_id: uuid.UUID = Field(foreign_key="supplier.id", index=True)
    organisation_id: uuid.UUID = Field(foreign_key="organisation.id", index=True)
    score_id: uuid.UUID | None = Field(default=None, foreign_key="score.id", description="score that made it necessary")
    indicator: str | None = Field(default=None, max_length=4)
    finding: str = Field(max_length=1000)
    wanted: str = Field(max_length=1000)
    owner_id: uuid.UUID = Field(foreign_key="user.id", index=True)
    due: date
    status: ActionStatus = Field(default=ActionStatus.OPEN, sa_type=text_enum(ActionStatus), index=True)
    version: int = 1
    evidence: str | None = Field(default=None, max_length=1000)
    done_by: str | None = Field(default=None, max_length=80)
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    closed_by: str | None = Field(default=None, max_length=80)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    closing_note: str | None = Field(default=None, max_length=1000)
    rescored_id: uuid.UUID | None = Field(default=None, foreign_key="score.id", description="score after it")
    opened_by: str = Field(max_length=80)
    opened_at: datetime = Field(sa_type=UtcDateTime)
    is_sample: bool = False


class AppealStatus(StrEnum):
    """Where an appeal stands."""

    FILED = "filed"
    UPHELD = "upheld"
    REJECTED = "rejected"


class Appeal(SQLModel, table=True):
    """A supplier objects to its score within seven days; once for each indicator, and once for the grade as a whole."""

    __table_args__ = (
        UniqueConstraint("score_id", "indicator"),
        Index(
            "uq_appeal_whole_score",
            "score_id",
            unique=True,
            sqlite_where=text("indicator IS NULL"),
            postgresql_where=text("indicator IS NULL"),
        ),
    )

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    score_id: uuid.UUID = Field(foreign_key="score.id", index=True)
    supplier_id: uuid.UUID = Field(foreign_key="supplier.id", index=True)
    organisation_id: uuid.UUID = Field(foreign_key="organisation.id", index=True)
    indicator: str | None = Field(default=None, max_length=4)
    words: str = Field(max_length=2000)
    status: AppealStatus = Field(default=AppealStatus.FILED, sa_type=text_enum(AppealStatus), index=True)
    version: int = 1
    filed_by: str = Field(max_length=80)
    filed_at: datetime = Field(sa_type=UtcDateTime)
    decided_by: str | None = Field(default=None, max_length=80)
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    decision: str | None = Field(default=None, max_length=2000)
    rescored_id: uuid.UUID | None = Field(default=None, foreign_key="score.id", description="score after it was upheld")
    is_sample: bool = False


class AwardMemo(SQLModel, table=True):
    """Who got which order and what was known at that time; never changed."""

    __tablename__ = "award_memo"

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    number: str = Field(max_length=20, unique=True, description="for people: AM-2026-0001")
    title: str = Field(max_length=200)
    flow: str = Field(max_length=60, index=True)
    allocation_id: uuid.UUID | None = Field(default=None, foreign_key="allocation_run.id", index=True)
    reason: str = Field(max_length=2000)
    snapshot: dict[str, Any] = Field(sa_type=JSON, description="candidates, prices, scores, grades and rules at the decision")
    pdf: bytes | None = Field(default=None, sa_type=LargeBinary)
    pdf_sha256: str | None = Field(default=None, max_length=64)
    decided_by: str = Field(max_length=80)
    decided_at: datetime = Field(sa_type=UtcDateTime)
    is_sample: bool = False


class SelfAssessment(SQLModel, table=True):
    """What the maker says of itself for one item or basic requirement of the ministry's table of green supply chains."""

    __tablename__ = "self_assessment"
    __table_args__ = (UniqueConstraint("item", "year"),)

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    item: str = Field(max_length=4, description="X11; R1 for a basic requirement")
    year: int
    points: float | None = Field(default=None, description="of an item; None for a basic requirement")
    is_met: bool | None = Field(default=None, description="of a basic requirement; None for an item")
    evidence: str = Field(max_length=1000)
    version: int = 1
    assessed_by: str = Field(max_length=80)
    assessed_at: datetime = Field(sa_type=UtcDateTime)
    is_sample: bool = False


class RankRun(SQLModel, table=True):
    """How firmly the ranks of one material's suppliers stand, for one set of scores; a later set gets a new row."""

    __tablename__ = "rank_run"
    __table_args__ = (UniqueConstraint("flow", "basis"),)

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    flow: str = Field(max_length=60, index=True)
    basis: str = Field(max_length=64, description="SHA-256 of the ids of the scores and of the method")
    method_id: uuid.UUID = Field(foreign_key="method_version.id")
    ranks: dict[str, Any] = Field(sa_type=JSON, description="by supplier: low, high, expected, first, acceptability, equal_data")
    seed: int
    samples: int
    calculated_at: datetime = Field(sa_type=UtcDateTime)
    is_sample: bool = False
