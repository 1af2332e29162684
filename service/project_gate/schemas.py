import uuid
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from service.errors import N_
from service.project_gate.models import ProjectKind, ProjectProcess, Verdict
from service.project_gate.rulebook import EVERYWHERE
from service.project_gate.rules import CHECKS
from service.project_gate.words import DOCUMENTS
from service.suppliers.provinces import provinces
from service.web.forms import FieldErrorInValidator, FormInput

Amount = Annotated[float, Field(ge=0.0, le=1e12)]
Share = Annotated[float, Field(ge=0.0, le=1.0)]
Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2100, 12, 31))]


class ProjectInput(FormInput):
    """A project as it is proposed."""

    title: Annotated[str, Field(min_length=2, max_length=200)]
    kind: ProjectKind
    process: ProjectProcess
    province_code: str
    class_code: Annotated[str, Field(pattern=r"^[0-9]{4}$")] = "3091"
    commissioning_year: Annotated[int, Field(ge=2000, le=2100)]
    energy_tce: Amount
    energy_equal_value_tce: Amount
    electricity_kwh: Amount
    coal_t: Amount
    output_t: Annotated[float, Field(gt=0.0, le=1e9)]
    output_10k_cny: Annotated[float, Field(gt=0.0, le=1e9)]
    kwh_per_t: Amount
    t_co2: Amount
    avoided_t_co2: Annotated[float, Field(ge=-1e9, le=1e9)]
    green_share: Share
    is_in_park: bool
    is_toll: bool
    capex_10k_cny: Amount
    yearly_gain_10k_cny: Annotated[float, Field(ge=-1e9, le=1e9)]
    lifetime_years: Annotated[int, Field(ge=1, le=60)]
    replacement: Annotated[str, Field(max_length=500)] = ""

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        if self.province_code not in provinces():
            raise FieldErrorInValidator(N_("“%(code)s” is no province of the list; pick one."), code=self.province_code)
        if self.energy_equal_value_tce < self.energy_tce:
            raise FieldErrorInValidator(
                N_(
                    "Energy by equal value (%(equal)s tce) is less than by calorific value (%(calorific)s tce). A kilowatt-hour "
                    "counts more by equal value; check whether the two are exchanged."
                ),
                equal=f"{self.energy_equal_value_tce:g}",
                calorific=f"{self.energy_tce:g}",
            )
        return self


class DocumentInput(FormInput):
    """A document that has come in."""

    kind: str
    reference: Annotated[str, Field(min_length=1, max_length=120)]
    issued_on: Day

    @model_validator(mode="after")
    def _is_known(self) -> Self:
        if self.kind not in DOCUMENTS:
            raise FieldErrorInValidator(N_("“%(kind)s” is no kind of document of the list; pick one."), kind=self.kind)
        return self


class ApprovalInput(FormInput):
    """A verdict as it is given."""

    assessment_id: uuid.UUID
    verdict: Verdict
    reason: Annotated[str, Field(max_length=500)] = ""

    @model_validator(mode="after")
    def _says_why(self) -> Self:
        if self.verdict is not Verdict.APPROVE and not self.reason:
            raise FieldErrorInValidator(N_("Write down the conditions, or why the project is refused."))
        return self


class RuleVersionInput(FormInput):
    """A rule's row from a day on."""

    rule: Literal[tuple(CHECKS)]  # type: ignore[valid-type] # the rules that have a check
    province_code: str = EVERYWHERE
    valid_from: Day
    limit_value: Annotated[float, Field(ge=-1e12, le=1e12)] | None = None
    classes: Annotated[str, Field(max_length=200, pattern=r"^(?:[0-9]{4}(?: [0-9]{4})*)?$")] = ""
    source: Annotated[str, Field(min_length=4, max_length=300)]
    is_verified: bool = False

    @model_validator(mode="after")
    def _is_somewhere(self) -> Self:
        if self.province_code not in {EVERYWHERE, *provinces()}:
            raise FieldErrorInValidator(N_("“%(code)s” is no province of the list; pick one."), code=self.province_code)
        return self
