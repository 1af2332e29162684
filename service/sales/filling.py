"""Writing values into single cells of a customer's workbook, with every other byte of its sheets left as it is.

A library that reads a workbook and writes it anew loses what it does not know: charts, pictures, rules for colours, form controls.
So the bytes of the cells concerned are replaced where they stand, and each cell keeps its style. Text is written as text, never
as a formula. Runs in a limited child process.
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from service.spreadsheets.archive import WORKBOOK_PART, find_problem
from service.spreadsheets.cells import column_number, read_cells

_REFERENCE: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_CALCULATION: Final = re.compile(rb"<((?:\w+:)?calcPr)\b([^>]*?)(/?)>")
_MAX_BYTES: Final = 16 * 1024 * 1024


class UnfillableError(ValueError):
    """A cell can't be written: its sheet is missing, it holds a formula, or the part is in an odd encoding."""


@dataclass(slots=True)
class _Row:
    """A row of a sheet by byte positions; `end` is where its closing tag begins, or where an empty row's tag begins."""

    start: int
    tag_end: int
    end: int
    is_empty: bool
    cells: dict[str, tuple[int, int, str, bool]] = field(default_factory=dict)


@dataclass(slots=True)
class _Layout:
    """Where things stand in a sheet part."""

    rows: dict[int, _Row] = field(default_factory=dict)
    prefix: str = ""
    data_start: int = 0
    data_end: int = 0
    data_is_empty: bool = False


def fill_cells(content: bytes, values: Sequence[tuple[str, str, str | float]]) -> bytes:
    """Return the workbook with values in some cells.

    Parameters
    ----------
    values
        (sheet, cell, text or number); no cell twice.

    Raises
    ------
    UnfillableError
        A cell can't be written; nothing is.

    """
    if find_problem(content) is not None:
        message = "the workbook can't be opened"
        raise UnfillableError(message)
    by_part: dict[str, list[tuple[str, str | float]]] = {}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = _parts_of(archive)
        for sheet, cell, value in values:
            if sheet not in parts:
                message = f"there is no sheet {sheet!r}"
                raise UnfillableError(message)
            by_part.setdefault(parts[sheet], []).append((cell, value))
        return _rewritten(archive, by_part)


def read_form(content: bytes) -> dict[str, Any]:
    """Return what `read_cells` does, each sheet with its merged ranges as `merges`: [[first column, first row, last...]]."""
    found = read_cells(content)
    if "problem" in found:
        return found
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = _parts_of(archive)
        merges = {name: _merges(archive.read(part)) for name, part in parts.items()}
    return {"sheets": [{**sheet, "merges": merges.get(sheet["name"], [])} for sheet in found["sheets"]]}


def _merges(part: bytes) -> list[list[int]]:
    found: list[list[int]] = []

    def started(tag: str, attributes: Mapping[str, str]) -> None:
        if tag.rpartition(":")[2] != "mergeCell":
            return
        first, _, last = attributes.get("ref", "").partition(":")
        corners = [_REFERENCE.fullmatch(one) for one in (first, last or first)]
        if all(corners):
            found.append([number for one in corners if one for number in (column_number(one[1]), int(one[2]))])

    _parse(part, started)
    return found


def _rewritten(archive: zipfile.ZipFile, by_part: Mapping[str, Sequence[tuple[str, str | float]]]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as new:
        for entry in archive.infolist():
            part = archive.read(entry)
            if entry.filename in by_part:
                part = _filled(part, by_part[entry.filename])
            elif entry.filename.lower() == WORKBOOK_PART:
                part = _calculated_on_opening(part)
            new.writestr(entry, part, compress_type=entry.compress_type)
    return stream.getvalue()


def _calculated_on_opening(part: bytes) -> bytes:
    """Let formulas that depend on the filled cells be calculated when the workbook is opened."""

    def with_flag(found: re.Match[bytes]) -> bytes:
        kept = re.sub(rb"\s*fullCalcOnLoad=\"[^\"]*\"", b"", found[2])
        return b"<" + found[1] + kept.rstrip() + b' fullCalcOnLoad="1"' + found[3] + b">"

    return _CALCULATION.sub(with_flag, part, count=1)


def _parts_of(archive: zipfile.ZipFile) -> Mapping[str, str]:
    """Return the part of each worksheet by its name."""
    names = {entry.filename.replace("\\", "/").lower(): entry.filename for entry in archive.infolist()}
    targets: dict[str, str] = {}
    sheets: dict[str, str] = {}

    def relation(tag: str, attributes: Mapping[str, str]) -> None:
        if tag.endswith("Relationship") and attributes.get("Type", "").endswith("/worksheet"):
            target = attributes.get("Target", "").replace("\\", "/")
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
            targets[attributes.get("Id", "")] = names.get(path.lower(), "")

    def sheet(tag: str, attributes: Mapping[str, str]) -> None:
        if tag.rpartition(":")[2] == "sheet":
            key = next((value for name, value in attributes.items() if name.rpartition(":")[2] == "id"), "")
            if targets.get(key):
                sheets[attributes.get("name", "")] = targets[key]

    _parse(archive.read(names["xl/_rels/workbook.xml.rels"]), relation)
    _parse(archive.read(names[WORKBOOK_PART]), sheet)
    return sheets


def _parse(part: bytes, started: Any) -> None:  # noqa: ANN401 - a callback of expat
    parser = expat.ParserCreate()
    parser.StartElementHandler = started
    parser.EntityDeclHandler = _refuse_entity
    parser.Parse(part, True)


def _refuse_entity(*declared: object) -> None:
    message = f"the part declares an entity: {declared[0]}"
    raise UnfillableError(message)


def _filled(part: bytes, values: Iterable[tuple[str, str | float]]) -> bytes:
    head = part[:200].lower()
    if len(part) > _MAX_BYTES or not (b"encoding" not in head or b"utf-8" in head) or part[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        message = "the sheet is too large or not in UTF-8"
        raise UnfillableError(message)
    for cell, value in values:
        part = _with_cell(part, cell, value)
    return part


def _with_cell(part: bytes, cell: str, value: str | float) -> bytes:
    found = _REFERENCE.fullmatch(cell)
    if found is None:
        message = f"{cell!r} is no cell"
        raise UnfillableError(message)
    layout = _layout(part)
    row = layout.rows.get(int(found[2]))
    if row is None:
        return _with_row(part, layout, int(found[2]), _element(layout.prefix, cell, value, style=""))
    if cell in row.cells:
        start, end, style, is_formula = row.cells[cell]
        if is_formula:
            message = f"{cell} holds a formula"
            raise UnfillableError(message)
        return part[:start] + _element(layout.prefix, cell, value, style=style) + part[end:]
    element = _element(layout.prefix, cell, value, style="")
    if row.is_empty:
        tag = part[row.start : row.tag_end]
        opened = tag.rstrip()[:-2].rstrip() + b">"
        return part[: row.start] + opened + element + f"</{layout.prefix}row>".encode() + part[row.tag_end :]
    after = [start for other, (start, _, _, _) in row.cells.items() if _order(other) > _order(cell)]
    place = min(after) if after else row.end
    return part[:place] + element + part[place:]


def _with_row(part: bytes, layout: _Layout, number: int, element: bytes) -> bytes:
    row = f'<{layout.prefix}row r="{number}">'.encode() + element + f"</{layout.prefix}row>".encode()
    if layout.data_is_empty:
        tag = part[layout.data_start : layout.data_end]
        opened = tag.rstrip()[:-2].rstrip() + b">"
        closed = f"</{layout.prefix}sheetData>".encode()
        return part[: layout.data_start] + opened + row + closed + part[layout.data_end :]
    after = [one.start for other, one in layout.rows.items() if other > number]
    place = min(after) if after else layout.data_end
    return part[:place] + row + part[place:]


def _order(cell: str) -> tuple[int, str]:
    letters = cell.rstrip("0123456789")
    return len(letters), letters


def _element(prefix: str, cell: str, value: str | float, *, style: str) -> bytes:
    """Return a cell; text inline, so that no other part changes."""
    kept = f" s={quoteattr(style)}" if style else ""
    if isinstance(value, str):
        text = escape("".join(mark for mark in value if mark.isprintable() or mark == "\n"))
        inline = f'<{prefix}is><{prefix}t xml:space="preserve">{text}</{prefix}t></{prefix}is>'
        return f'<{prefix}c r="{cell}"{kept} t="inlineStr">{inline}</{prefix}c>'.encode()
    return f'<{prefix}c r="{cell}"{kept}><{prefix}v>{value!r}</{prefix}v></{prefix}c>'.encode()


def _layout(part: bytes) -> _Layout:
    """Find rows and cells of a sheet by byte positions."""
    reader = _Reader(part)
    return reader.layout


class _Reader:
    """Notes where rows and cells begin and end."""

    def __init__(self, part: bytes) -> None:
        self.layout = _Layout()
        self._part = part
        self._row: _Row | None = None
        self._cell: tuple[str, int, str] | None = None
        self._is_formula = False
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._started
        self._parser.EndElementHandler = self._ended
        self._parser.EntityDeclHandler = _refuse_entity
        self._parser.Parse(part, True)

    def _tag_end(self) -> int:
        """Return where the tag that begins here ends; a `>` inside an attribute's quotes does not end it."""
        place, quote = self._parser.CurrentByteIndex, 0
        while True:
            mark = self._part[place]
            if quote:
                quote = 0 if mark == quote else quote
            elif mark in b"\"'":
                quote = mark
            elif mark == ord(">"):
                return place + 1
            place += 1

    def _started(self, tag: str, attributes: Mapping[str, str]) -> None:
        prefix, _, name = tag.rpartition(":")
        start = self._parser.CurrentByteIndex
        if name == "sheetData":
            self.layout.prefix = f"{prefix}:" if prefix else ""
            self.layout.data_start = start
        elif name == "row":
            end = self._tag_end()
            number = int(attributes.get("r", "0")) or max(self.layout.rows, default=0) + 1
            self._row = _Row(start=start, tag_end=end, end=end, is_empty=self._part[end - 2 : end] == b"/>")
            self.layout.rows[number] = self._row
        elif name == "c":
            self._cell, self._is_formula = (attributes.get("r", ""), start, attributes.get("s", "")), False
        elif name == "f":
            self._is_formula = True

    def _ended(self, tag: str) -> None:
        name = tag.rpartition(":")[2]
        place = self._parser.CurrentByteIndex
        if name == "c" and self._cell is not None and self._row is not None:
            reference, start, style = self._cell
            self._row.cells[reference] = (start, self._tag_end(), style, self._is_formula)
            self._cell = None
        elif name == "row" and self._row is not None:
            self._row.end = place
            self._row = None
        elif name == "sheetData":
            end = self._tag_end()
            self.layout.data_is_empty = self._part[end - 2 : end] == b"/>"
            self.layout.data_end = end if self.layout.data_is_empty else place
