"""The Excel files that people fill in and get back: written here, headers in both languages, text never a formula."""

import io
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Value = str | float | None
Sheet = Any  # openpyxl's write-only sheet and cell have stubs that lack half of what they do


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a workbook.

    Attributes
    ----------
    key
        Name in the code.
    header
        Both languages, the Chinese first; what an upload is recognised by.
    hint
        What to write, in both languages; second line of the sheet.
    width
        In characters.

    """

    key: str
    header: str
    hint: str
    width: int = 20


def write_workbook(
    *,
    sheet: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Value]],
    choices: Mapping[str, Sequence[str]],
    choices_sheet: str,
) -> bytes:
    """Return an .xlsx file with a header line, a line of hints and the rows given.

    Parameters
    ----------
    choices
        What may be written in a column, by header; goes to a second sheet.

    """
    from openpyxl import Workbook  # noqa: PLC0415 - takes 0.8 s to import, which start-up must not wait for

    book = Workbook(write_only=True)
    page: Sheet = book.create_sheet(sheet)
    for place, column in enumerate(columns):
        page.column_dimensions[chr(ord("A") + place)].width = column.width
    page.freeze_panes = "A3"
    page.append([_text(page, column.header, bold=True) for column in columns])
    page.append([_text(page, column.hint, grey=True) for column in columns])
    for row in rows:
        page.append([_text(page, value) if isinstance(value, str) else value for value in row])
    _append_choices(book.create_sheet(choices_sheet), choices)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _append_choices(page: Sheet, choices: Mapping[str, Sequence[str]]) -> None:
    for place in range(len(choices)):
        page.column_dimensions[chr(ord("A") + place)].width = 44
    page.append([_text(page, header, bold=True) for header in choices])
    for line in range(max(map(len, choices.values()), default=0)):
        page.append([_text(page, texts[line]) if line < len(texts) else None for texts in choices.values()])


def _text(page: Sheet, text: str, *, bold: bool = False, grey: bool = False) -> Any:  # noqa: ANN401 - as Sheet
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415 - as in write_workbook
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415 - as in write_workbook

    printable = "".join(mark for mark in text if unicodedata.category(mark) not in {"Cc", "Cs"})
    cell = WriteOnlyCell(page, value=printable)
    cell.data_type = "s"  # openpyxl would make a formula of a text that starts with "="
    cell.font = Font(bold=bold, color="4A555F" if grey else None)
    cell.alignment = Alignment(wrap_text=grey, vertical="top")
    return cell
