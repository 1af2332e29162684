"""A good plan to begin a large search from, found among the few offers of each material that the relaxed problem likes.

Kernel search (Angelelli, Mansini and Speranza, Computers & Operations Research 37, 2010). It changes how long the whole search
takes, not what counts as an answer: that search still goes over all offers and proves its bound.
"""

from collections import defaultdict
from typing import Final

from service.allocation.highs import Outcome, Search, Vector
from service.allocation.program import Program

MANY_PAIRS: Final = 300
"""Below this the whole search is as fast without."""
NEXT_BEST: Final = 15
"""Offers of each material besides those that the relaxed problem takes; 8 give plans as good."""
ROUGHEST_GAP: Final = 2e-4
TIME_SHARE: Final = 0.25
"""Of the time limit."""


def find_beginning(program: Program, objective: Vector, *, at_most: float | None, gap: float, time_limit_s: float) -> Vector | None:
    """Return a plan by columns; None for a small program, or where the few offers chosen allow none."""
    if len(program.pairs) < MANY_PAIRS or not program.integer:
        return None
    relaxed = prepared(program, objective, at_most=at_most, is_relaxed=True)
    found = relaxed.solve()
    if found.outcome is not Outcome.BEST:
        return None
    search = prepared(program, objective, at_most=at_most)
    search.fix(dict.fromkeys(_left_out(program, found.values, relaxed.reduced_costs()), 0.0))
    kernel = search.solve(gap=max(gap / 5, ROUGHEST_GAP), time_limit_s=TIME_SHARE * time_limit_s)
    return kernel.values if kernel.values.size else None


def prepared(program: Program, objective: Vector, *, at_most: float | None, is_relaxed: bool = False) -> Search:
    """Return a search that is ready to be solved."""
    search = Search(program, is_relaxed=is_relaxed)
    search.minimise(objective)
    if at_most is not None:
        search.cap_carbon(at_most)
    return search


def _left_out(program: Program, values: Vector, reduced_costs: Vector) -> list[int]:
    """Return the columns of the pairs that are neither taken by the relaxed problem nor among the next best."""
    by_material: dict[str, list[int]] = defaultdict(list)
    for place, pair in enumerate(program.pairs):
        by_material[pair.offer.material].append(place)
    left_out: list[int] = []
    for places in by_material.values():
        idle = [place for place in places if not values[place] > 0]
        idle.sort(key=lambda place: float(reduced_costs[_columns(program, place)].sum()))
        left_out += [column for place in idle[NEXT_BEST:] for column in _columns(program, place)]
    return left_out


def _columns(program: Program, place: int) -> list[int]:
    order = program.orders.get(place)
    return [place] if order is None else [place, order]
