"""Linking of processes and factors into one system that makes a product.

Inputs and wastes link to a process whose reference product is that flow, else to a life-cycle factor. Only what the product needs
is linked; a flow that links to nothing is an error that lists them all.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from lca_models.electricity import direct_co2_refused
from lca_models.emissions import Category, EmissionFlow, GwpSet
from lca_models.errors import N_, LinkError
from lca_models.inventory import Direction, Exchange, Factor, FactorTable, Process
from lca_models.units import convert

_LINKED: Final = frozenset({Direction.INPUT, Direction.WASTE})

# The factors of supplies are aggregated over gases; what they hold is counted as fossil and shown as not split.
UNSPLIT: Final = "upstream_unsplit"

# Shares of a factor may leave a hair of it by rounding.
_ROUNDING: Final = 1e-12


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
    exchange
        Position in `LinkedSystem.exchanges`.
    conversion
        Units of the producer's reference product per unit of the exchange.

    """

    consumer: int
    producer: int
    exchange: int
    conversion: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorPart:
    """What part of a life-cycle factor is the emission of one gas.

    Attributes
    ----------
    share
        Of the factor's value, which is GWP100 of IPCC AR6; the shares of a factor sum to one or less.

    """

    flow: EmissionFlow
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Burden:
    """A climate burden of one process: an emission, or one part of the burden of something it takes in.

    Attributes
    ----------
    position
        Of the exchange in `LinkedSystem.exchanges`.
    key
        The flow or supply that is characterised; of a supply, the system activity of the background.
    conversion
        Units of the factor per unit of the exchange.
    unit
        Denominator of the factor.
    kg_co2e_per_unit
        Characterization factor, or this part of the life-cycle factor, with the factor's stated value.
    share
        kg CO2e of this part per kg CO2e of the factor; 1 for a whole factor.
    elementary_flow
        What is emitted to air; `UNSPLIT` for what a factor does not tell apart.
    gwp100
        Of the elementary flow, kg CO2e per kg; None where the factor itself characterises the emission.

    """

    process: int
    exchange: Exchange
    position: int
    key: str
    nature: Nature
    conversion: float
    unit: str
    kg_co2e_per_unit: float
    share: float
    elementary_flow: str
    gwp100: float | None
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

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """All exchanges but the references, process by process."""
        return tuple(exchange for process in self.processes for exchange in process.exchanges)


@dataclass(frozen=True, slots=True, kw_only=True)
class Background:
    """What processes link to besides each other.

    Attributes
    ----------
    emission_flows
        Characterization where `factors` has none.
    parts
        By key of a life-cycle factor: what is known of the gases in it.
    gwp
        Set that characterises the emission flows.
    allow_uncharacterised
        Count unknown emissions as zero and list them.

    """

    factors: FactorTable
    emission_flows: Mapping[str, EmissionFlow]
    gwp: GwpSet = GwpSet.AR6
    parts: Mapping[str, tuple[FactorPart, ...]] = field(default_factory=dict)
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
    burdens = list(_burdens(order, makers, background, findings))
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
    first = 0
    for consumer, process in enumerate(order):  # grows while it runs
        for position, exchange in enumerate(process.exchanges, first):
            producer = position_of(exchange.flow) if _is_linked(exchange, makers) else None
            if producer is not None:
                conversion = convert(1.0, exchange.unit, to=order[producer].reference.unit, where=str(exchange))
                supplies.append(Supply(consumer=consumer, producer=producer, exchange=position, conversion=conversion))
        first += len(process.exchanges)
    return order, supplies


def _is_linked(exchange: Exchange, makers: Mapping[str, list[Process]]) -> bool:
    return exchange.direction in _LINKED and exchange.flow in makers


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where an exchange stands: its process and its position in the system."""

    process: int
    position: int
    exchange: Exchange

    @property
    def key(self) -> str:
        return self.exchange.supply or self.exchange.flow

    def supplied(self, factor: Factor, *, share: float, flow: str, gas: str, category: Category, gwp100: float) -> Burden:
        """Return the burden of one part of a supply."""
        where = f"{self.exchange} <- {factor.evidence.place}"
        return Burden(
            process=self.process,
            exchange=self.exchange,
            position=self.position,
            key=self.key,
            nature=Nature.SUPPLY,
            conversion=convert(1.0, self.exchange.unit, to=factor.unit, where=where),
            unit=factor.unit,
            kg_co2e_per_unit=factor.value * share,
            share=share,
            elementary_flow=flow,
            gwp100=gwp100,
            gas=gas,
            category=category,
        )

    def emitted(self, value: float, unit: str, *, where: str, gas: str, category: Category, gwp100: float | None) -> Burden:
        """Return the burden of an emission characterised with `value` per `unit`."""
        return Burden(
            process=self.process,
            exchange=self.exchange,
            position=self.position,
            key=self.key,
            nature=Nature.EMISSION,
            conversion=convert(1.0, self.exchange.unit, to=unit, where=where),
            unit=unit,
            kg_co2e_per_unit=value,
            share=1.0,
            elementary_flow=self.exchange.flow,
            gwp100=gwp100,
            gas=gas,
            category=category,
        )


def _burdens(
    order: Sequence[Process], makers: Mapping[str, list[Process]], background: Background, findings: _Findings
) -> Iterable[Burden]:
    places = ((number, exchange) for number, process in enumerate(order) for exchange in process.exchanges)
    for position, (process, exchange) in enumerate(places):
        place = _Place(process=process, position=position, exchange=exchange)
        if exchange.direction is Direction.EMISSION_AIR:
            yield from _emission(place, background, findings)
        elif exchange.direction in _LINKED and exchange.flow not in makers:
            yield from _supply(place, background, findings)


def _supply(place: _Place, background: Background, findings: _Findings) -> Iterable[Burden]:
    factor = background.factors.life_cycle.get(place.key)
    if factor is None and place.key in background.factors.direct_co2:
        raise direct_co2_refused(background.factors.direct_co2[place.key])
    if factor is None:
        findings.unlinked.append(place.exchange)
        return
    parts = background.parts.get(place.key, ())
    for part in parts:
        gwp100 = part.flow.gwp100_by_set[background.gwp]
        yield place.supplied(
            factor,
            share=part.share * gwp100 / part.flow.gwp100_by_set[GwpSet.AR6],
            flow=part.flow.flow,
            gas=part.flow.gas,
            category=part.flow.category,
            gwp100=gwp100,
        )
    rest = 1.0 - math.fsum(part.share for part in parts)
    if rest > _ROUNDING or not parts:
        yield place.supplied(factor, share=rest, flow=UNSPLIT, gas=UNSPLIT, category=Category.FOSSIL, gwp100=1.0)


def _emission(place: _Place, background: Background, findings: _Findings) -> Iterable[Burden]:
    exchange = place.exchange
    flow = background.emission_flows.get(exchange.flow)
    gas, category = (flow.gas, flow.category) if flow else (exchange.flow, Category.FOSSIL)
    category = Category.FOSSIL if category is Category.NONE else category
    factor = background.factors.characterization.get(place.key) or background.factors.life_cycle.get(place.key)
    if factor is not None:
        where = f"{exchange} <- {factor.evidence.place}"
        yield place.emitted(factor.value, factor.unit, where=where, gas=gas, category=category, gwp100=None)
    elif flow is None:
        findings.unknown_emissions.append(exchange)
        findings.zero[exchange.flow] = "unknown"
    elif not flow.gwp100_by_set:
        findings.zero[exchange.flow] = "no climate effect"
    else:
        gwp100 = flow.gwp100_by_set[background.gwp]
        yield place.emitted(gwp100, "kg", where=str(exchange), gas=gas, category=category, gwp100=gwp100)


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
