"""Reading the cells of an uploaded workbook; runs in a limited child process and imports little.

The zip directory is looked at before anything is unpacked, because a small file can hold a huge one.
"""

import io
import zipfile
from datetime import date, datetime, time, timedelta
from typing import Any

from python_calamine import CalamineWorkbook

MIB = 1024 * 1024
MAX_FILES = 1000
MAX_UNPACKED_BYTES = 100 * MIB
MAX_RATIO = 100
"""Unpacked by packed size; honest workbooks stay below 30. Own choice."""
SMALL_BYTES = MIB
"""Up to this size a high ratio does no harm: empty sheets pack very well."""
MAX_ROWS = 2000
MAX_COLUMNS = 40
MAX_TEXT = 500
REFUSED_PARTS = ("vbaproject", "externallinks/", "activex/", "embeddings/", "/connections.xml")

Sheet = dict[str, Any]


def read_sheets(content: bytes) -> dict[str, Any]:
    """Return the sheets of an .xlsx file as `{"sheets": [{"name", "rows", "cut"}]}`, or `{"problem": code}`.

    Cells are text, finite numbers, booleans or None; dates are ISO text. `cut` tells that rows were left out.
    """
    problem = find_problem(content)
    if problem is not None:
        return {"problem": problem}
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return {"sheets": [_sheet(workbook, name) for name in workbook.sheet_names[:10]]}
    except Exception as error:  # noqa: BLE001 - the library has no documented root error; whatever it is, the file can't be read
        return {"problem": "unreadable", "detail": str(error)[:200]}


def find_problem(content: bytes) -> str | None:
    """Return why a file may not be opened, by its zip directory alone; None if nothing speaks against it."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError):
        return "no_workbook"
    names = [entry.filename.lower().replace("\\", "/") for entry in entries]
    if "xl/workbook.xml" not in names:
        return "no_workbook"
    if any(part in name for name in names for part in REFUSED_PARTS):
        return "active_content"
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_FILES or unpacked > MAX_UNPACKED_BYTES:
        return "too_large"
    if any(entry.file_size > SMALL_BYTES and entry.file_size > MAX_RATIO * max(entry.compress_size, 1) for entry in entries):
        return "too_large"
    return None


def _sheet(workbook: CalamineWorkbook, name: str) -> Sheet:
    rows = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False, nrows=MAX_ROWS + 1)
    return {
        "name": name,
        "rows": [[_cell(value) for value in row[:MAX_COLUMNS]] for row in rows[:MAX_ROWS]],
        "cut": len(rows) > MAX_ROWS,
    }


def _cell(value: object) -> str | float | bool | None:
    if isinstance(value, bool | float | int):
        return value
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date | time | timedelta):
        return str(value)
    text = str(value).strip()[:MAX_TEXT]
    return text or None
