from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from service.errors import N_
from service.method_library.rule_library import rules
from service.web.forms import FieldErrorInValidator, FormInput

Word = Annotated[str, Field(min_length=1, max_length=40)]


class MethodInput(FormInput):
    """A method version as it is typed."""

    label: Word
    standard: Annotated[str, Field(min_length=1, max_length=80)]
    edition: Word
    pcr: Annotated[str, Field(max_length=120)] | None = None
    valid_from: Annotated[date, Field(ge=date(2000, 1, 1), le=date(2100, 12, 31))]
    gwp: Literal["AR6", "AR5", "AR4"]
    electricity: Literal["national", "market"]
    uptake: Literal["excluded", "included"] = "excluded"
    packing_coke_allocation: Word
    fines_allocation: Word
    petroleum_coke: Word
    coal_tar_pitch: Word


class FindingInput(FormInput):
    """What a person found on a rule."""

    rule: Word
    is_fulfilled: bool
    evidence: Annotated[str, Field(min_length=1, max_length=300)]

    @model_validator(mode="after")
    def _is_found_by_people(self) -> Self:
        rule = rules().get(self.rule)
        if rule is None or rule.check:
            raise FieldErrorInValidator(
                N_("Rule “%(rule)s” is not one that people find on; pick one from the list."), rule=self.rule
            )
        return self
