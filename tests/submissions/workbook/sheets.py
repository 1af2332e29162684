"""A toll plant's workbook, and what people do to workbooks."""

import io
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from typing import Any

from openpyxl import Workbook, load_workbook

from service.spreadsheets.cells import read_cells
from service.submissions.answers import Entry
from service.submissions.models import Depth
from service.submissions.questionnaire import questions_for
from service.submissions.workbook.layout import ANSWERS_SHEET, LETTERS
from service.submissions.workbook.receiving import Received, receive
from service.submissions.workbook.writing import Contents, registry_hash, write_questionnaire
from tests.submissions.builders import TOLL_ANSWERS

SUBMISSION = "01a203f4-7690-76a4-86fd-607924b82eaf"
REGISTRY = registry_hash("TOLL", Depth.FIRST)
Mutation = Callable[[Any], None]


def contents(entries: Mapping[str, Entry], *, stamps: Mapping[str, str] | None = None) -> Contents:
    """Return what the workbook of a toll plant holds."""
    return Contents(
        submission_id=SUBMISSION,
        number="S-2026-0001",
        supplier_type="TOLL",
        depth=Depth.FIRST,
        supplier_name_zh="某石墨化厂",
        supplier_name_en="Some toll plant",
        period_start=date(2025, 1, 1),
        period_end=date(2025, 12, 31),
        deadline=date(2026, 12, 31),
        entries=entries,
        stamps=stamps or {},
        previous=None,
        is_sample=False,
    )


@cache
def _toll_file() -> bytes:
    return write_questionnaire(contents(TOLL_ANSWERS))


def a_book(entries: Mapping[str, Entry], **more: Any) -> Workbook:
    """Return the workbook, opened as a person opens it."""
    content = _toll_file() if entries is TOLL_ANSWERS and not more else write_questionnaire(contents(entries, **more))
    return load_workbook(io.BytesIO(content))


def saved(book: Workbook) -> bytes:
    """Return the file that a person saves."""
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def received(book: Workbook) -> Received:
    """Return what is understood of a workbook when it is uploaded."""
    return receive(read_cells(saved(book)), questions_for("TOLL", Depth.FIRST), submission_id=SUBMISSION, registry=REGISTRY)


def row_of(book: Workbook, field: str) -> int:
    """Return the row of a question."""
    page = book[ANSWERS_SHEET]
    return next(cell.row for cell in page[LETTERS["field"]] if cell.value == field)


def write(book: Workbook, field: str, value: Any, *, column: str = "answer") -> None:
    """Type into a question's row."""
    book[ANSWERS_SHEET][f"{LETTERS[column]}{row_of(book, field)}"].value = value
