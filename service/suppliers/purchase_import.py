"""From the cells of an uploaded workbook to purchases: everything is checked before anything changes."""

import re
import unicodedata
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from pydantic import ValidationError

from service.errors import N_, FieldError, ServiceError
from service.i18n import translate
from service.spreadsheets.archive import PROBLEMS
from service.suppliers.flows import FLOWS, flows_of_type
from service.suppliers.queries import PurchaseRow, SupplierRow
from service.suppliers.schemas import PurchaseInput
from service.suppliers.workbook import Column
from service.web.forms import field_error

SHEET: Final = "采购 Purchases"
CHOICES_SHEET: Final = "可选值 Choices"
COLUMNS: Final = (
    Column(
        key="supplier_id",
        header="供应商 / Supplier",
        hint="名称或统一社会信用代码 / name or registration number",
        width=40,
    ),
    Column(key="flow", header="物料 / Material", hint="见“可选值”页 / see the sheet “Choices”", width=32),
    Column(key="period_start", header="开始日期 / Period start", hint="2025-01-01", width=24),
    Column(key="period_end", header="结束日期 / Period end", hint="2025-12-31", width=24),
    Column(key="amount_t", header="数量（t）/ Amount, t", hint="未采购填 0 / 0 if nothing was bought", width=22),
    Column(
        key="price_cny_per_t",
        header="不含税单价（元/t）/ Price without VAT, CNY/t",
        hint="可不填 / may stay empty",
        width=34,
    ),
)
REQUIRED: Final = frozenset({"supplier_id", "flow", "period_start", "period_end", "amount_t"})
HEADER_SEARCH_ROWS: Final = 5

Cell = str | float | bool | None


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
class Change:
    """What one row would do.

    Attributes
    ----------
    row
        As Excel counts, from 1.
    present
        The purchase that it would change; None adds one.

    """

    row: int
    supplier: SupplierRow
    fields: PurchaseInput
    present: PurchaseRow | None

    @property
    def kind(self) -> str:
        """`new`, `changed`, or `same` if nothing would change."""
        if self.present is None:
            return "new"
        same = (self.present.amount_t, self.present.price_cny_per_t) == (self.fields.amount_t, self.fields.price_cny_per_t)
        return "same" if same else "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPlan:
    """What an upload would do; with problems it does nothing."""

    changes: Sequence[Change]
    problems: Sequence[CellProblem]

    def of_kind(self, kind: str) -> Sequence[Change]:
        """Return the changes of one kind."""
        return [change for change in self.changes if change.kind == kind]


def plan_import(answer: Mapping[str, Any], *, suppliers: Sequence[SupplierRow], present: Sequence[PurchaseRow]) -> ImportPlan:
    """Turn the answer of `spreadsheet.read_sheets` into changes, or into problems by cell.

    Parameters
    ----------
    suppliers
        All active suppliers.
    present
        All purchases recorded so far.

    """
    if "problem" in answer:
        return _refused("", FieldError(PROBLEMS[answer["problem"]]))
    sheets = answer["sheets"]
    for sheet in sheets:
        header = _find_header(sheet["rows"])
        if header is not None:
            return _Reader(sheet, header, suppliers=suppliers, present=present).plan()
    headers = ", ".join(column.header for column in COLUMNS if column.key in REQUIRED)
    names = ", ".join(sheet["name"] for sheet in sheets)
    return _refused(
        names, FieldError(N_("No sheet has a line with these headers: %(headers)s. Start from the template."), headers=headers)
    )


def _refused(sheet: str, error: ServiceError) -> ImportPlan:
    return ImportPlan(changes=(), problems=[CellProblem(sheet=sheet, row=0, column="", cell="", value="", error=error)])


def _find_header(rows: Sequence[Sequence[Cell]]) -> tuple[int, Mapping[str, int]] | None:
    """Return index of the header line and column index by key; a header is known by both languages or either."""
    names = {plain_text(name): column.key for column in COLUMNS for name in (column.header, *column.header.split("/", 1))}
    for index, row in enumerate(rows[:HEADER_SEARCH_ROWS]):
        places = {
            names[plain_text(cell)]: place for place, cell in enumerate(row) if isinstance(cell, str) and plain_text(cell) in names
        }
        if places.keys() >= REQUIRED:
            return index, places
    return None


def plain_text(text: str) -> str:
    """Return a text as names are compared: full-width marks as plain ones, no blanks, small letters."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold()


class _Reader:
    """Reads one sheet; problems gather until the end, so that a person mends all at once."""

    def __init__(
        self,
        sheet: Mapping[str, Any],
        header: tuple[int, Mapping[str, int]],
        *,
        suppliers: Sequence[SupplierRow],
        present: Sequence[PurchaseRow],
    ) -> None:
        self._sheet = sheet
        self._header_index, self._places = header
        self._suppliers = {row.id: row for row in suppliers}
        self._by_name = ids_by_name(suppliers)
        self._present = _by_supplier_and_flow(present)
        self._flows = {plain_text(name): flow.key for flow in FLOWS.values() for name in flow_names(flow.key)}
        self._problems: list[CellProblem] = []
        self._changes: list[Change] = []

    def plan(self) -> ImportPlan:
        """Read all rows below the header; the template's line of hints and empty lines are passed over."""
        if self._sheet["cut"]:
            limit = len(self._sheet["rows"])
            self._add(0, None, FieldError(N_("More than %(limit)s rows; split the file."), limit=limit))
        for index, row in enumerate(self._sheet["rows"]):
            if index > self._header_index and any(cell is not None for cell in row) and not self._is_hint(row):
                self._read_row(index + 1, row)
        if not self._changes and not self._problems:
            self._add(0, None, FieldError(N_("There is no row below the headers; fill in at least one.")))
        return ImportPlan(changes=() if self._problems else self._changes, problems=self._problems)

    def _is_hint(self, row: Sequence[Cell]) -> bool:
        place = self._places["supplier_id"]
        return place < len(row) and row[place] == COLUMNS[0].hint

    def _read_row(self, number: int, row: Sequence[Cell]) -> None:
        cells = {key: row[place] if place < len(row) else None for key, place in self._places.items()}
        values, failed = self._values(number, cells)
        if failed:
            return
        try:
            fields = PurchaseInput.model_validate(values)
        except ValidationError as error:
            for item in error.errors():
                self._add(number, str(item["loc"][0]) if item["loc"] else None, field_error(item), cells)
            return
        self._add_change(number, fields, cells)

    def _values(self, number: int, cells: Mapping[str, Cell]) -> tuple[dict[str, object], bool]:
        readers = {
            "supplier_id": self._supplier,
            "flow": self._flow,
            "period_start": read_date,
            "period_end": read_date,
            "amount_t": read_number,
            "price_cny_per_t": read_number,
        }
        values: dict[str, object] = {}
        failed = False
        for key, cell in cells.items():
            try:
                values[key] = _optional(cell, key, readers[key])
            except FieldError as error:
                self._add(number, key, error, cells)
                failed = True
        return values, failed

    def _supplier(self, cell: Cell) -> uuid.UUID:
        found = self._by_name.get(plain_text(as_text(cell)), ())
        if not found:
            raise FieldError(
                N_("No active supplier has this name or registration number; see the sheet “Choices”, or add the supplier first.")
            )
        if len(found) > 1:
            raise FieldError(N_("%(count)s suppliers have this name; write the registration number instead."), count=len(found))
        return found[0]

    def _flow(self, cell: Cell) -> str:
        key = self._flows.get(plain_text(as_text(cell)))
        if key is None:
            raise FieldError(N_("This material is not known; write one of those on the sheet “Choices”."))
        return key

    def _add_change(self, number: int, fields: PurchaseInput, cells: Mapping[str, Cell]) -> None:
        supplier = self._suppliers[fields.supplier_id]
        if supplier.supplier_type not in FLOWS[fields.flow].supplier_types:
            allowed = ", ".join(flow.key for flow in flows_of_type(supplier.supplier_type)) or "–"
            error = FieldError(
                N_("This supplier does not deliver this material; by its type it delivers: %(allowed)s."), allowed=allowed
            )
            self._add(number, "flow", error, cells)
            return
        change = Change(row=number, supplier=supplier, fields=fields, present=self._same(fields))
        clash = self._clash(change)
        if clash is not None:
            self._add(number, "period_start", clash, cells)
            return
        self._changes.append(change)

    def _same(self, fields: PurchaseInput) -> PurchaseRow | None:
        rows = self._present.get((fields.supplier_id, fields.flow), ())
        period = (fields.period_start, fields.period_end)
        return next((row for row in rows if (row.period_start, row.period_end) == period), None)

    def _clash(self, change: Change) -> FieldError | None:
        fields = change.fields
        for earlier in self._changes:
            other = earlier.fields
            if (other.supplier_id, other.flow) == (fields.supplier_id, fields.flow) and _overlap(other, fields):
                return FieldError(
                    N_("Row %(row)s has the same supplier and material for some of these days; keep one of them."), row=earlier.row
                )
        for row in self._present.get((fields.supplier_id, fields.flow), ()):
            if row != change.present and _overlap(row, fields):
                return FieldError(
                    N_(
                        "%(amount)s t from %(start)s to %(end)s are already recorded, and some of the days are the same; "
                        "use that period, or delete that record first."
                    ),
                    amount=f"{row.amount_t:g}",
                    start=row.period_start,
                    end=row.period_end,
                )
        return None

    def _add(self, number: int, key: str | None, error: ServiceError, cells: Mapping[str, Cell] | None = None) -> None:
        place = self._places.get(key) if key else None
        column = next((column.header for column in COLUMNS if column.key == key), "")
        value = (cells or {}).get(key) if key else None
        self._problems.append(
            CellProblem(
                sheet=self._sheet["name"],
                row=number,
                column=column,
                cell=f"{column_letter(place)}{number}" if place is not None else "",
                value="" if value is None else as_text(value)[:60],
                error=error,
            )
        )


def flow_names(key: str) -> tuple[str, ...]:
    """Return what a flow may be called in a workbook: its key and its name in both languages."""
    label = FLOWS[key].label
    return (key, label, translate("zh-CN", label))


def read_date(cell: Cell) -> date:
    """Return a date from a date cell (ISO text) or from text such as 2025/1/31 or 2025年1月31日."""
    match = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", as_text(cell).strip(), re.ASCII)
    try:
        return date(int(match[1]), int(match[2]), int(match[3])) if match else _no_date()
    except ValueError:
        return _no_date()


def read_number(cell: Cell) -> float:
    """Return a number from a number cell or from text such as 1,250.5; anything else is refused, not guessed."""
    if isinstance(cell, float | int) and not isinstance(cell, bool):
        return float(cell)
    text = unicodedata.normalize("NFKC", as_text(cell)).strip()
    if not re.fullmatch(r"[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?", text, re.ASCII):
        raise FieldError(N_("This is not a number; write digits without a unit, for example 1250.5."))
    return float(text.replace(",", ""))


def _optional(cell: Cell, key: str, read: Callable[[Cell], object]) -> object:
    if cell is None and key in REQUIRED:
        raise FieldError(N_("This cell is empty; fill it in."))
    return None if cell is None else read(cell)


def _no_date() -> date:
    raise FieldError(N_("This is not a date; write it as 2025-12-31."))


def as_text(cell: Cell) -> str:
    """Return a cell as a person reads it; a number that Excel keeps as 12.0 is 12."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def column_letter(place: int) -> str:
    """Return a column's letters by its place from 0; two of them at most."""
    return chr(ord("A") + place) if place < 26 else chr(ord("A") + place // 26 - 1) + chr(ord("A") + place % 26)  # noqa: PLR2004 - letters


def _overlap(one: PurchaseInput | PurchaseRow, other: PurchaseInput) -> bool:
    return one.period_start <= other.period_end and other.period_start <= one.period_end


def ids_by_name(suppliers: Iterable[SupplierRow]) -> Mapping[str, tuple[uuid.UUID, ...]]:
    """Return supplier ids by each of their names and registration numbers, as `plain_text`."""
    found: dict[str, tuple[uuid.UUID, ...]] = {}
    for row in suppliers:
        for name in {plain_text(name) for name in (row.name_zh, row.name_en, row.registration_no) if name}:
            found[name] = (*found.get(name, ()), row.id)
    return found


def _by_supplier_and_flow(purchases: Iterable[PurchaseRow]) -> Mapping[tuple[uuid.UUID, str], tuple[PurchaseRow, ...]]:
    found: dict[tuple[uuid.UUID, str], tuple[PurchaseRow, ...]] = {}
    for row in purchases:
        found[row.supplier_id, row.flow] = (*found.get((row.supplier_id, row.flow), ()), row)
    return found
