"""A distribution that is known by its draws only, such as a factor from a bank of a licensed background."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from lca_models.uncertainty.distributions import Values, check_inside


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """Values that were drawn elsewhere together with others: an equal share of one stream gives the same draw of all of them.

    Attributes
    ----------
    value
        The point value.
    draws
        In the order in which they were drawn, which is not that of their size.

    """

    value: float
    draws: tuple[float, ...]

    kind = "drawn"

    @property
    def point(self) -> float:
        """The point value."""
        return self.value

    def quantile(self, shares: Values) -> Values:
        """Return a draw for each share; equal parts of the shares fall to each draw."""
        positions = np.minimum((shares * len(self.draws)).astype(np.int64), len(self.draws) - 1)
        return np.asarray(self.draws)[positions]

    def scaled(self, factor: float) -> "Drawn":
        """Return value and draws times `factor`."""
        return Drawn(value=self.value * factor, draws=tuple(draw * factor for draw in self.draws))

    def bounded(self, minimum: float | None, maximum: float | None) -> "Drawn":
        """Return itself; draws beyond the parameter's bounds are an error."""
        check_inside(min(self.draws), max(self.draws), minimum, maximum)
        return self

    def as_stats_arrays(self) -> dict[str, Any]:
        """Return id 3, the normal distribution of mean and spread of the draws: the fields know no lists."""
        return {"uncertainty type": 3, "loc": float(np.mean(self.draws)), "scale": float(np.std(self.draws))}

    def __str__(self) -> str:
        return f"{len(self.draws)} draws, {min(self.draws):.4g} to {max(self.draws):.4g}"
