"""Workbooks in the layout of bw2io's importers, cut into blocks: parameters, activities with their rows of exchanges."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from lca_models.errors import N_, TableError
from lca_models.interchange.sheets import Sheet
from lca_models.tables import Row

SKIPPED: Final = "skip"
_DATABASE: Final = "database"
_ACTIVITY: Final = "activity"
_EXCHANGES: Final = "exchanges"
_OWN_PARAMETERS: Final = "parameters"
_PARAMETERS: Final = ("project parameters", "database parameters")
_KEYWORDS: Final = frozenset({_DATABASE, _ACTIVITY, _EXCHANGES, _OWN_PARAMETERS, *_PARAMETERS})
_FLOW_TYPES: Final = frozenset({"emission", "natural resource", "inventory indicator"})
# How bw2io spells units, and how they are spelt here.
_UNITS: Final = {
    "kilogram": "kg",
    "gram": "g",
    "ton": "t",
    "kilowatt hour": "kWh",
    "megajoule": "MJ",
    "gigajoule": "GJ",
    "kilojoule": "kJ",
    "cubic meter": "m3",
    "normal cubic meter": "Nm3",
    "litre": "L",
    "ton kilometer": "tkm",
    "kilogram kilometer": "kgkm",
    "kilometer": "km",
    "meter": "m",
    "unit": "piece",
}


@dataclass(slots=True)
class Block:
    """An activity or elementary flow as it stands in the sheet; `facts` are the rows of name and value below its name."""

    sheet: Sheet
    row: int
    name: str
    facts: dict[str, str] = field(default_factory=dict)
    parameters: list[Row] = field(default_factory=list)
    exchanges: list[Row] = field(default_factory=list)

    @property
    def code(self) -> str:
        """What exchanges may name it by."""
        return self.facts.get("code") or self.name

    @property
    def unit(self) -> str:
        """Empty if none is given."""
        return spelt_unit(self.facts.get("unit", ""))

    @property
    def is_flow(self) -> bool:
        """Whether it is an elementary flow."""
        return self.facts.get("type", "").casefold() in _FLOW_TYPES

    def error(self, template: str, **values: object) -> TableError:
        """Return an error about the block; `template` has the placeholders place and name besides its own."""
        return TableError(template, place=self.sheet.place(self.row), name=self.name, **values)


def is_brightway_layout(sheets: Iterable[Sheet]) -> bool:
    """Tell whether some sheet begins as bw2io's importers expect."""
    return any(sheet.first_cell in {_DATABASE, *_PARAMETERS} for sheet in sheets)


def spelt_unit(text: str) -> str:
    """Return a unit as it is spelt here."""
    return _UNITS.get(text.casefold(), text)


class Reader:
    """Cuts sheets into blocks.

    Attributes
    ----------
    database
        Name of the workbook's database.
    parameters
        Rows of project and database parameters.

    """

    def __init__(self) -> None:
        self.database = ""
        self.parameters: list[Row] = []
        self.blocks: list[Block] = []

    def read(self, sheet: Sheet) -> None:
        """Read one sheet."""
        index = 0
        while index < len(sheet.rows):
            word = _keyword(sheet, index)
            if word == _DATABASE:
                self._name_database(sheet, index)
            elif word in _PARAMETERS:
                self.parameters.extend(read_rows(sheet, index + 1))
            elif word == _ACTIVITY:
                self.blocks.append(_block(sheet, index))
            index += 1

    def _name_database(self, sheet: Sheet, index: int) -> None:
        if self.database:
            raise TableError(
                N_("%(place)s: a second section “Database”. Keep one in the whole workbook."), place=sheet.place(index)
            )
        self.database = sheet.rows[index][1] if len(sheet.rows[index]) > 1 else ""
        if not self.database:
            raise TableError(N_("%(place)s: the database has no name. Write it beside the word."), place=sheet.place(index))


def _keyword(sheet: Sheet, index: int) -> str:
    """Return the word that begins a section here; a parameter may be called activity, but then no text stands beside it."""
    row = sheet.rows[index]
    word = row[0].casefold() if row else ""
    return word if word in _KEYWORDS else ""


def _block(sheet: Sheet, start: int) -> Block:
    name = sheet.rows[start][1] if len(sheet.rows[start]) > 1 else ""
    if not name:
        raise TableError(N_("%(place)s: the activity has no name. Write it beside the word."), place=sheet.place(start))
    block = Block(sheet=sheet, row=start, name=name)
    index = start + 1
    while index < len(sheet.rows) and (word := _keyword(sheet, index)) not in {_ACTIVITY, _DATABASE, *_PARAMETERS}:
        if word == _EXCHANGES:
            block.exchanges.extend(read_rows(sheet, index + 1, over_blanks=True))
            return block
        if word == _OWN_PARAMETERS:
            block.parameters.extend(read_rows(sheet, index + 1))
            index += len(block.parameters) + 1
        elif len(sheet.rows[index]) > 1:
            block.facts[sheet.rows[index][0].casefold()] = sheet.rows[index][1]
        index += 1
    return block


def read_rows(sheet: Sheet, start: int, *, over_blanks: bool = False) -> list[Row]:
    """Return the rows below a header: until the next section, and until the first blank row if blanks end it."""
    header: tuple[str, ...] = ()
    rows = []
    for index in range(start, len(sheet.rows)):
        cells = sheet.rows[index]
        if _keyword(sheet, index) or (not any(cells) and header and not over_blanks):
            break
        if any(cells) and not header:
            header = tuple(cell.casefold() for cell in cells)
        elif any(cells):
            rows.append(sheet.row(index, header))
    return rows
