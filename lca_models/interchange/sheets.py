"""Sheets of a workbook as text: rows keep their numbers, so that a message names the row that Excel shows."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lca_models.errors import N_, TableError
from lca_models.tables import Place, Row

Cell = str | float | bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One sheet, or a CSV file.

    Attributes
    ----------
    label
        How messages call it: ``book.xlsx [sheet]``, or the name of the file.
    rows
        Cells as text, empty ones included; the first row is row 1.

    """

    label: str
    name: str
    rows: Sequence[Sequence[str]]

    @property
    def first_cell(self) -> str:
        """The cell A1, in small letters."""
        return self.rows[0][0].casefold() if self.rows and self.rows[0] else ""

    def place(self, index: int) -> Place:
        """Return where the row of an index is."""
        return Place(file=self.label, line=index + 1)

    def row(self, index: int, header: Sequence[str]) -> Row:
        """Return a row by the columns of a header; cells beyond it are left out."""
        cells = [*self.rows[index], *([""] * len(header))]
        return Row(place=self.place(index), cells={column: cells[at] for at, column in enumerate(header) if column})

    def as_csv(self) -> bytes:
        """Return a CSV whose lines are the sheet's rows."""
        width = max((len(row) for row in self.rows), default=0)
        stream = io.StringIO(newline="")
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerows([*row, *([""] * (width - len(row)))] for row in self.rows)
        return stream.getvalue().encode()


def read_sheets(answer: Iterable[Mapping[str, Any]], *, file: str) -> tuple[Sheet, ...]:
    """Return the sheets of a workbook.

    Parameters
    ----------
    answer
        By sheet: name, rows of cells, and whether rows were cut off because there are too many.

    """
    found = []
    for one in answer:
        if one["cut"]:
            raise TableError(
                N_("%(file)s: the sheet “%(sheet)s” has more than %(count)s rows. Split it over several sheets or files."),
                file=file,
                sheet=one["name"],
                count=len(one["rows"]),
            )
        found.append(Sheet(label=f"{file} [{one['name']}]", name=one["name"], rows=_trimmed(one["rows"])))
    return tuple(found)


def read_csv(content: bytes, *, file: str) -> Sheet:
    """Return a CSV file, UTF-8 with or without byte order mark, as a sheet."""
    try:
        text = content.decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise TableError(
            N_("%(file)s is no CSV in UTF-8 (%(problem)s). Save it as “CSV UTF-8”."), file=file, problem=error
        ) from error
    return Sheet(label=file, name=file, rows=_trimmed(rows))


def _trimmed(rows: Sequence[Sequence[Cell]]) -> tuple[tuple[str, ...], ...]:
    """Return cells as text in one line each, without the empty ones at the end of rows."""
    found = []
    for row in rows:
        texts = [_text(cell) for cell in row]
        while texts and not texts[-1]:
            texts.pop()
        found.append(tuple(texts))
    return tuple(found)


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float | int) and not isinstance(cell, bool):
        return str(int(cell)) if float(cell).is_integer() and abs(cell) < 2**53 else repr(float(cell))
    return " ".join(str(cell).split())
