"""Backgrounds that look like a large commercial database to a solver, with no licensed number in them; for tests and the bench.

At 20 000 activities the numbers of entries are those of ecoinvent 3.9: few products (electricity, transport, heat) go into nearly
everything, the rest are chains in which an activity uses its neighbours upstream, and a few entries close loops.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array

from lca_models.background.categories import CATEGORIES
from lca_models.background.system import Amounts, SparseBackground, Spread
from lca_models.emissions import Category

TECHNOSPHERE_ENTRIES: Final = 242_646 / 20_000
"""Per activity, its own output included; own choice after the published size of ecoinvent 3.9."""
BIOSPHERE_ENTRIES: Final = 274_694 / 20_000
_SMALLEST: Final = 200
_HUB_SHARE: Final = 400 / 20_000
_FLOW_SHARE: Final = 4_000 / 20_000
_FEEDBACK: Final = 0.002
_HUB_INPUTS: Final = 0.7
"""Of the inputs of an activity that come from hubs."""
_REACH: Final = 20
"""How far upstream a chain reaches, in activities."""
_INPUTS_SUM: Final = 0.7
"""Inputs of an activity per unit of its output: below one, every loop makes more than it eats."""
_TECHNOSPHERE_SIGMA: Final = 0.1
_BIOSPHERE_SIGMA: Final = 0.2
# (category, kg CO2e per unit) of the first flows; all others have no climate effect. GWP100 of IPCC AR6 WG1, table 7.SM.7.
_GASES: Final = (
    ("fossil", 1.0),
    ("fossil", 29.8),
    ("fossil", 273.0),
    ("biogenic", 1.0),
    ("biogenic_uptake", -1.0),
    ("biogenic", 27.0),
    ("land_use", 1.0),
    ("aircraft", 1.0),
    ("fossil", 25_200.0),
    ("fossil", 7_380.0),
)

Positions = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pattern:
    rows: Positions
    columns: Positions


def synthetic_background(size: int, *, seed: int) -> SparseBackground:
    """Return a background of `size` activities, the same for the same seed.

    Parameters
    ----------
    size
        At least 200. At 20 000: 400 hubs, 242 646 entries of the technosphere, 4 000 flows, 274 694 entries of the biosphere.

    """
    if size < _SMALLEST:
        message = f"a synthetic background of {size} activities is too small for its pattern; ask for at least {_SMALLEST}"
        raise ValueError(message)
    random = np.random.default_rng(seed)
    inputs = _technosphere_pattern(size, random)
    emissions = _biosphere_pattern(size, random)
    technosphere = _technosphere(size, inputs, random)
    biosphere = csc_array(
        (np.exp(random.normal(-6.0, 2.0, len(emissions.rows))), (emissions.rows, emissions.columns)), shape=(_flows(size), size)
    )
    return SparseBackground(
        technosphere=technosphere,
        biosphere=biosphere,
        characterization=_characterization(size),
        spread=_spread(technosphere, biosphere),
    )


def _flows(size: int) -> int:
    return max(len(_GASES), round(size * _FLOW_SHARE))


def _technosphere_pattern(size: int, random: np.random.Generator) -> _Pattern:
    """Draw inputs: column j takes from hubs and from its neighbours upstream; feedback goes the other way."""
    hubs = max(5, round(size * _HUB_SHARE))
    wanted = round(size * TECHNOSPHERE_ENTRIES) - size
    feedback = round(wanted * _FEEDBACK)

    def draw(count: int) -> _Pattern:
        columns = random.integers(1, size, count)
        from_hub = random.random(count) < _HUB_INPUTS
        hub = (hubs * random.random(count) ** 3).astype(np.int64)
        rows = np.where(from_hub, hub, columns - random.integers(1, _REACH, count))
        upstream = (rows >= 0) & (rows < columns)
        return _Pattern(rows=rows[upstream], columns=columns[upstream])

    def draw_feedback(count: int) -> _Pattern:
        return _Pattern(rows=random.integers(hubs, size, count), columns=random.integers(0, hubs, count))

    forward = _distinct(draw, wanted - feedback, size=size, random=random)
    back = _distinct(draw_feedback, feedback, size=size, random=random)
    return _Pattern(rows=np.concatenate([forward.rows, back.rows]), columns=np.concatenate([forward.columns, back.columns]))


def _biosphere_pattern(size: int, random: np.random.Generator) -> _Pattern:
    """Draw emissions; the first flows, which are the greenhouse gases, are the commonest."""
    flows = _flows(size)

    def draw(count: int) -> _Pattern:
        return _Pattern(rows=(flows * random.random(count) ** 3).astype(np.int64), columns=random.integers(0, size, count))

    return _distinct(draw, round(size * BIOSPHERE_ENTRIES), size=size, random=random)


def _distinct(draw: Callable[[int], _Pattern], count: int, *, size: int, random: np.random.Generator) -> _Pattern:
    """Draw until there are `count` different places."""
    keys = np.empty(0, dtype=np.int64)
    while len(keys) < count:
        drawn = draw(2 * count)
        keys = np.unique(np.concatenate([keys, drawn.rows * size + drawn.columns]))
    chosen = np.sort(random.permutation(keys)[:count])
    return _Pattern(rows=chosen // size, columns=chosen % size)


def _technosphere(size: int, inputs: _Pattern, random: np.random.Generator) -> csc_array:
    amounts = np.exp(random.normal(-2.0, 1.5, len(inputs.rows)))
    amounts *= _INPUTS_SUM / np.bincount(inputs.columns, amounts, size)[inputs.columns]
    diagonal = np.arange(size)
    return csc_array(
        (
            np.concatenate([np.ones(size), -amounts]),
            (np.concatenate([diagonal, inputs.rows]), np.concatenate([diagonal, inputs.columns])),
        ),
        shape=(size, size),
    )


def _characterization(size: int) -> Amounts:
    matrix = np.zeros((len(CATEGORIES), _flows(size)))
    for flow, (category, kg_co2e) in enumerate(_GASES):
        matrix[CATEGORIES.index(Category(category)), flow] = kg_co2e
    return matrix


def _spread(technosphere: csc_array, biosphere: csc_array) -> Spread:
    """Give every input and emission the same spread; outputs are fixed."""
    return Spread(
        technosphere=np.where(technosphere.data < 0, _TECHNOSPHERE_SIGMA, 0.0),
        biosphere=np.full(biosphere.nnz, _BIOSPHERE_SIGMA),
    )
