"""From what is known of a supplier to a value from 0 to 100: fixed anchors, never the other suppliers.

Missing is no argument here: what is not known has no value, and no value earns no points (`points`).
"""

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final

from service.green_score.method import ValueAnchors

TOP: Final = 100.0
AT_BENCHMARK: Final = 60.0
# The 75th percentile of a lognormal is its median times GSD to this power.
P75_EXPONENT: Final = 0.6745
HALF: Final = 0.5


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


def cautious_ratio(median: float, *, benchmark: float, gsd: float | None, unknown_gsd: float) -> float:
    """Return the footprint's 75th percentile over the benchmark: uncertain data costs points, better data earns them.

    Parameters
    ----------
    median, benchmark
        kg CO2e per kg, of the same material, route and boundary.
    gsd
        Geometric standard deviation computed from the quality of the data; None where it can't be.
    unknown_gsd
        The worst that counts, also where none can be computed: a larger one counts no more, or silence would beat honesty.

    """
    spread = unknown_gsd if gsd is None else min(max(gsd, 1.0), unknown_gsd)
    return median / benchmark * math.pow(spread, P75_EXPONENT)


def trend_value(now: float, before: float, *, years: float, is_leader: bool, anchors: ValueAnchors) -> float:
    """Return the value of a falling footprint: 40 where nothing changed, 100 at 4 % a year; who is already best keeps 80.

    Parameters
    ----------
    now, before
        Footprints by the same method, kg CO2e per kg, `before` above zero.
    is_leader
        The footprint's cautious ratio to the benchmark is at the best anchor or below.

    """
    if now <= 0:
        return TOP
    falling_per_year = math.log(before / now) / years
    value = clipped(anchors.unchanged_trend + (TOP - anchors.unchanged_trend) * falling_per_year / anchors.full_trend_per_year)
    return max(value, anchors.leader_trend) if is_leader else value


def data_quality_value(rating: float, *, anchors: ValueAnchors) -> float:
    """Return the value of a data quality rating from 1 (best) to 5."""
    return clipped(TOP * (anchors.worst_dqr - rating) / (anchors.worst_dqr - anchors.best_dqr))


def renewable_value(share: float, *, required_share: float | None, anchors: ValueAnchors) -> float:
    """Return the value of the effective share of renewable electricity (0 to 1).

    Parameters
    ----------
    required_share
        Consumption responsibility weight of the site's province; None, not known, counts as the highest.

    """
    most = anchors.required_share_most
    required = most if required_share is None else min(max(required_share, 0.0), most)
    line = [(0.0, 0.0), (required, anchors.required_share_value), (HALF, anchors.half_renewable_value), (1.0, TOP)]
    return piecewise(share, line)


def intensity_value(kwh_per_t: float, *, advanced: float, access: float, limit: float, anchors: ValueAnchors) -> float:
    """Return the value of an energy intensity between the three levels of a standard; above the limit it is nothing."""
    if kwh_per_t > limit:
        return 0.0
    return piecewise(kwh_per_t, [(advanced, TOP), (access, anchors.access_value), (limit, anchors.limit_value)])


def share_value(share: float, *, full_at: float) -> float:
    """Return the value of a share that earns full marks from `full_at` on."""
    return clipped(TOP * share / full_at)


def violation_points(points: float, *, age_years: float, is_remedied: bool, anchors: ValueAnchors) -> float:
    """Return what a violation still costs: it halves every year, and counts less once its remediation is verified."""
    left = points * math.pow(HALF, max(age_years, 0.0) / anchors.record_halved_after_years)
    return left * anchors.remedied_factor if is_remedied else left


def timeliness_value(days_late: Sequence[float], *, anchors: ValueAnchors) -> float:
    """Return the value of the last requests' delays, oldest first: a moving average in which the last one weighs half."""
    values = [clipped(TOP * (1 - late / anchors.days_late_for_nothing)) for late in days_late]
    average = values[0]
    for value in values[1:]:
        average += anchors.latest_request_weight * (value - average)
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
