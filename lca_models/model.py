"""One version of the model, read from its tables; the shipped one lies in `data/`."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from lca_models.composition import Composition, read_composition
from lca_models.definitions import read_definitions
from lca_models.electricity import ElectricityTable, read_electricity
from lca_models.emissions import EmissionFlow, read_emission_flows
from lca_models.errors import N_, FormulaError, TableError
from lca_models.formulas import Formula, parse_formula
from lca_models.gas_splits import read_splits
from lca_models.inventory import Direction, FactorTable, Process, read_exchanges, read_factors, read_processes
from lca_models.methods.decisions import AllocationCase, read_cases
from lca_models.methods.exemption import Exemption, read_exemptions
from lca_models.methods.sharing import SHARES
from lca_models.parameters import ParameterDefinition, find_parameter
from lca_models.revisions import SOURCES, parse_table
from lca_models.tables import Row, read_table
from lca_models.uncertainty.pedigree import UncertaintyTables, read_uncertainty

VERSION: Final = "1.0.0"
PRODUCT: Final = "anode_graphite_packed"

FlowKey = tuple[str, Direction]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where numbers come from and under which licence they are used here."""

    key: str
    citation: str
    licence: str
    status: str
    used_for: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A life-cycle stage of the result."""

    code: str
    name_en: str
    name_zh: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeFormula:
    """How parameters make the amount of an exchange, or one part of it.

    Attributes
    ----------
    part
        Name of the part; the parts of an exchange add up.
    driver
        The parameter whose data quality the contribution has.
    factor_parameter
        The parameter that characterises the flow; empty if the flow links to a process or has a GWP.
    share
        Name of the share that an allocation multiplies the amount with (`methods.sharing`); empty if the product carries all of it.

    """

    part: str
    formula: Formula
    driver: str
    factor_parameter: str
    share: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A model version.

    Attributes
    ----------
    content_hash
        SHA-256 over names and bytes of all tables.
    processes
        By name; furnace variants carry their furnace after a colon.
    formulas
        By process name, then flow and direction.
    builds
        Unit processes that supplier data may replace a factor with; not linked in the default route.
    composition
        What flows are made of.
    carbon_contents
        kg C per kg of flow: the constants that formulas may name.
    exemptions
        By flow: what is left out on purpose.
    allocation_cases
        Where a process makes several things, and what is done.
    background_splits
        By flow with a life-cycle factor, then elementary flow: kg per unit; what this leaves of the factor is not known by gas.

    """

    version: str
    content_hash: str
    processes: Mapping[str, Process]
    formulas: Mapping[str, Mapping[FlowKey, tuple[ExchangeFormula, ...]]]
    factors: FactorTable
    builds: Mapping[str, Process]
    emission_flows: Mapping[str, EmissionFlow]
    composition: Mapping[str, Composition]
    carbon_contents: Mapping[str, float]
    exemptions: Mapping[str, Exemption]
    allocation_cases: tuple[AllocationCase, ...]
    background_splits: Mapping[str, Mapping[str, float]]
    electricity: ElectricityTable
    definitions: Mapping[str, ParameterDefinition]
    uncertainty: UncertaintyTables
    stages: tuple[Stage, ...]
    sources: Mapping[str, Source]

    @property
    def parameters(self) -> tuple[ParameterDefinition, ...]:
        """All parameters in the order of the process chain."""
        return tuple(self.definitions.values())

    @property
    def model_version(self) -> str:
        """Version and the first 12 digits of the content hash."""
        return f"{self.version}+{self.content_hash[:12]}"

    def parameter(self, name: str) -> ParameterDefinition:
        """Return one definition; an unknown name is an error that names near ones."""
        return find_parameter(self.definitions, name)


@cache
def load_model() -> Model:
    """Return the shipped model."""
    return read_model(shipped_tables(), version=VERSION)


@cache
def shipped_tables() -> Mapping[str, bytes]:
    """Return the tables of the shipped model by file name."""
    folder = files("lca_models") / "data"
    return {entry.name: entry.read_bytes() for entry in folder.iterdir() if entry.is_file()}


def read_model(tables: Mapping[str, bytes], *, version: str) -> Model:
    """Read a model from its tables, by file name as in `data/`; anything doubtful is an error."""
    sources = _sources(tables["sources.toml"])
    flows = read_emission_flows(tables["emission_flows.csv"], file="emission_flows.csv", sources=sources)
    factors = read_factors({"upstream_factors.csv": tables["upstream_factors.csv"]}, sources=sources)
    processes = _processes(tables, sources)
    electricity = read_electricity(tables, sources=sources)
    composition = read_composition(tables["carbon_contents.csv"], file="carbon_contents.csv", sources=sources)
    contents = {flow: one.kg_c_per_kg for flow, one in composition.items()}
    definitions = read_definitions(
        tables,
        processes=processes,
        factors=factors,
        emission_flows=flows,
        electricity=electricity,
        constants=_constants(contents),
        sources=sources,
    )
    builds = read_processes({"upstream_builds.csv": tables["upstream_builds.csv"]}, sources=sources)
    return Model(
        version=version,
        content_hash=_content_hash(tables),
        processes=processes,
        formulas=_formulas(tables["exchange_formulas.csv"], processes, definitions, _constants(contents)),
        factors=factors,
        builds={build.name: build for build in builds},
        emission_flows=flows,
        composition=composition,
        carbon_contents=contents,
        exemptions=read_exemptions(tables["exemptions.csv"], file="exemptions.csv", sources=sources),
        allocation_cases=read_cases(tables["allocation_cases.csv"], file="allocation_cases.csv", sources=sources),
        background_splits=read_splits(tables["background_splits.csv"], factors=factors, emission_flows=flows, sources=sources),
        electricity=electricity,
        definitions=definitions,
        uncertainty=read_uncertainty(tables, sources=sources),
        stages=_stages(tables["stages.csv"]),
        sources=sources,
    )


def stage_of(process: str) -> str:
    """Return the life-cycle stage of a shipped process: P7b_toll… belongs to P7."""
    return process[:2]


def _content_hash(tables: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name in sorted(tables):
        digest.update(f"{name}\0{len(tables[name])}\0".encode())
        digest.update(tables[name])
    return digest.hexdigest()


def _sources(content: bytes) -> Mapping[str, Source]:
    return {row.key[0]: _source(row.key[0], row.cells) for row in parse_table(content, file=SOURCES).rows}


def _source(key: str, fields: Mapping[str, str]) -> Source:
    """Return a source whose fields are all there; licences above all must be known."""
    names = [name for name in Source.__slots__ if name != "key"]
    empty = [name for name in names if not fields.get(name, "").strip()]
    if empty:
        raise TableError(
            N_("%(file)s: the source “%(key)s” does not say %(fields)s. Fill it in."),
            file=SOURCES,
            key=key,
            column=empty[0],
            fields=", ".join(empty),
        )
    return Source(key=key, **{name: fields[name] for name in names})


def _processes(tables: Mapping[str, bytes], sources: Iterable[str]) -> Mapping[str, Process]:
    """Read the unit processes, with the exchanges that parameters can switch on added."""
    table = read_processes({"unit_processes.csv": tables["unit_processes.csv"]}, sources=sources)
    added = read_exchanges(tables["linked_exchanges.csv"], file="linked_exchanges.csv", sources=sources)
    return {
        process.name: Process(
            name=process.name,
            reference=process.reference,
            exchanges=(*process.exchanges, *(exchange for exchange in added if exchange.process == process.name)),
        )
        for process in table
    }


def _constants(contents: Mapping[str, float]) -> Mapping[str, float]:
    """Return what formulas may name besides parameters: the carbon content of each flow."""
    return {f"carbon_{flow}": value for flow, value in contents.items()}


def _stages(content: bytes) -> tuple[Stage, ...]:
    rows = read_table(content, file="stages.csv", required=("stage", "name_en", "name_zh"), optional=())
    return tuple(Stage(code=row.text("stage"), name_en=row.text("name_en"), name_zh=row.text("name_zh")) for row in rows)


def _formulas(
    content: bytes, processes: Mapping[str, Process], definitions: Mapping[str, ParameterDefinition], constants: Mapping[str, float]
) -> Mapping[str, Mapping[FlowKey, tuple[ExchangeFormula, ...]]]:
    """Read the formulas; ``P3_graphitisation:*`` stands for each variant that has the flow."""
    columns = ("process", "flow", "direction", "part", "formula", "driver", "factor_parameter", "share")
    found: dict[str, dict[FlowKey, tuple[ExchangeFormula, ...]]] = {name: {} for name in processes}
    for row in read_table(content, file="exchange_formulas.csv", required=columns, optional=()):
        formula = _formula(row, definitions, constants)
        for process, key in _targets(row, processes):
            present = found[process].get(key, ())
            if any(one.part == formula.part for one in present):
                raise row.error(
                    "part", N_("%(file)s, line %(line)s: this exchange already has the part “%(value)s”. Name another part.")
                )
            found[process][key] = (*present, formula)
    return found


def _targets(row: Row, processes: Mapping[str, Process]) -> list[tuple[str, FlowKey]]:
    wanted = row.text("process")
    key = (row.text("flow"), Direction(row.choice("direction", [one.value for one in Direction])))
    stem = wanted.removesuffix("*")
    names = [name for name in processes if (name.startswith(stem) if wanted.endswith("*") else name == wanted)]
    targets = [(name, key) for name in names if any((one.flow, one.direction) == key for one in processes[name].exchanges)]
    if not targets:
        raise row.error("flow", N_("%(file)s, line %(line)s: no process has this exchange. Correct process, flow or direction."))
    return targets


def _formula(row: Row, definitions: Mapping[str, ParameterDefinition], constants: Mapping[str, float]) -> ExchangeFormula:
    try:
        formula = parse_formula(row.text("formula"))
    except FormulaError as error:
        place = {"file": row.place.file, "line": row.place.line, "column": "formula"}
        raise TableError(error.template, **(place | dict(error.values))) from error
    named = (*formula.names, row.text("driver"), *filter(None, [row.optional_text("factor_parameter")]))
    for name in named:
        if name not in definitions and name not in constants:
            raise row.error(
                "formula",
                N_("%(file)s, line %(line)s: “%(name)s” is no parameter or constant. Add it to parameters.csv or correct it."),
                name=name,
            )
    return ExchangeFormula(
        part=row.optional_text("part"),
        formula=formula,
        driver=row.text("driver"),
        factor_parameter=row.optional_text("factor_parameter"),
        share=row.choice("share", ("", *SHARES)),
    )
