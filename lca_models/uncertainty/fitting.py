"""Distributions from what sources state: a geometric standard deviation, a mean, or a range."""

import math

from lca_models.errors import N_, UncertaintyError
from lca_models.uncertainty.distributions import Z_975, Lognormal, Normal, check_range


def lognormal_by_gsd(median: float, gsd: float) -> Lognormal:
    """Return the lognormal distribution of a median and a geometric standard deviation."""
    if not (math.isfinite(gsd) and gsd > 0):
        raise UncertaintyError(
            N_("A geometric standard deviation of %(value)s is not possible. It must be above 1; 1.1 is about ±21 %% in 95 %%."),
            value=f"{gsd:g}",
        )
    return Lognormal(median=median, sigma=math.log(gsd))


def lognormal_by_mean(mean: float, gsd: float) -> Lognormal:
    """Return the lognormal distribution whose arithmetic mean, not its median, is given."""
    of_unit_median = lognormal_by_gsd(1.0, gsd)
    return Lognormal(median=mean / of_unit_median.mean, sigma=of_unit_median.sigma)


def lognormal_by_range(median: float, low: float, high: float) -> Lognormal:
    """Return the lognormal distribution around a median whose central 95 % just cover the range `low` to `high`.

    The two sides of a stated range are seldom equally far from the value; the farther one sets the spread, so that the stated
    range is never wider than what is calculated with.
    """
    check_range(low, median, high)
    if low <= 0:
        raise UncertaintyError(
            N_("A lognormal distribution needs a range above zero, not from %(low)s. Use triangular for values that may be zero."),
            low=f"{low:g}",
        )
    return Lognormal(median=median, sigma=max(math.log(high / median), math.log(median / low)) / Z_975)


def normal_by_range(mean: float, low: float, high: float) -> Normal:
    """Return the normal distribution whose central 95 % just cover the range; the farther side sets the spread."""
    check_range(low, mean, high)
    return Normal(mean=mean, sd=max(high - mean, mean - low) / Z_975)
