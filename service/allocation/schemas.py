"""What people may say of offers, demands and waivers; shares are typed in percent, as on a contract."""

import uuid
from datetime import date, datetime
from typing import Any, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator

from service.allocation.lines import BidMode
from service.allocation.models import RunOrigin
from service.errors import N_
from service.suppliers.schemas import FlowKey, Out
from service.web.forms import FieldErrorInValidator, FormInput

AMOUNT_MAX = 1e8
MONEY_MAX = 1e12


class OfferInput(FormInput):
    """What a supplier would deliver; tonnes are per year, the price is with freight and without VAT.

    Attributes
    ----------
    max_share_percent
        Of the material's demand; the grade's cap may be lower.
    moq_t
        Below it nothing is delivered at all.

    """

    supplier_id: uuid.UUID
    flow: FlowKey
    price_cny_per_t: float = Field(gt=0, le=1e9)
    priced_on: date
    valid_until: date
    capacity_t: float = Field(gt=0, le=AMOUNT_MAX)
    moq_t: float = Field(default=0.0, ge=0, le=AMOUNT_MAX)
    fixed_cost_cny: float = Field(default=0.0, ge=0, le=MONEY_MAX)
    max_share_percent: float = Field(default=100.0, ge=1, le=100)
    defect_percent: float = Field(default=0.0, ge=0, le=100)
    is_qualified: bool = True

    @field_validator("valid_until")
    @classmethod
    def after_price(cls, end: date, earlier: ValidationInfo) -> date:
        """Refuse an offer that ends before its price was given."""
        start = earlier.data.get("priced_on")
        if start is not None and end < start:
            raise FieldErrorInValidator(
                N_("The offer ends on %(end)s, before its price of %(start)s; choose a later day."), end=end, start=start
            )
        return end

    @field_validator("moq_t")
    @classmethod
    def within_capacity(cls, least: float, earlier: ValidationInfo) -> float:
        """Refuse a least amount that can never be delivered."""
        most = earlier.data.get("capacity_t")
        if most is not None and least > most:
            raise FieldErrorInValidator(
                N_("The least order of %(least)s t is more than the capacity of %(most)s t; correct one of them."),
                least=f"{least:g}",
                most=f"{most:g}",
            )
        return least


class DemandInput(FormInput):
    """What is needed of a material in a year; the last two rules are means over what is bought."""

    flow: FlowKey
    year: int = Field(ge=2020, le=2100)
    demand_t: float = Field(gt=0, le=AMOUNT_MAX)
    min_suppliers: int = Field(default=1, ge=1, le=50)
    max_suppliers: int | None = Field(default=None, ge=1, le=50)
    max_defect_percent: float | None = Field(default=None, ge=0, le=100)
    min_green_score: float | None = Field(default=None, ge=0, le=100)

    @field_validator("max_suppliers")
    @classmethod
    def not_below_least(cls, most: int | None, earlier: ValidationInfo) -> int | None:
        """Refuse rules that no number of suppliers fulfils."""
        least = earlier.data.get("min_suppliers")
        if most is not None and least is not None and most < least:
            raise FieldErrorInValidator(
                N_("At most %(most)s suppliers is less than at least %(least)s; correct one of them."), most=most, least=least
            )
        return most


class WaiverInput(FormInput):
    """Somebody asks that a supplier may deliver more than its grade or the rules allow."""

    supplier_id: uuid.UUID
    flow: FlowKey
    reason: str = Field(min_length=10, max_length=500)
    valid_until: date


class RunInput(FormInput):
    """An allocation to be calculated from the database.

    Attributes
    ----------
    carbon_price_per_t
        Yuan per t CO2e.
    carbon_cap_t
        t CO2e over everything that is bought; None for no cap.
    dual_sourcing
        At least two suppliers for each material, whatever its demand says; a waiver lets a material off.
    front_points
        Points of the exact front; 0 for none.
    is_exact
        Count suppliers' exact footprints: only for those who may see them.

    """

    name: str = Field(min_length=1, max_length=120)
    year: int = Field(ge=2020, le=2100)
    carbon_price_per_t: float = Field(default=0.0, ge=0, le=1e6)
    carbon_cap_t: float | None = Field(default=None, ge=0, le=1e12)
    bid_mode: BidMode = BidMode.CARBON_PRICE
    dual_sourcing: bool = False
    max_new_suppliers: int | None = Field(default=None, ge=0, le=1000)
    front_points: int = Field(default=0, ge=0, le=25)
    is_exact: bool = False

    @model_validator(mode="after")
    def carbon_once(self) -> Self:
        """Refuse to count carbon twice: in the price and in a preference of grades."""
        if self.bid_mode is BidMode.GRADE_PREFERENCE and self.carbon_price_per_t:
            raise FieldErrorInValidator(
                N_("Compare bids with a carbon price or prefer grades, not both: carbon would count twice.")
            )
        return self


class WorkbookRunInput(FormInput):
    """What is said of an allocation whose question stands in an uploaded workbook."""

    name: str = Field(min_length=1, max_length=120)
    front_points: int = Field(default=0, ge=0, le=25)


class AllocationOut(Out):
    """An allocation; suppliers by id, materials by key, `answer` as the command line prints it."""

    id: uuid.UUID
    number: str
    name: str
    origin: RunOrigin
    year: int | None
    judged_on: date
    is_exact: bool
    question_hash: str
    answer: dict[str, Any] | None
    blocking_rules: list[Any]
    problem: str | None
    is_finished: bool
    started_at: datetime
    is_sample: bool


class AllocationFrontOut(Out):
    """Cost (CNY) against carbon (t CO2e) of an allocation, the cheapest point first."""

    number: str
    is_finished: bool
    is_cancelled: bool
    progress: float
    relaxed: list[Any]
    exact: list[Any]
