from datetime import date
from typing import Annotated, Self

from pydantic import Field, field_validator, model_validator

from service.errors import N_
from service.publicity.benchmark import INDICATORS
from service.publicity.models import ContactKind, PeerConfidence, PostKind, ProofKind
from service.web.forms import FieldErrorInValidator, FormInput

Slug = Annotated[str, Field(min_length=3, max_length=80, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Body = Annotated[str, Field(min_length=1, max_length=20_000)]


class PostInput(FormInput):
    """An article or event as it is typed."""

    kind: PostKind
    slug: Slug
    title_zh: Annotated[str, Field(min_length=1, max_length=120)]
    title_en: Annotated[str, Field(min_length=1, max_length=200)]
    body_zh: Body
    body_en: Body
    event_on: date | None = None
    place_zh: Annotated[str | None, Field(max_length=120)] = None
    place_en: Annotated[str | None, Field(max_length=120)] = None

    @model_validator(mode="after")
    def event_has_a_day(self) -> Self:
        """Refuse an event that is on no day."""
        if self.kind is PostKind.EVENT and self.event_on is None:
            raise FieldErrorInValidator(N_("An event needs its day."))
        return self


class ClaimInput(FormInput):
    """A claim as it is typed."""

    text_zh: Annotated[str, Field(min_length=1, max_length=300)]
    text_en: Annotated[str, Field(min_length=1, max_length=500)]
    figure: float | None = None
    figure_unit: Annotated[str | None, Field(max_length=40)] = None
    basis_zh: Annotated[str, Field(min_length=1, max_length=300)]
    basis_en: Annotated[str, Field(min_length=1, max_length=500)]

    @model_validator(mode="after")
    def figure_has_a_unit(self) -> Self:
        """Refuse a number without its unit."""
        if self.figure is not None and self.figure_unit is None:
            raise FieldErrorInValidator(N_("A figure needs its unit; write 1 for a plain number."))
        return self


class ProofInput(FormInput):
    """A proof as it is typed."""

    kind: ProofKind
    reference: Annotated[str, Field(min_length=1, max_length=200)]
    valid_from: date
    valid_until: date

    @model_validator(mode="after")
    def days_in_order(self) -> Self:
        """Refuse a proof that ends before it begins."""
        if self.valid_until < self.valid_from:
            raise FieldErrorInValidator(N_("The last day is before the first one; check both."))
        return self


class ContactInput(FormInput):
    """An exchange with an organisation outside, as it is typed."""

    organisation: Annotated[str, Field(min_length=1, max_length=120)]
    kind: ContactKind
    on_day: date
    topic: Annotated[str, Field(min_length=1, max_length=500)]
    follow_up: Annotated[str | None, Field(max_length=500)] = None
    follow_up_by: date | None = None


Year = Annotated[int, Field(ge=2000, le=2100)]


class PeerFigureInput(FormInput):
    """A peer's figure as it is typed: never without its source and the source's year."""

    peer: Annotated[str, Field(min_length=1, max_length=120)]
    sector: Annotated[str, Field(min_length=1, max_length=120)]
    indicator: str
    value: Annotated[float, Field(ge=0, le=1e9)]
    year: Year | None = None
    scope_note: Annotated[str, Field(min_length=1, max_length=500)]
    source: Annotated[str, Field(min_length=3, max_length=500)]
    source_year: Year
    confidence: PeerConfidence

    @field_validator("indicator")
    @classmethod
    def known_indicator(cls, value: str) -> str:
        """Refuse what no peer is compared by."""
        if value not in INDICATORS:
            raise FieldErrorInValidator(N_("“%(input)s” is not one of the choices; pick one from the list."), input=value)
        return value
