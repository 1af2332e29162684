import uuid
from datetime import date
from typing import Annotated, Self

from pydantic import Field, model_validator

from service.errors import N_
from service.targets.models import AssetKind, PathKind
from service.web.forms import FieldErrorInValidator, FormInput

Year = Annotated[int, Field(ge=2000, le=2100)]
Tonnes = Annotated[float, Field(ge=0, le=1e9)]
Ratio = Annotated[float, Field(ge=0, le=100)]
Source = Annotated[str, Field(min_length=3, max_length=300)]


class OutputValueInput(FormInput):
    """Output value of a year in 10 000 yuan, as it is typed; `price_index` of selling prices, 2021 = 1."""

    year: Year
    current_price_10k_cny: float = Field(gt=0, le=1e12)
    price_index: float | None = Field(default=None, gt=0, le=100)
    source: Source


class _Range(FormInput):
    """Three numbers of which the middle one is the likely one."""

    @model_validator(mode="after")
    def in_order(self) -> Self:
        """Refuse a low that is above the likely value, or a high below it."""
        low, likely, high = self.range
        if not low <= likely <= high:
            raise FieldErrorInValidator(
                N_("%(low)s, %(likely)s and %(high)s are not in order; the low value comes first, the high value last."),
                low=f"{low:g}",
                likely=f"{likely:g}",
                high=f"{high:g}",
            )
        return self

    @property
    def range(self) -> tuple[float, float, float]:
        """Low, likely and high."""
        raise NotImplementedError


class ActivityPlanInput(_Range):
    """Tonnes of a product planned for a year, as typed."""

    year: Year
    product_id: uuid.UUID
    low_t: Tonnes
    likely_t: Tonnes
    high_t: Tonnes
    source: Source

    @property
    def range(self) -> tuple[float, float, float]:
        """Low, likely and high."""
        return self.low_t, self.likely_t, self.high_t


class ForecastPathInput(_Range):
    """Grid factor or selling prices of a year as a ratio to the last closed year, as typed."""

    kind: PathKind
    year: Year
    low: Ratio
    likely: Ratio
    high: Ratio
    source: Source

    @property
    def range(self) -> tuple[float, float, float]:
        """Low, likely and high."""
        return self.low, self.likely, self.high


class DefinitionInput(FormInput):
    """A proposal for what the plan leaves open."""

    value: str = Field(min_length=1, max_length=300)
    evidence: str = Field(min_length=5, max_length=500)


class CarbonAssetInput(FormInput):
    """Units of a registry, as typed."""

    kind: AssetKind
    registry_name: str = Field(min_length=2, max_length=100)
    serial: str = Field(min_length=2, max_length=100)
    amount_t_co2e: float = Field(gt=0, le=1e9)
    vintage: Year
    cost_cny: float | None = Field(default=None, ge=0, le=1e12)
    source: Source


class AssetUseInput(FormInput):
    """What units were used for, as typed."""

    for_year: Year
    purpose: str = Field(min_length=3, max_length=200)
    cancelled_on: date
    proof: Source


class ResidualPlanInput(FormInput):
    """What is planned to be left, and to be removed, in a year, as typed."""

    year: Year
    residual_t_co2: Tonnes
    removal_t_co2e: Tonnes
    source: Source
