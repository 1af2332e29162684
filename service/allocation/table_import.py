"""From the cells of an uploaded workbook to offers or demands: everything is checked before anything changes."""

import re
import unicodedata
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from service.errors import N_, FieldError, InvalidInputError, ServiceError
from service.spreadsheets.archive import PROBLEMS
from service.spreadsheets.cells import column_name
from service.suppliers.flows import FLOWS
from service.suppliers.purchase_import import CellProblem, as_text, flow_names, ids_by_name, plain_text, read_number
from service.suppliers.queries import SupplierRow
from service.suppliers.workbook import Column
from service.web.forms import field_error

HEADER_SEARCH_ROWS: Final = 5
MAX_ROWS: Final = 2000
CHOICES_SHEET: Final = "可选值 Choices"
YES, NO = frozenset({"是", "yes", "y", "1", "true", "√"}), frozenset({"否", "no", "n", "0", "false", "×"})

Cell = str | float | bool | None
Fields = TypeVar("Fields", bound=BaseModel)
ReadCell = Callable[[Cell], object]


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
        Fields that tell one row from another.

    """

    sheet: str
    columns: tuple[Column, ...]
    readers: Mapping[str, ReadCell]
    required: frozenset[str]
    identity: tuple[str, ...]
    fields: type[Fields]


@dataclass(frozen=True, slots=True, kw_only=True)
class Present:
    """A recorded row, as it would be typed."""

    id: uuid.UUID
    version: int
    fields: BaseModel


@dataclass(frozen=True, slots=True, kw_only=True)
class Change(Generic[Fields]):
    """What one row would do; `row` as Excel counts, `present` None adds one."""

    row: int
    fields: Fields
    present: Present | None

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
    table: Table[Fields], answer: Mapping[str, Any], *, present: Sequence[Present], check: Check = lambda _: None
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


def supplier_reader(suppliers: Sequence[SupplierRow]) -> ReadCell:
    """Return a reader of names and registration numbers."""
    known = ids_by_name(suppliers)

    def read(cell: Cell) -> uuid.UUID:
        found = known.get(plain_text(as_text(cell)), ())
        if not found:
            raise FieldError(
                N_("No active supplier has this name or registration number; see the sheet “Choices”, or add the supplier first.")
            )
        if len(found) > 1:
            raise FieldError(N_("%(count)s suppliers have this name; write the registration number instead."), count=len(found))
        return found[0]

    return read


def read_flow(cell: Cell) -> str:
    """Return a material by its key or its name in either language."""
    known = {plain_text(name): key for key in FLOWS for name in flow_names(key)}
    found = known.get(plain_text(as_text(cell)))
    if found is None:
        raise FieldError(N_("This material is not known; write one of those on the sheet “Choices”."))
    return found


def read_percent(cell: Cell) -> float:
    """Return percent from a cell shown in percent (`40%`) or a plain number (40)."""
    return read_number(re.sub(r"\s*[%％]$", "", cell) if isinstance(cell, str) else cell)


def read_yes(cell: Cell) -> bool:
    """Return whether a cell says yes."""
    text = unicodedata.normalize("NFKC", as_text(cell)).strip().casefold()
    if text not in YES | NO:
        raise FieldError(N_("Write 是 / yes or 否 / no here."))
    return text in YES


def _plan_rows(
    table: Table[Fields],
    sheet: str,
    rows: Mapping[int, Mapping[int, Cell]],
    header: tuple[int, Mapping[str, int]],
    *,
    present: Sequence[Present],
    check: Check,
) -> TablePlan[Fields]:
    start, columns = header
    known = {_identity(table, one.fields): one for one in present}
    changes: dict[tuple[object, ...], Change[Fields]] = {}
    problems: list[CellProblem] = []
    for place in _places(table, sheet, rows, start, columns):
        fields, found = _read(table, place, check)
        problems += found
        if fields is None:
            continue
        key = _identity(table, fields)
        if key in changes:
            message = N_("Row %(row)s is about the same; keep one of them.")
            problems.append(_problem(table, place, table.identity[0], FieldError(message, row=changes[key].row)))
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
    names = {plain_text(name): one.key for one in table.columns for name in (one.header, *one.header.split(" / ", 1))}
    for number in sorted(rows)[:HEADER_SEARCH_ROWS]:
        found = {
            names[plain_text(cell)]: column
            for column, cell in rows[number].items()
            if isinstance(cell, str) and plain_text(cell) in names
        }
        if found.keys() >= table.required:
            return number, found
    return None


def _identity(table: Table[Any], fields: BaseModel) -> tuple[object, ...]:
    return tuple(getattr(fields, name) for name in table.identity)
