"""A trace as an Excel workbook; the same trace gives the same bytes, and no text is ever a formula."""

import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import astuple, fields
from typing import Any, Final

from service.verification.trace import Trace, TracedBurden, TracedLink, TracedProcess, UsedFactor

_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""The earliest moment that a ZIP knows, so that no file tells when it was made."""
_STAMP: Final = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")
_MAX_CELL: Final = 2_000


def write_trace(trace: Trace) -> bytes:
    """Return an .xlsx file with a sheet for processes, links, burdens and factors; amounts are for 1 kg of product."""
    from openpyxl import Workbook  # noqa: PLC0415 - takes 0.8 s to import, which start-up must not wait for

    book = Workbook(write_only=True)
    kinds: Sequence[tuple[str, Any, Iterable[Any]]] = (
        ("过程 processes", TracedProcess, trace.processes),
        ("过程间 links", TracedLink, trace.links),
        ("排放 burdens", TracedBurden, trace.burdens),
        ("因子 factors", UsedFactor, trace.factors),
    )
    for title, kind, rows in kinds:
        page = book.create_sheet(title)
        page.freeze_panes = "A2"
        page.append([_cell(page, one.name) for one in fields(kind)])
        for row in rows:
            page.append([_cell(page, value) for value in astuple(row)])
    stream = io.BytesIO()
    book.save(stream)
    return _without_time(stream.getvalue())


def _cell(page: Any, value: object) -> Any:  # noqa: ANN401 - openpyxl's write-only sheet and cell lack stubs
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415 - as above

    if value is None or isinstance(value, float | int):
        return value
    text = "; ".join(value) if isinstance(value, list | tuple) else str(value)
    clean = "".join(mark for mark in text if unicodedata.category(mark) not in {"Cc", "Cs"})
    cell = WriteOnlyCell(page, value=clean[:_MAX_CELL])
    cell.data_type = "s"  # openpyxl would make a formula of a text that starts with "="
    return cell


def _without_time(content: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in sorted(old.infolist(), key=lambda one: one.filename != "[Content_Types].xml"):
            part = _STAMP.sub(rb"\g<1>1980-01-01T00:00:00Z\2", old.read(entry))
            fixed = zipfile.ZipInfo(entry.filename, date_time=_EPOCH)
            fixed.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(fixed, part)
    return stream.getvalue()
