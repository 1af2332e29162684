"""Inventories that somebody brings along: our own template, or a workbook in the layout of bw2io, read into checked tables."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from lca_models.errors import N_, LinkError, TableError
from lca_models.interchange.brightway_workbook import read_brightway
from lca_models.interchange.excel import Line, write_sheets
from lca_models.interchange.sheets import Sheet
from lca_models.interchange.workbook_blocks import is_brightway_layout
from lca_models.inventories import InventoryResult, calculate_processes
from lca_models.inventory import FACTOR_COLUMNS, PROCESS_COLUMNS, FactorTable, Process, read_factors, read_processes
from lca_models.model import Model

PROCESS_SHEET: Final = "unit_processes"
FACTOR_SHEET: Final = "upstream_factors"

# What a header must hold for its sheet to count as one of the two tables; what else is missing is then an error.
_PROCESS_SIGNS: Final = frozenset({"process", "flow"})
_FACTOR_SIGNS: Final = frozenset({"flow", "ef"})
_SAMPLE: Final = "sample value 示例"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedInventory:
    """A checked inventory.

    Attributes
    ----------
    ignored_sheets
        Sheets that hold neither table.

    """

    layout: Literal["tables", "brightway"]
    processes: tuple[Process, ...]
    factors: FactorTable
    ignored_sheets: tuple[str, ...]

    @property
    def final_products(self) -> tuple[str, ...]:
        """Flows that some process makes and no other takes."""
        taken = {(one.flow, process.name) for process in self.processes for one in process.exchanges}
        makers = {process.reference.flow: process.name for process in self.processes}
        return tuple(flow for flow, maker in makers.items() if not any(used == flow and by != maker for used, by in taken))


def read_inventory(
    sheets: Sequence[Sheet], *, model: Model, factors: Mapping[str, bytes], with_model_factors: bool = False
) -> ImportedInventory:
    """Read the sheets of one workbook, or one CSV file.

    Parameters
    ----------
    model
        Gives the elementary flows.
    factors
        More tables of factors, by file name.
    with_model_factors
        Let the model's own life-cycle factors serve for flows that no process makes and no table has a factor for.

    """
    if is_brightway_layout(sheets):
        return _read_brightway(sheets, model, _factors({}, factors, model if with_model_factors else None))
    processes = {sheet.label: sheet.as_csv() for sheet in sheets if _header(sheet) >= _PROCESS_SIGNS}
    own = {sheet.label: sheet.as_csv() for sheet in sheets if sheet.label not in processes and _header(sheet) >= _FACTOR_SIGNS}
    if not processes:
        raise TableError(
            N_(
                "No sheet of %(sheets)s has the columns %(columns)s in row 1, and none begins with “Database”. "
                "Start from the template."
            ),
            sheets=", ".join(sheet.label for sheet in sheets) or "-",
            columns=", ".join(PROCESS_COLUMNS),
        )
    table = read_processes(processes, sources=None)
    if not table:
        raise TableError(N_("There is no process in %(files)s. Add rows below the header line."), files=", ".join(processes))
    return ImportedInventory(
        layout="tables",
        processes=table,
        factors=_factors(own, factors, model if with_model_factors else None),
        ignored_sheets=tuple(sheet.name for sheet in sheets if sheet.label not in {*processes, *own}),
    )


def calculate_import(
    model: Model,
    imported: ImportedInventory,
    *,
    product: str | None = None,
    use: Sequence[str] = (),
    allow_uncharacterised: bool = False,
) -> InventoryResult:
    """Calculate one unit of a product; without `product`, of the only one that no process of the inventory takes."""
    return calculate_processes(
        model,
        imported.processes,
        imported.factors,
        product=product or _only_product(imported),
        use=use,
        allow_uncharacterised=allow_uncharacterised,
    )


def model_tables(sheets: Iterable[Sheet], model_files: Iterable[str]) -> Mapping[str, bytes]:
    """Return, by file name, the sheets that are called like a table of a model: ``unit_processes`` for ``unit_processes.csv``.

    Raises
    ------
    TableError
        If no sheet is called so.

    """
    by_name = {sheet.name.removesuffix(".csv"): sheet for sheet in sheets}
    files = tuple(model_files)
    found = {file: by_name[file.removesuffix(".csv")].as_csv() for file in files if file.removesuffix(".csv") in by_name}
    if not found:
        raise TableError(
            N_("No sheet is called like a table of the model: %(sheets)s. Call it one of: %(known)s."),
            sheets=", ".join(by_name) or "-",
            known=", ".join(file.removesuffix(".csv") for file in files if file.endswith(".csv")),
        )
    return found


def write_template() -> bytes:
    """Return a workbook with both tables, a small worked sample, and what the columns mean."""
    return write_sheets({PROCESS_SHEET: _SAMPLE_PROCESSES, FACTOR_SHEET: _SAMPLE_FACTORS, "notes": _NOTES})


def _read_brightway(sheets: Sequence[Sheet], model: Model, known: FactorTable) -> ImportedInventory:
    found = read_brightway(sheets, emission_flows=model.emission_flows, supplies=known.life_cycle)
    if not found.processes:
        raise TableError(
            N_("There is no activity in %(files)s. Add rows that begin with “Activity”."),
            files=", ".join(one.label for one in sheets),
        )
    return ImportedInventory(
        layout="brightway",
        processes=found.processes,
        factors=replace(known, characterization={**known.characterization, **found.characterization}),
        ignored_sheets=tuple(sheet.name for sheet in sheets if sheet.first_cell == "skip"),
    )


def _factors(own: Mapping[str, bytes], further: Mapping[str, bytes], model: Model | None) -> FactorTable:
    """Return the factors that were brought along; the model's serve where there is no other."""
    found = read_factors({**own, **further}, sources=None)
    return found if model is None else replace(found, life_cycle={**model.factors.life_cycle, **found.life_cycle})


def _header(sheet: Sheet) -> frozenset[str]:
    return frozenset(sheet.rows[0]) if sheet.rows else frozenset()


def _only_product(imported: ImportedInventory) -> str:
    products = imported.final_products
    if len(products) != 1:
        raise LinkError(
            N_("%(count)s products are taken by no other process: %(products)s. Name the one to calculate with --product."),
            count=len(products),
            products=", ".join(products) or "-",
        )
    return products[0]


_SAMPLE_PROCESSES: Final[list[Line]] = [
    (*PROCESS_COLUMNS, "source_detail"),
    ("milling", "milled_coke", "reference", 1, "kg", _SAMPLE),
    ("milling", "green_coke", "input", 1.25, "kg", _SAMPLE),
    ("milling", "electricity", "input", 0.8, "kWh", _SAMPLE),
    ("graphitization", "graphite", "reference", 1, "t", _SAMPLE),
    ("graphitization", "milled_coke", "input", 1100, "kg", _SAMPLE),
    ("graphitization", "electricity", "input", 12, "MWh", _SAMPLE),
    ("graphitization", "CO2_fossil", "emission_air", 400, "kg", _SAMPLE),
]
_SAMPLE_FACTORS: Final[list[Line]] = [
    (*FACTOR_COLUMNS, "kind", "source_detail"),
    ("green_coke", 0.6, "kgCO2e/kg", "life_cycle", _SAMPLE),
    ("electricity", 0.5777, "kgCO2e/kWh", "life_cycle", _SAMPLE),
]
_NOTES: Final[list[Line]] = [
    ("skip", "What the columns mean 填写说明"),
    ("process", "name of the unit process, the same in all its rows 单元过程名称，同一过程各行一致"),
    ("flow", "what goes in or out; a process takes what another makes under the same name 流名称；同名产出与投入自动连接"),
    ("direction", "reference (one per process), input, waste, emission_air, byproduct, info, byproduct_info"),
    ("amount", "per amount of the reference row; a number without unit 与参考产品行对应的数量"),
    ("unit", "kg, t, g, kWh, MWh, MJ, GJ, Nm3, m3, L, tkm, km, piece ...; converted where exact 单位，可精确换算"),
    ("ef", "factor, in the unit beside it: kgCO2e/kWh 因子数值"),
    ("kind", "life_cycle, gwp100 or direct_co2; empty means life_cycle 因子类型"),
    ("other columns", "are kept out of the calculation: note, source and so on 其他列不参与计算"),
]
