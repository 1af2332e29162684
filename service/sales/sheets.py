"""A customer's workbook from its arrival to the filled file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final, cast

from sqlmodel import Session

from service.certificates.models import Certificate
from service.errors import N_, ConflictError, FieldError, InvalidInputError
from service.exports.facts import facts_of
from service.product_footprints.queries import active_footprint_of, get_product_footprint
from service.sales.fields import FIELDS, Source, Unit, Value, value_of
from service.sales.filling import fill_cells, read_form
from service.sales.mapping import MappedCell
from service.sales.models import AnswerSheet
from service.sandbox import SandboxError, run_limited
from service.settings import Settings
from service.spreadsheets.archive import PROBLEMS

MIB: Final = 1024 * 1024
MAX_BYTES: Final = 5 * MIB
"""Of an uploaded workbook; own choice."""
_SECONDS: Final = 10.0
_CHILD_BYTES: Final = 1024**3
_EXCEL_DAY_ZERO: Final = date(1899, 12, 30)
"""Day 0 of Excel's calendar for all days after February 1900."""


class SheetUnfillableError(ConflictError):
    """A customer's workbook can't be filled as it is."""

    code = "answer-sheet-unfillable"


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledCell:
    """A mapped cell with its value; None is left empty and named as missing."""

    place: MappedCell
    label: str
    value: Value | None


def read_workbook(content: bytes) -> Sequence[Mapping[str, Any]]:
    """Return the sheets of a workbook with their cells, read in a limited child process.

    Raises
    ------
    InvalidInputError
        It is too large, no workbook, or holds what no questionnaire needs.

    """
    if len(content) > MAX_BYTES:
        message = N_("The workbook has %(size)s MB; at most %(max)s MB are taken.")
        raise _refused(FieldError(message, size=-(-len(content) // MIB), max=MAX_BYTES // MIB))
    try:
        found = run_limited(read_form, content, seconds=_SECONDS, memory_bytes=_CHILD_BYTES)
    except SandboxError as error:
        raise _refused(FieldError(PROBLEMS["too_large"])) from error
    if "problem" in found:
        raise _refused(FieldError(PROBLEMS[found["problem"]]))
    return cast("Sequence[Mapping[str, Any]]", found["sheets"])


def source_of(session: Session, certificate: Certificate, *, settings: Settings) -> Source:
    """Return what a certificate and its declared footprint publish."""
    declared = (
        get_product_footprint(session, certificate.product_footprint_id)
        if certificate.product_footprint_id
        else active_footprint_of(session, certificate.footprint_id)
    )
    if declared is None:
        raise SheetUnfillableError(
            N_("The footprint of certificate %(number)s is no longer active; issue a new certificate first."),
            number=certificate.number,
        )
    return Source(
        certificate=certificate,
        facts=facts_of(session, declared, settings=settings, customer_id=certificate.customer_id),
        settings=settings,
        verify_url=certificate.snapshot["certificate"]["verify_url"],
    )


def values_for(sheet: AnswerSheet, source: Source) -> list[FilledCell]:
    """Return every mapped cell with what it would take."""
    places = [MappedCell.from_json(one) for one in sheet.cells]
    return [
        FilledCell(place=one, label=FIELDS[one.field].label, value=value_of(FIELDS[one.field], one.unit, source))
        for one in places
        if one.field in FIELDS
    ]


def filled_workbook(sheet: AnswerSheet, cells: Sequence[FilledCell]) -> bytes:
    """Return the customer's workbook with the values that are known; all else stays as it is."""
    values = [(one.place.sheet, one.place.cell, _written(one.value, one.place.unit)) for one in cells if one.value is not None]
    try:
        content: bytes = run_limited(fill_cells, sheet.workbook, values, seconds=_SECONDS, memory_bytes=_CHILD_BYTES)
    except SandboxError as error:
        raise SheetUnfillableError(
            N_("This workbook can't be filled: a mapped cell or its sheet can't be written. Map it again.")
        ) from error
    return content


def shown_value(value: Value, unit: Unit) -> str:
    """Return a value as the check page shows it."""
    written = _written(value, unit)
    if unit is Unit.EXCEL_DAY and isinstance(value, date):
        return value.isoformat()
    return written if isinstance(written, str) else f"{Decimal(str(written)):f}"


def _written(value: Value, unit: Unit) -> str | float:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, date):
        return float((value - _EXCEL_DAY_ZERO).days) if unit is Unit.EXCEL_DAY else value.isoformat()
    return value


def _refused(error: FieldError) -> InvalidInputError:
    return InvalidInputError({"file": error})
