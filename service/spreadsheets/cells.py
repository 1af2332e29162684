"""The cells of an .xlsx file one by one, each with what a form needs to know of it; runs in a limited child process.

Other readers return a whole rectangle, which a single cell in the last column makes huge, and none says whether a value was
typed or left behind by a formula.
"""

import io
import math
import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import IO, Any
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import iterparse, parse

from service.spreadsheets.archive import WORKBOOK_PART, find_problem

MAX_SHEETS = 20
MAX_CELLS = 50_000
MAX_TEXT = 2000
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
DATE_MARKS = re.compile(r"[ymdhs年月日时分秒]", re.IGNORECASE)
NOT_A_MARK = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')
BUILT_IN_DATES = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
"""Number formats that a workbook need not define (ECMA-376, 18.8.30), with those of Chinese editions."""
BUILT_IN_PERCENTAGES = frozenset({9, 10})
SECONDS_PER_DAY = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """What the cells of all sheets refer to.

    Attributes
    ----------
    formats
        By style, what it shows instead of the number: `date` or `percent`.
    base
        The day that counts as 0.

    """

    strings: Sequence[str]
    formats: Mapping[int, str]
    base: datetime


class TooManyCellsError(Exception):
    """More cells than anything that people fill in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell that holds something.

    Attributes
    ----------
    row, column
        From 1, as Excel counts.
    value
        Text, number or truth value; a date as ISO text, a number shown in percent as it is shown (`85%`); None for a formula
        without a remembered result.
    kind
        `typed`, `date`, `percent`, `formula` (its remembered result), `uncached` (a formula without one) or `error` (`#DIV/0!`).

    """

    row: int
    column: int
    value: str | float | bool | None
    kind: str = "typed"


def read_cells(content: bytes) -> dict[str, Any]:
    """Return `{"sheets": [{"name", "is_hidden", "cells": [Cell as dict]}]}`, or `{"problem": key of archive.PROBLEMS}`."""
    problem = find_problem(content)
    if problem is not None:
        return {"problem": problem}
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return {"sheets": list(_sheets(archive))}
    except TooManyCellsError:
        return {"problem": "too_large"}
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever a parser meets in a stranger's file, it can't be read
        return {"problem": "unreadable", "detail": f"{type(error).__name__}: {error}"[:200]}


def column_name(column: int) -> str:
    """Return the letters of a column counted from 1."""
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def column_number(name: str) -> int:
    """Return the number of a column, from 1, for its letters."""
    number = 0
    for letter in name:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _sheets(archive: zipfile.ZipFile) -> Iterator[dict[str, Any]]:
    names = {entry.filename.replace("\\", "/").lower(): entry.filename for entry in archive.infolist()}
    workbook = _tree(archive, names[WORKBOOK_PART])
    targets = _targets(archive, names)
    shared = Shared(strings=_shared_strings(archive, names), formats=_formats(archive, names), base=_date_base(workbook))
    left = MAX_CELLS
    for sheet in _children(workbook, "sheets", "sheet")[:MAX_SHEETS]:
        part = names.get(targets.get(_attribute(sheet, "id"), ""))
        if part is None:
            continue
        with archive.open(part) as stream:
            cells = [asdict(cell) for cell in _limited(_cells(stream, shared), left)]
        left -= len(cells)
        yield {"name": sheet.get("name", ""), "is_hidden": sheet.get("state", "visible") != "visible", "cells": cells}


def _limited(cells: Iterator[Cell], limit: int) -> Iterator[Cell]:
    for count, cell in enumerate(cells):
        if count >= limit:
            raise TooManyCellsError
        yield cell


def _targets(archive: zipfile.ZipFile, names: Mapping[str, str]) -> Mapping[str, str]:
    """Return the part of each worksheet by the id of its relationship."""
    tree = _tree(archive, names["xl/_rels/workbook.xml.rels"])
    found: dict[str, str] = {}
    for relation in tree:
        if relation.get("Type", "").endswith("/worksheet"):
            target = relation.get("Target", "").replace("\\", "/")
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
            found[relation.get("Id", "")] = path.lower()
    return found


def _date_base(workbook: Element) -> datetime:
    """Return the day that counts as 0; the other than usual one comes from early Macintosh computers."""
    for properties in _children(workbook, "workbookPr"):
        if properties.get("date1904") in {"1", "true"}:
            return datetime(1904, 1, 1)  # noqa: DTZ001 - a spreadsheet knows no time zones
    return datetime(1899, 12, 30)  # noqa: DTZ001 - as above; right for all days after February 1900


def _shared_strings(archive: zipfile.ZipFile, names: Mapping[str, str]) -> Sequence[str]:
    part = names.get("xl/sharedstrings.xml")
    if part is None:
        return ()
    with archive.open(part) as stream:
        return [_text(item) for item in _elements(stream, "si")]


def _formats(archive: zipfile.ZipFile, names: Mapping[str, str]) -> Mapping[int, str]:
    """Return `Shared.formats`."""
    part = names.get("xl/styles.xml")
    if part is None:
        return {}
    tree = _tree(archive, part)
    own = {_number(one, "numFmtId"): one.get("formatCode", "") for one in _children(tree, "numFmts", "numFmt")}
    numbers = [_number(style, "numFmtId") for style in _children(tree, "cellXfs", "xf")]
    shown = {place: _shows(own.get(number), number) for place, number in enumerate(numbers)}
    return {place: what for place, what in shown.items() if what is not None}


def _shows(code: str | None, number: int) -> str | None:
    if code is None:
        return "date" if number in BUILT_IN_DATES else "percent" if number in BUILT_IN_PERCENTAGES else None
    marks = NOT_A_MARK.sub("", code)
    return "date" if DATE_MARKS.search(marks) else "percent" if "%" in marks else None


def _cells(stream: IO[bytes], shared: Shared) -> Iterator[Cell]:
    row = 0
    for element in _elements(stream, "row"):
        row = int(element.get("r", row + 1))
        column = 0
        for item in element:
            if _local(item) == "c":
                row, column = _place(item.get("r"), row, column + 1)
                cell = _cell(item, row, column, shared)
                if cell is not None:
                    yield cell


def _place(reference: str | None, row: int, column: int) -> tuple[int, int]:
    """Return row and column of a cell; some programs leave the address out and count on the order."""
    if reference is not None:
        letters, digits = _matched(reference)
        row, column = int(digits), sum((ord(letter) - 64) * 26**power for power, letter in enumerate(reversed(letters)))
    if not (1 <= row <= LAST_ROW and 1 <= column <= LAST_COLUMN):
        raise ValueError(f"no such cell: {reference}")
    return row, column


def _matched(reference: str) -> tuple[str, str]:
    found = REFERENCE.fullmatch(reference)
    if found is None:
        raise ValueError(f"no such cell: {reference}")
    return found[1], found[2]


def _cell(item: Element, row: int, column: int, shared: Shared) -> Cell | None:
    parts = {_local(part): part for part in item}
    kind, written = item.get("t", "n"), (parts["v"].text or "") if "v" in parts else ""
    if kind == "inlineStr":
        return _filled(row, column, _text(parts["is"]) if "is" in parts else "", "typed")
    if not written:  # a formula that gives an empty text has been calculated, though
        return Cell(row=row, column=column, value=None, kind="uncached") if "f" in parts and kind != "str" else None
    source = "formula" if "f" in parts else "typed"
    if kind == "n":
        value, shown = _numeric(float(written), shared.formats.get(_number(item, "s")), shared.base)
        return Cell(row=row, column=column, value=value, kind=shown or source)
    if kind == "b":
        return Cell(row=row, column=column, value=written in {"1", "true"}, kind=source)
    text = shared.strings[int(written)] if kind == "s" else _unescaped(written)
    return _filled(row, column, text, {"e": "error", "d": "date"}.get(kind, source))


def _numeric(value: float, shown_as: str | None, base: datetime) -> tuple[str | float, str | None]:
    """Return the value, or the text that is shown instead of it and its kind."""
    if not math.isfinite(value):
        raise ValueError(f"no number: {value}")
    if shown_as == "percent":
        return f"{value * 100:.12g}%", "percent"
    try:
        return (_as_date(value, base), "date") if shown_as == "date" else (value, None)
    except OverflowError:  # shown as ##### by Excel: a number in a cell formatted as a date
        return value, None


def _as_date(value: float, base: datetime) -> str:
    moment = base + timedelta(seconds=round(value * SECONDS_PER_DAY))
    return moment.date().isoformat() if value == int(value) else moment.isoformat(sep=" ")


def _filled(row: int, column: int, text: str, kind: str) -> Cell | None:
    value = text.strip()[:MAX_TEXT]
    return Cell(row=row, column=column, value=value, kind=kind) if value else None


# ---- XML ----


def _tree(archive: zipfile.ZipFile, part: str) -> Element:
    with archive.open(part) as stream:
        root = parse(stream, forbid_dtd=True).getroot()
    if root is None:
        raise ValueError(f"no XML: {part}")
    return root


def _elements(stream: IO[bytes], name: str) -> Iterator[Element]:
    """Yield the elements with a name as they end, and forget each afterwards."""
    for _, element in iterparse(stream, events=("end",), forbid_dtd=True):
        if _local(element) == name:
            yield element
            element.clear()


def _children(parent: Element, *path: str) -> list[Element]:
    """Return the descendants along a path of local names: strict and usual workbooks differ in their namespaces only."""
    found = [parent]
    for name in path:
        found = [child for one in found for child in one if _local(child) == name]
    return found


def _text(item: Element) -> str:
    """Return a string of one or several runs, without the readings that Asian editions keep beside them."""
    texts = [(part.text or "") for part in item if _local(part) == "t"]
    runs = [(part.text or "") for run in item if _local(run) == "r" for part in run if _local(part) == "t"]
    return _unescaped("".join(texts + runs))


def _unescaped(text: str) -> str:
    return ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _attribute(element: Element, name: str) -> str:
    return next((value for key, value in element.items() if key.rpartition("}")[2] == name), "")


def _number(element: Element, name: str) -> int:
    return int(element.get(name, "0"))
