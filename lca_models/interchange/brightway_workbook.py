"""Reading of inventories in the layout of bw2io's Excel and CSV importers, with an error for each cell that can't be used.

bw2io itself is not asked: its messages name no cell, and it evaluates formulas with a general interpreter.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from lca_models.emissions import EmissionFlow
from lca_models.errors import N_, TableError
from lca_models.interchange.sheets import Sheet
from lca_models.interchange.workbook_blocks import SKIPPED, Block, Reader, read_rows, spelt_unit
from lca_models.interchange.workbook_parameters import WorkbookParameters, no_parameter
from lca_models.inventory import CharacterizationFactor, Direction, Evidence, Exchange, Process
from lca_models.tables import Row

_TYPES: Final = {
    "production": Direction.REFERENCE,
    "technosphere": Direction.INPUT,
    "biosphere": Direction.EMISSION_AIR,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BrightwayInventory:
    """What a workbook holds; flows are named by codes of activities.

    Attributes
    ----------
    processes
        In the order of the workbook.
    characterization
        Of the elementary flows, where the workbook brings a method along.

    """

    name: str
    processes: tuple[Process, ...]
    characterization: Mapping[str, CharacterizationFactor]


def read_brightway(
    sheets: Sequence[Sheet], *, emission_flows: Mapping[str, EmissionFlow], supplies: Iterable[str]
) -> BrightwayInventory:
    """Read all sheets that bw2io would read.

    Parameters
    ----------
    emission_flows
        Elementary flows known here; a biosphere exchange may name one by key or English name.
    supplies
        Flows with a life-cycle factor, which inputs may name besides the workbook's own activities.

    """
    reader = Reader()
    for sheet in sheets:
        if sheet.first_cell != SKIPPED:
            reader.read(sheet)
    linker = _Linker(reader, emission_flows=emission_flows, supplies=frozenset(supplies))
    return BrightwayInventory(name=reader.database, processes=linker.processes(), characterization=_method(sheets))


class _Linker:
    """Makes processes of blocks: amounts calculated, inputs found."""

    def __init__(self, reader: Reader, *, emission_flows: Mapping[str, EmissionFlow], supplies: frozenset[str]) -> None:
        self._database = reader.database
        self._activities = _by_code([block for block in reader.blocks if not block.is_flow])
        self._flows = _by_code([block for block in reader.blocks if block.is_flow])
        self._known = {name.casefold(): key for key, flow in emission_flows.items() for name in (flow.name_en, key)}
        self._supplies = supplies
        self._shared = WorkbookParameters(reader.parameters, beyond=no_parameter)

    def processes(self) -> tuple[Process, ...]:
        return tuple(self._process(block) for block in self._activities.values())

    def _process(self, block: Block) -> Process:
        values = WorkbookParameters(block.parameters, beyond=self._shared.value_of)
        exchanges = [self._exchange(block, row, values) for row in block.exchanges]
        references = [one for one in exchanges if one.direction is Direction.REFERENCE]
        if len(references) > 1:
            raise block.error(
                N_(
                    "%(place)s: “%(name)s” has %(count)s production exchanges (%(places)s). "
                    "Give it one; allocate co-products first."
                ),
                count=len(references),
                places="; ".join(str(one.evidence.place) for one in references),
            )
        reference = references[0] if references else self._implicit(block)
        if reference.amount <= 0.0:
            raise TableError(
                N_("%(place)s, column amount: the reference amount of “%(process)s” is %(value)s. It must be above zero."),
                place=reference.evidence.place,
                process=block.name,
                value=f"{reference.amount:g}",
            )
        return Process(name=block.code, reference=reference, exchanges=tuple(one for one in exchanges if one not in references))

    def _implicit(self, block: Block) -> Exchange:
        """Return what Brightway assumes of an activity without production exchange: it makes one unit of itself."""
        return Exchange(
            process=block.code,
            flow=block.code,
            direction=Direction.REFERENCE,
            amount=1.0,
            unit=self._required_unit(block),
            evidence=_evidence(block.sheet.row(block.row, ())),
        )

    def _exchange(self, block: Block, row: Row, values: "WorkbookParameters") -> Exchange:
        direction = _TYPES[row.choice("type", _TYPES)]
        flow = {
            Direction.REFERENCE: self._reference_flow,
            Direction.INPUT: self._input_flow,
            Direction.EMISSION_AIR: self._emission_flow,
        }[direction](block, row)
        unit = spelt_unit(row.optional_text("unit")) or self._unit_of(flow, row)
        return Exchange(
            process=block.code, flow=flow, direction=direction, amount=values.amount(row), unit=unit, evidence=_evidence(row)
        )

    def _reference_flow(self, block: Block, row: Row) -> str:
        named = self._code(row)
        if named is not None and named != block.code:
            raise row.error(
                "input",
                N_(
                    "%(file)s, line %(line)s, column %(column)s: “%(process)s” produces “%(value)s”, which is another activity. "
                    "A production exchange names its own activity."
                ),
                process=block.name,
            )
        return block.code

    def _input_flow(self, _: Block, row: Row) -> str:
        code = self._code(row)
        if code is None:
            return self._by_name(row)
        if code not in self._activities:
            raise row.error(
                "input",
                N_(
                    "%(file)s, line %(line)s, column %(column)s: no activity has the code of “%(value)s”. "
                    "Add it or correct the code."
                ),
            )
        return code

    def _by_name(self, row: Row) -> str:
        name, unit, place = row.text("name"), spelt_unit(row.optional_text("unit")), row.optional_text("location")
        found = [
            block.code
            for block in self._activities.values()
            if block.name.casefold() == name.casefold()
            and unit in {"", block.unit}
            and place in {"", block.facts.get("location", "")}
        ]
        if not found and name in self._supplies:
            return name
        if len(found) != 1:
            raise row.error(
                "name",
                N_(
                    "%(file)s, line %(line)s, column %(column)s: %(count)s activities are called “%(value)s” with unit “%(unit)s” "
                    "and location “%(place)s”, and one is needed. "
                    "Add the activity or a factor, or write its database::code into the column input."
                ),
                count=len(found),
                unit=unit or "-",
                place=place or "-",
            )
        return found[0]

    def _emission_flow(self, _: Block, row: Row) -> str:
        code = self._code(row)
        if code is not None and code in self._flows:
            name = self._flows[code].name
            return code if code in self._known.values() else self._known.get(name.casefold(), code)
        return self._known.get(row.text("name").casefold(), row.text("name"))

    def _code(self, row: Row) -> str | None:
        """Return the code in the column input if it is one of this database."""
        database, separator, code = row.optional_text("input").partition("::")
        return code if separator and database == self._database else None

    def _unit_of(self, flow: str, row: Row) -> str:
        block = self._activities.get(flow) or self._flows.get(flow)
        if block is None or not block.unit:
            return row.text("unit")
        return block.unit

    def _required_unit(self, block: Block) -> str:
        if not block.unit:
            raise block.error(N_("%(place)s: “%(name)s” has no unit. Add a row “unit” below its name."))
        return block.unit


def _by_code(blocks: Iterable[Block]) -> dict[str, Block]:
    found: dict[str, Block] = {}
    for block in blocks:
        first = found.setdefault(block.code, block)
        if first is not block:
            raise block.error(
                N_("%(place)s: “%(name)s” has the same code as “%(other)s” (%(first)s). Codes are unique."),
                other=first.name,
                first=first.sheet.place(first.row),
            )
    return found


def _method(sheets: Iterable[Sheet]) -> Mapping[str, CharacterizationFactor]:
    """Read the factors that an export of this platform brings along; bw2io skips that sheet."""
    found: dict[str, CharacterizationFactor] = {}
    for row in _method_rows(sheets):
        code = row.text("input").partition("::")[2]
        found[code] = CharacterizationFactor(
            flow=code,
            value=row.number("amount"),
            unit=spelt_unit(row.text("unit")),
            name_zh="",
            year="",
            region="",
            boundary="",
            evidence=_evidence(row),
        )
    return found


def _method_rows(sheets: Iterable[Sheet]) -> Iterator[Row]:
    for sheet in sheets:
        if sheet.name == "method" and sheet.first_cell == SKIPPED:
            yield from read_rows(sheet, 1)


def _evidence(row: Row) -> Evidence:
    return Evidence(
        place=row.place,
        low=None,
        high=None,
        distribution="",
        sources=(),
        source_detail=row.optional_text("comment"),
        confidence="",
    )
