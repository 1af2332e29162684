import uuid
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Final

from pydantic import Field, field_validator

from service.errors import N_
from service.monitoring.carriers import carriers
from service.monitoring.models import EvidenceKind, Frequency, Method
from service.monitoring.months import month_of
from service.submissions.units import UNITS
from service.web.forms import FieldErrorInValidator, FormInput

Name = Annotated[str, Field(min_length=1, max_length=120)]
LONGEST_AMOUNT: Final = 60


class MeterInput(FormInput):
    """A meter as it is typed."""

    plant_id: uuid.UUID
    serial: str = Field(min_length=1, max_length=60)
    place: Name
    unit: str = Field(max_length=20)
    multiplier: float = Field(default=1.0, gt=0, le=1e6)
    calibrated_until: date | None = None
    parent_id: uuid.UUID | None = None

    @field_validator("unit")
    @classmethod
    def known_unit(cls, value: str) -> str:
        """Refuse a unit that nothing converts."""
        if value not in UNITS:
            raise FieldErrorInValidator(N_("“%(input)s” is not one of the choices; pick one from the list."), input=value)
        return value


class SourceInput(FormInput):
    """A source as it is typed."""

    plant_id: uuid.UUID
    code: str = Field(min_length=1, max_length=40, pattern=r"^[A-Za-z0-9._-]+$")
    carrier: str = Field(max_length=40)
    name_zh: Name
    name_en: Name
    product_id: uuid.UUID | None = None
    responsible_id: uuid.UUID | None = None
    unit_id: uuid.UUID | None = None
    method: Method
    meter_id: uuid.UUID | None = None
    frequency: Frequency
    evidence_kind: EvidenceKind | None = None
    starts: date
    ends: date | None = None

    @field_validator("carrier")
    @classmethod
    def known_carrier(cls, value: str) -> str:
        """Refuse a carrier that the registry does not have."""
        if value not in carriers():
            raise FieldErrorInValidator(N_("“%(input)s” is not one of the choices; pick one from the list."), input=value)
        return value

    @field_validator("starts", "ends")
    @classmethod
    def whole_months(cls, value: date | None) -> date | None:
        """Take any day for its month."""
        return None if value is None else month_of(value)


class EntryInput(FormInput):
    """One source's month as it is typed: nothing is read yet, so that all three doors read it in one place.

    Attributes
    ----------
    unit
        The unit chosen beside the box; None: what stands behind the number, else the canonical one.
    properties
        As typed, by property.
    version
        Of the figure that stood when the form was shown, 0 without one; None where nobody looked.

    """

    source_id: uuid.UUID
    month: date
    amount: str = Field(min_length=1, max_length=LONGEST_AMOUNT)
    unit: str | None = Field(default=None, max_length=20)
    properties: Mapping[str, str] = Field(default_factory=dict)
    reading_start: str | None = Field(default=None, max_length=LONGEST_AMOUNT)
    reading_end: str | None = Field(default=None, max_length=LONGEST_AMOUNT)
    evidence_number: str | None = Field(default=None, max_length=120)
    evidence_until: date | None = None
    reason: str | None = Field(default=None, max_length=500)
    version: int | None = Field(default=None, ge=0, le=1_000_000)
