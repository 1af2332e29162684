"""The cells of a CSV file in the shape of `cells.read_cells`; runs in a limited child process."""

import csv
import io
from dataclasses import asdict
from typing import Any, Final

from service.spreadsheets.cells import MAX_CELLS, MAX_TEXT, Cell

ENCODINGS: Final = ("utf-8-sig", "gb18030")
"""The second is what Excel writes in China where nobody chose."""


def read_csv_cells(content: bytes) -> dict[str, Any]:
    """Return `{"sheets": [{"name", "is_hidden", "cells"}]}` with one sheet, or `{"problem": key of archive.PROBLEMS}`."""
    text = _decoded(content)
    if text is None or "\x00" in text:
        return {"problem": "no_workbook"}
    cells: list[dict[str, Any]] = []
    try:
        for row, values in enumerate(csv.reader(io.StringIO(text, newline="")), start=1):
            cells += [asdict(Cell(row=row, column=column, value=value)) for column, value in enumerate(values, start=1) if value]
            if len(cells) > MAX_CELLS or any(len(value) > MAX_TEXT for value in values):
                return {"problem": "too_large"}
    except csv.Error:
        return {"problem": "unreadable"}
    return {"sheets": [{"name": "CSV", "is_hidden": False, "cells": cells}]}


def _decoded(content: bytes) -> str | None:
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None
