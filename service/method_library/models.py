import uuid
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from service.database import UtcDateTime, new_id, text_enum
from service.errors import N_, ConflictError
from service.immutability import keep_as_written


class MethodStatus(StrEnum):
    """Where a method version stands."""

    DRAFT = "draft"
    RELEASED = "released"
    RETIRED = "retired"


class AccountingMethod(SQLModel, table=True):
    """One version of the rules by which footprints are calculated: a standard's edition with every choice it leaves open.

    Released, its choices never change: certificates cite it.
    """

    __tablename__ = "accounting_method"
    __table_args__ = (UniqueConstraint("label"),)

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    label: str = Field(max_length=40, description="as certificates cite it: AP-PCF 1.0")
    standard: str = Field(max_length=80)
    edition: str = Field(max_length=40)
    pcr: str | None = Field(default=None, max_length=120, description="product category rule; None where there is none")
    valid_from: date
    gwp: str = Field(max_length=10, description="set of GWP100: AR6")
    electricity: str = Field(max_length=20, description="key of the electricity view")
    uptake: str = Field(max_length=10, description="biogenic uptake: excluded or included")
    packing_coke_allocation: str = Field(max_length=40)
    fines_allocation: str = Field(max_length=40)
    petroleum_coke: str = Field(max_length=40, description="allocation at the refinery: name of the model's alternative")
    coal_tar_pitch: str = Field(max_length=40, description="allocation at the coke oven: name of the model's alternative")
    status: MethodStatus = Field(default=MethodStatus.DRAFT, sa_type=text_enum(MethodStatus), index=True)
    created_by: str = Field(max_length=80)
    created_at: datetime = Field(sa_type=UtcDateTime)
    released_by: str | None = Field(default=None, max_length=80)
    released_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    is_sample: bool = False
    version: int = 1


class RuleFinding(SQLModel, table=True):
    """What a person found on a rule that can't be checked by program, for one footprint; the latest counts, none changes."""

    __tablename__ = "rule_finding"

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    footprint_id: uuid.UUID = Field(foreign_key="footprint_record.id", index=True)
    rule: str = Field(max_length=40, description="key of `data/rules.csv`")
    is_fulfilled: bool
    evidence: str = Field(max_length=300)
    found_by: str = Field(max_length=80)
    found_at: datetime = Field(sa_type=UtcDateTime)
    is_sample: bool = False


class ReleasedMethodError(ConflictError):
    """A released method was to be changed."""

    code = "released-method"


_CHANGEABLE = frozenset({"status", "version", "released_by", "released_at"})


def _kept(method: AccountingMethod, fields: str) -> ReleasedMethodError:
    del fields
    return ReleasedMethodError(
        N_("Method %(label)s is released and kept as it is, because certificates cite it. Add a new version."), label=method.label
    )


keep_as_written(AccountingMethod, refuse=_kept, changeable=_CHANGEABLE, is_open=lambda stored: stored.released_at is None)


class KeptFindingError(ConflictError):
    """A finding on a rule was to be changed."""

    code = "kept-finding"


def _kept_finding(finding: RuleFinding, fields: str) -> KeptFindingError:
    del finding, fields
    return KeptFindingError(N_("A finding on a rule stays as it was written. Write another one; the latest counts."))


# The words of the evidence may name somebody who has a right to be forgotten.
keep_as_written(RuleFinding, refuse=_kept_finding, changeable={"evidence"})
