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
    """A record as lists show it.

    Attributes
    ----------
    rounded_to
        For those who see results only: the step, in kg CO2e/kg, to which the total is rounded so that no supplier's data come out
        of it; null where the total is exact.
    shares
        By kind of data; null where any rounding would tell too much.

    """

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
    rounded_to: float | None
    default_total_kg_co2e_per_kg: float
    shares: Mapping[str, float] | None
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
    """A record with its result; `inputs` is null for roles that may not see what went in.

    They get the stages rounded and, where one alone would tell a supplier's data, united (`P2+P3`), no `split`, no `views` and no
    `inputs_sha256`, with which guesses could be confirmed. A line of `split` is null where supplies are published as one sum over
    all origins: it is known only as a part of `fossil`.
    """

    by_stage: Mapping[str, float]
    split: Mapping[str, float | None] | None
    views: list[ViewOut]
    inputs_sha256: str | None
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


class NodeOut(Out):
    """A process in the flows; own and received together are passed on."""

    process: str
    amount: float
    unit: str
    own_kg_co2e: float
    received_kg_co2e: float
    passed_on_kg_co2e: float


class LinkOut(Out):
    """What one process takes from another: amount times the producer's multiplier."""

    producer: str
    consumer: str
    amount: float
    unit: str
    kg_co2e: float


class BranchOut(Out):
    """A branch of the contribution tree; `closed` is `loop` where a process stands above itself, `limit` in a very large tree."""

    kind: str
    key: str
    amount: float
    unit: str
    kg_co2e: float
    closed: str
    children: list["BranchOut"]


class SwingOut(Out):
    """The result at both ends of a parameter's usual range; null where an end contradicts the other parameters."""

    parameter: str
    unit: str
    value: float
    low: float
    high: float
    at_low_kg_co2e: float | None
    at_high_kg_co2e: float | None
    is_choice: bool


class ExplanationsOut(Out):
    """Where a footprint comes from, kg CO2e per kg; every `by_` sums to the total.

    Attributes
    ----------
    by_party
        `own` what the maker's plant emits, `grid` the electricity that it buys, `unnamed` what nobody has named; else the id of a
        supplier.
    multipliers
        kg CO2e of one unit of each process's product, with all that it needs.
    fixed_parameters
        Those without a usual range, which are not varied.

    """

    number: str
    total_kg_co2e: float
    by_stage: Mapping[str, float]
    by_process: Mapping[str, float]
    by_flow: Mapping[str, float]
    by_gas: Mapping[str, float]
    by_scope: Mapping[str, float]
    by_party: Mapping[str, float]
    by_kind: Mapping[str, float]
    nodes: list[NodeOut]
    links: list[LinkOut]
    multipliers: Mapping[str, float]
    tree: BranchOut
    swings: list[SwingOut]
    fixed_parameters: list[str]


class DifferenceOut(Out):
    """A parameter on both sides; null where a side has no such parameter."""

    parameter: str
    before: float | str | None
    after: float | str | None


class StepOut(Out):
    """The part of a difference that one change makes."""

    key: str
    parameters: list[DifferenceOut]
    kg_co2e: float


class ComparisonOut(Out):
    """The steps from one footprint to another; they sum to the difference.

    Attributes
    ----------
    before
        Number of the record; null is the model's default with the furnace and toll share of `after`.
    rule
        `shapley`, the mean over all orders of the changes, or `ordered`, one change after the other along the process chain.
    contradictory
        Of the combinations calculated, those in which the parameters of both sides contradict each other.

    """

    before: str | None
    after: str
    before_kg_co2e: float
    after_kg_co2e: float
    steps: list[StepOut]
    rule: str
    combinations: int
    contradictory: int


class FootprintPage(Out):
    """Some records, latest calculation first; ask again with `after=next_after` until it is null."""

    items: list[FootprintOut]
    next_after: uuid.UUID | None
