"""A model laid open: every exchange with its amount, every parameter and factor with where it comes from and where it is used."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

from lca_models.calculation import Footprint, calculate_footprint
from lca_models.formulas import evaluate
from lca_models.inventory import DirectCo2Factor, Direction, Evidence, Exchange, Factor, LifeCycleFactor
from lca_models.methods.sharing import UNUSED_BY_DEFAULT
from lca_models.model import ExchangeFormula, Model, stage_of
from lca_models.parameters import FURNACE, ParameterDefinition
from lca_models.route import value_reader

_VARIANT: Final = ":"
_Key = tuple[str, Direction, str]
UNVERIFIED: Final = "memory"
"""Confidence of what is known from practice and was not read anywhere."""


class FactorKind(StrEnum):
    """What a factor may be used for."""

    LIFE_CYCLE = "life_cycle"
    GWP100 = "gwp100"
    DIRECT_CO2 = "direct_co2"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeLine:
    """One exchange of a process, or one part of it, with the default parameters of a furnace.

    Attributes
    ----------
    amount
        Per amount of the process's reference product, in `unit`.
    kg_co2e_per_kg
        What the flow brings in this process, per kg of packed product; None where it carries nothing.
    producer
        The process of the model that makes the flow; None if it comes from the background.

    """

    exchange: Exchange
    amount: float
    formula: ExchangeFormula | None
    definition: ParameterDefinition | None
    producer: str | None
    kg_co2e_per_kg: float | None

    @property
    def is_counted(self) -> bool:
        """Whether the default allocation counts it; some parts belong to another choice."""
        return self.formula is None or self.formula.share not in UNUSED_BY_DEFAULT

    @property
    def evidence(self) -> Evidence:
        """Where the stated amount comes from."""
        return self.exchange.evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorLine:
    """A factor of the library.

    Attributes
    ----------
    parameter
        Name of the parameter that carries it; empty if none does.
    used_by
        Processes and upstream builds that take the flow.
    factor_set
        Key of the electricity factor set; empty for other factors.

    """

    factor: Factor
    kind: FactorKind
    parameter: str
    used_by: tuple[str, ...]
    factor_set: str = ""

    @property
    def is_unverified(self) -> bool:
        """Whether nobody has read it anywhere."""
        return self.factor.evidence.confidence == UNVERIFIED


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterUse:
    """An exchange that a parameter makes, or a flow that it characterises."""

    process: str
    flow: str
    part: str
    formula: str
    as_factor: bool


class _ByContent:
    """A model that equals every other one with the same tables, so that results can be kept by content."""

    def __init__(self, model: Model) -> None:
        self.model = model

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ByContent) and other.model.content_hash == self.model.content_hash

    def __hash__(self) -> int:
        return hash(self.model.content_hash)


@lru_cache(maxsize=32)
def _default_footprint(model: _ByContent, furnace: str) -> Footprint:
    return calculate_footprint(model.model, {FURNACE: furnace}, check=False)


def default_footprint(model: Model, furnace: str) -> Footprint:
    """Return the result of the default route with a furnace."""
    return _default_footprint(_ByContent(model), furnace)


def route_of(model: Model, furnace: str) -> tuple[str, ...]:
    """Return the processes of the route with a furnace, in the order of their stages."""
    return tuple(sorted(name for name in model.processes if _VARIANT not in name or name.endswith(_VARIANT + furnace)))


def furnace_of(process: str) -> str:
    """Return the furnace of a process that is a variant; empty if it has none."""
    return process.partition(_VARIANT)[2]


def exchange_lines(model: Model, process: str, furnace: str) -> tuple[ExchangeLine, ...]:
    """Return every exchange of a process of the route, the parts of an amount one by one."""
    footprint = default_footprint(model, furnace)
    producers = producers_of(model, furnace)
    brought = _brought(footprint, process)
    return tuple(
        _line(model, exchange, part, parameters=footprint.parameters, producers=producers, brought=brought)
        for exchange in model.processes[process].exchanges
        for part in model.formulas[process].get((exchange.flow, exchange.direction), ()) or (None,)
    )


def producers_of(model: Model, furnace: str) -> Mapping[str, str]:
    """Return the process of the route that makes each product."""
    return {model.processes[name].reference.flow: name for name in route_of(model, furnace)}


def _line(
    model: Model,
    exchange: Exchange,
    part: ExchangeFormula | None,
    *,
    parameters: Mapping[str, float | str],
    producers: Mapping[str, str],
    brought: Mapping[_Key, float],
) -> ExchangeLine:
    return ExchangeLine(
        exchange=exchange,
        amount=exchange.amount if part is None else amount_of(model, part, parameters),
        formula=part,
        definition=model.definitions.get(part.driver) if part else None,
        producer=producers.get(exchange.flow) if exchange.direction in {Direction.INPUT, Direction.WASTE} else None,
        kg_co2e_per_kg=brought.get((exchange.flow, exchange.direction, part.part if part else "")),
    )


def _brought(footprint: Footprint, process: str) -> Mapping[_Key, float]:
    """Return kg CO2e per kg of packed product by exchange and part."""
    found: dict[_Key, float] = {}
    for one in footprint.contributions:
        if one.process == process:
            exchange = one.burden.exchange
            key = (exchange.flow, exchange.direction, exchange.part)
            found[key] = found.get(key, 0.0) + one.kg_co2e
    return found


def amount_of(model: Model, part: ExchangeFormula, parameters: Mapping[str, float | str]) -> float:
    """Return the amount that a formula gives with these parameters, per amount of the reference product."""
    return float(evaluate(part.formula, value_reader(model, lambda name: float(parameters[name]))))


def carries_burden(exchange: Exchange) -> bool:
    """Tell whether a flow can bring greenhouse gases: what goes in, is treated or is emitted."""
    return exchange.direction in {Direction.INPUT, Direction.WASTE, Direction.EMISSION_AIR}


def factor_lines(model: Model) -> tuple[FactorLine, ...]:
    """Return the whole factor library: supplies, electricity of all factor sets, and gases."""
    return (*_supply_lines(model), *_electricity_lines(model))


def _supply_lines(model: Model) -> Iterator[FactorLine]:
    parameters = _factor_parameters(model)
    users = _users(model)
    tables: tuple[tuple[FactorKind, Mapping[str, Factor]], ...] = (
        (FactorKind.LIFE_CYCLE, model.factors.life_cycle),
        (FactorKind.GWP100, model.factors.characterization),
        (FactorKind.DIRECT_CO2, model.factors.direct_co2),
    )
    for kind, factors in tables:
        for flow, factor in factors.items():
            carried = parameters.get(flow, "") if kind is FactorKind.LIFE_CYCLE else ""
            yield FactorLine(factor=factor, kind=kind, parameter=carried, used_by=users.get(flow, ()))


def _electricity_lines(model: Model) -> Iterator[FactorLine]:
    for key, factor_set in model.electricity.sets.items():
        factors: Iterable[LifeCycleFactor | DirectCo2Factor] = factor_set.factors.values()
        for factor in factors:
            kind = FactorKind.DIRECT_CO2 if isinstance(factor, DirectCo2Factor) else FactorKind.LIFE_CYCLE
            yield FactorLine(factor=factor, kind=kind, parameter="", used_by=(), factor_set=key)


def _factor_parameters(model: Model) -> Mapping[str, str]:
    found = _all_formulas(model)
    return {flow: part.factor_parameter for _, flow, part in found if part.factor_parameter}


def _all_formulas(model: Model) -> Iterator[tuple[str, str, ExchangeFormula]]:
    for process, flows in model.formulas.items():
        for (flow, _), parts in flows.items():
            for part in parts:
                yield process, flow, part


def _users(model: Model) -> Mapping[str, tuple[str, ...]]:
    users: dict[str, dict[str, None]] = {}
    for process in (*model.processes.values(), *model.builds.values()):
        for exchange in process.exchanges:
            if carries_burden(exchange):
                users.setdefault(exchange.flow, {})[process.name] = None
    return {flow: tuple(names) for flow, names in users.items()}


def parameter_uses(model: Model, name: str) -> tuple[ParameterUse, ...]:
    """Return where a parameter stands in a formula or characterises a flow; the variants of a process count once."""
    uses = {
        ParameterUse(
            process=process.partition(_VARIANT)[0],
            flow=flow,
            part=part.part,
            formula=part.formula.text,
            as_factor=part.factor_parameter == name,
        ): None
        for process, flow, part in _all_formulas(model)
        if name in part.formula.names or part.factor_parameter == name
    }
    return tuple(uses)


def defaults_that_use(model: Model, name: str) -> tuple[str, ...]:
    """Return the parameters whose default is calculated from this one."""
    return tuple(
        other.name for other in model.parameters if any(name in default.formula.names for default in other.defaults.values())
    )


def stages_of(model: Model, furnace: str) -> Mapping[str, tuple[str, ...]]:
    """Return the processes of the route by life-cycle stage."""
    found: dict[str, tuple[str, ...]] = {}
    for name in route_of(model, furnace):
        found[stage_of(name)] = (*found.get(stage_of(name), ()), name)
    return found
