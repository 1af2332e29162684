"""What people may say when they open a verification, ask, answer and state."""

import uuid
from datetime import date
from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator

from service.errors import N_
from service.verification.models import AssuranceLevel, Conclusion, Coverage
from service.web.forms import FieldErrorInValidator, FormInput


class BodyInput(FormInput):
    """A verifier's organisation."""

    name_zh: str = Field(min_length=1, max_length=200)
    name_en: str = Field(min_length=1, max_length=200)
    registration_no: str | None = Field(default=None, max_length=40)


class VersionInput(FormInput):
    """The state of a case that somebody decided on."""

    version: int


class DaysInput(VersionInput):
    """Until when a verifier may look."""

    closes_on: date


class CaseInput(FormInput):
    """A verification to open."""

    title: str = Field(min_length=1, max_length=200)
    organisation_id: uuid.UUID
    record_ids: Annotated[list[uuid.UUID], Field(default_factory=list, max_length=50)]
    opens_on: date
    closes_on: date


class CommentInput(FormInput):
    """A question, a finding or an answer."""

    text: str = Field(min_length=1, max_length=4000)
    about: str = Field(default="", max_length=120)
    reply_to: uuid.UUID | None = None


class ReasonInput(FormInput):
    """Why a statement is withdrawn."""

    reason: str = Field(min_length=3, max_length=500)


class StatementInput(FormInput):
    """What a verifier states."""

    body_name: str = Field(min_length=1, max_length=200)
    accreditation: str | None = Field(default=None, max_length=200)
    coverage: Coverage
    level: AssuranceLevel
    standard: str = Field(min_length=1, max_length=120)
    criteria: str = Field(min_length=1, max_length=500)
    materiality_percent: float | None = Field(default=None, gt=0, le=100, allow_inf_nan=False)
    conclusion: Conclusion
    statement_zh: str | None = Field(default=None, max_length=4000)
    statement_en: str | None = Field(default=None, max_length=4000, validate_default=True)
    completed_on: date
    valid_until: date | None = None
    record_ids: Annotated[list[uuid.UUID], Field(default_factory=list, max_length=50)]

    @field_validator("statement_en")
    @classmethod
    def in_one_language(cls, english: str | None, earlier: ValidationInfo) -> str | None:
        """Ask for the statement's words in at least one language."""
        if not english and not earlier.data.get("statement_zh"):
            raise FieldErrorInValidator(N_("Give the words of the statement in Chinese, English or both."))
        return english

    @field_validator("valid_until")
    @classmethod
    def after_completion(cls, end: date | None, earlier: ValidationInfo) -> date | None:
        """Refuse an end before the verification was completed."""
        completed = earlier.data.get("completed_on")
        if end is not None and completed is not None and end <= completed:
            raise FieldErrorInValidator(
                N_("Valid until %(end)s, not after the completion on %(completed)s; check both dates."),
                end=end,
                completed=completed,
            )
        return end
