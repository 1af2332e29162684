"""Dense solution of a system: activities from A x = f."""

from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from lca_models.errors import N_, SingularSystemError
from lca_models.matrices import Amounts, Entries, Matrices

# Above this 1-norm condition number no digit of a double-precision solution can be trusted.
_WORST_CONDITION = 1e15


@dataclass(frozen=True, slots=True, kw_only=True)
class Activities:
    """A solution.

    Attributes
    ----------
    levels
        How often each process runs.
    condition
        1-norm condition number of the technosphere matrix: how much rounding may grow.

    """

    levels: Amounts
    condition: float


def solve_activities(matrices: Matrices, *, names: tuple[str, ...]) -> Activities:
    """Return the activity of each process for one unit of the first process's reference product.

    Parameters
    ----------
    matrices
        Of a system whose first process makes the product.
    names
        Of the processes, for the error message.

    """
    technosphere = _dense(matrices.technosphere, size=len(matrices.unit_outputs))
    demand = np.zeros(len(matrices.unit_outputs))
    demand[0] = 1.0
    levels: Amounts = demand.copy()
    condition = float("inf")
    with suppress(np.linalg.LinAlgError):
        levels = np.linalg.solve(technosphere, demand).astype(np.float64)
        condition = float(np.linalg.cond(technosphere, 1))
    if not condition < _WORST_CONDITION or _eats_its_own_product(matrices.technosphere, levels):
        raise SingularSystemError(
            N_(
                "These processes consume as much of each other's products as they "
                "make, or more, so nothing comes out: %(processes)s. Check the loop."
            ),
            processes=", ".join(names),
        )
    return Activities(levels=levels, condition=condition)


def _dense(entries: Entries, *, size: int) -> Amounts:
    matrix = np.zeros((size, size))
    np.add.at(matrix, (entries.rows, entries.columns), entries.values)
    return matrix


def _eats_its_own_product(technosphere: Entries, activities: Amounts) -> bool:
    """Whether a loop needs more of its product than it makes: negative activities without any credit that could explain them."""
    has_credits = bool((technosphere.values[len(activities) :] > 0).any())
    return not has_credits and bool((activities < 0).any())
