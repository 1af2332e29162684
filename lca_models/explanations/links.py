"""What flows between the processes of a solved system: every link carries the burden of what it delivers, without cut-off.

A link carries amount times multiplier, where the multiplier is the burden of one unit of the producer's product with all that it
needs, solved exactly from Aᵀ y = b. What enters a process (its own burden and that of all it takes) therefore equals what leaves
it, to rounding. In a loop the same holds; what circulates enters and leaves once more, so that links inside a loop may add up to
more than the total.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lca_models.emissions import Category
from lca_models.engine import solve_multipliers
from lca_models.solution import SolvedSystem

Amounts = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A process in the flows, for one unit of product.

    Attributes
    ----------
    amount
        Reference product that it makes, in `unit`.
    own_kg_co2e
        Its emissions and what it takes from the background.
    received_kg_co2e
        What comes with the products that it takes from other processes.
    passed_on_kg_co2e
        What leaves with its product; own and received together.

    """

    process: str
    amount: float
    unit: str
    own_kg_co2e: float
    received_kg_co2e: float
    passed_on_kg_co2e: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A product that one process takes from another, for one unit of the system's product.

    Attributes
    ----------
    amount
        In `unit`, that of the producer's product.
    kg_co2e
        Amount times the producer's multiplier.

    """

    producer: str
    consumer: str
    amount: float
    unit: str
    kg_co2e: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Flows:
    """All processes that run, and all links between them.

    Attributes
    ----------
    nodes
        The first makes the product; what it passes on is the total, and what a loop takes back.
    multipliers
        kg CO2e of one unit of each process's product, with all that it needs; also of processes that do not run.

    """

    nodes: tuple[Node, ...]
    links: tuple[Link, ...]
    multipliers: Mapping[str, float]


def trace_flows(solved: SolvedSystem, *, draw: int = 0) -> Flows:
    """Return the flows of one draw; biogenic uptake is left out, as in the total."""
    system = solved.system
    burdens = own_burdens(solved, draw=draw)
    multipliers = _multipliers(solved, burdens, draw)
    levels, supplies = solved.levels[draw], solved.supplies[draw]
    amounts = levels[system.supply_consumer] * supplies
    carried = amounts * multipliers[system.supply_producer]
    own = levels * burdens
    received = np.bincount(system.supply_consumer, weights=carried, minlength=len(levels))
    made = levels * system.outputs
    return Flows(
        nodes=tuple(
            Node(
                process=process.name,
                amount=float(made[position]),
                unit=process.reference.unit,
                own_kg_co2e=float(own[position]),
                received_kg_co2e=float(received[position]),
                passed_on_kg_co2e=float(made[position] * multipliers[position]),
            )
            for position, process in enumerate(system.processes)
            if levels[position] != 0
        ),
        links=_links(solved, amounts, carried),
        multipliers=dict(zip(system.names, multipliers.tolist(), strict=True)),
    )


def _links(solved: SolvedSystem, amounts: Amounts, carried: Amounts) -> tuple[Link, ...]:
    system = solved.system
    ends = zip(system.supply_producer.tolist(), system.supply_consumer.tolist(), amounts.tolist(), carried.tolist(), strict=True)
    return tuple(
        Link(
            producer=system.names[producer],
            consumer=system.names[consumer],
            amount=amount,
            unit=system.processes[producer].reference.unit,
            kg_co2e=kg_co2e,
        )
        for producer, consumer, amount, kg_co2e in ends
        if amount != 0
    )


def product_multipliers(solved: SolvedSystem, *, draw: int = 0) -> Amounts:
    """Return (N,) kg CO2e of one unit of each process's product, with all that it needs."""
    return _multipliers(solved, own_burdens(solved, draw=draw), draw)


def _multipliers(solved: SolvedSystem, burdens: Amounts, draw: int) -> Amounts:
    system = solved.system
    found: Amounts = solve_multipliers(system.pattern, system.outputs, solved.supplies[draw : draw + 1], burdens[None, :])[0]
    return found


def own_burdens(solved: SolvedSystem, *, draw: int = 0) -> Amounts:
    """Return (N,) kg CO2e of each process's emissions and background supplies, per activity; biogenic uptake left out."""
    system = solved.system
    weights = solved.burden_amounts[draw] * solved.factors[draw]
    uptake = Category.BIOGENIC_UPTAKE
    weights[[position for position, one in enumerate(system.burdens) if one.category is uptake]] = 0.0
    return np.bincount(system.burden_process, weights=weights, minlength=len(system.processes)).astype(np.float64)
