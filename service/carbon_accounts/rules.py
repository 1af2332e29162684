"""How behaviour becomes kilograms and points; pure."""

import math
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

K_PEOPLE: Final = 5
"""A department is shown from this many people on (the plan's own rule for boards)."""
BOARD_STEP_KG: Final = 10.0
"""Boards are rounded to this, so that two of them tell nobody what one person did. Own choice."""
BOARD_DELAY: Final = timedelta(days=14)
"""From the end of a month to its board. Own choice."""
ENTRY_WINDOW: Final = timedelta(days=31)
"""How far back a day may lie. Own choice."""
POINTS_LIFE: Final = timedelta(days=365)
"""Points that were not redeemed expire after this. Own choice."""
GOAL_STEPS: Final = 20
"""A challenge shows its progress in steps of 5 percent."""
EXACT: Final = 1e-9


def counted_amount(amount: float, *, today: float, this_month: float, cap_per_day: float, cap_per_month: float) -> float:
    """Return the part of an amount that the caps leave.

    Parameters
    ----------
    today, this_month
        What counts already on the day and in its month.

    """
    return max(0.0, min(amount, cap_per_day - today, cap_per_month - this_month))


def avoided_kg(counted: float, *, baseline_kg_per_unit: float, action_kg_per_unit: float) -> float:
    """Return AD x (EF of what is usual - EF of what was done), kg CO2e (the form of T/ACEF 031-2022)."""
    return counted * (baseline_kg_per_unit - action_kg_per_unit)


def points_for(avoided: float, *, points_per_kg: float) -> int:
    """Return floor(kg x rate); a product that is whole up to rounding errors counts as whole."""
    return max(0, math.floor(avoided * points_per_kg + EXACT))


def expiring(issued: Sequence[tuple[date, int]], *, used: int, on: date) -> int:
    """Return points that expire on a day: those issued a life ago or earlier, less all that was used, the oldest first.

    Parameters
    ----------
    issued
        Day and points of what stands, reversed ones left out.
    used
        Points redeemed or expired before.

    """
    old = sum(points for day, points in issued if day + POINTS_LIFE <= on)
    return max(0, old - used)


def board_kg(avoided: Sequence[float]) -> float | None:
    """Return what a department shows of its people's sums: rounded to tens; None for fewer than five people."""
    if len(avoided) < K_PEOPLE:
        return None
    return round(math.fsum(avoided) / BOARD_STEP_KG) * BOARD_STEP_KG


def goal_share(avoided: Sequence[float], goal_kg: float) -> float | None:
    """Return how much of a goal is reached, 0 to 1 in steps of 5 percent; None for fewer than five people."""
    if len(avoided) < K_PEOPLE:
        return None
    return min(1.0, math.floor(math.fsum(avoided) / goal_kg * GOAL_STEPS + EXACT) / GOAL_STEPS)


def month_of(day: date) -> date:
    """Return the first day of a day's month."""
    return day.replace(day=1)


def next_month(month: date) -> date:
    """Return the first day of the month after."""
    return (month + timedelta(days=32)).replace(day=1)
