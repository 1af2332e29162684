"""Gaussian elimination of many systems of one pattern at once, without pivoting.

The order of elimination and the places that fill in depend on the pattern alone, so they are found once. The arithmetic then runs
over all draws together, one multiply-add after the other: the result of a draw does not depend, to the last bit, on the draws
beside it. A system without loops fills in nothing and needs no elimination; what remains is plain back substitution.

A Leontief matrix (positive diagonal, inputs negative, every process makes more of its product than its loops consume) needs no
pivoting in any symmetric order: all pivots are positive, and they are positive only then (Hawkins-Simon condition).
"""

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

Positions = NDArray[np.int64]
Amounts = NDArray[np.float64]

# A pivot that lost more than this of its diagonal to cancellation has lost six digits; another method must solve that draw.
_TINY: Final = 1e-6
_MOST_UPDATES: Final = 10_000
"""Multiply-adds of one elimination; beyond, LAPACK is about as quick for a thousand draws and far quicker for one. Own choice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Elimination of one process.

    Attributes
    ----------
    pivot
        Position of the process, and slot of its diagonal.
    column
        (slot, process) of its inputs from processes eliminated later.
    row
        (slot, process) of the later processes that take its product.
    updates
        (target, left, right): slots of ``target -= left * right``.

    """

    pivot: int
    column: tuple[tuple[int, int], ...]
    row: tuple[tuple[int, int], ...]
    updates: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What the pattern alone decides.

    Attributes
    ----------
    slots
        (S,) place of each supply in the values; the first `size` places are the diagonal.
    steps
        In order of elimination; the process that makes the product comes last.

    """

    size: int
    width: int
    slots: Positions
    steps: tuple[Step, ...]

    @property
    def has_loops(self) -> bool:
        """Whether a process consumes, through others or itself, of its own product."""
        return any(step.updates for step in self.steps) or bool((self.slots < self.size).any())


def plan_elimination(size: int, rows: Positions, columns: Positions) -> Plan | None:
    """Return the plan for supplies from the processes `rows` to the processes `columns`; kept for the next call.

    None if loops are so many that going through the places one by one would take longer than a dense method.
    """
    return _plan(size, rows.astype(np.int64).tobytes(), columns.astype(np.int64).tobytes())


@lru_cache(maxsize=256)
def _plan(size: int, rows: bytes, columns: bytes) -> Plan | None:
    slots = _Slots(size=size)
    places = [slots.of(row, column) for row, column in zip(_positions(rows), _positions(columns), strict=True)]
    steps: list[Step] = []
    updates = 0
    for pivot, givers, takers in _in_order(size, tuple(slots.numbers)):
        updates += len(givers) * len(takers)
        if updates > _MOST_UPDATES:
            return None
        steps.append(_step(slots, pivot, givers=givers, takers=takers))
    return Plan(size=size, width=size + len(slots.numbers), slots=np.array(places, dtype=np.int64), steps=tuple(steps))


def _positions(content: bytes) -> list[int]:
    return [int(one) for one in np.frombuffer(content, dtype=np.int64)]


@dataclass(slots=True, kw_only=True)
class _Slots:
    """Numbers of the places that are not zero."""

    size: int
    numbers: dict[tuple[int, int], int] = field(default_factory=dict)

    def of(self, row: int, column: int) -> int:
        """Return the number of a place, a new one if it was zero."""
        return row if row == column else self.numbers.setdefault((row, column), self.size + len(self.numbers))


def _in_order(size: int, places: Iterable[tuple[int, int]]) -> Iterator[tuple[int, frozenset[int], frozenset[int]]]:
    """Yield the processes by least fill (Markowitz), each with the later ones that it takes from and that take from it.

    The first process goes last: the forward substitution of a demand for its product alone is then nothing at all.
    """
    takers: list[set[int]] = [set() for _ in range(size)]
    givers: list[set[int]] = [set() for _ in range(size)]
    for row, column in places:
        takers[row].add(column)
        givers[column].add(row)
    left = set(range(1, size))
    waiting = [(len(takers[one]) * len(givers[one]), one) for one in left]
    heapq.heapify(waiting)
    while left:
        fill, pivot = heapq.heappop(waiting)
        if pivot not in left or fill != len(takers[pivot]) * len(givers[pivot]):
            continue  # it has been eliminated, or waits again with the fill that it would make by now
        left.remove(pivot)
        yield pivot, frozenset(givers[pivot]), frozenset(takers[pivot])
        _eliminate(pivot, takers, givers)
        for one in (givers[pivot] | takers[pivot]) & left:
            heapq.heappush(waiting, (len(takers[one]) * len(givers[one]), one))
    yield 0, frozenset(), frozenset()


def _eliminate(pivot: int, takers: list[set[int]], givers: list[set[int]]) -> None:
    for taker in takers[pivot]:
        givers[taker] |= givers[pivot] - {taker}
        givers[taker].discard(pivot)
    for giver in givers[pivot]:
        takers[giver] |= takers[pivot] - {giver}
        takers[giver].discard(pivot)


def _step(slots: _Slots, pivot: int, *, givers: Iterable[int], takers: Iterable[int]) -> Step:
    column = [(slots.of(giver, pivot), giver) for giver in sorted(givers)]
    row = [(slots.of(pivot, taker), taker) for taker in sorted(takers)]
    updates = [(slots.of(giver, taker), left, right) for left, giver in column for right, taker in row]
    return Step(pivot=pivot, column=tuple(column), row=tuple(row), updates=tuple(updates))


@dataclass(frozen=True, slots=True, kw_only=True)
class Factors:
    """Factorised systems.

    Attributes
    ----------
    values
        (plan.width, K): pivots in the first rows; below the diagonal what was multiplied, above it what was left.
    doubtful
        (K,) draws that this method must not solve.

    """

    plan: Plan
    values: Amounts
    doubtful: NDArray[np.bool_]

    def levels(self) -> Amounts:
        """Return (N, K): how often each process runs for one unit of the first product."""
        values = self.values
        levels = np.empty((self.plan.size, values.shape[1]))
        with np.errstate(all="ignore"):  # as in `factorise`
            for step in reversed(self.plan.steps):
                taken = np.zeros(values.shape[1]) if step.pivot else np.ones(values.shape[1])
                for slot, taker in step.row:
                    taken -= values[slot] * levels[taker]
                np.divide(taken, values[step.pivot], out=levels[step.pivot])
        return levels

    def multipliers(self, burdens: Amounts) -> Amounts:
        """Return (N, K): burden of one unit of every product, from `burdens` (N, K) of each process."""
        values, found = self.values, burdens.copy()
        with np.errstate(all="ignore"):  # as in `factorise`
            for step in self.plan.steps:
                found[step.pivot] /= values[step.pivot]
                for slot, taker in step.row:
                    found[taker] -= values[slot] * found[step.pivot]
            for step in reversed(self.plan.steps):
                for slot, giver in step.column:
                    found[step.pivot] -= values[slot] * found[giver]
        return found


def factorise(plan: Plan, outputs: Amounts, supplies: Amounts) -> Factors:
    """Eliminate the systems of all draws.

    Parameters
    ----------
    outputs
        (N,) reference product of each process per activity.
    supplies
        (K, S) what flows between processes, positive where the consumer takes.

    """
    values = np.zeros((plan.width, len(supplies)))
    values[: plan.size] = outputs[:, None]
    for position, slot in enumerate(plan.slots.tolist()):
        values[slot] -= supplies[:, position]
    with np.errstate(all="ignore"):  # a zero pivot makes its draw doubtful, it harms no other
        for step in plan.steps:
            for left, _ in step.column:
                values[left] /= values[step.pivot]
            for target, left, right in step.updates:
                values[target] -= values[left] * values[right]
    return Factors(plan=plan, values=values, doubtful=_doubtful(plan, outputs, values, supplies))


def _doubtful(plan: Plan, outputs: Amounts, values: Amounts, supplies: Amounts) -> NDArray[np.bool_]:
    doubtful = np.any(~(values[: plan.size] > _TINY * np.abs(outputs)[:, None]), axis=0)
    if plan.has_loops:
        doubtful = doubtful | np.any(supplies < 0, axis=1)  # with credits in a loop the matrix is no Leontief matrix
    return np.asarray(doubtful, dtype=np.bool_)
