import re
import uuid
from datetime import date
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from lca_models.electricity import DIRECT_LINES
from service.errors import N_, FieldError
from service.green_power.codes import Block, read_block, read_code
from service.green_power.models import ClaimStatus, ContractKind, Purpose, Scheme, Technology
from service.green_power.rules import METERED_KINDS
from service.monitoring.months import month_of
from service.suppliers.schemas import ProvinceCode
from service.web.forms import FieldErrorInValidator, FormInput

Year = Annotated[int, Field(ge=2000, le=2100)]
Evidence = Annotated[str, Field(min_length=3, max_length=500)]
MOST_CODES = 2000


Month = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2100, 12, 31)), AfterValidator(month_of)]
"""Any day stands for its month."""


class ContractInput(FormInput):
    """A contract, a line or a plant of one's own, as it is typed."""

    plant_id: uuid.UUID
    kind: ContractKind
    number: str = Field(min_length=1, max_length=80)
    seller: str = Field(min_length=1, max_length=200)
    technology: Technology
    starts_on: date
    ends_on: date | None = None
    price_cny_per_mwh: float | None = Field(default=None, ge=0, le=10_000)
    source_id: uuid.UUID | None = None
    attributes_sold: bool = False
    evidence: Evidence

    @model_validator(mode="after")
    def whole(self) -> Self:
        """Refuse an end before the start, and a line from what the model has none for."""
        if self.ends_on is not None and self.ends_on < self.starts_on:
            raise FieldErrorInValidator(
                N_("The contract ends on %(end)s, before it starts on %(start)s; choose a later end."),
                end=self.ends_on,
                start=self.starts_on,
            )
        if self.kind in METERED_KINDS and self.technology not in DIRECT_LINES:
            raise FieldErrorInValidator(
                N_("A direct line from %(technology)s is not known to the model; use one of: %(allowed)s."),
                technology=self.technology.value,
                allowed=", ".join(DIRECT_LINES),
            )
        return self


class MeteredInput(FormInput):
    """What a contract delivered in a month."""

    contract_id: uuid.UUID
    month: Month
    kwh: float = Field(ge=0, le=1e10)
    evidence: Evidence


class CertificateInput(FormInput):
    """Certificates with consecutive codes, as they are typed; without a last code it is one."""

    plant_id: uuid.UUID
    scheme: Scheme = Scheme.GEC
    first_code: str = Field(max_length=60)
    last_code: str | None = Field(default=None, max_length=60)
    technology: Technology
    project: str = Field(min_length=1, max_length=200)
    generation_month: Month
    is_tradable: bool = True
    contract_id: uuid.UUID | None = None
    owner: str = Field(min_length=1, max_length=200)
    cancelled_on: date | None = None
    cancellation_proof: str | None = Field(default=None, min_length=3, max_length=500)

    @model_validator(mode="after")
    def readable(self) -> Self:
        """Refuse codes that are none, and a cancellation with half of what it takes."""
        try:
            self.block()
        except FieldError as error:
            raise FieldErrorInValidator(error.template, **error.values) from error
        if (self.cancelled_on is None) != (self.cancellation_proof is None):
            raise FieldErrorInValidator(N_("A cancellation takes both: the day, and the number of its proof."))
        return self

    def block(self) -> Block:
        """Return the codes as a block."""
        return read_block(self.first_code, self.last_code, scheme=self.scheme)


class CancellationInput(FormInput):
    """The proof that certificates were cancelled."""

    cancelled_on: date
    cancellation_proof: Evidence


class ClaimTarget(FormInput):
    """Whom a claim is for: all of a site in a year, or one product made there."""

    plant_id: uuid.UUID
    year: Year
    product_id: uuid.UUID | None = None
    evidence: Evidence

    @property
    def purpose(self) -> Purpose:
        """What the claim is for."""
        return Purpose.SITE if self.product_id is None else Purpose.PRODUCT


def one_code_a_line(value: object) -> object:
    """Split text into codes at line breaks, commas and blanks; a list stays one."""
    return [part for part in re.split(r"[\s,;，；、]+", value) if part] if isinstance(value, str) else value


def known_codes(value: Any) -> Any:  # noqa: ANN401 - whatever JSON brings
    """Refuse a code that is none; a number has lost digits already."""
    for code in value if isinstance(value, list) else [value]:
        try:
            read_code(code)
        except FieldError as error:
            raise FieldErrorInValidator(error.template, **error.values) from error
    return value


Codes = Annotated[
    list[str], BeforeValidator(known_codes), BeforeValidator(one_code_a_line), Field(min_length=1, max_length=MOST_CODES)
]


class CertificateClaimInput(ClaimTarget):
    """A claim that spends certificates, named by their first codes."""

    certificate_codes: Codes


class MeteredClaimInput(ClaimTarget):
    """A claim of what a line or an own plant delivered; without `kwh` all that is left of the year."""

    contract_id: uuid.UUID
    kwh: float | None = Field(default=None, gt=0, le=1e10)


class WeightInput(FormInput):
    """A duty to consume renewable electricity, as an announcement gives it."""

    province_code: ProvinceCode
    year: Year
    total_percent: float = Field(gt=0, le=100)
    nonhydro_percent: float = Field(ge=0, le=100)
    document: str = Field(min_length=3, max_length=200)

    @model_validator(mode="after")
    def part_of_the_whole(self) -> Self:
        """Refuse more non-hydro than total."""
        if self.nonhydro_percent > self.total_percent:
            raise FieldErrorInValidator(
                N_("Without hydropower it is %(part)s percent, more than the total of %(whole)s percent; check both."),
                part=f"{self.nonhydro_percent:g}",
                whole=f"{self.total_percent:g}",
            )
        return self


class ClaimOut(BaseModel):
    """A claim as the API answers it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: uuid.UUID
    plant_id: uuid.UUID
    product_id: uuid.UUID | None
    year: int
    kwh: float
    status: ClaimStatus
    certificate_codes: list[str]
