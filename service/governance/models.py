import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field, SQLModel

from service.database import UtcDateTime, new_id, text_enum
from service.errors import N_, ConflictError
from service.immutability import keep_as_written
from service.registers.models import RegisterRow


class CommitteeRole(StrEnum):
    """Places in the committee."""

    CHAIR = "chair"
    DEPUTY_CHAIR = "deputy_chair"
    SECRETARY = "secretary"
    MEMBER = "member"


class CommitteeMember(RegisterRow, table=True):
    """Somebody in the committee, for a term."""

    __tablename__ = "committee_member"

    user_id: uuid.UUID = Field(foreign_key="user.id", index=True)
    place: CommitteeRole = Field(sa_type=text_enum(CommitteeRole))
    unit_id: uuid.UUID | None = Field(default=None, foreign_key="org_unit.id", index=True)
    term_start: date
    term_end: date | None = None


class Responsibility(RegisterRow, table=True):
    """Who answers for one line of the plan; of those that have not ended there is one for each line."""

    item: str = Field(max_length=40, index=True, description="key of `plan.items`")
    unit_id: uuid.UUID = Field(foreign_key="org_unit.id", index=True)
    person_id: uuid.UUID = Field(foreign_key="user.id", index=True)
    deputy_id: uuid.UUID | None = Field(default=None, foreign_key="user.id", index=True)
    since: date


class ActionStatus(StrEnum):
    """How far an action is."""

    OPEN = "open"
    DOING = "doing"
    DONE = "done"
    DROPPED = "dropped"


class PlanAction(RegisterRow, table=True):
    """Something that somebody does for a line of the plan by a day."""

    __tablename__ = "plan_action"

    item: str = Field(max_length=40, index=True, description="key of `plan.items`")
    measure_id: uuid.UUID | None = Field(default=None, foreign_key="measure.id", index=True)
    what: str = Field(max_length=300)
    unit_id: uuid.UUID = Field(foreign_key="org_unit.id", index=True)
    person_id: uuid.UUID = Field(foreign_key="user.id", index=True)
    due: date = Field(index=True)
    status: ActionStatus = Field(default=ActionStatus.OPEN, sa_type=text_enum(ActionStatus))
    evidence: str | None = Field(default=None, max_length=500, description="of what was done, or why it was dropped")
    reminded_on: date | None = None


class CommitteeDecision(RegisterRow, table=True):
    """What the committee decided in a meeting."""

    __tablename__ = "committee_decision"

    held_on: date
    subject: str = Field(max_length=200)
    decision: str = Field(max_length=2000)
    item: str | None = Field(default=None, max_length=40, description="key of `plan.items`")
    minutes: str = Field(max_length=300, description="where the minutes are kept")


class Training(RegisterRow, table=True):
    """A course that was held; numbers of people, never their names."""

    course: str = Field(max_length=200)
    held_on: date
    hours: float
    participants: int
    unit_id: uuid.UUID | None = Field(default=None, foreign_key="org_unit.id", index=True)
    item: str | None = Field(default=None, max_length=40, description="key of `plan.items`")
    evidence: str = Field(max_length=300)


class FundingKind(StrEnum):
    """Where money comes from."""

    GREEN_LOAN = "green_loan"
    GREEN_BOND = "green_bond"
    PUBLIC_FUND = "public_fund"
    TRANSITION_FINANCE = "transition_finance"
    OWN_BUDGET = "own_budget"


class FundingItem(RegisterRow, table=True):
    """Money for one measure or, without a measure, for the plan as a whole."""

    __tablename__ = "funding_item"
    __table_args__ = (UniqueConstraint("name"),)

    name: str = Field(max_length=200)
    kind: FundingKind = Field(sa_type=text_enum(FundingKind))
    source: str = Field(max_length=200)
    amount_cny: float
    measure_id: uuid.UUID | None = Field(default=None, foreign_key="measure.id", index=True)
    evidence: str = Field(max_length=300)


class FundingYear(RegisterRow, table=True):
    """What of an item was to be spent in a year and what was."""

    __tablename__ = "funding_year"
    __table_args__ = (UniqueConstraint("funding_item_id", "year"),)

    funding_item_id: uuid.UUID = Field(foreign_key="funding_item.id", index=True)
    year: int
    planned_cny: float
    spent_cny: float | None = Field(default=None, description="None while the year's accounts are open; never zero instead")
    evidence: str | None = Field(default=None, max_length=300)


class KpiContract(SQLModel, table=True):
    """What a unit undertakes for a year: indicators with weights and targets, signed by its head and by the committee."""

    __tablename__ = "kpi_contract"
    __table_args__ = (UniqueConstraint("unit_id", "year"),)

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    unit_id: uuid.UUID = Field(foreign_key="org_unit.id", index=True)
    year: int
    head_id: uuid.UUID = Field(foreign_key="user.id", index=True)
    plant_id: uuid.UUID | None = Field(default=None, foreign_key="plant.id", index=True, description="None: the whole company")
    created_by: str = Field(max_length=80)
    created_at: datetime = Field(sa_type=UtcDateTime)
    unit_signed_by: str | None = Field(default=None, max_length=80)
    unit_signed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    committee_signed_by: str | None = Field(default=None, max_length=80)
    committee_signed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    is_sample: bool = False
    version: int = 1


class Kpi(SQLModel, table=True):
    """One indicator of a contract; its score is 0 at the floor and 100 at the target, in between a straight line."""

    __table_args__ = (UniqueConstraint("contract_id", "indicator", "name"),)

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    contract_id: uuid.UUID = Field(foreign_key="kpi_contract.id", index=True)
    indicator: str = Field(max_length=40, description="key of `governance.indicators`, or `manual`")
    name: str = Field(default="", max_length=100, description="of a manual indicator")
    unit: str = Field(default="", max_length=30, description="of a manual indicator")
    weight: float = Field(description="percent; those of a contract sum to 100")
    floor: float
    target: float


class AssessmentStatus(StrEnum):
    """How far a unit's yearly assessment is."""

    SELF_ASSESSED = "self_assessed"
    APPROVED = "approved"


class Assessment(SQLModel, table=True):
    """How a unit did in a year; once approved, neither it nor its scorecard ever changes."""

    __table_args__ = (UniqueConstraint("contract_id"),)

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    contract_id: uuid.UUID = Field(foreign_key="kpi_contract.id", index=True)
    status: AssessmentStatus = Field(default=AssessmentStatus.SELF_ASSESSED, sa_type=text_enum(AssessmentStatus))
    comment: str = Field(max_length=2000)
    scorecard: dict[str, Any] = Field(sa_type=JSON, description="`governance.scoring.Scorecard` with every value and its source")
    scorecard_sha256: str = Field(max_length=64)
    assessed_by: str = Field(max_length=80)
    assessed_at: datetime = Field(sa_type=UtcDateTime)
    review: str | None = Field(default=None, max_length=2000)
    approved_by: str | None = Field(default=None, max_length=80)
    approved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    is_sample: bool = False
    version: int = 1


class ImmutableAssessmentError(ConflictError):
    """An approved assessment was to be changed."""

    code = "immutable-assessment"


def _kept(assessment: Assessment, fields: str) -> ImmutableAssessmentError:
    del assessment
    return ImmutableAssessmentError(
        N_("An approved assessment stays as it was approved; %(fields)s can't be changed."), fields=fields or "-"
    )


keep_as_written(Assessment, refuse=_kept, is_open=lambda stored: stored.status is not AssessmentStatus.APPROVED)
