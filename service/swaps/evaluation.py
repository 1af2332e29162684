"""Combinations solved as rows of one batch: footprint, and how much of each input one kilogram of product takes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lca_models.batch import BatchResult, solve_together
from lca_models.errors import ModelError
from lca_models.inventory import Direction
from service.footprints.operations import ModelRefusedError
from service.footprints.supplier_values import FREIGHT_FLOW, TOLL_FLOW
from service.green_score.materials import materials
from service.swaps.overlay import Combination, Overlays

Numbers = NDArray[np.float64]

RESIN: Final = "coating_resin"
_PITCH: Final = "coal_tar_pitch"
_COATING: Final = "P4_coating"
_WORK: Final[Mapping[str, str]] = {TOLL_FLOW: "P3_", "coated_powder": _COATING}
"""Work that is bought, by the process that does it."""
NOT_BY_MASS: Final = frozenset({FREIGHT_FLOW})
"""Bought by the tonne-kilometre, so that a price per tonne says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """Results of n combinations.

    Attributes
    ----------
    kg_co2e_per_kg
        (n,) of product, national electricity view.
    kg_per_kg
        By flow, (n,) kg of input, or processed by a toll plant, per kg of product.

    """

    kg_co2e_per_kg: Numbers
    kg_per_kg: Mapping[str, Numbers]


def evaluate(overlays: Overlays, combinations: Sequence[Combination]) -> Evaluation:
    """Solve combinations together.

    Raises
    ------
    ModelRefusedError
        In the model's words.
    ParametersError
        If a supplier's answers can't make this product.

    """
    flows = [flow for flow in overlays.workbench.inputs if flow not in NOT_BY_MASS]
    totals = np.zeros(len(combinations))
    amounts = {flow: np.zeros(len(combinations)) for flow in flows}
    try:
        for rows, result in solve_together(overlays.workbench.model, [overlays.case(one) for one in combinations]):
            totals[rows] = result.total_kg_co2e
            for flow in flows:
                amounts[flow][rows] = _kg_per_kg(result, flow, buys_resin=RESIN in flows)
    except ModelError as error:
        raise ModelRefusedError(error.template, **error.values) from error
    return Evaluation(kg_co2e_per_kg=totals, kg_per_kg=amounts)


def _kg_per_kg(result: BatchResult, flow: str, *, buys_resin: bool) -> Numbers:
    if flow in _WORK:
        worked = _made_by(result, _WORK[flow])
        return worked * np.asarray(result.values["toll_share"], dtype=np.float64) if flow == TOLL_FLOW else worked
    if flow == RESIN:
        return _taken(result, _PITCH, in_coating=True)
    if flow == _PITCH and buys_resin:
        return _taken(result, _PITCH, in_coating=False)
    return _taken(result, flow) * materials()[flow].kg_per_unit


def _made_by(result: BatchResult, process: str) -> Numbers:
    """Return (K,) kg that a process makes per kg of product."""
    position = next(number for number, name in enumerate(result.system.names) if name.startswith(process))
    made: Numbers = result.levels[:, position] * result.system.outputs[position]
    return made


def _taken(result: BatchResult, flow: str, *, in_coating: bool | None = None) -> Numbers:
    """Return (K,) units of a flow that processes take per kg of product: all of them, or coating alone, or all but coating."""
    system = result.system
    positions = [
        position
        for position, one in enumerate(system.exchanges)
        if one.flow == flow
        and one.direction is Direction.INPUT
        and (in_coating is None or one.process.startswith(_COATING) is in_coating)
    ]
    taken: Numbers = (result.amounts[:, positions] * result.levels[:, system.exchange_process[positions]]).sum(axis=1)
    return taken
