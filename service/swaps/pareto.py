"""Cost against carbon: which points no other beats, which is best at a carbon price, and at which price two are worth the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakEven:
    """How two points stand to each other.

    Attributes
    ----------
    cny_per_t_co2e
        Carbon price from which the cleaner, dearer one is worth its money; None where one is no worse in both.
    better
        Which one that is: `first`, `second`, or `same` where both are equal.

    """

    cny_per_t_co2e: float | None
    better: Literal["first", "second", "same"] | None = None


def front(cny_per_t: Numbers, kg_co2e_per_kg: Numbers) -> list[int]:
    """Return the positions of points that no other beats, the cheapest first; of equal points the first alone.

    A point beats another if it is no worse in cost and in carbon, and better in one of them. Points without cost (NaN) take no
    part.
    """
    order = np.lexsort((np.arange(len(cny_per_t)), kg_co2e_per_kg, cny_per_t))
    kept: list[int] = []
    least = np.inf
    for position in order.tolist():
        if not np.isnan(cny_per_t[position]) and kg_co2e_per_kg[position] < least:
            kept.append(position)
            least = kg_co2e_per_kg[position]
    return kept


def best_at(points: Sequence[tuple[float, float]], *, cny_per_t_co2e: float) -> int | None:
    """Return the position of the least cost with carbon priced in; of equals the first; None without points.

    Parameters
    ----------
    points
        Yuan and kg CO2e, both per t or both per kg of product: `(cny_per_t, kg_co2e_per_kg)` works because kg/kg is t/t.

    """
    costs = [cost + cny_per_t_co2e * carbon for cost, carbon in points]
    return costs.index(min(costs)) if costs else None


def break_even(first: tuple[float, float], second: tuple[float, float]) -> BreakEven:
    """Compare two points, each yuan per t and kg CO2e per kg of product."""
    dearer, cleaner = second[0] - first[0], first[1] - second[1]
    if dearer == 0 and cleaner == 0:
        return BreakEven(cny_per_t_co2e=None, better="same")
    if dearer <= 0 <= cleaner:
        return BreakEven(cny_per_t_co2e=None, better="second")
    if dearer >= 0 >= cleaner:
        return BreakEven(cny_per_t_co2e=None, better="first")
    return BreakEven(cny_per_t_co2e=dearer / cleaner)
