"""The sheet of monthly figures that people fill in: one row per source and month, the same check behind it as behind the form."""

import uuid
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from operator import attrgetter
from typing import Final

from pydantic import Field

from service.errors import N_, FieldError
from service.monitoring.carriers import carriers
from service.monitoring.models import ActivityEntry, EmissionSource
from service.monitoring.months import months_between
from service.monitoring.queries import Sources
from service.monitoring.rules import counts_in
from service.monitoring.schemas import LONGEST_AMOUNT, EntryInput
from service.suppliers.sheet_cells import CHOICES_SHEET, Cell, ReadCell, as_text, plain_text, read_date
from service.suppliers.table_import import Present, Table
from service.suppliers.workbook import Column, Value, write_workbook

MONTHS_OF_TEMPLATE: Final = 3
"""The template holds the missing months and the last ones, not five years."""

COLUMNS: Final = (
    Column(key="source_id", header="源代码 / Source code", hint="见“可选值”页 / see the sheet “Choices”", width=24),
    Column(key="month", header="月份 / Month", hint="例如 2026-05 / for example 2026-05", width=20),
    Column(key="amount", header="数量 / Amount", hint="只填数字 / digits only", width=18),
    Column(key="unit", header="单位 / Unit", hint="例如 kWh / for example kWh", width=16),
    Column(key="evidence_number", header="单据号 / Number of the bill or sheet", hint="可不填 / may stay empty", width=32),
    Column(key="evidence_until", header="单据有效期至 / Paper valid until", hint="可不填 / may stay empty", width=24),
    Column(key="reading_start", header="表底（月初）/ Counter at the beginning", hint="可不填 / may stay empty", width=28),
    Column(key="reading_end", header="表底（月末）/ Counter at the end", hint="可不填 / may stay empty", width=28),
    Column(key="fixed_carbon", header="固定碳（t/t）/ Fixed carbon, t/t", hint="可不填 / may stay empty", width=26),
    Column(key="volatile_matter", header="挥发分（t/t）/ Volatile matter, t/t", hint="可不填 / may stay empty", width=26),
    Column(key="ncv", header="低位发热量（GJ）/ Calorific value, GJ", hint="可不填 / may stay empty", width=28),
    Column(key="reason", header="异常说明 / Why the figure is right", hint="可不填 / may stay empty", width=36),
)
PROPERTY_COLUMNS: Final = ("fixed_carbon", "volatile_matter", "ncv")


class SheetEntry(EntryInput):
    """A row of the sheet, whose properties stand in columns of their own; without an amount it is one nobody has filled in."""

    amount: str = Field(default="", max_length=LONGEST_AMOUNT)
    fixed_carbon: str | None = None
    volatile_matter: str | None = None
    ncv: str | None = None

    @property
    def is_blank(self) -> bool:
        """Whether only what the template itself says stands there."""
        return not any(
            getattr(self, name) for name in type(self).model_fields if name not in {"source_id", "month", "unit", "properties"}
        )

    def entry(self) -> EntryInput:
        """Return the row as the form would send it."""
        properties = {name: text for name in PROPERTY_COLUMNS if (text := getattr(self, name)) is not None}
        given = {name: value for name in EntryInput.model_fields if (value := getattr(self, name)) is not None}
        return EntryInput(**{**given, "properties": properties})


def entry_table(sources: Sequence[EmissionSource]) -> Table[SheetEntry]:
    """Return the sheet of monthly figures, which knows these sources."""
    readers: Mapping[str, ReadCell] = {
        "source_id": source_reader(sources),
        "month": read_month,
        "unit": as_text,
        "evidence_until": read_date,
    }
    return Table(
        sheet="月度数据 Months",
        columns=COLUMNS,
        readers={column.key: readers.get(column.key, _read_text) for column in COLUMNS},
        required=frozenset({"source_id", "month"}),
        identity=attrgetter("source_id", "month"),
        fields=SheetEntry,
    )


def source_reader(sources: Sequence[EmissionSource]) -> ReadCell:
    """Return a reader of codes and names of sources."""
    known: dict[str, set[uuid.UUID]] = {}
    for one in sources:
        for name in (one.code, one.name_zh, one.name_en):
            known.setdefault(plain_text(name), set()).add(one.id)

    def read(cell: Cell) -> uuid.UUID:
        text = as_text(cell).split(" · ")[0]
        found = known.get(plain_text(text), set())
        if not found:
            raise FieldError(N_("No source is called “%(name)s”; write a code of the sheet “Choices”."), name=text[:60])
        if len(found) > 1:
            raise FieldError(
                N_("%(count)s sources are called “%(name)s”; write the code instead."), count=len(found), name=text[:60]
            )
        return next(iter(found))

    return read


def read_month(cell: Cell) -> date:
    """Return the first day of a month from `2026-05`, `2026年5月` or any day of it."""
    text = as_text(cell).strip()
    with suppress(FieldError):  # no whole day: then a year and a month
        return read_date(text).replace(day=1)
    year, _, month = text.replace("年", "-").replace("/", "-").replace(".", "-").rstrip("月").partition("-")
    try:
        return date(int(year), int(month), 1)
    except ValueError as error:
        raise FieldError(N_("This is not a month; write it as 2026-05.")) from error


def _read_text(cell: Cell) -> str:
    """Return a cell as it would be typed: numbers with all their digits."""
    return f"{cell:.15g}" if isinstance(cell, float) else as_text(cell)


def recorded_entries(entries: Sequence[ActivityEntry]) -> Sequence[Present[SheetEntry]]:
    """Return entries as they would be typed."""
    return [Present(id=one.id, version=one.version, fields=_fields(one)) for one in entries]


def _fields(entry: ActivityEntry) -> SheetEntry:
    return SheetEntry(
        source_id=entry.source_id,
        month=entry.month,
        amount=entry.typed,
        unit=entry.typed_unit,
        **{name: f"{entry.properties[name]:.15g}" for name in PROPERTY_COLUMNS if name in entry.properties},
        reading_start=None if entry.reading_start is None else f"{entry.reading_start:.15g}",
        reading_end=None if entry.reading_end is None else f"{entry.reading_end:.15g}",
        evidence_number=entry.evidence_number,
        evidence_until=entry.evidence_until,
        reason=entry.reason,
    )


def entry_workbook(known: Sources, entries: Sequence[ActivityEntry], *, start: date, end: date) -> bytes:
    """Return the workbook to fill in: the sources' months from `start` to `end`, with what is entered."""
    found = {(one.source_id, one.month): _fields(one) for one in entries}
    rows = [
        _row(source, month, found.get((source.id, month)))
        for month in months_between(start, end)
        for source in known.sources
        if counts_in(source, month)
    ]
    units = {unit: None for source in known.sources for unit in carriers()[source.carrier].units}
    return write_workbook(
        sheet=entry_table(()).sheet,
        columns=COLUMNS,
        rows=rows,
        choices={
            COLUMNS[0].header: [f"{one.code} · {one.name_zh} / {one.name_en}" for one in known.sources],
            COLUMNS[3].header: list(units),
        },
        choices_sheet=CHOICES_SHEET,
    )


def _row(source: EmissionSource, month: date, fields: SheetEntry | None) -> Sequence[Value]:
    cells: dict[str, Value] = {"source_id": source.code, "month": f"{month:%Y-%m}", "unit": carriers()[source.carrier].units[0]}
    if fields is not None:
        typed = {one.key: getattr(fields, one.key) for one in COLUMNS if one.key not in {"source_id", "month"}}
        cells |= {key: None if value is None else str(value) for key, value in typed.items()}
    return [cells.get(column.key) for column in COLUMNS]
