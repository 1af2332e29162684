"""Excel workbooks in the layout that bw2io imports: one with the inventory, one with the method.

The rules come from what both lines of Brightway accept: codes are words, never numbers; parameters belong to the database; every
activity has one parameter of its own, because Brightway recalculates the exchanges of activities with parameters only; an exchange
names its input as ``database::code``, which both lines restore to a key, so that nothing depends on their matching of names.
"""

import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from lca_models.interchange.database import Activity, ActivityExchange, Database, DatabaseParameter, ElementaryFlow
from lca_models.uncertainty.distributions import Distribution

Cell = str | float | None
Line = Sequence[Cell]

CATEGORIES: Final = ("air", "unspecified")
OWN_PARAMETER: Final = "output_amount"

_SKIPPED: Final = "skip"
_UNCERTAINTY_COLUMNS: Final = ("uncertainty type", "loc", "scale", "minimum", "maximum")
_EXCHANGE_COLUMNS: Final = (
    *("name", "amount", "unit", "database", "location", "categories", "type", "input", "formula"),
    *_UNCERTAINTY_COLUMNS,
    "comment",
)
_PARAMETER_COLUMNS: Final = ("name", "amount", "formula", "unit", *_UNCERTAINTY_COLUMNS, "comment")
_METHOD_COLUMNS: Final = ("name", "categories", "unit", "amount", "input")
_NO_UNCERTAINTY: Final = 1


def write_inventory(database: Database) -> bytes:
    """Return the .xlsx file with activities, elementary flows and parameters; importers skip the further sheets."""
    notes: list[Line] = [(_SKIPPED, "What this file is. bw2io leaves out sheets whose first cell says skip.")]
    notes.extend(database.facts.items())
    return write_sheets(
        {
            "inventory": _inventory(database),
            "method": [(_SKIPPED, "::".join(database.method)), *_method(database)],
            "notes": notes,
        }
    )


def write_method(database: Database) -> bytes:
    """Return the .xlsx file that `bw2io.ExcelLCIAImporter` reads: the characterization factors of the elementary flows."""
    return write_sheets({"method": list(_method(database))})


def _inventory(database: Database) -> list[Line]:
    lines: list[Line] = [("Database", database.name), ("format", "AnodePrint"), *database.facts.items(), ()]
    lines.extend((("Database parameters",), _PARAMETER_COLUMNS))
    lines.extend(_parameter(parameter) for parameter in database.parameters)
    lines.append(())
    for activity in database.activities:
        lines.extend(_activity(activity, database))
    for flow in database.flows:
        lines.extend(_elementary_flow(flow))
    return lines


def _parameter(parameter: DatabaseParameter) -> Line:
    return (
        *(parameter.name, parameter.amount, parameter.formula, parameter.unit),
        *_uncertainty(parameter.uncertainty),
        parameter.comment,
    )


def _activity(activity: Activity, database: Database) -> Iterable[Line]:
    yield ("Activity", activity.name)
    yield ("code", activity.code)
    yield ("location", activity.location)
    yield ("reference product", activity.product)
    yield ("type", "process")
    yield ("unit", activity.unit)
    yield ("comment", activity.comment)
    yield ("Parameters", f"{database.name}:{activity.code}")
    yield ("name", "amount")
    yield (OWN_PARAMETER, activity.exchanges[0].amount)
    yield ()
    yield ("Exchanges",)
    yield _EXCHANGE_COLUMNS
    for exchange in activity.exchanges:
        yield _exchange(exchange, database)
    yield ()


def _exchange(exchange: ActivityExchange, database: Database) -> Line:
    node = database.inputs[exchange.input]
    place = (None, "::".join(CATEGORIES)) if isinstance(node, ElementaryFlow) else (node.location, None)
    return (
        *(node.name, exchange.amount, node.unit, database.name, *place),
        *(exchange.type, f"{database.name}::{node.code}", exchange.formula),
        *_uncertainty(exchange.uncertainty),
        exchange.comment,
    )


def _elementary_flow(flow: ElementaryFlow) -> Iterable[Line]:
    yield ("Activity", flow.name)
    yield ("code", flow.code)
    yield ("categories", "::".join(CATEGORIES))
    yield ("type", "emission")
    yield ("unit", flow.unit)
    yield ()


def _method(database: Database) -> Iterable[Line]:
    yield _METHOD_COLUMNS
    for flow in database.flows:
        yield (flow.name, "::".join(CATEGORIES), flow.unit, flow.kg_co2e_per_unit, f"{database.name}::{flow.code}")


def _uncertainty(distribution: Distribution | None) -> Line:
    fields = {_UNCERTAINTY_COLUMNS[0]: _NO_UNCERTAINTY} if distribution is None else distribution.as_stats_arrays()
    return [fields.get(column) for column in _UNCERTAINTY_COLUMNS]


def write_sheets(sheets: Mapping[str, Sequence[Line]]) -> bytes:
    """Return an .xlsx file; a text is never a formula."""
    from openpyxl import Workbook  # noqa: PLC0415 - takes 0.8 s to import, which start-up must not wait for

    book = Workbook(write_only=True)
    for name, lines in sheets.items():
        page = book.create_sheet(name)
        for line in lines:
            page.append([_cell(page, value) for value in line])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _cell(page: Any, value: Cell) -> Any:  # noqa: ANN401 - openpyxl's stubs lack half of what write-only cells do
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415 - as in write_sheets
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE  # noqa: PLC0415 - as in write_sheets

    if not isinstance(value, str):
        return value
    text = ILLEGAL_CHARACTERS_RE.sub("", value)
    cell = WriteOnlyCell(page, value=text or None)
    if text:
        cell.data_type = "s"  # a text that begins with = stays a text
    return cell
