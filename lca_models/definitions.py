"""Reading of parameter definitions: a default stands once, in the exchange, factor or row it comes from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from lca_models.electricity import NATIONAL, SCOPES, ElectricityTable
from lca_models.emissions import EmissionFlow
from lca_models.errors import N_, FormulaError, ModelError, TableError
from lca_models.formulas import Formula, evaluate, parse_formula
from lca_models.inventory import Distribution as Shape
from lca_models.inventory import Evidence, FactorTable, Process, check_in_range, check_sources
from lca_models.parameters import FURNACE, Alternative, Default, ParameterDefinition
from lca_models.tables import Row, read_table

_COLUMNS: Final = (
    *("name", "group", "unit", "default", "low", "high", "minimum", "maximum"),
    *("origin", "source", "meaning_en", "meaning_zh"),
)
_FURNACE_COLUMNS: Final = ("parameter", "furnace", "default", "low", "high", "source", "source_detail")
_ALTERNATIVE_COLUMNS: Final = ("parameter", "name", "value", "low", "high", "unit", "source", "reason_en", "reason_zh", "note")


_HARD_ENDED: Final = (Shape.TRIANGULAR, Shape.UNIFORM)
_DEFINITION: Final = "definition"
_ELECTRICITY: Final = "electricity"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Origins:
    """What a default may come from."""

    processes: Mapping[str, Process]
    factors: FactorTable
    emission_flows: Mapping[str, EmissionFlow]
    electricity: ElectricityTable
    furnace_rows: tuple[Row, ...]
    constants: Mapping[str, float]
    sources: frozenset[str]


def read_definitions(
    tables: Mapping[str, bytes],
    *,
    processes: Mapping[str, Process],
    factors: FactorTable,
    emission_flows: Mapping[str, EmissionFlow],
    electricity: ElectricityTable,
    constants: Mapping[str, float],
    sources: Iterable[str],
) -> Mapping[str, ParameterDefinition]:
    """Read `parameters.csv`, `furnace_defaults.csv` and `alternatives.csv`; default formulas may name parameters and constants."""
    origins = _Origins(
        processes=processes,
        factors=factors,
        emission_flows=emission_flows,
        electricity=electricity,
        furnace_rows=read_table(
            tables["furnace_defaults.csv"], file="furnace_defaults.csv", required=_FURNACE_COLUMNS, optional=()
        ),
        constants=constants,
        sources=frozenset(sources),
    )
    alternatives = _alternatives(tables["alternatives.csv"], origins)
    found: dict[str, ParameterDefinition] = {}
    for row in read_table(tables["parameters.csv"], file="parameters.csv", required=_COLUMNS, optional=()):
        definition = _definition(row, origins, alternatives.pop(row.text("name"), {}))
        if definition.name in found:
            raise row.error("name", N_("%(file)s, line %(line)s: the parameter “%(value)s” stands twice. Keep one row."))
        found[definition.name] = definition
    if alternatives:
        raise TableError(N_("alternatives.csv names parameters that do not exist: %(names)s."), names=", ".join(alternatives))
    return _with_default_values(found, origins)


def _definition(row: Row, origins: _Origins, alternatives: Mapping[str, Alternative]) -> ParameterDefinition:
    kind, _, detail = row.text("origin").partition(":")
    choices = tuple(detail.split(";")) if kind == "choice" else ()
    definition = ParameterDefinition(
        name=row.text("name"),
        group=row.text("group"),
        unit=row.text("unit"),
        meaning_en=row.text("meaning_en"),
        meaning_zh=row.text("meaning_zh"),
        defaults={} if choices else _defaults(row, kind, detail, origins),
        minimum=_bound(row, "minimum"),
        maximum=_bound(row, "maximum"),
        choices=choices,
        alternatives=alternatives,
        default=row.optional_text("default"),
    )
    for default in definition.defaults.values():
        _check_reach(row, definition, default)
    return definition


# A bound that is a rounded fraction may lie a hair inside a range that is the exact one.
_ROUNDING: Final = 1e-9


def _check_reach(row: Row, definition: ParameterDefinition, default: Default) -> None:
    """Refuse a range with hard ends that reaches beyond the parameter's bounds: nothing could be drawn from it."""
    low, high, minimum, maximum = default.low, default.high, definition.minimum, definition.maximum
    if default.shape not in _HARD_ENDED or low is None or high is None:
        return
    if (minimum is not None and low < minimum - _ROUNDING) or (maximum is not None and high > maximum + _ROUNDING):
        raise row.error(
            "name",
            N_(
                "%(file)s, line %(line)s: the range of %(value)s, %(low)s to %(high)s, reaches beyond its bounds "
                "%(minimum)s to %(maximum)s. Narrow the range or widen the bounds."
            ),
            low=f"{low:g}",
            high=f"{high:g}",
            minimum="-∞" if minimum is None else f"{minimum:g}",
            maximum="∞" if maximum is None else f"{maximum:g}",
        )


def _bound(row: Row, column: str) -> float | None:
    formula = _formula(row, column)
    return None if formula is None else evaluate(formula, _no_name)


def _formula(row: Row, column: str) -> Formula | None:
    if not row.optional_text(column):
        return None
    try:
        return parse_formula(row.text(column))
    except FormulaError as error:
        raise row.error(
            column, N_("%(file)s, line %(line)s, column %(column)s: “%(value)s” is neither number nor formula. Correct it.")
        ) from error


def _no_name(name: str) -> float:
    raise FormulaError(N_("“%(name)s” is not allowed here: bounds are numbers or arithmetic on numbers."), name=name)


def _defaults(row: Row, kind: str, detail: str, origins: _Origins) -> Mapping[str, Default]:
    match kind:
        case "own" | "electricity":
            return {"": _own(row, origins)}
        case "furnace":
            rows = [one for one in origins.furnace_rows if one.text("parameter") == row.text("name")]
            return {one.text("furnace"): _own(one, origins) for one in rows}
        case "exchange":
            return _from_exchange(row, detail, origins)
        case "factor" if detail in origins.factors.life_cycle:
            factor = origins.factors.life_cycle[detail]
            return {"": _from_evidence(factor.value, factor.evidence)}
        case "emission" if detail in origins.emission_flows:
            gwp = origins.emission_flows[detail].gwp100
            return {
                "": Default(
                    formula=_literal(gwp or 0.0),
                    low=_bound(row, "low"),
                    high=_bound(row, "high"),
                    shape=Shape.FIXED,
                    sources=("stoichiometry",),
                    confidence="medium",
                )
            }
    raise row.error(
        "origin",
        N_(
            "%(file)s, line %(line)s, column %(column)s: “%(value)s” leads nowhere. "
            "Use own, furnace, exchange:, factor: or emission:."
        ),
    )


def _own(row: Row, origins: _Origins) -> Default:
    headline = next(iter(SCOPES))
    is_headline = row.optional_text("name") == headline
    formula = _literal(origins.electricity.views[NATIONAL].kg_co2e_per_kwh) if is_headline else _formula(row, "default")
    if formula is None:
        raise row.error("default", N_("%(file)s, line %(line)s, column %(column)s: the cell is empty. Fill it in."))
    sources = check_sources(row, origins.sources)
    low, high = _bound(row, "low"), _bound(row, "high")
    if not is_headline and formula.names <= set(origins.constants):
        check_in_range(row, "default", float(evaluate(formula, origins.constants.__getitem__)), low=low, high=high)
    return Default(formula=formula, low=low, high=high, shape=_own_shape(row, sources, low, high), sources=sources, confidence="")


def _own_shape(row: Row, sources: tuple[str, ...], low: float | None, high: float | None) -> Shape:
    """Return the shape of a default that no exchange or factor states.

    What is so by definition is chosen for a product and not uncertain; the range of electricity factors spans places, which are
    scenarios. Any other range has hard bounds.
    """
    is_choice = sources == (_DEFINITION,) or row.optional_text("origin") == _ELECTRICITY
    return Shape.FIXED if is_choice or low is None or high is None else Shape.TRIANGULAR


def _from_exchange(row: Row, detail: str, origins: _Origins) -> Mapping[str, Default]:
    process, _, flow = detail.partition("/")
    stem = process.removesuffix("*")
    found = {
        name.removeprefix(stem) if process.endswith("*") else "": _from_evidence(exchange.amount, exchange.evidence)
        for name, one in origins.processes.items()
        for exchange in one.exchanges
        if exchange.flow == flow and (name.startswith(stem) if process.endswith("*") else name == process)
    }
    if not found:
        raise row.error(
            "origin", N_("%(file)s, line %(line)s, column %(column)s: no process has the exchange “%(value)s”. Correct it.")
        )
    return found


def _from_evidence(value: float, evidence: Evidence) -> Default:
    return Default(
        formula=_literal(value),
        low=evidence.low,
        high=evidence.high,
        shape=Shape(evidence.distribution),
        sources=evidence.sources,
        confidence=evidence.confidence,
    )


def _literal(value: float) -> Formula:
    return parse_formula(repr(value))


def _alternatives(content: bytes, origins: _Origins) -> dict[str, dict[str, Alternative]]:
    found: dict[str, dict[str, Alternative]] = {}
    for row in read_table(content, file="alternatives.csv", required=_ALTERNATIVE_COLUMNS, optional=()):
        found.setdefault(row.text("parameter"), {})[row.text("name")] = Alternative(
            value=row.number("value"),
            sources=check_sources(row, origins.sources),
            reason_en=row.text("reason_en"),
            reason_zh=row.text("reason_zh"),
            note=row.text("note"),
        )
    return found


def _with_default_values(definitions: Mapping[str, ParameterDefinition], origins: _Origins) -> Mapping[str, ParameterDefinition]:
    """Fill in the value of each default, which proves that default formulas end and name existing parameters."""
    if FURNACE not in definitions or not definitions[FURNACE].choices:
        raise TableError(N_("parameters.csv has no choice “%(name)s”. The routes of the model are told apart by it."), name=FURNACE)
    furnace = definitions[FURNACE].choices[0]

    def value_of(name: str, waiting: tuple[str, ...] = ()) -> float:
        if name in origins.constants:
            return origins.constants[name]
        if name not in definitions or name in waiting:
            raise TableError(
                N_("parameters.csv: the default of %(chain)s is circular or names no parameter."),
                chain=" -> ".join((*waiting, name)),
            )
        defaults = definitions[name].defaults
        default = definitions[name].default_for(furnace) or next(iter(defaults.values()), None)
        if default is None:
            raise TableError(N_("The parameter %(name)s has no default. Add one, with a furnace or without."), name=name)
        try:
            return float(evaluate(default.formula, lambda used: value_of(used, (*waiting, name))))
        except FormulaError as error:
            raise ModelError(error.template, **error.values) from error

    return {name: one if one.choices else replace(one, default=value_of(name)) for name, one in definitions.items()}
