"""From the cells of an uploaded workbook to rows of one kind: everything is checked before anything changes."""

import re
import uuid
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from service.errors import N_, FieldError, InvalidInputError, ServiceError
from service.spreadsheets.archive import PROBLEMS
from service.spreadsheets.cells import column_name
from service.suppliers.sheet_cells import Cell, ReadCell, as_text, plain_text
from service.suppliers.workbook import Column
from service.web.forms import FormInput, field_error

HEADER_SEARCH_ROWS: Final = 5
MAX_ROWS: Final = 2000
LANGUAGES: Final = re.compile(r"\s*/ ")
"""What stands between the two languages of a header; a unit such as t/a has no blank behind its stroke."""

Fields = TypeVar("Fields", bound=BaseModel)


@dataclass(frozen=True, slots=True, kw_only=True)
class CellProblem:
    """What is wrong in one place of the workbook.

    Attributes
    ----------
    row
        As Excel counts, from 1; 0 for the sheet as a whole.
    column
        Header of the column; empty for a whole row.
    cell
        Address as Excel shows it: C5; empty for a whole row or sheet.
    value
        What stands there.

    """

    sheet: str
    row: int
    column: str
    cell: str
    value: str
    error: ServiceError


@dataclass(frozen=True, slots=True, kw_only=True)
class Table(Generic[Fields]):
    """A kind of sheet.

    Attributes
    ----------
    readers
        How each column is read, by key.
    required
        Columns without which a sheet is not this table, and cells that may not be empty.
    identity
        Returns what tells one row from another.
    clashes
        Whether two rows can't both be true, beyond having the same identity.

    """

    sheet: str
    columns: tuple[Column, ...]
    readers: Mapping[str, ReadCell]
    required: frozenset[str]
    identity: Callable[[Fields], Hashable]
    fields: type[Fields]
    clashes: Callable[[Fields, Fields], bool] = lambda _one, _other: False


class Planned(FormInput, Generic[Fields]):
    """One row of a confirmed import; `id` and `version` of what it changes, as the preview saw it, None where it adds."""

    fields: Fields
    id: uuid.UUID | None
    version: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Present(Generic[Fields]):
    """A recorded row, as it would be typed."""

    id: uuid.UUID
    version: int
    fields: Fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Change(Generic[Fields]):
    """What one row would do; `row` as Excel counts, `present` None adds one."""

    row: int
    fields: Fields
    present: Present[Fields] | None

    @property
    def kind(self) -> str:
        """`new`, `changed`, or `same` if nothing would change."""
        if self.present is None:
            return "new"
        return "same" if self.present.fields == self.fields else "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class TablePlan(Generic[Fields]):
    """What an upload would do; with problems it does nothing."""

    changes: Sequence[Change[Fields]]
    problems: Sequence[CellProblem]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """A row of the sheet: its cells by key, its number, and which column each key stands in."""

    sheet: str
    number: int
    cells: Mapping[str, Cell]
    columns: Mapping[str, int]


Check = Callable[[Any], object]


def plan_table(
    table: Table[Fields], answer: Mapping[str, Any], *, present: Sequence[Present[Fields]], check: Check = lambda _: None
) -> TablePlan[Fields]:
    """Turn the answer of `spreadsheets.cells.read_cells` into changes, or into problems by cell.

    Parameters
    ----------
    present
        All rows recorded so far.
    check
        Raises `InvalidInputError` for a row that the tables forbid, such as a supplier of another trade.

    """
    if "problem" in answer:
        return _refused("", FieldError(PROBLEMS[answer["problem"]]))
    for sheet in answer["sheets"]:
        rows = _rows(sheet["cells"])
        header = _find_header(table, rows)
        if header is not None:
            return _plan_rows(table, sheet["name"], rows, header, present=present, check=check)
    headers = ", ".join(column.header for column in table.columns if column.key in table.required)
    message = N_("No sheet has a line with these headers: %(headers)s. Start from the template.")
    return _refused(", ".join(sheet["name"] for sheet in answer["sheets"]), FieldError(message, headers=headers))


def apply_planned(
    rows: Iterable[Planned[Fields]], *, add: Callable[[Fields], object], change: Callable[[uuid.UUID, Fields, int], object]
) -> None:
    """Add and change what a preview showed; any error undoes all of it with the caller's transaction."""
    for row in rows:
        if row.id is None:
            add(row.fields)
        else:
            change(row.id, row.fields, row.version or 0)


def _plan_rows(
    table: Table[Fields],
    sheet: str,
    rows: Mapping[int, Mapping[int, Cell]],
    header: tuple[int, Mapping[str, int]],
    *,
    present: Sequence[Present[Fields]],
    check: Check,
) -> TablePlan[Fields]:
    start, columns = header
    known = {table.identity(one.fields): one for one in present}
    changes: dict[Hashable, Change[Fields]] = {}
    problems: list[CellProblem] = []
    for place in _places(table, sheet, rows, start, columns):
        fields, found = _read(table, place, check)
        problems += found
        if fields is None:
            continue
        key = table.identity(fields)
        same = changes.get(key) or next((one for one in changes.values() if table.clashes(one.fields, fields)), None)
        if same is not None:
            message = N_("Row %(row)s is about the same; keep one of them.")
            problems.append(_problem(table, place, table.columns[0].key, FieldError(message, row=same.row)))
        else:
            changes[key] = Change(row=place.number, fields=fields, present=known.get(key))
    if not changes and not problems:
        return _refused(sheet, FieldError(N_("There is no row below the headers; fill in at least one.")))
    if len(changes) > MAX_ROWS:
        return _refused(sheet, FieldError(N_("More than %(limit)s rows; split the file."), limit=MAX_ROWS))
    return TablePlan(changes=() if problems else tuple(changes.values()), problems=problems)


def _places(
    table: Table[Any], sheet: str, rows: Mapping[int, Mapping[int, Cell]], start: int, columns: Mapping[str, int]
) -> Iterator[_Place]:
    """Yield the rows below the header; the template's line of hints is passed over."""
    first = table.columns[0]
    for number in sorted(rows):
        cells = {key: rows[number].get(column) for key, column in columns.items()}
        is_hint = cells.get(first.key) == first.hint
        if number > start and not is_hint and any(cell is not None for cell in cells.values()):
            yield _Place(sheet=sheet, number=number, cells=cells, columns=columns)


def _read(table: Table[Fields], place: _Place, check: Check) -> tuple[Fields | None, list[CellProblem]]:
    values: dict[str, object] = {}
    problems: list[CellProblem] = []
    for key, cell in place.cells.items():
        try:
            if cell is not None:
                values[key] = table.readers[key](cell)
            elif key in table.required:
                raise FieldError(N_("This cell is empty; fill it in."))  # noqa: TRY301 - one way out for all that is wrong with a cell
        except FieldError as error:
            problems.append(_problem(table, place, key, error))
    if problems:
        return None, problems
    try:
        fields = table.fields.model_validate(values)
        check(fields)
    except ValidationError as error:
        found = [(str(item["loc"][0]) if item["loc"] else None, field_error(item)) for item in error.errors()]
        return None, [_problem(table, place, key, one) for key, one in found]
    except InvalidInputError as error:
        return None, [_problem(table, place, key, one) for key, one in error.fields.items()]
    return fields, []


def _problem(table: Table[Any], place: _Place, key: str | None, error: ServiceError) -> CellProblem:
    column = place.columns.get(key) if key else None
    value = place.cells.get(key) if key else None
    return CellProblem(
        sheet=place.sheet,
        row=place.number,
        column=next((one.header for one in table.columns if one.key == key), ""),
        cell=f"{column_name(column)}{place.number}" if column is not None else "",
        value="" if value is None else as_text(value)[:60],
        error=error,
    )


def _refused(sheet: str, error: ServiceError) -> TablePlan[Any]:
    return TablePlan(changes=(), problems=[CellProblem(sheet=sheet, row=0, column="", cell="", value="", error=error)])


def _rows(cells: Sequence[Mapping[str, Any]]) -> Mapping[int, Mapping[int, Cell]]:
    """Return values by row and column, both as Excel counts."""
    rows: dict[int, dict[int, Cell]] = {}
    for cell in cells:
        value = _MARKED.get(cell["kind"], cell["value"])
        rows.setdefault(cell["row"], {})[cell["column"]] = value
    return rows


_MARKED: Mapping[str, Cell] = {"uncached": "=?", "error": "#"}
"""What stands for a formula without a result or an error: nothing reads it as a value."""


def _find_header(table: Table[Any], rows: Mapping[int, Mapping[int, Cell]]) -> tuple[int, Mapping[str, int]] | None:
    """Return number of the header line and column by key; a header is known by both languages or either."""
    names = {
        plain_text(name): one.key for one in table.columns for name in (one.header, *re.split(r"\s*/ ", one.header, maxsplit=1))
    }
    for number in sorted(rows)[:HEADER_SEARCH_ROWS]:
        found = {
            names[plain_text(cell)]: column
            for column, cell in rows[number].items()
            if isinstance(cell, str) and plain_text(cell) in names
        }
        if found.keys() >= table.required:
            return number, found
    return None
