"""The process chain of one furnace, linked and compiled; made once for each furnace, GWP set and set of replaced factors."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Final

from lca_models.compilation import CONSTANT, CompiledSystem, compile_system
from lca_models.emissions import GwpSet
from lca_models.formulas import Formula, Number
from lca_models.inventory import Exchange, FactorTable, LifeCycleFactor, Process
from lca_models.linking import Background, FactorPart, link_system
from lca_models.methods.sharing import UNUSED_BY_DEFAULT
from lca_models.model import PRODUCT, Model

_GRAPHITIZATION: Final = "P3_graphitisation:"
_KEPT: Final = 128


class _ByContent:
    """A model that equals another of the same tables, so that compiled routes can be kept."""

    def __init__(self, model: Model) -> None:
        self.model = model

    def __hash__(self) -> int:
        return hash(self.model.content_hash)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ByContent) and other.model.content_hash == self.model.content_hash


def compile_route(
    model: Model, *, furnace: str, replaced: frozenset[str], gwp: GwpSet, unused: frozenset[str] = UNUSED_BY_DEFAULT
) -> CompiledSystem:
    """Return the compiled chain of one furnace.

    Parameters
    ----------
    replaced
        Factor parameters that somebody set: of another factor than the model's own, the gases are not known.
    gwp
        Set of GWP100 values that emissions are characterised with.
    unused
        Shares of allocation that are zero (`methods.sharing`); their exchanges are left out.

    """
    return _compiled(_ByContent(model), furnace, replaced & frozenset(_split_factors(model)), gwp, unused)


@lru_cache(maxsize=_KEPT)
def _compiled(
    by_content: _ByContent, furnace: str, replaced: frozenset[str], gwp: GwpSet, unused: frozenset[str]
) -> CompiledSystem:
    model = by_content.model
    templates, formulas = _templates(model, furnace, unused)
    background = Background(
        factors=_parameter_factors(model),
        emission_flows=model.emission_flows,
        gwp=gwp,
        parts={name: parts for name, parts in _parts(model).items() if name not in replaced},
    )
    return compile_system(link_system(templates, background, product=PRODUCT), formulas)


def value_reader(model: Model, number: Callable[[str], Number]) -> Callable[[str], Number]:
    """Return what gives formulas their values: parameters, and the carbon contents as constants."""

    def value_of(name: str) -> Number:
        constant = model.carbon_contents.get(name.removeprefix(CONSTANT)) if name.startswith(CONSTANT) else None
        return number(name) if constant is None else constant

    return value_of


def _templates(model: Model, furnace: str, unused: frozenset[str]) -> tuple[list[Process], dict[str, tuple[Formula | None, ...]]]:
    """Return the processes with one exchange for each part of an amount, and by process the formulas beside them."""
    chosen = _GRAPHITIZATION + furnace
    names = [name for name in model.processes if not name.startswith(_GRAPHITIZATION) or name == chosen]
    expanded = {name: _expanded(model, model.processes[name], unused) for name in names}
    processes = [replace(model.processes[name], exchanges=tuple(one for one, _ in pairs)) for name, pairs in expanded.items()]
    return processes, {name: tuple(formula for _, formula in pairs) for name, pairs in expanded.items()}


def _expanded(model: Model, process: Process, unused: frozenset[str]) -> list[tuple[Exchange, Formula | None]]:
    formulas = model.formulas[process.name]
    found: list[tuple[Exchange, Formula | None]] = []
    for exchange in process.exchanges:
        parts = formulas.get((exchange.flow, exchange.direction), ())
        found.extend(
            (replace(exchange, part=one.part, supply=one.factor_parameter, driver=one.driver, share=one.share), one.formula)
            for one in parts
            if one.share not in unused
        )
        if not parts:
            found.append((exchange, None))
    return found


def factor_flows(model: Model) -> Mapping[str, str]:
    """Return the flow that each factor parameter characterises."""
    names = {part.factor_parameter: key[0] for flows in model.formulas.values() for key, parts in flows.items() for part in parts}
    names.pop("", None)
    return names


def _parameter_factors(model: Model) -> FactorTable:
    """Return the life-cycle factors by parameter, with the value they take by default."""
    template = next(iter(model.factors.life_cycle.values()))
    factors: dict[str, LifeCycleFactor] = {
        name: replace(
            model.factors.life_cycle.get(flow, template),
            flow=flow,
            value=float(model.definitions[name].default),
            unit=model.definitions[name].unit.partition("/")[2],
        )
        for name, flow in factor_flows(model).items()
    }
    return FactorTable(life_cycle=factors, characterization={}, direct_co2={})


def _split_factors(model: Model) -> Mapping[str, str]:
    return {name: flow for name, flow in factor_flows(model).items() if flow in model.background_splits}


def _parts(model: Model) -> Mapping[str, tuple[FactorPart, ...]]:
    """Return, by factor parameter, the gases that the model's own factor tells apart."""
    flows = model.emission_flows
    return {
        name: tuple(
            FactorPart(flow=flows[gas], share=kg * flows[gas].gwp100_by_set[GwpSet.AR6] / model.factors.life_cycle[flow].value)
            for gas, kg in model.background_splits[flow].items()
        )
        for name, flow in _split_factors(model).items()
    }
