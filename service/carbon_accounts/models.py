import uuid
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from service.database import UtcDateTime, new_id, text_enum
from service.errors import N_, ConflictError
from service.immutability import keep_as_written
from service.registers.models import RegisterRow


class Confidence(StrEnum):
    """How well a behaviour's factors are founded."""

    DERIVED = "derived"
    MEASURED = "measured"
    UNVERIFIED = "unverified"


class Behaviour(RegisterRow, table=True):
    """Something that saves carbon against what is usual, with the factors of both and where they come from."""

    __table_args__ = (UniqueConstraint("name_zh", "active_from"),)

    name_zh: str = Field(max_length=100)
    name_en: str = Field(max_length=100)
    unit: str = Field(max_length=20, description="what people count: km, kWh, time")
    baseline_kg_per_unit: float = Field(description="kg CO2e of what is usual, per unit")
    action_kg_per_unit: float = Field(description="kg CO2e of what is done instead, per unit")
    source: str = Field(max_length=600, description="where both factors come from, with the arithmetic")
    confidence: Confidence = Field(sa_type=text_enum(Confidence))
    active_from: date
    active_until: date | None = None
    cap_per_day: float = Field(description="units that count in a day")
    cap_per_month: float = Field(description="units that count in a calendar month")
    points_per_kg: float


class CarbonAccount(SQLModel, table=True):
    """The account that somebody opened for themselves; closing it deletes it with everything that is theirs.

    `holder_id` is how the points ledger knows the account; nothing else links the two, so that after the account is
    deleted the ledger's rows are nobody's.
    """

    __tablename__ = "carbon_account"

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    user_id: uuid.UUID = Field(foreign_key="user.id", unique=True)
    holder_id: uuid.UUID = Field(unique=True)
    pseudonym: str = Field(max_length=20, unique=True)
    unit_id: uuid.UUID | None = Field(default=None, foreign_key="org_unit.id", index=True)
    consent_version: str = Field(max_length=10)
    consented_at: datetime = Field(sa_type=UtcDateTime)
    is_sample: bool = False


class BehaviourEntry(SQLModel, table=True):
    """One thing that somebody did on a day; it is never edited, only reversed."""

    __tablename__ = "behaviour_entry"

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    account_id: uuid.UUID = Field(foreign_key="carbon_account.id", index=True)
    behaviour_id: uuid.UUID = Field(foreign_key="behaviour.id", index=True)
    day: date = Field(index=True)
    amount: float = Field(description="units reported")
    counted: float = Field(description="units within the caps")
    avoided_kg_co2e: float = Field(
        description="counted x (baseline - action), with the factors of that day; no part of any inventory"
    )
    points: int
    transaction_id: uuid.UUID | None = Field(default=None, description="of the ledger; None where no point was earned")
    entered_at: datetime = Field(sa_type=UtcDateTime)
    reversed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class TransactionKind(StrEnum):
    """What moves points."""

    ISSUE = "issue"
    REDEEM = "redeem"
    EXPIRE = "expire"
    REVERSE = "reverse"
    FORFEIT = "forfeit"


class LedgerAccount(StrEnum):
    """The accounts of the points ledger; those of holders are told apart by `holder_id`."""

    ISSUED = "issued"
    HELD = "held"
    REDEEMED = "redeemed"
    EXPIRED = "expired"


class PointsTransaction(SQLModel, table=True):
    """One movement of points; its postings sum to zero. Rows never change and are never deleted."""

    __tablename__ = "points_transaction"

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    kind: TransactionKind = Field(sa_type=text_enum(TransactionKind))
    on: date = Field(description="day only: the hour could tell who it was")
    reverses_id: uuid.UUID | None = Field(default=None, foreign_key="points_transaction.id", unique=True)
    is_sample: bool = False


class PointsPosting(SQLModel, table=True):
    """One side of a movement. Rows never change and are never deleted."""

    __tablename__ = "points_posting"

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    transaction_id: uuid.UUID = Field(foreign_key="points_transaction.id", index=True)
    account: LedgerAccount = Field(sa_type=text_enum(LedgerAccount), index=True)
    holder_id: uuid.UUID | None = Field(default=None, index=True, description="of a held account; random, and nobody's once closed")
    points: int = Field(description="positive into the account, negative out of it")


class Reward(RegisterRow, table=True):
    """Something that points are given for."""

    __table_args__ = (UniqueConstraint("name_zh"),)

    name_zh: str = Field(max_length=100)
    name_en: str = Field(max_length=100)
    points: int
    stock: int = Field(description="how many are left")
    available_until: date | None = None


class Redemption(SQLModel, table=True):
    """Points given for a reward."""

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    account_id: uuid.UUID = Field(foreign_key="carbon_account.id", index=True)
    reward_id: uuid.UUID = Field(foreign_key="reward.id", index=True)
    points: int
    transaction_id: uuid.UUID = Field(foreign_key="points_transaction.id")
    code: str = Field(max_length=12, unique=True, description="shown when the reward is fetched")
    asked_at: datetime = Field(sa_type=UtcDateTime)
    handed_over_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    reversed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Challenge(RegisterRow, table=True):
    """A goal that everybody reaches together."""

    __table_args__ = (UniqueConstraint("name_zh"),)

    name_zh: str = Field(max_length=100)
    name_en: str = Field(max_length=100)
    behaviour_id: uuid.UUID | None = Field(default=None, foreign_key="behaviour.id", index=True)
    start: date
    end: date
    goal_kg_co2e: float


class UnitBoardLine(SQLModel, table=True):
    """What the people of a unit avoided in a month, published once when the month has long ended, and never counted again."""

    __tablename__ = "unit_board_line"
    __table_args__ = (UniqueConstraint("unit_id", "month"),)

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    unit_id: uuid.UUID = Field(foreign_key="org_unit.id", index=True)
    month: date = Field(description="first day")
    avoided_kg_co2e: float = Field(description="rounded to tens")
    published_at: datetime = Field(sa_type=UtcDateTime)
    is_sample: bool = False


class ImmutableLedgerError(ConflictError):
    """A row of the points ledger was to be changed or deleted."""

    code = "immutable-points"


def _kept(row: SQLModel, fields: str) -> ImmutableLedgerError:
    del row, fields
    return ImmutableLedgerError(N_("Points that were booked stay booked; book the opposite instead."))


keep_as_written(PointsTransaction, refuse=_kept)
keep_as_written(PointsPosting, refuse=_kept)
keep_as_written(UnitBoardLine, refuse=_kept)
