"""The sheet of buildings' electricity: one row per building and month; behind it the same check as behind every monthly figure."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from operator import attrgetter
from typing import Final

from service.errors import N_, FieldError
from service.monitoring.sheet import SheetEntry, read_month
from service.premises.models import Building
from service.suppliers.sheet_cells import CHOICES_SHEET, Cell, ReadCell, as_text, plain_text
from service.suppliers.table_import import Table
from service.suppliers.workbook import Column, write_workbook

COLUMNS: Final = (
    Column(key="source_id", header="建筑 / Building", hint="见“可选值”页 / see the sheet “Choices”", width=32),
    Column(key="month", header="月份 / Month", hint="例如 2026-05 / for example 2026-05", width=20),
    Column(key="amount", header="用电量（kWh）/ Electricity, kWh", hint="只填数字 / digits only", width=28),
    Column(key="evidence_number", header="单据号 / Number of the bill or sheet", hint="可不填 / may stay empty", width=32),
    Column(key="reason", header="异常说明 / Why the figure is right", hint="可不填 / may stay empty", width=36),
)


def electricity_table(buildings: Sequence[Building]) -> Table[SheetEntry]:
    """Return the sheet, which knows these buildings."""
    readers: Mapping[str, ReadCell] = {"source_id": _building_reader(buildings), "month": read_month}
    return Table(
        sheet="建筑用电 Buildings",
        columns=COLUMNS,
        readers={column.key: readers.get(column.key, _as_typed) for column in COLUMNS},
        required=frozenset({"source_id", "month"}),
        identity=attrgetter("source_id", "month"),
        fields=SheetEntry,
    )


def electricity_workbook(buildings: Sequence[Building], months: Sequence[date]) -> bytes:
    """Return the workbook to fill in."""
    counted = [one for one in buildings if one.source_id is not None]
    return write_workbook(
        sheet=electricity_table(()).sheet,
        columns=COLUMNS,
        rows=[(one.name_zh, f"{month:%Y-%m}", None, None, None) for month in months for one in counted],
        choices={COLUMNS[0].header: [f"{one.name_zh} / {one.name_en}" for one in counted]},
        choices_sheet=CHOICES_SHEET,
    )


def _building_reader(buildings: Sequence[Building]) -> ReadCell:
    """Return a reader of buildings' names, which gives their sources."""
    known: dict[str, dict[uuid.UUID, Building]] = {}
    for one in buildings:
        for name in (one.name_zh, one.name_en, f"{one.name_zh} / {one.name_en}"):
            known.setdefault(plain_text(name), {})[one.id] = one

    def read(cell: Cell) -> object:
        found = known.get(plain_text(as_text(cell)), {})
        if len(found) != 1:
            message = N_("%(count)s buildings are called “%(name)s”; write a name of the sheet “Choices”.")
            raise FieldError(message, count=len(found), name=as_text(cell)[:60])
        building = next(iter(found.values()))
        if building.source_id is None:
            raise FieldError(N_("“%(name)s” has no electricity source yet; name its meter first."), name=building.name_zh)
        return building.source_id

    return read


def _as_typed(cell: Cell) -> str:
    return f"{cell:.15g}" if isinstance(cell, float) else as_text(cell)
