import uuid
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, Field

from service.errors import N_
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
