import uuid
from collections.abc import Mapping
from typing import Annotated, Self

from pydantic import Field, field_validator, model_validator

from service.errors import N_
from service.products.quality import BY_KEY
from service.scenarios.schemas import ScenarioKey
from service.web.forms import FieldErrorInValidator, FormInput

MOST_VARIANTS = 4
"""Beside the product as it is; own choice, what one page shows side by side."""

Cost = Annotated[float, Field(ge=0, le=10_000)]


class VariantInput(FormInput):
    """One way to make the product: overlays in their order, what it costs, and the quality parameters that it changes."""

    name: Annotated[str, Field(min_length=1, max_length=80)]
    scenarios: Annotated[list[ScenarioKey], Field(min_length=1, max_length=3)]
    cost_cny_per_kg: Cost | None = None
    quality: Mapping[str, float] = Field(default_factory=dict, max_length=30)

    @field_validator("quality")
    @classmethod
    def possible_values(cls, values: Mapping[str, float]) -> Mapping[str, float]:
        """Refuse parameters that nobody knows and values that a powder can't have."""
        for key, value in values.items():
            known = BY_KEY.get(key)
            if known is None or not known.low <= value <= known.high:
                low, high = (known.low, known.high) if known else ("-", "-")
                text = N_("%(value)s is no possible value of “%(parameter)s”; it lies between %(low)s and %(high)s.")
                raise FieldErrorInValidator(text, value=f"{value:g}", parameter=key, low=low, high=high)
        return values


class ComparisonInput(FormInput):
    """What is compared with what."""

    title: Annotated[str, Field(min_length=1, max_length=120)]
    record_id: uuid.UUID
    base_cost_cny_per_kg: Cost | None = None
    variants: Annotated[list[VariantInput], Field(min_length=1, max_length=MOST_VARIANTS)]


class DecisionInput(FormInput):
    """Which variant is chosen, and why."""

    variant: Annotated[int, Field(ge=0, le=MOST_VARIANTS)]
    reason: Annotated[str, Field(min_length=5, max_length=1000)]


class QualityLimitInput(FormInput):
    """A customer's limit as it is typed."""

    product_id: uuid.UUID
    customer: Annotated[str, Field(min_length=1, max_length=120)]
    parameter: str
    lowest: float | None = None
    highest: float | None = None
    source: Annotated[str, Field(min_length=1, max_length=300)]

    @model_validator(mode="after")
    def limits_something(self) -> Self:
        """Refuse a limit without a number, one that nothing can meet, and one on what nobody knows."""
        if self.parameter not in BY_KEY:
            raise FieldErrorInValidator(N_("“%(input)s” is not one of the choices; pick one from the list."), input=self.parameter)
        if self.lowest is None and self.highest is None:
            raise FieldErrorInValidator(N_("Give the lowest value, the highest one, or both."))
        if self.lowest is not None and self.highest is not None and self.highest < self.lowest:
            raise FieldErrorInValidator(N_("The highest value is below the lowest one; check both."))
        return self
