import uuid
from typing import Annotated

from pydantic import Field, field_validator

from service.company_inventory.checks import CHECKS
from service.company_inventory.factors import FuelFactorSet
from service.company_inventory.models import RestatementCause
from service.errors import N_
from service.web.forms import FieldErrorInValidator, FormInput

Reason = Annotated[str, Field(min_length=5, max_length=500)]
Version = Annotated[int, Field(ge=0, le=1_000_000)]


class PreparationInput(FormInput):
    """By which set of factors a year is worked; version 0 where nobody has begun."""

    factor_set: FuelFactorSet
    version: Version


class FindingInput(FormInput):
    """What a verification found."""

    check: str = Field(max_length=40)
    text: Reason
    entry_id: uuid.UUID | None = None

    @field_validator("check")
    @classmethod
    def known_check(cls, value: str) -> str:
        """Refuse a check that there is none of."""
        if value not in CHECKS:
            raise FieldErrorInValidator(N_("“%(input)s” is not one of the choices; pick one from the list."), input=value)
        return value


class ResolutionInput(FormInput):
    """What was done about a finding."""

    finding_id: uuid.UUID
    resolution: Reason


class VerificationInput(FormInput):
    """The checks that were made."""

    checks: list[str] = Field(default_factory=list, max_length=20)
    version: Version


class VersionInput(FormInput):
    """A button on something that may have changed in the meantime."""

    version: Version


class ReopeningInput(FormInput):
    """Why a closed year is opened again."""

    cause: RestatementCause
    reason: Reason
    version: Version
