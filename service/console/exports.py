"""Tables as files to take along: attachments that no browser runs, texts that no spreadsheet takes for a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

from starlette.responses import Response

from service.exports.table import FORMULA_STARTS
from service.suppliers.workbook import Column, Value

CSV: Final = "text/csv; charset=utf-8"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def csv_of(columns: Sequence[Column], rows: Iterable[Sequence[Value]]) -> bytes:
    """Return a CSV file with the mark by which Excel knows UTF-8."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow([column.header for column in columns])
    writer.writerows([[harmless(value) for value in row] for row in rows])
    return stream.getvalue().encode("utf-8-sig")


def harmless(value: Value) -> Value:
    """Return a text that no spreadsheet takes for a formula; numbers stay numbers."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value


def attachment(content: bytes, media_type: str, name: str) -> Response:
    """Return a file to be saved, which is neither shown nor run as a page of ours; people write what is in it."""
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(content, media_type=media_type, headers=headers)
