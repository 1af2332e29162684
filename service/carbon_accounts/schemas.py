import uuid
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from service.carbon_accounts.models import Confidence
from service.errors import N_
from service.web.forms import FieldErrorInValidator, FormInput

Name = Annotated[str, Field(min_length=1, max_length=100)]
Factor = Annotated[float, Field(ge=0, le=10_000)]
Amount = Annotated[float, Field(gt=0, le=100_000)]


class ConsentInput(FormInput):
    """What somebody agrees to when opening an account."""

    agree: Literal["yes"]
    unit_id: uuid.UUID | None = None


class EntryInput(FormInput):
    """One thing that somebody did."""

    behaviour_id: uuid.UUID
    day: date
    amount: Amount


class ClosingInput(FormInput):
    """The wish to close an account, said twice."""

    sure: Literal["yes"]


class BehaviourInput(FormInput):
    """A behaviour with its factors, as they are typed."""

    name_zh: Name
    name_en: Name
    unit: Annotated[str, Field(min_length=1, max_length=20)]
    baseline_kg_per_unit: Factor
    action_kg_per_unit: Factor
    source: Annotated[str, Field(min_length=5, max_length=600)]
    confidence: Confidence
    active_from: date
    active_until: date | None = None
    cap_per_day: Amount
    cap_per_month: Amount
    points_per_kg: Annotated[float, Field(ge=0, le=1000)]

    @model_validator(mode="after")
    def saves_something(self) -> Self:
        """Refuse an action that emits more than what is usual, and caps and days that contradict each other."""
        if self.action_kg_per_unit >= self.baseline_kg_per_unit:
            raise FieldErrorInValidator(N_("The action emits as much as what is usual or more; check both factors."))
        if self.cap_per_month < self.cap_per_day:
            raise FieldErrorInValidator(N_("The month's limit is below the day's; raise it."))
        if self.active_until is not None and self.active_until < self.active_from:
            raise FieldErrorInValidator(N_("The last day lies before the first; correct one of them."))
        return self


class RewardInput(FormInput):
    """A reward as it is typed."""

    name_zh: Name
    name_en: Name
    points: Annotated[int, Field(ge=1, le=1_000_000)]
    stock: Annotated[int, Field(ge=0, le=1_000_000)]
    available_until: date | None = None


class ChallengeInput(FormInput):
    """A challenge as it is typed."""

    name_zh: Name
    name_en: Name
    behaviour_id: uuid.UUID | None = None
    start: date
    end: date
    goal_kg_co2e: Annotated[float, Field(gt=0, le=1e9)]

    @model_validator(mode="after")
    def ends_after_its_start(self) -> Self:
        """Refuse an end before the start."""
        if self.end < self.start:
            raise FieldErrorInValidator(N_("The last day lies before the first; correct one of them."))
        return self
