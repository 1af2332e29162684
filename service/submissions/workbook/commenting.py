"""The uploaded workbook again, with a comment on each cell that needs attention; runs in a limited child process."""

import io
from collections.abc import Mapping, Sequence
from typing import Any, Final

from openpyxl import load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

AUTHOR: Final = "AnodePrint"
FILLS: Final[Mapping[str, str]] = {"error": "F9D7D4", "warning": "FBE9C6"}
SIZE: Final = (380, 140)
"""Width and height of a comment in pixels."""


def comment_cells(content: bytes, comments: Sequence[tuple[str, str, str, str]]) -> bytes:
    """Return the workbook with comments; our own earlier ones are gone, everybody else's stay.

    Parameters
    ----------
    comments
        (sheet, cell, `error` or `warning`, text); several on one cell are joined.

    """
    book = load_workbook(io.BytesIO(content))
    for sheet in book.worksheets:
        _remove_own(sheet)
    for name, address, level, text in comments:
        if name in book.sheetnames:
            _add(book[name][address], level, text)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _remove_own(sheet: Any) -> None:  # noqa: ANN401 - openpyxl's own types miss much of what a sheet can do
    for row in sheet.iter_rows():
        for cell in row:
            if cell.comment is not None and cell.comment.author == AUTHOR:
                cell.comment = None
                cell.fill = PatternFill()


def _add(cell: Any, level: str, text: str) -> None:  # noqa: ANN401 - as in _remove_own
    earlier = cell.comment
    if earlier is not None:
        text = f"{earlier.text}\n\n{text}"
    cell.comment = Comment(text, AUTHOR, width=SIZE[0], height=SIZE[1])
    if earlier is None or level == "error":
        cell.fill = PatternFill("solid", fgColor=FILLS[level])
