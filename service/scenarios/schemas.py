import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from service.errors import N_
from service.products.schemas import ShareInput
from service.web.forms import FieldErrorInValidator, FormInput

MOST_SCENARIOS = 100
"""Combinations compared in one request; own choice."""

ParameterName = Annotated[str, Field(min_length=1, max_length=80)]
ParameterValue = float | Annotated[str, Field(min_length=1, max_length=80)]
ScenarioKey = Annotated[str, Field(min_length=1, max_length=60)]


class ScenarioHead(FormInput):
    """What a scenario is called and why anybody should believe it."""

    name_zh: str = Field(min_length=1, max_length=100)
    name_en: str = Field(min_length=1, max_length=100)
    reasoning: str = Field(min_length=3, max_length=1000)
    electricity: str | None = Field(default=None, max_length=30, description="electricity view; null keeps that of the base")


class ScenarioInput(ScenarioHead):
    """A scenario of the maker's own: parameters, an electricity view, a mix of suppliers."""

    parameters: Mapping[ParameterName, ParameterValue] = Field(default_factory=dict, max_length=200)
    supplier_shares: list[ShareInput] = Field(default_factory=list, max_length=200)


class ScenarioChange(ScenarioInput):
    """The same for a scenario that exists, with the version it was read at."""

    version: int = Field(ge=1)


class BaseInput(FormInput):
    """What scenarios are laid over: a footprint record, or the model's default with some parameters set."""

    footprint_id: uuid.UUID | None = None
    parameters: Mapping[ParameterName, ParameterValue] = Field(default_factory=dict, max_length=200)
    electricity: str = Field(default="national", max_length=30)

    @model_validator(mode="after")
    def one_of_the_two(self) -> Self:
        """Refuse a record and parameters at once."""
        if self.footprint_id is not None and self.parameters:
            raise FieldErrorInValidator(N_("Give a footprint or parameters as the base, not both."))
        return self


class EvaluateInput(FormInput):
    """Which combinations are compared; each is a list of scenario keys laid over the base in their order."""

    base: BaseInput = Field(default_factory=BaseInput)
    combinations: list[Annotated[list[ScenarioKey], Field(min_length=1, max_length=20)]] = Field(
        min_length=1, max_length=MOST_SCENARIOS
    )


class Out(BaseModel):
    """Base of what the API answers."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ScenarioOut(Out):
    """A scenario, shipped or the maker's own; `status` says whether it is a stated assumption."""

    key: str
    group: str
    name_zh: str
    name_en: str
    status: str
    reasoning_zh: str
    reasoning_en: str
    sources: list[str]
    electricity: str | None
    parameters: Mapping[str, float | str]
    supplier_shares: list[ShareInput]
    version: int | None
    written_at: datetime | None
    is_sample: bool


class ScenarioPage(Out):
    """All scenarios that can be evaluated."""

    items: list[ScenarioOut]


class ConflictOut(Out):
    """Two scenarios of a combination want different things; the later one wins."""

    setting: str
    earlier: str
    earlier_value: float | str
    later: str
    later_value: float | str


class ResultOut(Out):
    """The result of one combination; no scenarios for the base."""

    scenarios: list[str]
    status: str
    total_kg_co2e: float
    difference_kg_co2e: float
    by_stage: Mapping[str, float]
    electricity: str
    conflicts: list[ConflictOut]
    dropped: list[str]


class ComparisonOut(Out):
    """The base first, then the combinations in their order; kg CO2e per kg."""

    model_version: str
    results: list[ResultOut]
