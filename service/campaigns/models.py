import uuid
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from service.database import UtcDateTime, new_id, text_enum
from service.submissions.models import Depth


class CampaignStatus(StrEnum):
    """Where a campaign stands."""

    DRAFT = "draft"
    RUNNING = "running"
    CLOSED = "closed"


class DigestRhythm(StrEnum):
    """How often the owner is told how a campaign goes."""

    DAILY = "daily"
    WEEKLY = "weekly"
    OFF = "off"


class Campaign(SQLModel, table=True):
    """Many suppliers asked for the same period, depth and deadline, by one person who looks after it."""

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    name: str = Field(max_length=120)
    period_start: date
    period_end: date
    depth: Depth = Field(sa_type=text_enum(Depth))
    deadline: date
    owner_id: uuid.UUID = Field(foreign_key="user.id", index=True)
    digest: DigestRhythm = Field(default=DigestRhythm.WEEKLY, sa_type=text_enum(DigestRhythm))
    notice_zh: str = Field(max_length=5000, description="the buyer's letter that announces the request")
    notice_en: str = Field(max_length=5000)
    noticed_at: datetime | None = Field(default=None, sa_type=UtcDateTime, description="the letter was sent or handed on")
    status: CampaignStatus = Field(default=CampaignStatus.DRAFT, sa_type=text_enum(CampaignStatus), index=True)
    started_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_digest_on: date | None = Field(default=None, description="local day of the owner's last digest")
    created_by: str = Field(max_length=80)
    created_at: datetime = Field(sa_type=UtcDateTime)
    version: int = 1
    is_sample: bool = False


class CampaignMember(SQLModel, table=True):
    """A supplier of a campaign, with its request once the campaign has started."""

    __tablename__ = "campaign_member"
    __table_args__ = (UniqueConstraint("campaign_id", "supplier_id"),)

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    campaign_id: uuid.UUID = Field(foreign_key="campaign.id", index=True)
    supplier_id: uuid.UUID = Field(foreign_key="supplier.id", index=True)
    submission_id: uuid.UUID | None = Field(default=None, foreign_key="submission.id", index=True)
    added_at: datetime = Field(sa_type=UtcDateTime)


class Reminder(SQLModel, table=True):
    """A reminder that went to a supplier; the constraint keeps any step from being sent twice."""

    __table_args__ = (UniqueConstraint("submission_id", "step"),)

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    submission_id: uuid.UUID = Field(foreign_key="submission.id", index=True)
    step: str = Field(max_length=8, description="`reminding.Step`")
    sent_at: datetime = Field(sa_type=UtcDateTime)


class ReminderOptOut(SQLModel, table=True):
    """A request about which the supplier wants no more reminders."""

    __tablename__ = "reminder_opt_out"

    submission_id: uuid.UUID = Field(foreign_key="submission.id", primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)
