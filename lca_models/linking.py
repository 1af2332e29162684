"""Linking of processes and factors into one system that makes a product.

Inputs and wastes link to a process whose reference product is that flow, else to a life-cycle factor. Only what the product needs
is linked; a flow that links to nothing is an error that lists them all.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from lca_models.electricity import direct_co2_refused
from lca_models.emissions import Category, EmissionFlow
from lca_models.errors import N_, LinkError
from lca_models.inventory import Direction, Exchange, Factor, FactorTable, Process
from lca_models.units import convert

_LINKED: Final = frozenset({Direction.INPUT, Direction.WASTE})

# The factors of supplies are aggregated over gases; what they hold is counted as fossil and shown as not split.
UNSPLIT: Final = "upstream_unsplit"


class Nature(StrEnum):
    """Whether a burden is emitted by the process itself or comes with something it takes in."""

    EMISSION = "emission"
    SUPPLY = "supply"


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """One process takes from another.

    Attributes
    ----------
    consumer, producer
        Positions in `LinkedSystem.processes`.
    amount
        In the unit of the producer's reference product, per activity of the consumer.

    """

    consumer: int
    producer: int
    amount: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Burden:
    """A climate burden of one process.

    Attributes
    ----------
    key
        The flow or supply that is characterised.
    amount
        In `unit`, per activity of the process.
    kg_co2e_per_unit
        Characterization factor or life-cycle factor.

    """

    process: int
    exchange: Exchange
    key: str
    nature: Nature
    amount: float
    unit: str
    kg_co2e_per_unit: float
    gas: str
    category: Category


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedSystem:
    """Everything the product needs; the first process makes it.

    Attributes
    ----------
    uncharacterised
        Emissions that count zero, with the reason.

    """

    product: str
    processes: tuple[Process, ...]
    supplies: tuple[Supply, ...]
    burdens: tuple[Burden, ...]
    uncharacterised: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Background:
    """What processes link to besides each other.

    Attributes
    ----------
    emission_flows
        Characterization where `factors` has none.
    allow_uncharacterised
        Count unknown emissions as zero and list them.

    """

    factors: FactorTable
    emission_flows: Mapping[str, EmissionFlow]
    allow_uncharacterised: bool = False


@dataclass(slots=True)
class _Findings:
    """What went wrong or counts zero, gathered so that one message names it all."""

    contested: dict[str, list[str]] = field(default_factory=dict)
    unlinked: list[Exchange] = field(default_factory=list)
    unknown_emissions: list[Exchange] = field(default_factory=list)
    zero: dict[str, str] = field(default_factory=dict)


def link_system(processes: Iterable[Process], background: Background, *, product: str, use: Sequence[str] = ()) -> LinkedSystem:
    """Return the system that makes `product`.

    Parameters
    ----------
    processes
        May contain processes the product does not need; they are left out.
    background
        Factors and emission flows.
    product
        A flow that some process makes.
    use
        Names of processes to take where several make the same flow.

    """
    every = tuple(processes)
    makers = _makers(every, use)
    if product not in makers:
        raise LinkError(
            N_("No process makes “%(product)s”. Products here: %(known)s."), product=product, known=", ".join(makers) or "-"
        )
    findings = _Findings()
    order, supplies = _reach(product, makers, findings)
    burdens = [
        burden for position, process in enumerate(order) for burden in _burdens(position, process, makers, background, findings)
    ]
    _raise_findings(findings, background)
    return LinkedSystem(
        product=product,
        processes=tuple(order),
        supplies=tuple(supplies),
        burdens=tuple(burdens),
        uncharacterised=dict(sorted(findings.zero.items())),
    )


def _makers(processes: tuple[Process, ...], use: Sequence[str]) -> Mapping[str, list[Process]]:
    """Return the processes by reference flow, narrowed down to those in `use` where any of them makes the flow."""
    known = {process.name for process in processes}
    missing = [name for name in use if name not in known]
    if missing:
        raise LinkError(
            N_("There is no process %(missing)s to use. Processes here: %(known)s."),
            missing=", ".join(missing),
            known=", ".join(sorted(known)),
        )
    makers: dict[str, list[Process]] = {}
    for process in processes:
        makers.setdefault(process.reference.flow, []).append(process)
    chosen = set(use)
    return {flow: [one for one in makes if one.name in chosen] or makes for flow, makes in makers.items()}


def _reach(product: str, makers: Mapping[str, list[Process]], findings: _Findings) -> tuple[list[Process], list[Supply]]:
    """Follow the inputs from the product; return the processes found, the product's first, and the links between them."""
    positions: dict[str, int] = {}
    order: list[Process] = []
    supplies: list[Supply] = []

    def position_of(flow: str) -> int | None:
        makes = makers[flow]
        if len(makes) > 1:
            findings.contested[flow] = [one.name for one in makes]
            return None
        if flow not in positions:
            positions[flow] = len(order)
            order.append(makes[0])
        return positions[flow]

    position_of(product)
    for consumer, process in enumerate(order):  # grows while it runs
        for exchange in process.exchanges:
            producer = position_of(exchange.flow) if _is_linked(exchange, makers) else None
            if producer is not None:
                amount = convert(exchange.amount, exchange.unit, to=order[producer].reference.unit, where=str(exchange))
                supplies.append(Supply(consumer=consumer, producer=producer, amount=amount))
    return order, supplies


def _is_linked(exchange: Exchange, makers: Mapping[str, list[Process]]) -> bool:
    return exchange.direction in _LINKED and exchange.flow in makers


def _burdens(
    position: int, process: Process, makers: Mapping[str, list[Process]], background: Background, findings: _Findings
) -> Iterable[Burden]:
    for exchange in process.exchanges:
        burden = None
        if exchange.direction is Direction.EMISSION_AIR:
            burden = _emission(position, exchange, background, findings)
        elif exchange.direction in _LINKED and exchange.flow not in makers:
            burden = _supply(position, exchange, background.factors, findings)
        if burden is not None:
            yield burden


def _supply(position: int, exchange: Exchange, factors: FactorTable, findings: _Findings) -> Burden | None:
    key = exchange.supply or exchange.flow
    factor = factors.life_cycle.get(key)
    if factor is None and key in factors.direct_co2:
        raise direct_co2_refused(factors.direct_co2[key])
    if factor is None:
        findings.unlinked.append(exchange)
        return None
    return _burden(position, exchange, factor, nature=Nature.SUPPLY, gas=UNSPLIT, category=Category.FOSSIL)


def _emission(position: int, exchange: Exchange, background: Background, findings: _Findings) -> Burden | None:
    key, flow = exchange.supply or exchange.flow, background.emission_flows.get(exchange.flow)
    gas, category = (flow.gas, flow.category) if flow else (exchange.flow, Category.FOSSIL)
    category = Category.FOSSIL if category is Category.NONE else category
    factor = background.factors.characterization.get(key) or background.factors.life_cycle.get(key)
    if factor is not None:
        return _burden(position, exchange, factor, nature=Nature.EMISSION, gas=gas, category=category)
    if flow is None:
        findings.unknown_emissions.append(exchange)
        findings.zero[exchange.flow] = "unknown"
        return None
    if flow.gwp100 is None:
        findings.zero[exchange.flow] = "no climate effect"
        return None
    return Burden(
        process=position,
        exchange=exchange,
        key=key,
        nature=Nature.EMISSION,
        amount=convert(exchange.amount, exchange.unit, to="kg", where=str(exchange)),
        unit="kg",
        kg_co2e_per_unit=flow.gwp100,
        gas=gas,
        category=category,
    )


def _burden(position: int, exchange: Exchange, factor: Factor, *, nature: Nature, gas: str, category: Category) -> Burden:
    return Burden(
        process=position,
        exchange=exchange,
        key=exchange.supply or exchange.flow,
        nature=nature,
        amount=convert(exchange.amount, exchange.unit, to=factor.unit, where=f"{exchange} <- {factor.evidence.place}"),
        unit=factor.unit,
        kg_co2e_per_unit=factor.value,
        gas=gas,
        category=category,
    )


def _raise_findings(findings: _Findings, background: Background) -> None:
    if findings.contested:
        raise LinkError(
            N_("Several processes make the same flow: %(contested)s. Pick one of each with --use."),
            contested="; ".join(f"{flow}: {', '.join(names)}" for flow, names in findings.contested.items()),
        )
    if findings.unlinked:
        raise LinkError(
            N_(
                "These flows link to no process and no factor: %(unlinked)s. "
                "Add a process or a factor for each; nothing counts as zero."
            ),
            unlinked="; ".join(f"{exchange.flow} in {exchange.process}" for exchange in findings.unlinked),
        )
    if findings.unknown_emissions and not background.allow_uncharacterised:
        raise LinkError(
            N_(
                "These emissions have no factor and are not known: %(unknown)s. Add a factor for each, or allow them to count zero."
            ),
            unknown="; ".join(f"{exchange.flow} in {exchange.process}" for exchange in findings.unknown_emissions),
        )
