"""Adjoint solution of a background: kg CO2e per unit of every product at once, from one factorisation of A transposed.

With A x = f and burdens q per activity, the score q.x of any demand f is y.f where A^T y = q. SuperLU orders the columns of A^T
well and those of A badly (1 s against minutes at 20 000 activities), so A^T is what is factorised.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from scipy.sparse import csc_array
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import splu

from lca_models.background.categories import CATEGORIES, IN_TOTAL
from lca_models.background.system import Amounts, SparseBackground
from lca_models.errors import N_, SingularSystemError

# Above this condition number no digit of a double-precision solution can be trusted; as in the foreground's engine.
_WORST_CONDITION: Final = 1e15
_NAMED: Final = 10
"""How many activities of a loop a message names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Factorisation:
    """LU factors of A transposed; they can't be stored, so they live as long as the work on one background.

    Attributes
    ----------
    condition
        By how much rounding may grow in a solution.

    """

    lu: Any  # scipy.sparse.linalg.SuperLU, which has no static type
    condition: float

    def solve(self, burdens: Amounts) -> Amounts:
        """Return y of A^T y = burdens; axis 0 activities, further axes are more right-hand sides."""
        return np.asarray(self.lu.solve(np.ascontiguousarray(burdens)), dtype=np.float64)


def factorise(background: SparseBackground, *, names: Sequence[str] | None = None) -> Factorisation:
    """Factorise A transposed.

    Parameters
    ----------
    names
        Of the activities, for messages; their numbers if left out.

    Raises
    ------
    SingularSystemError
        If activities have no output, or a loop delivers nothing; names them.

    """
    _check_outputs(background.technosphere, names)
    transposed = csc_array(background.technosphere.T)
    try:
        lu = splu(transposed)
    except RuntimeError as error:  # SuperLU's word for an exactly singular matrix
        raise _without_output(_closed_loop(background.technosphere), names) from error
    # One kg CO2e per unit of each output: what a sound system makes of it is finite, and positive where nothing gives a credit.
    intensities = lu.solve(np.abs(transposed.diagonal()))
    condition = _condition(transposed, lu, intensities)
    if not condition < _WORST_CONDITION or (_has_only_inputs(transposed) and (intensities < 0).any()):
        raise _without_output(_closed_loop(background.technosphere), names)
    return Factorisation(lu=lu, condition=condition)


def adjoint_vectors(background: SparseBackground, factorisation: Factorisation) -> Amounts:
    """Return kg CO2e per unit of every product; axis 0 as `CATEGORIES`, axis 1 products."""
    burdens = background.burdens
    vectors = np.zeros((len(CATEGORIES), background.size))
    for category, own in enumerate(burdens):
        if own.any():
            vectors[category] = factorisation.solve(own) + 0.0  # no negative zeros
    return vectors


def total_burdens(background: SparseBackground) -> Amounts:
    """Return kg CO2e of one activity itself, biogenic uptake left out."""
    return np.asarray(background.burdens[np.array(IN_TOTAL)].sum(axis=0), dtype=np.float64)


def total_of(vectors: Amounts) -> Amounts:
    """Return the total of vectors by category, axis 0 as `CATEGORIES`; biogenic uptake left out."""
    return np.asarray(vectors[np.array(IN_TOTAL)].sum(axis=0), dtype=np.float64)


def _check_outputs(technosphere: csc_array, names: Sequence[str] | None) -> None:
    outputs = technosphere.diagonal()
    bad = np.flatnonzero(~np.isfinite(outputs) | (outputs == 0.0))
    if len(bad):
        raise SingularSystemError(
            N_("These activities of the background have no output of their reference product: %(processes)s. Give each one unit."),
            processes=_named(bad.tolist(), names),
        )


def _has_only_inputs(technosphere: csc_array) -> bool:
    """Whether every entry off the diagonal is an input and every output positive: then no entry of the inverse may be negative.

    Credits and treatments of waste break that pattern of signs and may rightly give negative levels.
    """
    outputs = technosphere.diagonal()
    return bool((outputs > 0).all()) and int((technosphere.data > 0).sum()) == len(outputs)


def _condition(transposed: csc_array, lu: Any, solution: Amounts) -> float:  # noqa: ANN401 - as Factorisation.lu
    """Estimate by how much rounding of the entries may grow in a solution (Skeel).

    Unlike the condition number of a norm it does not depend on the units of the activities, which differ by a factor of 1e12
    between a kWh and a power plant.
    """
    with np.errstate(all="ignore"):
        moved = np.abs(lu.solve(abs(transposed) @ np.abs(solution)))
        sizes = np.abs(solution)
        return float((moved / sizes).max() if (solution > 0).all() else moved.max() / sizes.max())


def _closed_loop(technosphere: csc_array) -> list[int]:
    """Return the activities of the loop that makes the matrix singular: the strongly connected part that can't be solved.

    A is block triangular over these parts, so it is singular exactly if one of them is. Large parts are searched last; if none of
    the small ones is at fault the largest is named.
    """
    _, parts = connected_components(technosphere, directed=True, connection="strong")
    members = [np.flatnonzero(parts == part) for part in np.flatnonzero(np.bincount(parts) > 1)]
    for loop in sorted(members, key=len):
        if len(loop) <= _DENSE_LOOP and _eats_itself(technosphere[loop][:, loop].toarray()):
            return list(loop.tolist())
    return list(max(members, key=len, default=np.empty(0, dtype=np.int64)).tolist())


_DENSE_LOOP: Final = 2_000
"""Largest loop that is looked at as a dense matrix (32 MB)."""


def _eats_itself(loop: Amounts) -> bool:
    if not np.linalg.cond(loop, 1) < _WORST_CONDITION:
        return True
    return bool((np.linalg.solve(loop, np.ones(len(loop))) < 0).any())


def _without_output(activities: list[int], names: Sequence[str] | None) -> SingularSystemError:
    return SingularSystemError(
        N_(
            "These activities of the background consume as much of each other's products as they make, or more, "
            "so nothing comes out: %(processes)s. Check the amounts in the loop."
        ),
        processes=_named(activities, names),
    )


def _named(activities: Sequence[int], names: Sequence[str] | None) -> str:
    shown = [names[one] if names else f"#{one}" for one in activities[:_NAMED]]
    left = len(activities) - len(shown)
    return ", ".join(shown) + (f" (+{left})" if left else "")
