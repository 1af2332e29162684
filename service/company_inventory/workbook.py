"""All of a year as a workbook: emissions, energy, entries of a closed year, and what is missing; text never a formula."""

import io
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from service.company_inventory.inventory import Inventory
from service.company_inventory.words import CATEGORIES, SCOPES, VIEWS, gap_words, source_words, subject_words
from service.errors import N_
from service.pdf.bilingual import Bilingual, both

Value = str | float | None
Row = Sequence[Value]
Sheet = Any  # openpyxl's write-only sheet and cell have stubs that lack half of what they do

_WIDTH: Final = 24


def inventory_workbook(inventory: Inventory, *, sites: Mapping[str, Bilingual], entries: Iterable[Mapping[str, Any]]) -> bytes:
    """Return the inventory as .xlsx.

    Parameters
    ----------
    sites
        Names by id.
    entries
        Monthly entries of a snapshot; none of an open year, whose entries stand in monitoring.

    """
    from openpyxl import Workbook  # noqa: PLC0415 - takes 0.8 s to import, which start-up must not wait for

    book = Workbook(write_only=True)
    for name, rows in (
        ("结果 Results", _results(inventory)),
        ("排放 Emissions", _emissions(inventory, sites)),
        ("能源 Energy", _energy(inventory, sites)),
        ("月度数据 Entries", _entries(entries)),
        ("缺失 Missing", _missing(inventory)),
    ):
        page: Sheet = book.create_sheet(name)
        for place in range(12):
            page.column_dimensions[chr(ord("A") + place)].width = _WIDTH
        for row in rows:
            page.append([_cell(page, value) for value in row])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _results(inventory: Inventory) -> Iterable[Row]:
    if inventory.is_sample:
        yield (_words(N_("Sample data of a fictional company; not for use.")),)
    yield (_words(N_("Year")), float(inventory.year))
    yield (_words(N_("Factors of fuels")), inventory.factor_set.value)
    yield ("SHA-256", inventory.sha256)
    for label, value, unit in (
        (N_("Direct emissions (Scope 1)"), inventory.scope_1_t_co2, "t CO2"),
        (N_("Scope 2 by the grid of the province"), inventory.scope_2_location_t_co2, "t CO2"),
        (N_("Scope 2 by what is claimed"), inventory.scope_2_market_t_co2, "t CO2"),
        (N_("Energy supplied to others"), inventory.supplied_t_co2, "t CO2"),
        (N_("Graphitization done by others (category 1)"), inventory.toll_graphitisation_t_co2e, "t CO2e"),
        (N_("Energy, calorific equivalent"), inventory.energy_tce, "tce"),
        (N_("Energy, equal value"), inventory.energy_equal_value_tce, "tce"),
        (N_("Energy by calorific values"), inventory.energy_gj, "GJ"),
    ):
        yield (_words(label), value, unit)


def _emissions(inventory: Inventory, sites: Mapping[str, Bilingual]) -> Iterable[Row]:
    yield [
        _words(one)
        for one in (
            *(N_("Part"), N_("Category"), N_("View"), N_("Site"), N_("Source"), N_("Amount"), N_("Unit")),
            *(N_("Factor"), N_("Unit of the factor"), N_("Source of the factor"), N_("Year of the factor"), N_("Worst grade")),
            *(N_("t CO2 (Scope 3: t CO2e)"), N_("Ids of the entries")),
        )
    ]
    for one in inventory.lines:
        site = "" if one.plant_id is None else _text(sites[str(one.plant_id)])
        yield (
            *(_words(SCOPES[one.scope]), _words(CATEGORIES[one.category]), _words(VIEWS[one.view]), site),
            *(_text(subject_words(one.subject)), one.amount, one.unit),
            *(one.factor, one.factor_unit, _text(source_words(one.factor_source))),
            *(None if one.factor_year is None else float(one.factor_year), one.quality, one.t_co2),
            " ".join(str(entry) for entry in one.entry_ids),
        )


def _energy(inventory: Inventory, sites: Mapping[str, Bilingual]) -> Iterable[Row]:
    names = (N_("Site"), N_("Carrier"), N_("Amount"), N_("Unit"), N_("tce, calorific"), N_("tce, equal value"))
    yield [*(_words(one) for one in names), "GJ", _words(N_("Source of the factor"))]
    for one in inventory.energy:
        yield (
            *(_text(sites[str(one.plant_id)]), _text(subject_words(one.carrier)), one.amount, one.unit),
            *(one.tce, one.tce_equal_value, one.gj, one.tce_source),
        )


def _entries(entries: Iterable[Mapping[str, Any]]) -> Iterable[Row]:
    names = (N_("Id of the entry"), N_("Id of the source"), N_("Month"), N_("Amount"), N_("Unit"), N_("Paper"), N_("Quality grade"))
    yield [_words(one) for one in names]
    for one in entries:
        yield (one["id"], one["source"], one["month"], one["amount"], one["unit"], one["evidence"], one["grade"])


def _missing(inventory: Inventory) -> Iterable[Row]:
    yield [_words(one) for one in (N_("Part"), N_("Source"), N_("What is missing"))]
    for gap in inventory.missing:
        yield (_words(SCOPES[gap.scope]), _text(subject_words(gap.subject)), _text(gap_words(gap)))


def _words(message: str) -> str:
    return _text(both(message))


def _text(text: Bilingual) -> str:
    return text.zh if text.zh == text.en else f"{text.zh} / {text.en}"


def _cell(page: Sheet, value: Value) -> Any:  # noqa: ANN401 - as Sheet
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415 - as in inventory_workbook

    if value is None or isinstance(value, float):
        return WriteOnlyCell(page, value=value)
    cell = WriteOnlyCell(page, value="".join(mark for mark in value if unicodedata.category(mark) not in {"Cc", "Cs"}))
    cell.data_type = "s"  # openpyxl would make a formula of a text that starts with "="
    return cell
