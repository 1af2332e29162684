"""From the cells of an uploaded list to the suppliers of a campaign: everything is checked before anything changes."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pydantic import Field, ValidationError

from service.campaigns.schemas import ListedSupplier
from service.errors import N_, FieldError, InvalidInputError
from service.i18n import translate
from service.suppliers.flows import TYPE_LABELS
from service.suppliers.models import SupplierType
from service.suppliers.queries import SupplierRow
from service.suppliers.sheet_cells import as_text, ids_by_name, plain_text
from service.suppliers.table_import import CellProblem, Table, plan_table
from service.suppliers.workbook import Column
from service.web.forms import FormInput, field_error

SHEET: Final = "供应商 Suppliers"
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


class ListedText(FormInput):
    """One row as it is written."""

    name_zh: str = Field(min_length=1, max_length=200)
    registration_no: str | None = Field(default=None, max_length=200)
    name_en: str | None = Field(default=None, max_length=200)
    supplier_type: str | None = Field(default=None, max_length=200)
    contact_name: str | None = Field(default=None, max_length=200)
    contact_email: str | None = Field(default=None, max_length=300)
    contact_phone: str | None = Field(default=None, max_length=200)


def plan_list(answer: Mapping[str, Any], *, suppliers: Sequence[SupplierRow]) -> ListPlan:
    """Turn the answer of `spreadsheets.cells.read_cells` into suppliers, or into problems by cell.

    Parameters
    ----------
    suppliers
        All active suppliers.

    """
    reading = _Reading(suppliers)
    table = Table(
        sheet=SHEET,
        columns=COLUMNS,
        readers={column.key: as_text for column in COLUMNS},
        required=frozenset({"name_zh"}),
        identity=reading.identity,
        fields=ListedText,
    )
    plan = plan_table(table, answer, present=(), check=reading.supplier)
    rows = [reading.row(change.row, change.fields) for change in plan.changes]
    return ListPlan(rows=rows, problems=plan.problems)


def type_names(supplier_type: SupplierType) -> tuple[str, ...]:
    """Return what a type may be called in a list: its key and its name in both languages."""
    label = TYPE_LABELS[supplier_type]
    return (supplier_type.value, label, translate("zh-CN", label))


class _Reading:
    """Finds out which supplier a row means: one that is known, or a new one with what the row says."""

    def __init__(self, suppliers: Sequence[SupplierRow]) -> None:
        self._suppliers = {row.id: row for row in suppliers}
        self._by_name = ids_by_name(suppliers)
        self._types = {plain_text(name): one for one in SupplierType for name in type_names(one)}

    def row(self, number: int, written: ListedText) -> ListedRow:
        """Return what a row would do."""
        fields = self.supplier(written)
        return ListedRow(row=number, fields=fields, known=self._suppliers[fields.supplier_id] if fields.supplier_id else None)

    def identity(self, written: ListedText) -> str:
        """Return what tells a supplier from others: two rows of the same name are the same."""
        known = self._known_ids(written)
        return str(known[0]) if known else plain_text(written.name_zh)

    def supplier(self, written: ListedText) -> ListedSupplier:
        """Return the supplier; raise `InvalidInputError` where a row names none or several."""
        known = self._known_ids(written)
        if len(known) > 1:
            message = N_("%(count)s suppliers have this name; write the registration number instead.")
            raise InvalidInputError({"name_zh": FieldError(message, count=len(known))})
        if known:
            return ListedSupplier(supplier_id=known[0], name_zh=self._suppliers[known[0]].name_zh)
        return self._new(written)

    def _known_ids(self, written: ListedText) -> tuple[uuid.UUID, ...]:
        """Return the suppliers that a row may mean; its registration number decides, where one is given."""
        number = written.registration_no
        by_number = self._by_name.get(plain_text(number), ()) if number else ()
        return by_number or self._by_name.get(plain_text(written.name_zh), ())

    def _new(self, written: ListedText) -> ListedSupplier:
        kind = self._types.get(plain_text(written.supplier_type or ""))
        message = N_(
            "No active supplier has this name or number. Correct it, or fill in English name and type to add the supplier."
        )
        problems = {key: FieldError(message) for key in ("name_en", "supplier_type") if getattr(written, key) is None}
        if written.supplier_type is not None and kind is None:
            problems["supplier_type"] = FieldError(N_("This type is not known; write one of those on the sheet “Choices”."))
        if problems:
            raise InvalidInputError(problems)
        try:
            return ListedSupplier.model_validate({**written.model_dump(exclude_none=True), "supplier_type": kind})
        except ValidationError as error:
            raise InvalidInputError({str(item["loc"][0]): field_error(item) for item in error.errors()}) from error
