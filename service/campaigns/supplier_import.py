"""From the cells of an uploaded list to the suppliers of a campaign: everything is checked before anything changes."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pydantic import ValidationError

from service.campaigns.schemas import ListedSupplier
from service.errors import N_, FieldError, ServiceError
from service.i18n import translate
from service.spreadsheets.archive import PROBLEMS
from service.suppliers.flows import TYPE_LABELS
from service.suppliers.models import SupplierType
from service.suppliers.purchase_import import Cell, CellProblem, as_text, column_letter, ids_by_name, plain_text
from service.suppliers.queries import SupplierRow
from service.suppliers.workbook import Column
from service.web.forms import field_error

SHEET: Final = "供应商 Suppliers"
CHOICES_SHEET: Final = "可选值 Choices"
NEW: Final = "新供应商才填 / for new suppliers only"
COLUMNS: Final = (
    Column(key="name_zh", header="供应商 / Supplier", hint="名称或统一社会信用代码 / name or registration number", width=40),
    Column(key="registration_no", header="统一社会信用代码 / Registration number", hint="可不填 / may stay empty", width=36),
    Column(key="name_en", header="英文名称 / English name", hint=NEW, width=36),
    Column(key="supplier_type", header="类型 / Type", hint="见“可选值”页 / see the sheet “Choices”", width=24),
    Column(key="contact_name", header="联系人 / Contact", hint=NEW, width=20),
    Column(key="contact_email", header="邮箱 / E-mail", hint=NEW, width=32),
    Column(key="contact_phone", header="电话 / Phone", hint=NEW, width=20),
)
HEADER_SEARCH_ROWS: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedRow:
    """What one row would do: add the supplier known, or first make a new one; `row` as Excel counts, from 1."""

    row: int
    fields: ListedSupplier
    known: SupplierRow | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPlan:
    """What an upload would do; with problems it does nothing."""

    rows: Sequence[ListedRow]
    problems: Sequence[CellProblem]


def plan_list(answer: Mapping[str, Any], *, suppliers: Sequence[SupplierRow]) -> ListPlan:
    """Turn the answer of `spreadsheet.read_sheets` into suppliers, or into problems by cell.

    Parameters
    ----------
    suppliers
        All active suppliers.

    """
    if "problem" in answer:
        return _refused("", FieldError(PROBLEMS[answer["problem"]]))
    for sheet in answer["sheets"]:
        header = _find_header(sheet["rows"])
        if header is not None:
            return _Reader(sheet, header, suppliers=suppliers).plan()
    names = ", ".join(sheet["name"] for sheet in answer["sheets"])
    message = N_("No sheet has a line with these headers: %(headers)s. Start from the template.")
    return _refused(names, FieldError(message, headers=COLUMNS[0].header))


def type_names(supplier_type: SupplierType) -> tuple[str, ...]:
    """Return what a type may be called in a list: its key and its name in both languages."""
    label = TYPE_LABELS[supplier_type]
    return (supplier_type.value, label, translate("zh-CN", label))


def _refused(sheet: str, error: ServiceError) -> ListPlan:
    return ListPlan(rows=(), problems=[CellProblem(sheet=sheet, row=0, column="", cell="", value="", error=error)])


def _find_header(rows: Sequence[Sequence[Cell]]) -> tuple[int, Mapping[str, int]] | None:
    names = {plain_text(name): column.key for column in COLUMNS for name in (column.header, *column.header.split("/", 1))}
    for index, row in enumerate(rows[:HEADER_SEARCH_ROWS]):
        texts = {place: plain_text(cell) for place, cell in enumerate(row) if isinstance(cell, str)}
        places = {names[text]: place for place, text in texts.items() if text in names}
        if COLUMNS[0].key in places:
            return index, places
    return None


class _Reader:
    """Reads one sheet; problems gather until the end, so that a person mends all at once."""

    def __init__(
        self, sheet: Mapping[str, Any], header: tuple[int, Mapping[str, int]], *, suppliers: Sequence[SupplierRow]
    ) -> None:
        self._sheet = sheet
        self._header_index, self._places = header
        self._suppliers = {row.id: row for row in suppliers}
        self._by_name = ids_by_name(suppliers)
        self._types = {plain_text(name): one for one in SupplierType for name in type_names(one)}
        self._rows: list[ListedRow] = []
        self._seen: dict[str, int] = {}
        self._problems: list[CellProblem] = []

    def plan(self) -> ListPlan:
        """Read all rows below the header; the template's line of hints and empty lines are passed over."""
        if self._sheet["cut"]:
            self._add(0, None, {}, FieldError(N_("More than %(limit)s rows; split the file."), limit=len(self._sheet["rows"])))
        for index, row in enumerate(self._sheet["rows"]):
            cells = self._cells(row)
            if index > self._header_index and cells and cells.get("name_zh") != COLUMNS[0].hint:
                self._read_row(index + 1, cells)
        if not self._rows and not self._problems:
            self._add(0, None, {}, FieldError(N_("There is no row below the headers; fill in at least one.")))
        return ListPlan(rows=() if self._problems else self._rows, problems=self._problems)

    def _cells(self, row: Sequence[Cell]) -> Mapping[str, str]:
        found = {key: row[place] for key, place in self._places.items() if place < len(row)}
        return {key: as_text(cell) for key, cell in found.items() if cell is not None}

    def _read_row(self, number: int, cells: Mapping[str, str]) -> None:
        if "name_zh" not in cells:
            self._add(number, "name_zh", cells, FieldError(N_("This cell is empty; fill it in.")))
            return
        ids = self._known_ids(cells)
        if len(ids) > 1:
            message = N_("%(count)s suppliers have this name; write the registration number instead.")
            self._add(number, "name_zh", cells, FieldError(message, count=len(ids)))
        elif ids:
            self._keep(number, cells, ListedSupplier(supplier_id=ids[0], name_zh=self._suppliers[ids[0]].name_zh))
        else:
            self._read_new(number, cells)

    def _known_ids(self, cells: Mapping[str, str]) -> tuple[uuid.UUID, ...]:
        """Return the suppliers that a row may mean; its registration number decides, where one is given."""
        number = cells.get("registration_no")
        by_number = self._by_name.get(plain_text(number), ()) if number else ()
        return by_number or self._by_name.get(plain_text(cells["name_zh"]), ())

    def _read_new(self, number: int, cells: Mapping[str, str]) -> None:
        missing = [key for key in ("name_en", "supplier_type") if key not in cells]
        for key in missing:
            message = N_(
                "No active supplier has this name or number. Correct it, or fill in English name and type to add the supplier."
            )
            self._add(number, key, cells, FieldError(message))
        kind = self._types.get(plain_text(cells.get("supplier_type", "")))
        if "supplier_type" in cells and kind is None:
            error = FieldError(N_("This type is not known; write one of those on the sheet “Choices”."))
            self._add(number, "supplier_type", cells, error)
        if missing or kind is None:
            return
        try:
            self._keep(number, cells, ListedSupplier.model_validate({**cells, "supplier_type": kind}))
        except ValidationError as error:
            for item in error.errors():
                self._add(number, str(item["loc"][0]) if item["loc"] else None, cells, field_error(item))

    def _keep(self, number: int, cells: Mapping[str, str], fields: ListedSupplier) -> None:
        identity = str(fields.supplier_id or plain_text(fields.name_zh))
        if identity in self._seen:
            error = FieldError(N_("Row %(row)s names the same supplier; keep one of them."), row=self._seen[identity])
            self._add(number, "name_zh", cells, error)
            return
        self._seen[identity] = number
        known = self._suppliers[fields.supplier_id] if fields.supplier_id else None
        self._rows.append(ListedRow(row=number, fields=fields, known=known))

    def _add(self, number: int, key: str | None, cells: Mapping[str, str], error: ServiceError) -> None:
        place = self._places.get(key) if key else None
        self._problems.append(
            CellProblem(
                sheet=self._sheet["name"],
                row=number,
                column=next((column.header for column in COLUMNS if column.key == key), ""),
                cell=f"{column_letter(place)}{number}" if place is not None else "",
                value=cells.get(key, "")[:60] if key else "",
                error=error,
            )
        )
