"""A report as a workbook: one sheet, chapters below each other, both languages side by side; text never a formula."""

import io
import unicodedata
from collections.abc import Iterator
from typing import Any, Final

from service.errors import N_
from service.pdf.bilingual import Bilingual, both, same
from service.reports.content import Audience, Chapter, ReportDocument, Table

SHEET: Final = "报告 Report"
WIDTHS: Final = (34, 44, 18, 18, 34, 44)
EDITIONS: Final = {
    Audience.CUSTOMER: N_("For customers: figures of suppliers only inside sums"),
    Audience.VERIFIER: N_("For the verifier: full breakdown, confidential"),
}
Sheet = Any  # openpyxl's write-only sheet and cell have stubs that lack half of what they do
Line = tuple[bool, tuple[str | float, ...]]


def write_report(document: ReportDocument) -> bytes:
    """Return the report as .xlsx."""
    from openpyxl import Workbook  # noqa: PLC0415 - takes 0.8 s to import, which start-up must not wait for

    book = Workbook(write_only=True)
    page: Sheet = book.create_sheet(SHEET)
    for place, width in enumerate(WIDTHS):
        page.column_dimensions[chr(ord("A") + place)].width = width
    for is_heading, cells in _lines(document):
        page.append([_cell(page, value, bold=is_heading) for value in cells])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _lines(document: ReportDocument) -> Iterator[Line]:
    yield True, _pair(document.title)
    yield False, (document.number, document.standard.zh)
    yield False, _pair(both(EDITIONS[document.audience]))
    if document.is_sample:
        yield True, _pair(both(N_("Sample data of a fictional company; not for use.")))
    yield False, (document.unit, float(document.total))
    yield False, ("SHA-256", document.pact_sha256)
    for number, chapter in enumerate(document.chapters, start=1):
        yield False, ()
        yield True, (f"{number}. {chapter.title.zh}", chapter.title.en)
        yield from _chapter(chapter)


def _chapter(chapter: Chapter) -> Iterator[Line]:
    for label, text in chapter.facts:
        yield False, (*_pair(label), text.zh) if text.zh == text.en else (*_pair(label), text.zh, text.en)
    for text in (*chapter.paragraphs, *chapter.chain):
        yield False, _pair(text)
    for table in chapter.tables:
        yield from _table(table)


def _table(table: Table) -> Iterator[Line]:
    yield False, ()
    yield True, tuple(text for column in table.columns for text in _texts(column.label, is_figure=column.is_figure))
    for row in table.rows:
        cells = zip(row, table.columns, strict=True)
        yield False, tuple(_value(text) for cell, column in cells for text in _texts(cell, is_figure=column.is_figure))


def _texts(text: Bilingual, *, is_figure: bool) -> tuple[str, ...]:
    """Return both languages in two cells, a figure in one."""
    if not is_figure:
        return text.zh, text.en
    return (text.zh,) if text == same(text.zh) else (f"{text.zh} {text.en}",)


def _value(text: str) -> str | float:
    """Return a plain figure as a number, so that it can be calculated with."""
    return float(text) if text.replace(".", "", 1).removeprefix("-").isdigit() else text


def _pair(text: Bilingual) -> tuple[str, ...]:
    return (text.zh,) if text.zh == text.en else (text.zh, text.en)


def _cell(page: Sheet, value: str | float, *, bold: bool) -> Any:  # noqa: ANN401 - as Sheet
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415 - as in write_report
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415 - as in write_report

    if isinstance(value, float):
        return WriteOnlyCell(page, value=value)
    printable = "".join(mark for mark in value if mark == "\n" or unicodedata.category(mark) not in {"Cc", "Cs"})
    cell = WriteOnlyCell(page, value=printable)
    cell.data_type = "s"  # openpyxl would make a formula of a text that starts with "="
    cell.font = Font(bold=bold)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell
