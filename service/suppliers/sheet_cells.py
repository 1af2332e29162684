"""How the cells of a sheet that people fill in are read: names, dates, numbers, as they write them in either language."""

import re
import unicodedata
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Final

from service.errors import N_, FieldError
from service.i18n import translate
from service.suppliers.flows import FLOWS
from service.suppliers.queries import SupplierRow
from service.suppliers.workbook import Column

YES, NO = frozenset({"是", "yes", "y", "1", "true", "√"}), frozenset({"否", "no", "n", "0", "false", "×"})
CHOICES_SHEET: Final = "可选值 Choices"
SUPPLIER: Final = Column(
    key="supplier_id", header="供应商 / Supplier", hint="名称或统一社会信用代码 / name or registration number", width=40
)
FLOW: Final = Column(key="flow", header="物料 / Material", hint="见“可选值”页 / see the sheet “Choices”", width=32)

Cell = str | float | bool | None
ReadCell = Callable[[Cell], object]


def plain_text(text: str) -> str:
    """Return a text as names are compared: full-width marks as plain ones, no blanks, small letters."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold()


def as_text(cell: Cell) -> str:
    """Return a cell as a person reads it; a number that Excel keeps as 12.0 is 12."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def read_date(cell: Cell) -> date:
    """Return a date from a date cell (ISO text) or from text such as 2025/1/31 or 2025年1月31日."""
    match = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", as_text(cell).strip(), re.ASCII)
    try:
        return date(int(match[1]), int(match[2]), int(match[3])) if match else _no_date()
    except ValueError:
        return _no_date()


def _no_date() -> date:
    raise FieldError(N_("This is not a date; write it as 2025-12-31."))


def read_number(cell: Cell) -> float:
    """Return a number from a number cell or from text such as 1,250.5; anything else is refused, not guessed."""
    if isinstance(cell, float | int) and not isinstance(cell, bool):
        return float(cell)
    text = unicodedata.normalize("NFKC", as_text(cell)).strip()
    if not re.fullmatch(r"[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?", text, re.ASCII):
        raise FieldError(N_("This is not a number; write digits without a unit, for example 1250.5."))
    return float(text.replace(",", ""))


def read_percent(cell: Cell) -> float:
    """Return percent from a cell shown in percent (`40%`) or a plain number (40)."""
    return read_number(re.sub(r"\s*[%％]$", "", cell) if isinstance(cell, str) else cell)


def read_yes(cell: Cell) -> bool:
    """Return whether a cell says yes."""
    text = unicodedata.normalize("NFKC", as_text(cell)).strip().casefold()
    if text not in YES | NO:
        raise FieldError(N_("Write 是 / yes or 否 / no here."))
    return text in YES


def flow_names(key: str) -> tuple[str, ...]:
    """Return what a flow may be called in a workbook: its key and its name in both languages."""
    label = FLOWS[key].label
    return (key, label, translate("zh-CN", label))


def read_flow(cell: Cell) -> str:
    """Return a material by its key or its name in either language."""
    known = {plain_text(name): key for key in FLOWS for name in flow_names(key)}
    found = known.get(plain_text(as_text(cell)))
    if found is None:
        raise FieldError(N_("This material is not known; write one of those on the sheet “Choices”."))
    return found


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


def ids_by_name(suppliers: Iterable[SupplierRow]) -> Mapping[str, tuple[uuid.UUID, ...]]:
    """Return supplier ids by each of their names and registration numbers, as `plain_text`."""
    found: dict[str, tuple[uuid.UUID, ...]] = {}
    for row in suppliers:
        for name in {plain_text(name) for name in (row.name_zh, row.name_en, row.registration_no) if name}:
            found[name] = (*found.get(name, ()), row.id)
    return found


def supplier_choices(suppliers: Iterable[SupplierRow]) -> list[str]:
    """Return suppliers as the sheet of choices lists them: names and registration number."""
    return [" · ".join(filter(None, (row.name_zh, row.name_en, row.registration_no))) for row in suppliers]


def flow_choices() -> list[str]:
    """Return materials as the sheet of choices lists them: key and name in both languages."""
    return [" · ".join(dict.fromkeys(flow_names(key))) for key in FLOWS]
