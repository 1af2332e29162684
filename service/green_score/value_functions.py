"""From what is known of a supplier to a value from 0 to 100: fixed anchors, never the other suppliers.

Missing is no argument here: what is not known has no value, and no value earns no points (`points`).
"""

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final

TOP: Final = 100.0
AT_BENCHMARK: Final = 60.0
# A spread that can't be computed counts as the worst accepted; a larger one counts no less, or silence would beat honesty.
WORST_GSD: Final = 1.60
# The 75th percentile of a lognormal is its median times GSD to this power.
P75_EXPONENT: Final = 0.6745
TREND_FOR_FULL_MARKS: Final = 0.04
TREND_FLOOR_BELOW_ANCHOR: Final = 80.0
PRIMARY_SHARE_FOR_FULL_MARKS: Final = 0.80
WORST_DQR: Final = 4.0
DQR_SPAN: Final = 2.5
RENEWABLE_ANCHOR_MAX: Final = 0.45
DAYS_LATE_FOR_NOTHING: Final = 30.0
TIMELINESS_WEIGHT: Final = 0.5


def ratio_value(ratio: float, *, best: float, worst: float) -> float:
    """Return the value of a ratio to a benchmark: 100 at `best` and below, 60 at the benchmark, 0 at `worst` and above.

    Between them it is linear in the logarithm, so that 10 % better and 10 % worse weigh alike.

    Parameters
    ----------
    best, worst
        Frozen anchors, `0 < best < 1 < worst`.

    """
    if ratio <= best:
        return TOP
    if ratio <= 1:
        return AT_BENCHMARK + (TOP - AT_BENCHMARK) * math.log(ratio) / math.log(best)
    if ratio < worst:
        return AT_BENCHMARK * (1 - math.log(ratio) / math.log(worst))
    return 0.0


def cautious_ratio(median: float, *, benchmark: float, gsd: float | None) -> float:
    """Return the footprint's 75th percentile over the benchmark: uncertain data costs points, better data earns them.

    Parameters
    ----------
    median, benchmark
        kg CO2e per kg, of the same material, route and boundary.
    gsd
        Geometric standard deviation computed from the quality of the data; None where it can't be.

    """
    spread = WORST_GSD if gsd is None else min(max(gsd, 1.0), WORST_GSD)
    return median / benchmark * math.pow(spread, P75_EXPONENT)


def trend_value(now: float, before: float, *, years: float, ratio: float, best: float) -> float:
    """Return the value of a falling footprint: 40 where nothing changed, 100 at 4 % a year; who is already best keeps 80.

    Parameters
    ----------
    now, before
        Footprints by the same method, kg CO2e per kg.
    ratio, best
        As in `ratio_value`.

    """
    falling_per_year = math.log(before / now) / years
    value = clipped(40.0 + 60.0 * falling_per_year / TREND_FOR_FULL_MARKS)
    return max(value, TREND_FLOOR_BELOW_ANCHOR) if ratio <= best else value


def primary_share_value(share: float) -> float:
    """Return the value of a primary data share (0 to 1)."""
    return clipped(TOP * share / PRIMARY_SHARE_FOR_FULL_MARKS)


def data_quality_value(rating: float) -> float:
    """Return the value of a data quality rating from 1 (best) to 5."""
    return clipped(TOP * (WORST_DQR - rating) / DQR_SPAN)


def renewable_value(share: float, *, required_share: float | None) -> float:
    """Return the value of the effective share of renewable electricity (0 to 1).

    Parameters
    ----------
    required_share
        Consumption responsibility weight of the site's province; None, not known, counts as the highest.

    """
    anchor = RENEWABLE_ANCHOR_MAX if required_share is None else min(required_share, RENEWABLE_ANCHOR_MAX)
    return piecewise(share, [(0.0, 0.0), (anchor, 40.0), (0.5, 70.0), (1.0, TOP)])


def intensity_value(kwh_per_t: float, *, advanced: float, access: float, limit: float) -> float:
    """Return the value of an energy intensity between the three levels of a standard; above the limit it is nothing."""
    if kwh_per_t > limit:
        return 0.0
    return piecewise(kwh_per_t, [(advanced, TOP), (access, 70.0), (limit, 40.0)])


def share_value(share: float, *, full_at: float) -> float:
    """Return the value of a share that earns full marks from `full_at` on."""
    return clipped(TOP * share / full_at)


def records_value(penalties: Sequence[tuple[float, float, bool]]) -> float:
    """Return the value of a record of violations.

    Parameters
    ----------
    penalties
        Points, age in years, and whether the remediation was verified: halves every year, and once more when remedied.

    """
    return clipped(TOP - sum(points * 0.5**age * (0.5 if remedied else 1.0) for points, age, remedied in penalties))


def timeliness_value(days_late: Sequence[float]) -> float:
    """Return the value of the last requests' delays, oldest first: a moving average in which the last one weighs half."""
    values = [clipped(TOP * (1 - late / DAYS_LATE_FOR_NOTHING)) for late in days_late]
    average = values[0]
    for value in values[1:]:
        average = (1 - TIMELINESS_WEIGHT) * average + TIMELINESS_WEIGHT * value
    return average


def effective_renewable_share(mwh_by_source: Mapping[str, float], *, total_mwh: float, credit_of: Mapping[str, float]) -> float:
    """Return renewable electricity over all, each source by the credit that its proof earns."""
    return min(sum(credit_of[source] * mwh for source, mwh in mwh_by_source.items()) / total_mwh, 1.0)


def piecewise(x: float, points: Sequence[tuple[float, float]]) -> float:
    """Return the value on the lines through points of ascending x, flat outside."""
    if x <= points[0][0]:
        return points[0][1]
    for (left, low), (right, high) in pairwise(points):
        if x <= right:
            return low + (high - low) * (x - left) / (right - left)
    return points[-1][1]


def clipped(value: float) -> float:
    """Return a value held between 0 and 100."""
    return min(max(value, 0.0), TOP)
