"""Supplier variants of one background activity: another column of A without another factorisation (Sherman-Morrison, adjoint form).

With column j of A changed by d and its own burden by b, A'^T y' = q + b e_j gives y' = y + z (b - d.y) / (1 + d.z), where
A^T z = e_j. One solve serves any number of variants of the same activity.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lca_models.background.adjoint import Factorisation
from lca_models.background.system import Amounts, SparseBackground
from lca_models.errors import N_, SingularSystemError

_SMALLEST_PIVOT: Final = 1e-12
"""Below this, 1 + d.z has lost its digits and the variant delivers nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnVariants:
    """V replacements of one activity.

    Attributes
    ----------
    activity
        Position of the activity that they replace.
    products
        Positions of the products that some variant has an entry for, each once, shape (P,); all other entries become zero.
    amounts
        Entries of the column, shape (V, P); the output positive, inputs negative.
    burdens
        kg CO2e emitted by the activity itself, shape (V,).

    """

    activity: int
    products: NDArray[np.int64]
    amounts: Amounts
    burdens: Amounts


def variant_multipliers(
    background: SparseBackground,
    factorisation: Factorisation,
    variants: ColumnVariants,
    *,
    multipliers: Amounts,
    own_burdens: Amounts,
    products: NDArray[np.int64] | None = None,
) -> Amounts:
    """Return kg CO2e per unit of product under each variant, shape (V, products).

    Parameters
    ----------
    multipliers
        y of the unchanged background, shape (N,).
    own_burdens
        q of the unchanged background, shape (N,).
    products
        Which products are wanted; all if left out.

    Raises
    ------
    SingularSystemError
        If a variant uses up what it makes; names its number.

    """
    unit = np.zeros(background.size)
    unit[variants.activity] = 1.0
    sensitivity = factorisation.solve(unit)
    touched, changes = _changes(background, variants)
    pivots = 1.0 + changes @ sensitivity[touched]
    _check_pivots(pivots, variants)
    steps = (variants.burdens - own_burdens[variants.activity] - changes @ multipliers[touched]) / pivots
    wanted = slice(None) if products is None else products
    return np.asarray(multipliers[wanted] + np.multiply.outer(steps, sensitivity[wanted]), dtype=np.float64)


def _changes(background: SparseBackground, variants: ColumnVariants) -> tuple[NDArray[np.int64], Amounts]:
    """Return the positions where a column differs from the present one, and by how much, shape (V, positions)."""
    start, end = background.technosphere.indptr[[variants.activity, variants.activity + 1]]
    own_products = background.technosphere.indices[start:end]
    touched = np.union1d(own_products, variants.products).astype(np.int64)
    changes = np.zeros((len(variants.amounts), len(touched)))
    changes[:, np.searchsorted(touched, variants.products)] = variants.amounts
    changes[:, np.searchsorted(touched, own_products)] -= background.technosphere.data[start:end]
    return touched, changes


def _check_pivots(pivots: Amounts, variants: ColumnVariants) -> None:
    bad = np.flatnonzero(~(np.abs(pivots) > _SMALLEST_PIVOT))
    if len(bad):
        raise SingularSystemError(
            N_(
                "Variants %(variants)s of the background activity #%(activity)s use up as much of their own product as they make. "
                "Check their inputs and output."
            ),
            variants=", ".join(str(one + 1) for one in bad[:10]),
            activity=variants.activity,
        )
