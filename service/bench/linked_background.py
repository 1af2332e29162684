"""The shipped model on a large synthetic background: which of its supplies the background makes, and the same for Brightway."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import bw_processing
import numpy as np
from numpy.typing import NDArray

from lca_models.background.categories import IN_TOTAL
from lca_models.background.system import SparseBackground
from lca_models.batch import BatchResult, calculate_batch
from lca_models.linking import Nature
from lca_models.matrices import Matrices, compile_matrices, datapackage
from lca_models.model import Model

if TYPE_CHECKING:
    from bw_processing import DatapackageBase

Amounts = NDArray[np.float64]
NAME: Final = "background"
FIRST: Final = 100_000
"""Identifier of the background's first activity and flow for Brightway; those of the foreground are smaller."""
FACTORS: Final = "factors"
"""The group of parameters that are life-cycle factors of supplies."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interface:
    """What the foreground buys from the background.

    Attributes
    ----------
    parameters
        The factors that the background gives instead of the model's own.
    products
        Positions in the background of what stands for each, drawn at random.
    conversions
        Units of the background's product per unit of the supply, such that the background's point value is the model's own factor.

    """

    parameters: tuple[str, ...]
    products: NDArray[np.int64]
    conversions: Amounts

    def factors(self, kg_co2e_per_unit: Amounts) -> dict[str, Amounts]:
        """Return (K,) values of the parameters from (K, products) of the background."""
        values = kg_co2e_per_unit * self.conversions
        return {name: values[:, position] for position, name in enumerate(self.parameters)}


def choose_interface(model: Model, total: Amounts, *, seed: int) -> Interface:
    """Let drawn products of the background stand for the supplies of the default route.

    Parameters
    ----------
    total
        (N,) kg CO2e per unit of each product.

    """
    bought = {one.key for one in calculate_batch(model).system.burdens if one.nature is Nature.SUPPLY}
    names = tuple(one.name for one in model.parameters if one.group == FACTORS and one.name in bought and float(one.default) > 0)
    products = np.random.default_rng(seed).choice(np.flatnonzero(total > 0), len(names), replace=False)
    defaults = np.array([float(model.parameter(name).default) for name in names])
    return Interface(parameters=names, products=products, conversions=defaults / total[products])


def calculate_linked(model: Model, interface: Interface, drawn: Mapping[str, Amounts], kg_co2e_per_unit: Amounts) -> BatchResult:
    """Calculate draws with what the background's products emit per unit, (K, products)."""
    parameters = dict(drawn) | interface.factors(kg_co2e_per_unit)
    return calculate_batch(model, parameters, replaced=frozenset(interface.parameters), allow_contradictions=True)


def linked_packages(batch: BatchResult, interface: Interface, backgrounds: Sequence[SparseBackground]) -> "list[DatapackageBase]":
    """Return the whole system for Brightway: the foreground's arrays, the links, the background.

    Parameters
    ----------
    backgrounds
        One for all draws, or one for each.

    """
    matrices = compile_matrices(batch)
    columns = np.array([matrices.activities.index(name) for name in interface.parameters])
    drawn = _without_factors(matrices, columns)
    first, draws = _foreground(_first_draw(drawn)), _foreground(drawn)
    # Brightway's class for constant backgrounds looks for outputs among constants; the draws then take their place.
    draws.metadata["sum_inter_duplicates"] = False
    return [first, draws, _links(interface, columns), _background(backgrounds), _factors(backgrounds[0])]


def _foreground(matrices: Matrices) -> "DatapackageBase":
    package = datapackage(matrices)
    package.metadata["database_dependencies"] = [NAME]
    return package


def _first_draw(matrices: Matrices) -> Matrices:
    return replace(
        matrices,
        technosphere=replace(matrices.technosphere, values=matrices.technosphere.values[:1]),
        interventions=replace(matrices.interventions, values=matrices.interventions.values[:1]),
        characterization=matrices.characterization[:1],
    )


def _without_factors(matrices: Matrices, columns: NDArray[np.int64]) -> Matrices:
    """Leave out the factors of the system activities that now buy from the background."""
    kept = ~np.isin(matrices.interventions.columns, columns)
    entries = matrices.interventions
    return replace(
        matrices,
        interventions=replace(entries, rows=entries.rows[kept], columns=entries.columns[kept], values=entries.values[:, kept]),
    )


def _links(interface: Interface, columns: NDArray[np.int64]) -> "DatapackageBase":
    package = _package("links", dependencies=[NAME])
    package.add_persistent_vector(
        matrix="technosphere_matrix",
        indices_array=_indices(interface.products + FIRST, columns + 1),
        data_array=-interface.conversions,
    )
    return package


def _background(backgrounds: Sequence[SparseBackground]) -> "DatapackageBase":
    package = _package(NAME, dependencies=[])
    for matrix, found in (
        ("technosphere_matrix", [one.technosphere for one in backgrounds]),
        ("biosphere_matrix", [one.biosphere for one in backgrounds]),
    ):
        columns = np.repeat(np.arange(found[0].shape[1]), np.diff(found[0].indptr))
        indices = _indices(found[0].indices + FIRST, columns + FIRST)
        if len(found) == 1:
            package.add_persistent_vector(matrix=matrix, indices_array=indices, data_array=found[0].data)
        else:
            values = np.stack([one.data for one in found], axis=1)
            package.add_persistent_array(matrix=matrix, indices_array=indices, data_array=values)
    return package


def _factors(background: SparseBackground) -> "DatapackageBase":
    factors = background.characterization[np.array(IN_TOTAL)].sum(axis=0)
    flows = np.flatnonzero(factors)
    package = _package("factors", dependencies=[])
    package.add_persistent_vector(
        matrix="characterization_matrix",
        indices_array=_indices(flows + FIRST, np.zeros_like(flows)),
        data_array=factors[flows],
        global_index=0,
    )
    return package


def _package(name: str, *, dependencies: list[str]) -> "DatapackageBase":
    package = bw_processing.create_datapackage(name=name, sequential=True)
    package.metadata["database_dependencies"] = dependencies
    return package


def _indices(rows: NDArray[Any], columns: NDArray[Any]) -> NDArray[Any]:
    return np.array(list(zip(rows.tolist(), columns.tolist(), strict=True)), dtype=bw_processing.INDICES_DTYPE)
