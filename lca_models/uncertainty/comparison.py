"""Pairwise comparison with common draws: what two products share moves both alike and cancels out of their difference."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from lca_models.errors import N_, UncertaintyError
from lca_models.uncertainty.distributions import Values
from lca_models.uncertainty.monte_carlo import Histogram, Simulation, count


@dataclass(frozen=True, kw_only=True)  # no slots: what can be derived is kept once it was asked for
class Comparison:
    """Two simulations of the same design, draw by draw.

    Attributes
    ----------
    difference_kg_co2e
        First less second in each draw that is kept in both.

    """

    first: Simulation
    second: Simulation
    difference_kg_co2e: Values

    @property
    def point_difference_kg_co2e(self) -> float:
        """First less second with the point values of all parameters."""
        return self.first.point_kg_co2e - self.second.point_kg_co2e

    @property
    def probability_first_lower(self) -> float:
        """Share of draws in which the first is lower, 0 to 1; equal ones count half."""
        lower, equal = self.difference_kg_co2e < 0.0, self.difference_kg_co2e == 0.0
        return float(lower.mean() + equal.mean() / 2.0)

    @property
    def median_kg_co2e(self) -> float:
        """Median of the difference."""
        return self.percentile(50.0)

    @property
    def sd_kg_co2e(self) -> float:
        """Standard deviation of the difference."""
        return float(self.difference_kg_co2e.std(ddof=1))

    @property
    def sd_if_independent_kg_co2e(self) -> float:
        """Standard deviation that the difference would have if nothing was common: what separate simulations would suggest."""
        return float(np.hypot(self.first.sd_kg_co2e, self.second.sd_kg_co2e))

    @cached_property
    def common_streams(self) -> tuple[str, ...]:
        """Sources of uncertainty that both share."""
        others = {stream for one in self.second.parameters for stream in one.streams}
        return tuple(dict.fromkeys(stream for one in self.first.parameters for stream in one.streams if stream in others))

    def histogram(self, bins: int = 30) -> Histogram:
        """Return counts of the difference in equal intervals."""
        return count(self.difference_kg_co2e, bins=bins)

    def percentile(self, percent: float) -> float:
        """Return the difference below which `percent` (0 to 100) of the draws lie."""
        return float(np.percentile(self.difference_kg_co2e, percent))


def compare(first: Simulation, second: Simulation) -> Comparison:
    """Compare two simulations draw by draw; they must come from the same design, so that common streams have common draws."""
    if first.design != second.design:
        raise UncertaintyError(
            N_("Only simulations with the same draws can be compared: %(first)s is not %(second)s. Simulate both with one design."),
            first=_shown(first),
            second=_shown(second),
        )
    both = first.is_kept & second.is_kept
    return Comparison(first=first, second=second, difference_kg_co2e=first.all_kg_co2e[both] - second.all_kg_co2e[both])


def _shown(simulation: Simulation) -> str:
    design = simulation.design
    return f"{design.draws} {design.sampling} seed {design.seed}"
