"""Monthly figures of sources as meters and energy systems push them: through the same check as the form and the table."""

import uuid
from datetime import date, datetime
from typing import Final, Self

from pydantic import Field, model_validator
from sqlmodel import Session, select

from service.errors import N_, FieldError, InvalidInputError
from service.integrations.rows import Taken
from service.monitoring.entering import Effect, EntryRefusedError, enter_month
from service.monitoring.models import Door, EmissionSource
from service.monitoring.queries import get_source
from service.monitoring.schemas import LONGEST_AMOUNT, EntryInput
from service.web.forms import FieldErrorInValidator, FormInput

STATUS: Final = {Effect.NEW: "recorded", Effect.CHANGED: "changed", Effect.SAME: "unchanged"}


class ActivityRowIn(FormInput):
    """What one source came to in one month; a number, or a text as people type it."""

    source_id: uuid.UUID | None = None
    source_code: str | None = Field(default=None, max_length=40)
    month: str = Field(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$", description="2026-05")
    amount: float | str = Field(description="not below 0")
    unit: str | None = Field(default=None, max_length=20, description="one that the source offers; the canonical one if left out")
    properties: dict[str, float] = Field(default_factory=dict, description="measured: fixed_carbon, volatile_matter, ncv...")
    reading_start: float | None = None
    reading_end: float | None = None
    evidence_number: str | None = Field(default=None, max_length=120)
    evidence_until: date | None = None
    reason: str | None = Field(default=None, max_length=500)

    @model_validator(mode="after")
    def one_source(self) -> Self:
        """Refuse a row that names no source, or names it twice."""
        if (self.source_id is None) == (self.source_code is None):
            raise FieldErrorInValidator(N_("Name the source by source_id or by source_code, one of the two."))
        return self


def take_activity(session: Session, row: ActivityRowIn, *, today: date, by: str, at: datetime) -> Taken:
    """Enter a source's month, or correct what stands there."""
    source = _source_of(session, row)
    month = date.fromisoformat(f"{row.month}-01")
    typed = EntryInput(
        source_id=source.id,
        month=month,
        amount=_text(row.amount)[:LONGEST_AMOUNT],
        unit=row.unit,
        properties={key: _text(value) for key, value in row.properties.items()},
        reading_start=None if row.reading_start is None else _text(row.reading_start),
        reading_end=None if row.reading_end is None else _text(row.reading_end),
        evidence_number=row.evidence_number,
        evidence_until=row.evidence_until,
        reason=row.reason,
    )
    try:
        [taken] = enter_month(session, source.plant_id, month, [typed], today=today, by=by, at=at, door=Door.API)
    except EntryRefusedError as error:
        raise InvalidInputError({field: one for (_, field), one in error.of_source.items()}) from error
    return STATUS[taken.effect], taken.entry.id


def _source_of(session: Session, row: ActivityRowIn) -> EmissionSource:
    if row.source_id is not None:
        return get_source(session, row.source_id)
    found = session.exec(select(EmissionSource).where(EmissionSource.code == row.source_code)).all()
    if len(found) != 1:
        words = N_("%(count)s sources have this code; name the source by source_id.")
        raise InvalidInputError({"source_code": FieldError(words, count=len(found))})
    return found[0]


def _text(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:.15g}"
