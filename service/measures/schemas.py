import uuid
from collections.abc import Mapping
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from service.errors import N_
from service.measures.levers import levers
from service.measures.models import InvestmentKind
from service.measures.uptake import Curve, Uptake
from service.plan.items import plan_items
from service.web.forms import FieldErrorInValidator, FormInput

Year = Annotated[int, Field(ge=2000, le=2100)]
Money = Annotated[float, Field(ge=0, le=1e12)]
Change = Annotated[float, Field(ge=-1e12, le=1e12)]
Share = Annotated[float, Field(ge=0, le=1)]
Name = Annotated[str, Field(min_length=1, max_length=100)]
ParameterName = Annotated[str, Field(min_length=1, max_length=80)]
ParameterValue = float | Annotated[str, Field(min_length=1, max_length=80)]


class MeasureContent(FormInput):
    """What a measure changes, how fast, and what it costs.

    Attributes
    ----------
    parameters, electricity
        Overlay on the model of the products, and the electricity view it takes; only of levers on products.
    amount_per_year
        Of a lever at a site, in the lever's unit.
    capex_cny
        By year, the first one being the year of the begin.
    opex_change_cny, savings_cny
        A year: what running costs more, and what is saved.
    low_factor, high_factor
        Range of the effect: multiples of what the model says.
    exclusive_group
        Measures of one group exclude each other.

    """

    lever: Annotated[str, Field(max_length=40)]
    plan_items: Annotated[list[Annotated[str, Field(max_length=20)]], Field(max_length=28)] = Field(default_factory=list)
    product_ids: Annotated[list[uuid.UUID], Field(max_length=50)] = Field(default_factory=list)
    plant_id: uuid.UUID | None = None
    electricity: Annotated[str, Field(max_length=30)] | None = None
    parameters: Annotated[Mapping[ParameterName, ParameterValue], Field(max_length=50)] = Field(default_factory=dict)
    amount_per_year: Annotated[float, Field(gt=0, le=1e12)] | None = None
    begins: Year
    uptake_years: int = Field(default=1, ge=1, le=40)
    uptake_full: float = Field(default=1.0, gt=0, le=1)
    curve: Curve = Curve.AT_ONCE
    schedule: Annotated[Mapping[Year, Share], Field(max_length=60)] = Field(default_factory=dict)
    capex_cny: Annotated[Mapping[Year, Money], Field(max_length=20)] = Field(default_factory=dict)
    opex_change_cny: Change = 0.0
    savings_cny: Money = 0.0
    lifetime_years: int = Field(ge=1, le=60)
    earliest: Year
    trl: int = Field(ge=1, le=9)
    low_factor: float = Field(default=1.0, ge=0, le=10)
    high_factor: float = Field(default=1.0, ge=0, le=10)
    exclusive_group: Annotated[str, Field(max_length=60)] = ""

    @model_validator(mode="after")
    def fits_its_lever(self) -> Self:
        """Refuse an unknown lever or line of the plan, and what the lever does not have."""
        if self.lever not in levers():
            raise FieldErrorInValidator(N_("Pick a lever from the list."))
        if unknown := [one for one in self.plan_items if one not in plan_items()]:
            raise FieldErrorInValidator(N_("“%(item)s” is no line of the plan; pick from the list."), item=unknown[0])
        if not self.low_factor <= 1.0 <= self.high_factor:
            raise FieldErrorInValidator(
                N_("The range must hold the modelled effect: the low factor at most 1, the high one at least 1.")
            )
        return self

    @property
    def uptake(self) -> Uptake:
        """How fast it spreads."""
        return Uptake(
            begins=self.begins, years=self.uptake_years, full=self.uptake_full, curve=self.curve, schedule=dict(self.schedule)
        )


class MeasureInput(MeasureContent):
    """A measure as it is typed."""

    name_zh: Name
    name_en: Name
    reasoning: str = Field(min_length=3, max_length=1000)
    evidence: str = Field(min_length=3, max_length=500)
    owner_unit_id: uuid.UUID | None = None
    owner_id: uuid.UUID | None = None


class PriceLadderInput(FormInput):
    """The internal carbon price as it is typed."""

    steps: Annotated[Mapping[Year, Annotated[float, Field(ge=0, le=100_000)]], Field(min_length=1, max_length=20)]
    discount_rate: float = Field(ge=0, le=0.5)
    source: str = Field(min_length=3, max_length=300)


class InvestmentInput(FormInput):
    """An investment as it is typed."""

    kind: InvestmentKind
    name_zh: Name
    name_en: Name
    plant_id: uuid.UUID | None = None
    measure_id: uuid.UUID | None = None
    first_year: Year
    capex_cny: Money
    yearly_gain_cny: Change
    lifetime_years: int = Field(ge=1, le=60)
    capacity_kw: Annotated[float, Field(gt=0, le=1e9)] | None = None
    generation_kwh_per_a: Annotated[float, Field(gt=0, le=1e12)] | None = None
    avoided_t_co2_per_a: float = Field(ge=0, le=1e9)
    source: str = Field(min_length=3, max_length=300)

    @model_validator(mode="after")
    def generation_has_capacity(self) -> Self:
        """Refuse photovoltaics or wind without its size."""
        if self.kind in {InvestmentKind.PHOTOVOLTAICS, InvestmentKind.WIND} and not (
            self.capacity_kw and self.generation_kwh_per_a
        ):
            raise FieldErrorInValidator(N_("Own generation needs its capacity in kW and what it makes in kWh a year."))
        return self


class TechnologyInput(FormInput):
    """A technology project as it is typed."""

    name_zh: Name
    name_en: Name
    trl: int = Field(ge=1, le=9)
    expected_year: Year
    product_id: uuid.UUID
    overlay: str = Field(min_length=3, max_length=2000)
    partner: Annotated[str, Field(max_length=200)] | None = None
    source: str = Field(min_length=3, max_length=300)


class PlanQuestion(FormInput):
    """What is asked of the choose-and-time plan.

    Attributes
    ----------
    first_year, last_year
        In which measures may begin and costs count.
    required_t
        To be avoided in each target year, t CO2, against a year without the measures.
    budget_cny
        What may be invested in a year; without an entry there is no limit.

    """

    first_year: Year
    last_year: Year
    required_t: Annotated[Mapping[Year, Annotated[float, Field(ge=0, le=1e9)]], Field(min_length=1, max_length=10)]
    budget_cny: Annotated[Mapping[Year, Money], Field(max_length=60)] = Field(default_factory=dict)
    rate: float = Field(ge=0, le=0.5)

    @model_validator(mode="after")
    def targets_lie_within(self) -> Self:
        """Refuse a target year that the plan does not reach, and years the wrong way round."""
        if not self.first_year <= self.last_year <= self.first_year + MOST_YEARS:
            raise FieldErrorInValidator(
                N_("The last year must lie after the first, at most %(most)s years later."), most=MOST_YEARS
            )
        if outside := [year for year in self.required_t if not self.first_year <= year <= self.last_year]:
            raise FieldErrorInValidator(N_("The target year %(year)s lies outside the years of the plan."), year=outside[0])
        return self


MOST_YEARS = 40
"""Length of a plan: from today to 2060 and a little."""


class SolveInput(FormInput):
    """Which measures are laid over the model together, and for which year."""

    measure_ids: Annotated[list[uuid.UUID], Field(min_length=1, max_length=20)]
    year: Year


class Out(BaseModel):
    """Base of what the API answers."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class SharedEffectOut(Out):
    """One measure's part of the joint effect, and what it would do alone; t CO2 avoided in the year by line."""

    measure_id: uuid.UUID
    name_zh: str
    name_en: str
    attributed_t_co2: Mapping[str, float]
    alone_t_co2: Mapping[str, float]


class ProductEffectOut(Out):
    """What the measures do to one product, kg CO2e per kg."""

    product_id: uuid.UUID
    grade: str
    amount_t: float | None
    before_kg_co2e_per_kg: float
    after_kg_co2e_per_kg: float
    attributed_kg_co2e_per_kg: Mapping[uuid.UUID, float]


class JointEffectOut(Out):
    """What measures avoid together in a year, t CO2 by line, and how it is shared out among them: the parts sum to it."""

    year: int
    avoided_t_co2: Mapping[str, float]
    sum_of_alone_t_co2: Mapping[str, float]
    measures: list[SharedEffectOut]
    products: list[ProductEffectOut]
