"""Paths from a base year through milestones, and where an actual figure stands against them; pure functions of ratios and years.

Ratios are to the base year, 1 = as then. With milestones (y0, r0) and (y1, r1), linear ``r0 + (r1 - r0)(y - y0)/(y1 - y0)``,
geometric ``r0 (r1/r0)^((y - y0)/(y1 - y0))``, stepwise ``r0`` until the year before ``y1``.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Final

from lca_models.errors import N_, ModelError

AMBER_SHARE: Final = 0.05
"""Of what is required: up to here a figure above its path is amber, beyond it red."""


class TrajectoryKind(StrEnum):
    """How a path leads from one milestone to the next."""

    LINEAR = "linear"
    GEOMETRIC = "geometric"
    STEPWISE = "stepwise"


class Light(StrEnum):
    """Where a figure stands against its path."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


class TrajectoryError(ModelError):
    """Milestones or a year that make no path; names them and the fix."""

    code = "trajectory"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Milestone:
    """What is required of a year, as a ratio to the base year."""

    year: int
    ratio: float


def check_milestones(milestones: Sequence[Milestone]) -> None:
    """Refuse fewer than two milestones, years that don't rise, negative ratios.

    Raises
    ------
    TrajectoryError
        Naming the milestone.

    """
    if len(milestones) < 2:  # noqa: PLR2004 - a path needs a beginning and an end
        raise TrajectoryError(
            N_("A path needs two milestones; here is %(count)s. Add the base year or a target."), count=len(milestones)
        )
    for one in milestones:
        if one.ratio < 0:
            raise TrajectoryError(
                N_("The milestone of %(year)s is %(ratio)s; a ratio to the base year is zero or more."),
                year=one.year,
                ratio=f"{one.ratio:g}",
            )
    for earlier, later in pairwise(milestones):
        if later.year <= earlier.year:
            raise TrajectoryError(
                N_("The milestone of %(later)s follows that of %(earlier)s; put them in the order of years, each year once."),
                later=later.year,
                earlier=earlier.year,
            )


def required_ratio(milestones: Sequence[Milestone], kind: TrajectoryKind, year: int) -> float:
    """Return what is required of a year; exact in the years of milestones.

    Where a milestone is zero no geometric path leads there, so the path is linear (`is_linear_instead`).

    Raises
    ------
    TrajectoryError
        For a year outside the milestones: nothing is extrapolated.

    """
    earlier, later = _around(milestones, year)
    if year == later.year:
        return later.ratio
    if kind is TrajectoryKind.STEPWISE or year == earlier.year:
        return earlier.ratio
    part = (year - earlier.year) / (later.year - earlier.year)
    if kind is TrajectoryKind.LINEAR or is_linear_instead(milestones, kind, year):
        return earlier.ratio + (later.ratio - earlier.ratio) * part
    return float(earlier.ratio * (later.ratio / earlier.ratio) ** part)


def is_linear_instead(milestones: Sequence[Milestone], kind: TrajectoryKind, year: int) -> bool:
    """Tell whether a geometric path is replaced by a straight line in a year, because it would have to reach zero."""
    earlier, later = _around(milestones, year)
    return kind is TrajectoryKind.GEOMETRIC and not (earlier.ratio and later.ratio)


def _around(milestones: Sequence[Milestone], year: int) -> tuple[Milestone, Milestone]:
    check_milestones(milestones)
    for earlier, later in pairwise(milestones):
        if earlier.year <= year <= later.year:
            return earlier, later
    raise TrajectoryError(
        N_("%(year)s lies outside the path from %(first)s to %(last)s; choose a year in between."),
        year=year,
        first=milestones[0].year,
        last=milestones[-1].year,
    )


def yearly_rate(earlier: Milestone, later: Milestone) -> float | None:
    """Return the constant change per year that leads from one milestone to the next, -0.026 = 2.6 % less each year.

    None where the later one is zero: no constant rate reaches it.
    """
    if not earlier.ratio or not later.ratio:
        return None
    return float((later.ratio / earlier.ratio) ** (1 / (later.year - earlier.year))) - 1


def peak_growth(earlier: Milestone, later: Milestone) -> float | None:
    """Return the growth of output per year above which absolute emissions keep rising although the intensity target is met.

    ``(1 + rate)(1 + growth) = 1``; an intensity target alone brings no peak when output grows faster.
    """
    rate = yearly_rate(earlier, later)
    return None if rate is None else 1 / (1 + rate) - 1


def gap_amount(actual: float, required: float, *, volume: float) -> float:
    """Return ``(actual - required) · volume``: what is above the path, in the unit of intensity times volume; negative below it."""
    return (actual - required) * volume


def cumulative(gaps: Iterable[tuple[int, float]]) -> dict[int, float]:
    """Return the running sum of yearly gaps in the order of years."""
    total, found = 0.0, {}
    for year, gap in sorted(gaps):
        total += gap
        found[year] = total
    return found


def light(actual: float, required: float) -> Light:
    """Return green at or below what is required, amber up to 5 % of it above, red beyond."""
    if actual <= required:
        return Light.GREEN
    return Light.AMBER if actual <= required * (1 + AMBER_SHARE) else Light.RED
