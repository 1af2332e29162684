"""Small backgrounds that can be solved by hand."""

import numpy as np
from scipy.sparse import csc_array

from lca_models.background.categories import CATEGORIES
from lca_models.background.system import SparseBackground, Spread

NAMES = ("power", "steel", "machine")


def three_activities(*, spread: bool = False) -> SparseBackground:
    """Power burns fuel (0.8 kg fossil, 0.1 kg biogenic), steel takes 2 power, a machine takes 3 steel and 1 power, emits 5 kg."""
    technosphere = csc_array(np.array([[1.0, -2.0, -1.0], [0.0, 1.0, -3.0], [0.0, 0.0, 1.0]]))
    biosphere = csc_array(np.array([[0.8, 0.0, 5.0], [0.1, 0.0, 0.0], [0.3, 0.0, 0.0]]))
    characterization = np.zeros((len(CATEGORIES), 3))
    characterization[CATEGORIES.index("fossil"), 0] = 1.0
    characterization[CATEGORIES.index("biogenic"), 1] = 1.0
    characterization[CATEGORIES.index("biogenic_uptake"), 2] = -1.0
    sigma = (
        Spread(technosphere=np.where(technosphere.data < 0, 0.3, 0.0), biosphere=np.full(biosphere.nnz, 0.3)) if spread else None
    )
    return SparseBackground(technosphere=technosphere, biosphere=biosphere, characterization=characterization, spread=sigma)


def loop(amount: float) -> SparseBackground:
    """Two activities that take `amount` of each other's product."""
    return SparseBackground(
        technosphere=csc_array(np.array([[1.0, -amount], [-amount, 1.0]])),
        biosphere=csc_array(np.array([[1.0, 1.0]])),
        characterization=np.vstack([[1.0], np.zeros((len(CATEGORIES) - 1, 1))]),
    )
