"""The contribution tree: what a product takes, what that takes, down to emissions and supplies of the background."""

import heapq
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import count

import numpy as np
from numpy.typing import NDArray

from lca_models.emissions import Category
from lca_models.linking import Nature
from lca_models.solution import SolvedSystem

MOST_BRANCHES = 5000
"""Branches of a tree; the foreground of the shipped model has about sixty. Loops multiply paths without end."""


class BranchKind(StrEnum):
    """What a branch of the tree is."""

    PROCESS = "process"
    SUPPLY = "supply"
    EMISSION = "emission"


class Closed(StrEnum):
    """Why a process is not opened further."""

    OPEN = ""
    LOOP = "loop"
    LIMIT = "limit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """One branch with all that is behind it.

    Attributes
    ----------
    key
        Process or flow.
    amount
        Of the process's product or the flow, in `unit`, for one unit of the system's product.
    kg_co2e
        With all that it needs; the children of an open process sum to it.
    closed
        A process that already stands above itself is a loop; it is counted in full by its multiplier and not opened again.

    """

    kind: BranchKind
    key: str
    amount: float
    unit: str
    kg_co2e: float
    children: tuple["Branch", ...]
    closed: Closed


@dataclass(slots=True)
class _Bud:
    """A process in the tree while it grows."""

    position: int
    amount: float
    kg_co2e: float
    above: frozenset[int]
    closed: Closed = Closed.LIMIT
    takes: list["_Bud"] = field(default_factory=list)
    leaves: tuple[Branch, ...] = ()


def contribution_tree(
    solved: SolvedSystem, multipliers: NDArray[np.float64], *, draw: int = 0, most: int = MOST_BRANCHES
) -> Branch:
    """Return the tree of one draw, the greatest branches first.

    Parameters
    ----------
    multipliers
        (N,) kg CO2e of one unit of each process's product.
    most
        Branches after which no further process is opened; the greatest are opened first.

    """
    growth = _Growth(solved, multipliers, draw)
    root = growth.bud(0, amount=1.0, above=frozenset())
    waiting, number, left = [(0.0, 0, root)], count(1), most
    while waiting and left > 0:
        _, _, bud = heapq.heappop(waiting)
        left -= growth.open(bud)
        for taken in bud.takes:
            heapq.heappush(waiting, (-abs(taken.kg_co2e), next(number), taken))
    return growth.branch(root)


class _Growth:
    """What a tree grows from: per process, what it takes from others and its own burdens."""

    def __init__(self, solved: SolvedSystem, multipliers: NDArray[np.float64], draw: int) -> None:
        self._processes = solved.system.processes
        self._multipliers = multipliers.tolist()
        self._outputs = solved.system.outputs.tolist()
        self._supplies = _supplies(solved, draw)
        self._burdens = _burdens(solved, draw)

    def bud(self, position: int, *, amount: float, above: frozenset[int]) -> _Bud:
        """Return a process that is not open yet."""
        return _Bud(position=position, amount=amount, kg_co2e=amount * self._multipliers[position], above=above)

    def open(self, bud: _Bud) -> int:
        """Open a process, unless it stands above itself; return the number of branches that this makes."""
        if bud.position in bud.above:
            bud.closed = Closed.LOOP
            return 0
        bud.closed = Closed.OPEN
        level = bud.amount / self._outputs[bud.position]
        above = bud.above | {bud.position}
        bud.takes = [self.bud(producer, amount=level * amount, above=above) for producer, amount in self._supplies[bud.position]]
        bud.leaves = tuple(
            Branch(kind=kind, key=key, amount=level * amount, unit=unit, kg_co2e=level * kg, children=(), closed=Closed.OPEN)
            for (kind, key, unit), (amount, kg) in self._burdens[bud.position].items()
            if amount
        )
        return len(bud.takes) + len(bud.leaves)

    def branch(self, bud: _Bud) -> Branch:
        """Return a process with all that has grown on it."""
        children = sorted((*map(self.branch, bud.takes), *bud.leaves), key=lambda one: -abs(one.kg_co2e))
        process = self._processes[bud.position]
        return Branch(
            kind=BranchKind.PROCESS,
            key=process.name,
            amount=bud.amount,
            unit=process.reference.unit,
            kg_co2e=bud.kg_co2e,
            children=tuple(children),
            closed=bud.closed,
        )


def _supplies(solved: SolvedSystem, draw: int) -> list[list[tuple[int, float]]]:
    """Return what each process takes from which others, per activity."""
    system = solved.system
    found: list[list[tuple[int, float]]] = [[] for _ in system.processes]
    ends: Iterable[tuple[int, int, float]] = zip(
        system.supply_consumer.tolist(), system.supply_producer.tolist(), solved.supplies[draw].tolist(), strict=True
    )
    for consumer, producer, amount in ends:
        if amount:
            found[consumer].append((producer, amount))
    return found


_Leaf = tuple[BranchKind, str, str]


def _burdens(solved: SolvedSystem, draw: int) -> list[Mapping[_Leaf, tuple[float, float]]]:
    """Return amount and kg CO2e of each process's flows, per activity; the parts of one supply are one flow.

    Biogenic uptake is left out, as in the total.
    """
    system = solved.system
    found: list[dict[_Leaf, tuple[float, float]]] = [{} for _ in system.processes]
    counted: set[int] = set()
    rows = zip(system.burdens, solved.burden_amounts[draw].tolist(), solved.factors[draw].tolist(), strict=True)
    for burden, amount, factor in rows:
        if burden.category is Category.BIOGENIC_UPTAKE:
            continue
        kind = BranchKind.EMISSION if burden.nature is Nature.EMISSION else BranchKind.SUPPLY
        leaf = (kind, burden.exchange.flow, burden.unit)
        present, kg = found[burden.process].get(leaf, (0.0, 0.0))
        extra = 0.0 if burden.position in counted else amount
        counted.add(burden.position)
        found[burden.process][leaf] = (present + extra, kg + amount * factor)
    return [dict(one) for one in found]
