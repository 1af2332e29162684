"""Reading the cells of an uploaded workbook; runs in a limited child process and imports little."""

import io
from datetime import date, datetime, time, timedelta
from typing import Any

from python_calamine import CalamineWorkbook

from service.spreadsheets.archive import find_problem

MAX_ROWS = 2000
MAX_COLUMNS = 40
MAX_TEXT = 500

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
