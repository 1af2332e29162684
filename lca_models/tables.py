"""Strict reading of CSV tables: every problem names file, line, column, value and fix."""

import csv
import io
import math
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from lca_models.errors import N_, TableError

# What people write as a number in a CSV; float() alone would also take "1_0", "nan" and digits of other scripts.
_NUMBER: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a row stands."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of a table, by column; cells are stripped of blanks around them."""

    place: Place
    cells: Mapping[str, str]

    def error(self, column: str, template: str, **values: object) -> TableError:
        """Return an error for one cell; `template` has the placeholders of the place and the value besides its own."""
        place = {"file": self.place.file, "line": self.place.line, "column": column, "value": self.cells.get(column, "")}
        return TableError(template, **(place | values))

    def optional_text(self, column: str) -> str:
        """Return a cell, empty if the table has no such column."""
        return self.cells.get(column, "")

    def text(self, column: str) -> str:
        """Return a cell that must not be empty."""
        value = self.optional_text(column)
        if not value:
            raise self.error(column, N_("%(file)s, line %(line)s, column %(column)s: the cell is empty. Fill it in."))
        return value

    def number(self, column: str) -> float:
        """Return a finite number."""
        value = self.text(column)
        number = float(value) if _NUMBER.fullmatch(value) else math.nan
        if not math.isfinite(number):
            raise self.error(
                column,
                N_(
                    "%(file)s, line %(line)s, column %(column)s: “%(value)s” is not a finite number. "
                    "Write it like 12.5 or 3e-5, without unit."
                ),
            )
        return number

    def optional_number(self, column: str) -> float | None:
        """Return a finite number, or None for an empty cell: missing is not zero."""
        return self.number(column) if self.optional_text(column) else None

    def choice(self, column: str, allowed: Collection[str]) -> str:
        """Return a cell that must be one of `allowed`."""
        value = self.optional_text(column)
        if value not in allowed:
            raise self.error(
                column,
                N_("%(file)s, line %(line)s, column %(column)s: “%(value)s” is not allowed. Use one of: %(allowed)s."),
                allowed=", ".join(item or "(empty)" for item in allowed),
            )
        return value


def read_table(content: bytes, *, file: str, required: Collection[str], optional: Collection[str] | None) -> tuple[Row, ...]:
    """Read a CSV with a header line; blank lines are skipped.

    Parameters
    ----------
    content
        UTF-8, with or without byte order mark.
    file
        Name for messages.
    required, optional
        Columns; `optional` None lets any other column be.

    """
    reader = csv.reader(io.StringIO(_decoded(content, file=file), newline=""), strict=True)
    rows: list[Row] = []
    try:
        header = tuple(cell.strip() for cell in next(reader, []))
        _check_header(header, file=file, required=required, optional=optional)
        rows.extend(
            _row(header, cells, Place(file=file, line=reader.line_num)) for cells in reader if any(cell.strip() for cell in cells)
        )
    except csv.Error as error:
        raise TableError(
            N_("%(file)s, line %(line)s: not a valid CSV line (%(problem)s). Check the quotation marks."),
            file=file,
            line=reader.line_num,
            problem=error,
        ) from error
    return tuple(rows)


def _decoded(content: bytes, *, file: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise TableError(
            N_("%(file)s is not UTF-8 text (byte %(position)s). Save it as “CSV UTF-8”."), file=file, position=error.start
        ) from error


def _check_header(header: tuple[str, ...], *, file: str, required: Collection[str], optional: Collection[str] | None) -> None:
    missing = [column for column in required if column not in header]
    if missing:
        raise TableError(
            N_(
                "%(file)s, line 1: the columns %(missing)s are missing; found: %(found)s. "
                "Separate columns by commas and name them in the first line."
            ),
            file=file,
            missing=", ".join(missing),
            found=", ".join(header) or "-",
        )
    for column in header:
        unknown = optional is not None and column not in required and column not in optional
        if unknown or header.count(column) > 1:
            raise TableError(
                N_("%(file)s, line 1: the column “%(column)s” is unknown or stands twice. Allowed: %(allowed)s."),
                file=file,
                column=column,
                allowed=", ".join([*required, *(optional or ())]),
            )


def _row(header: tuple[str, ...], cells: list[str], place: Place) -> Row:
    if len(cells) != len(header):
        raise TableError(
            N_(
                "%(file)s, line %(line)s has %(count)s cells, the header has %(expected)s. "
                "Put text with a comma into quotation marks."
            ),
            file=place.file,
            line=place.line,
            count=len(cells),
            expected=len(header),
        )
    return Row(place=place, cells=dict(zip(header, (cell.strip() for cell in cells), strict=True)))
