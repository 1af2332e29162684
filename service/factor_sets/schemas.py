from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from lca_models.factor_uploads import NewSet
from service.web.forms import FormInput


class FactorSetInput(FormInput):
    """What a person says of a new set of electricity factors; its rows come as a file."""

    key: str = Field(pattern=r"^[a-z][a-z0-9_]{2,59}$")
    family: Literal["footprint", "screening", "direct_co2"]
    data_year: int = Field(ge=2015, le=2100)
    name_zh: str = Field(min_length=1, max_length=200)
    name_en: str = Field(min_length=1, max_length=200)
    document: str = Field(min_length=3, max_length=500)
    licence: str = Field(min_length=3, max_length=200)
    published: date
    valid_from: date
    note: str = Field(default="", max_length=500)

    def as_set(self) -> NewSet:
        """Return what the model takes."""
        return NewSet(**self.model_dump(exclude={"data_year"}), data_year=str(self.data_year))


class ChangesQuery(FormInput):
    """Two sets to compare; without them, what the set in force has changed."""

    before: str | None = Field(default=None, max_length=60)
    after: str | None = Field(default=None, max_length=60)


class Out(BaseModel):
    """Base of what the API answers."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class FactorSetOut(Out):
    """A set of electricity factors; `kind` says what it may be used for."""

    key: str
    family: str
    kind: Literal["life_cycle", "direct_co2"]
    data_year: str
    name_zh: str
    name_en: str
    document_zh: str
    document_en: str
    published: str
    valid_from: date | None
    valid_to: date | None
    superseded_by: str
    in_force: bool
    factors: int


class FactorSetPage(Out):
    """All sets of the model in use."""

    model_version: str
    items: list[FactorSetOut]


class FactorChangeOut(Out):
    """A factor that differs, kg CO2e per kWh; null where a set has none."""

    region: str
    kind: str
    before: float | None
    after: float | None


class ResultChangeOut(Out):
    """A footprint under both sets, calculated with the model in use; kg CO2e per kg."""

    footprint_id: str | None
    number: str | None
    grade: str | None
    before_kg_co2e: float
    after_kg_co2e: float
    difference_kg_co2e: float
    by_stage: dict[str, float]
    parameters: dict[str, tuple[float, float]]


class ChangesOut(Out):
    """What another set would change; nothing is applied."""

    before: str
    after: str
    factors: list[FactorChangeOut]
    results: list[ResultChangeOut]
