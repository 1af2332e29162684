import uuid
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from service.errors import N_
from service.footprints.models import FootprintStatus
from service.web.forms import FieldErrorInValidator, FormInput


class PeriodInput(FormInput):
    """A reporting period; both days belong to it. `rules.check_period` says which ones can be used."""

    period_start: date
    period_end: date


class CalculateInput(PeriodInput):
    """Which footprint is wanted."""

    product_id: uuid.UUID


class ReleaseInput(FormInput):
    """The version of the record that the releasing person saw."""

    version: int = Field(ge=1)


class RecordListFilter(FormInput):
    """What the address of the list may hold.

    Attributes
    ----------
    period
        First and last day, joined by two dots: 2025-01-01..2025-12-31.

    """

    product_id: uuid.UUID | None = None
    period: str | None = Field(default=None, pattern=r"^\d{4}-\d{2}-\d{2}\.\.\d{4}-\d{2}-\d{2}$")
    status: FootprintStatus | None = None
    stale: bool | None = None
    after: uuid.UUID | None = None
    before: uuid.UUID | None = None

    @model_validator(mode="after")
    def usable_period(self) -> Self:
        """Refuse dates that no calendar has."""
        try:
            _ = self.dates
        except ValueError as error:
            message = N_("“%(period)s” is not a period; write it as 2025-01-01..2025-12-31.")
            raise FieldErrorInValidator(message, period=self.period) from error
        return self

    @property
    def dates(self) -> tuple[date, date] | None:
        """The period as dates."""
        if self.period is None:
            return None
        start, _, end = self.period.partition("..")
        return date.fromisoformat(start), date.fromisoformat(end)


class Out(BaseModel):
    """Base of what the API answers."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class FootprintOut(Out):
    """A record as lists show it."""

    id: uuid.UUID
    number: str
    product_id: uuid.UUID
    grade: str
    period_start: date
    period_end: date
    status: FootprintStatus
    version: int
    is_stale: bool
    total_kg_co2e_per_kg: float
    default_total_kg_co2e_per_kg: float
    shares: Mapping[str, float]
    model_version: str
    calculated_at: datetime
    released_at: datetime | None
    is_sample: bool


class ViewOut(Out):
    """The total under one electricity view; a screening view is for orientation and not official."""

    view: str
    total_kg_co2e: float
    kg_co2e_per_kwh: float
    is_headline: bool
    is_screening: bool


class InputsOut(Out):
    """What went into a record; for engineers, reviewers and auditors."""

    parameters: Mapping[str, Any]
    provenance: Mapping[str, Any]
    drivers: list[Mapping[str, Any]]
    result: Mapping[str, Any]
    views: list[Mapping[str, Any]]
    submissions: Mapping[str, uuid.UUID]


class FootprintDetailOut(FootprintOut):
    """A record with its result; `inputs` is null for roles that may not see what went in."""

    by_stage: Mapping[str, float]
    split: Mapping[str, float]
    views: list[ViewOut]
    inputs_sha256: str
    calculated_by: str
    released_by: str | None
    inputs: InputsOut | None


class RecheckOut(Out):
    """A stored total beside what its inputs give now; `agrees` allows 1e-12."""

    number: str
    agrees: bool
    model_version: str
    stored_kg_co2e_per_kg: float
    recalculated_kg_co2e_per_kg: float
    relative_difference: float
    oracle_relative_difference: float
    system_sha256: str


class FootprintPage(Out):
    """Some records, latest calculation first; ask again with `after=next_after` until it is null."""

    items: list[FootprintOut]
    next_after: uuid.UUID | None
