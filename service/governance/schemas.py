import uuid
from datetime import date
from typing import Annotated, Self

from pydantic import AfterValidator, Field, ValidationInfo, field_validator, model_validator

from service.errors import N_
from service.governance.indicators import INDICATORS, MANUAL
from service.governance.models import ActionStatus, CommitteeRole, FundingKind
from service.plan.items import plan_items
from service.web.forms import FieldErrorInValidator, FormInput

Text = Annotated[str, Field(min_length=1, max_length=200)]
LongText = Annotated[str, Field(min_length=1, max_length=2000)]
Proof = Annotated[str, Field(min_length=2, max_length=300)]
Money = Annotated[float, Field(ge=0, le=1e12)]
Year = Annotated[int, Field(ge=2000, le=2100)]
MAX_PERCENT = 100


def _known_item(key: str) -> str:
    if key not in plan_items():
        raise FieldErrorInValidator(N_("“%(input)s” is not one of the choices; pick one from the list."), input=key[:60])
    return key


Item = Annotated[str, Field(max_length=40), AfterValidator(_known_item)]


class CommitteeMemberInput(FormInput):
    """A place in the committee as it is typed."""

    user_id: uuid.UUID
    place: CommitteeRole
    unit_id: uuid.UUID | None = None
    term_start: date
    term_end: date | None = None


class ResponsibilityInput(FormInput):
    """Who answers for a line of the plan, as it is typed."""

    item: Item
    unit_id: uuid.UUID
    person_id: uuid.UUID
    deputy_id: uuid.UUID | None = None
    since: date


class PlanActionInput(FormInput):
    """An action as it is typed."""

    item: Item
    measure_id: uuid.UUID | None = None
    what: Annotated[str, Field(min_length=1, max_length=300)]
    unit_id: uuid.UUID
    person_id: uuid.UUID
    due: date
    status: ActionStatus = ActionStatus.OPEN
    evidence: Annotated[str | None, Field(max_length=500)] = None


class CommitteeDecisionInput(FormInput):
    """A decision as it is typed."""

    held_on: date
    subject: Text
    decision: LongText
    item: Item | None = None
    minutes: Proof


class TrainingInput(FormInput):
    """A course as it is typed."""

    course: Text
    held_on: date
    hours: Annotated[float, Field(gt=0, le=1000)]
    participants: Annotated[int, Field(ge=1, le=100_000)]
    unit_id: uuid.UUID | None = None
    item: Item | None = None
    evidence: Proof


class FundingItemInput(FormInput):
    """Money for the plan as it is typed."""

    name: Text
    kind: FundingKind
    source: Text
    amount_cny: Money
    measure_id: uuid.UUID | None = None
    evidence: Proof


class FundingYearInput(FormInput):
    """A year of an item as it is typed."""

    funding_item_id: uuid.UUID
    year: Year
    planned_cny: Money
    spent_cny: Money | None = None
    evidence: Annotated[str | None, Field(max_length=300)] = None


class ContractInput(FormInput):
    """A contract of indicators as it is drawn up; without a site it is about the whole company."""

    unit_id: uuid.UUID
    year: Year
    head_id: uuid.UUID
    plant_id: uuid.UUID | None = None


class KpiInput(FormInput):
    """One indicator of a contract; a manual one has a name and a unit of its own."""

    indicator: Annotated[str, Field(max_length=40)]
    name: Annotated[str, Field(max_length=100)] = ""
    unit: Annotated[str, Field(max_length=30)] = ""
    weight: Annotated[float, Field(gt=0, le=MAX_PERCENT)]
    floor: Annotated[float, Field(ge=-1e12, le=1e12)]
    target: Annotated[float, Field(ge=-1e12, le=1e12)]

    @field_validator("indicator")
    @classmethod
    def known_indicator(cls, key: str) -> str:
        """Refuse what is not in the catalogue."""
        if key != MANUAL and key not in INDICATORS:
            raise FieldErrorInValidator(N_("“%(input)s” is not one of the choices; pick one from the list."), input=key)
        return key

    @field_validator("target")
    @classmethod
    def away_from_the_floor(cls, target: float, given: ValidationInfo) -> float:
        """Refuse a target at the floor: no line lies between them."""
        if given.data.get("floor") == target:
            raise FieldErrorInValidator(N_("Floor and target are the same; points lie on a line between them."))
        return target

    @model_validator(mode="after")
    def named_where_manual(self) -> Self:
        """Refuse a manual indicator without a name, and a name for one of the catalogue."""
        if (self.indicator == MANUAL) != bool(self.name):
            raise FieldErrorInValidator(N_("Give a name to an indicator that is typed by hand, and to no other."))
        return self
