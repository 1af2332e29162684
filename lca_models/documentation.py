"""Tables of `docs/methodology.md`, generated from the model so that text and numbers can't drift apart.

A table stands between ``<!-- table: name -->`` and ``<!-- end -->``.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from lca_models.calculation import calculate_footprint
from lca_models.errors import ModelError
from lca_models.inventory import Direction, Evidence
from lca_models.method_tables import (
    carbon_rows,
    choice_rows,
    confidence_rows,
    exemption_rows,
    furnace_rows,
    line_rows,
    mass_rows,
    scope_rows,
    sensitivity_rows,
    view_rows,
)
from lca_models.model import Model
from lca_models.uncertainty.overview import distribution_rows, evidence_rows, simulation_rows, variance_rows

_BLOCK: Final = re.compile(r"(<!-- table: ([a-z-]+) -->\n).*?(<!-- end -->)", re.DOTALL)
_LINKED: Final = (Direction.INPUT, Direction.WASTE, Direction.EMISSION_AIR, Direction.BYPRODUCT)


def fill_tables(text: str, model: Model) -> str:
    """Return a Markdown text with the content of its marked tables generated anew."""

    def block(match: re.Match[str]) -> str:
        if match[2] not in TABLES:
            raise ModelError("There is no table “%(name)s”. Use one of: %(known)s.", name=match[2], known=", ".join(TABLES))
        return f"{match[1]}\n{TABLES[match[2]](model)}\n\n{match[3]}"

    return _BLOCK.sub(block, text)


def _table(header: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    titles = tuple(header)
    lines = [titles, ("---",) * len(titles), *rows]
    return "\n".join("| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |" for line in lines)


def _number(value: float | str | None) -> str:
    return "" if value is None else value if isinstance(value, str) else f"{value:.6g}"


def _range(low: float | None, high: float | None) -> str:
    return "" if low is None else f"{_number(low)} to {_number(high)}"


def _sources(evidence: Evidence) -> str:
    return ", ".join(evidence.sources)


def _result(model: Model) -> str:
    found = calculate_footprint(model, check=False)
    names = {stage.code: f"{stage.name_en} {stage.name_zh}" for stage in model.stages}
    rows = [
        (code, names[code], f"{value:.3f}", f"{value / found.total_kg_co2e:.1%}") for code, value in found.by_stage_kg_co2e.items()
    ]
    return _table(("stage", "name", "kg CO2e/kg", "share"), [*rows, ("", "**total**", f"**{found.total_kg_co2e:.3f}**", "100 %")])


def _activities(model: Model) -> str:
    found = calculate_footprint(model, check=False)
    rows = sorted(found.by_activity_kg_co2e.items(), key=lambda item: -item[1])
    return _table(("arises in", "kg CO2e/kg"), [(name, f"{value:.4f}") for name, value in rows if value])


def _processes(model: Model) -> str:
    rows = [
        (
            name,
            one.flow,
            one.direction.value,
            _number(one.amount),
            one.unit,
            _range(one.evidence.low, one.evidence.high),
            _sources(one.evidence),
        )
        for name, process in model.processes.items()
        for one in process.exchanges
        if one.direction in _LINKED
    ]
    return _table(("process", "flow", "direction", "amount", "unit", "range", "sources"), rows)


def _formulas(model: Model) -> str:
    rows = {
        (name.partition(":")[0], flow, part.part, f"`{part.formula.text}`")
        for name, flows in model.formulas.items()
        for (flow, _), parts in flows.items()
        for part in parts
        if part.formula.text != part.driver
    }
    return _table(("process", "flow", "part", "formula"), sorted(rows))


def _parameters(model: Model) -> str:
    rows = [
        (f"`{one.name}`", _number(one.default), one.unit, _range(one.low, one.high), one.meaning_en, one.source)
        for one in model.parameters
    ]
    return _table(("parameter", "default", "unit", "usual range", "meaning", "sources"), rows)


def _furnaces(model: Model) -> str:
    furnaces = model.parameter("furnace").choices
    rows = []
    for one in model.parameters:
        if set(one.defaults) & set(furnaces):
            defaults = (one.default_for(furnace) for furnace in furnaces)
            rows.append((f"`{one.name}`", *("" if default is None else f"`{default.formula.text}`" for default in defaults)))
    return _table(("parameter", *furnaces), rows)


def _factors(model: Model) -> str:
    used = {key for flows in model.formulas.values() for key, _ in flows}
    rows = [
        (
            flow,
            _number(one.value),
            f"kg CO2e/{one.unit}",
            _range(one.evidence.low, one.evidence.high),
            one.boundary,
            _sources(one.evidence),
        )
        for flow, one in model.factors.life_cycle.items()
        if flow in used
    ]
    return _table(("flow", "factor", "unit", "range", "boundary", "sources"), rows)


def _alternatives(model: Model) -> str:
    rows = [
        (f"`{one.name}`", f"`{name}`", _number(alternative.value), alternative.reason_en, alternative.note)
        for one in model.parameters
        for name, alternative in one.alternatives.items()
    ]
    return _table(("parameter", "alternative", "value", "what it is", "why it is not the default"), rows)


def _views(model: Model) -> str:
    rows = [
        (
            f"`{view.key}`",
            f"{view.name_en} {view.name_zh}",
            f"{view.kg_co2e_per_kwh:.4f}",
            view.factor.year,
            view.status,
            _sources(view.factor.evidence),
        )
        for view in model.electricity.views.values()
    ]
    return _table(("view", "name", "kg CO2e/kWh", "year", "status", "source"), rows)


def _emissions(model: Model) -> str:
    rows = [
        (flow.flow, flow.name_en, flow.name_zh, flow.category.value, "counts zero" if flow.gwp100 is None else _number(flow.gwp100))
        for flow in model.emission_flows.values()
    ]
    return _table(("flow", "name", "名称", "category", "kg CO2e/kg"), rows)


def _source_list(model: Model) -> str:
    rows = [(source.key, source.citation, source.licence, source.status, source.used_for) for source in model.sources.values()]
    return _table(("key", "citation", "licence", "status", "used for"), rows)


TABLES: Final[Mapping[str, Callable[[Model], str]]] = {
    "result": _result,
    "activities": _activities,
    "processes": _processes,
    "formulas": _formulas,
    "parameters": _parameters,
    "furnaces": _furnaces,
    "factors": _factors,
    "alternatives": _alternatives,
    "views": _views,
    "emissions": _emissions,
    "distributions": lambda model: _table(*distribution_rows(model)),
    "evidence": lambda model: _table(*evidence_rows(model)),
    "simulation": lambda model: _table(*simulation_rows(model)),
    "variance": lambda model: _table(*variance_rows(model)),
    "scope": lambda model: _table(*scope_rows(model)),
    "exemptions": lambda model: _table(*exemption_rows(model)),
    "carbon": lambda model: _table(*carbon_rows(model)),
    "masses": lambda model: _table(*mass_rows(model)),
    "routes": lambda model: _table(*furnace_rows(model)),
    "lines": lambda model: _table(*line_rows(model)),
    "choices": lambda model: _table(*choice_rows(model)),
    "footprint-views": lambda model: _table(*view_rows(model)),
    "confidence": lambda model: _table(*confidence_rows(model)),
    "sensitivity": lambda model: _table(*sensitivity_rows(model)),
    "sources": _source_list,
}
