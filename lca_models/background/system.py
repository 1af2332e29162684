"""A background database as sparse matrices: thousands of activities that the foreground sees only through adjoint vectors."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array

Amounts = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Lognormal uncertainty of the stored entries: standard deviation of the logarithm, 0 where an entry is fixed.

    Attributes
    ----------
    technosphere
        As `technosphere.data` of the background.
    biosphere
        As `biosphere.data` of the background.

    """

    technosphere: Amounts
    biosphere: Amounts


@dataclass(frozen=True, slots=True, kw_only=True)
class SparseBackground:
    """Technosphere A, biosphere B and characterization C of a background.

    Attributes
    ----------
    technosphere
        Row: product, column: activity; outputs positive, inputs negative; column i makes product i.
    biosphere
        Row: elementary flow, column: activity; per activity.
    characterization
        kg CO2e per unit of flow; axis 0 as `CATEGORIES`, axis 1 as the rows of the biosphere.
    spread
        None if no entry is uncertain. The point values are the medians.

    """

    technosphere: csc_array
    biosphere: csc_array
    characterization: Amounts
    spread: Spread | None = None

    @property
    def size(self) -> int:
        """Number of activities, which is that of products."""
        return int(self.technosphere.shape[1])

    @property
    def burdens(self) -> Amounts:
        """Emissions of one activity itself in kg CO2e by one activity itself; axis 0 as `CATEGORIES`, axis 1 activities."""
        return np.asarray(self.characterization @ self.biosphere, dtype=np.float64)
