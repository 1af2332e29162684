"""What one kilogram of a product takes and emits, for a footprint and for a company's inventory, from one solved system.

A footprint takes life-cycle factors. A company counts the kilowatt-hours, cubic metres and kilograms themselves, to which its own
direct factors belong; so both come from the same solve and their factors never meet. What toll plants do stands apart.
"""

from collections.abc import Callable, Mapping, Sequence
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lca_models.batch import BatchResult, Case, solve_together
from lca_models.inventory import Direction
from lca_models.linking import Burden
from lca_models.model import Model

Table = NDArray[np.float64]
"""(rows, len(Flow)), per kg of product."""

MOST_ON_ONE_PRODUCT: Final = 12
"""Measures on one product that are laid over it in every combination: 4 096 rows, some tens of milliseconds."""


class Flow(IntEnum):
    """Columns of a table, per kg of packed product."""

    FOOTPRINT_KG_CO2E = 0
    OWN_KWH = 1
    DIRECT_LINE_KWH = 2
    CONTRACT_KWH = 3
    NATURAL_GAS_NM3 = 4
    DIESEL_KG = 5
    PROCESS_CO2_KG = 6
    TOLL_KWH = 7
    TOLL_CO2_KG = 8
    SUPPLY_KG_CO2E = 9


_ELECTRICITY: Final = "electricity_cn_grid"
_GAS: Final = "natural_gas"
_DIESEL: Final = "diesel_burned"
_CO2: Final = "CO2_fossil"
_ENERGY: Final = frozenset({_ELECTRICITY, _GAS, _DIESEL})
_GRAPHITIZATION: Final = "P3_"
_SCOPES: Final = {_GRAPHITIZATION: "graphitization_", "P4_": "carbonization_"}
"""Beginning of the electricity parameters of a step; other steps follow the general ones."""
_TECHNOLOGIES: Final = ("wind", "solar_pv", "hydro", "nuclear", "biomass")
_DIRECT_TECHNOLOGIES: Final = ("wind", "solar_pv", "hydro")


def flows_of(model: Model, cases: Sequence[Case]) -> Table:
    """Return the flows of each case; all cases that differ in numbers only are solved together."""
    table = np.zeros((len(cases), len(Flow)))
    for positions, result in solve_together(model, cases):
        table[positions] = _flows(result)
    return table


def mixed(table: Table, shares: Sequence[float]) -> Table:
    """Return the flows where each measure works on a share of the production, the rest running without it.

    Parameters
    ----------
    table
        (2^n, flows) with every combination of n measures in full; bit i of a row's number says whether measure i is made.
    shares
        Of the production on which each measure works, 0 to 1; measures spread independently of each other.

    """
    found = table.copy()
    rows = np.arange(len(table))
    for place, share in enumerate(shares):
        made = rows[(rows >> place) & 1 == 1]
        found[made] = share * found[made] + (1.0 - share) * found[made - (1 << place)]
    return found


def _flows(result: BatchResult) -> Table:
    rows = len(result.levels)
    toll = np.broadcast_to(np.asarray(result.values["toll_share"], dtype=np.float64), (rows,))
    found = np.zeros((rows, len(Flow)))
    found[:, Flow.FOOTPRINT_KG_CO2E] = result.total_kg_co2e
    found[:, Flow.SUPPLY_KG_CO2E] = _contribution(result, lambda one: one.exchange.flow not in _ENERGY and _is_bought(one))
    for name, amount in _amounts(result, _ELECTRICITY, Direction.INPUT).items():
        own = amount * (1.0 - toll) if name.startswith(_GRAPHITIZATION) else amount
        found[:, Flow.TOLL_KWH] += amount - own
        found[:, Flow.OWN_KWH] += own
        found[:, Flow.DIRECT_LINE_KWH] += own * _share(result, name, "direct_line", _DIRECT_TECHNOLOGIES)
        found[:, Flow.CONTRACT_KWH] += own * _share(result, name, "contract", _TECHNOLOGIES)
    for name, amount in _amounts(result, _CO2, Direction.EMISSION_AIR).items():
        own = amount * (1.0 - toll) if name.startswith(_GRAPHITIZATION) else amount
        found[:, Flow.TOLL_CO2_KG] += amount - own
        found[:, Flow.PROCESS_CO2_KG] += own
    found[:, Flow.NATURAL_GAS_NM3] = sum(_amounts(result, _GAS, Direction.INPUT).values())
    found[:, Flow.DIESEL_KG] = sum(_amounts(result, _DIESEL, Direction.INPUT).values())
    return found


def _is_bought(burden: Burden) -> bool:
    return burden.exchange.direction is not Direction.EMISSION_AIR


def _contribution(result: BatchResult, wanted: Callable[[Burden], bool]) -> NDArray[np.float64]:
    columns = [position for position, one in enumerate(result.system.burdens) if wanted(one)]
    total: NDArray[np.float64] = result.contributions_kg_co2e[:, columns].sum(axis=1)
    return total


def _amounts(result: BatchResult, flow: str, direction: Direction) -> Mapping[str, NDArray[np.float64]]:
    """Return (rows,) how much of a flow each process takes or gives per kg of product, before any allocation."""
    found: dict[str, NDArray[np.float64]] = {}
    for position, exchange in enumerate(result.system.exchanges):
        if exchange.flow == flow and exchange.direction is direction:
            process = int(result.system.exchange_process[position])
            amount = result.physical_amounts[:, position] * result.levels[:, process]
            name = result.system.names[process]
            found[name] = found.get(name, 0.0) + amount
    return found


def _share(result: BatchResult, process: str, instrument: str, technologies: Sequence[str]) -> NDArray[np.float64]:
    """Return the share of a process's own electricity that has an origin of its own.

    The model's shares of graphitization are of all of it, toll plants' included, which have no part in it; here they are of what
    the plant itself takes.
    """
    prefix = next((scope for step, scope in _SCOPES.items() if process.startswith(step)), "")
    rows = np.zeros(len(result.levels))
    for one in technologies:
        rows = rows + np.asarray(result.values[f"{prefix}{instrument}_{one}_share"], dtype=np.float64)
    if process.startswith(_GRAPHITIZATION):
        own = np.broadcast_to(1.0 - np.asarray(result.values["toll_share"], dtype=np.float64), rows.shape)
        rows = np.divide(rows, own, out=np.zeros_like(rows), where=own > 0.0)
    shares: NDArray[np.float64] = np.minimum(rows, 1.0)
    return shares
