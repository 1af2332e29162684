"""Matrices of a linked system in double precision, and the same arrays as a Brightway datapackage.

`bw_processing` is imported inside the function that needs it: it takes a second, and neither the command line's help nor the
first page of the service may wait for it.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from lca_models.linking import LinkedSystem

if TYPE_CHECKING:
    from bw_processing import DatapackageBase

Positions = NDArray[np.int64]
Amounts = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entries:
    """A sparse matrix; entries at the same place add up."""

    rows: Positions
    columns: Positions
    values: Amounts


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrices:
    """Technosphere A, interventions B and characterization c of one system.

    Attributes
    ----------
    technosphere
        Row: product, column: activity; outputs positive, inputs negative. Product and activity i belong to process i.
    interventions
        Row: position in `characterization`, column: activity; per activity.
    characterization
        kg CO2e per unit of each row of the interventions.
    unit_outputs
        Amount of reference product per activity.

    """

    technosphere: Entries
    interventions: Entries
    characterization: Amounts
    unit_outputs: Amounts


def compile_matrices(system: LinkedSystem) -> Matrices:
    """Return the matrices; row i of the interventions is the i-th distinct (key, nature) of the burdens."""
    outputs = np.array([process.reference.amount for process in system.processes])
    diagonal = np.arange(len(outputs))
    rows: dict[tuple[str, str, float], int] = {}
    burden_rows = [rows.setdefault((one.key, one.nature, one.kg_co2e_per_unit), len(rows)) for one in system.burdens]
    return Matrices(
        technosphere=_entries(
            [*diagonal, *(one.producer for one in system.supplies)],
            [*diagonal, *(one.consumer for one in system.supplies)],
            [*outputs, *(-one.amount for one in system.supplies)],
        ),
        interventions=_entries(burden_rows, [one.process for one in system.burdens], [one.amount for one in system.burdens]),
        characterization=np.array([factor for *_, factor in rows], dtype=np.float64),
        unit_outputs=outputs,
    )


def _entries(rows: list[int], columns: list[int], values: list[float]) -> Entries:
    return Entries(
        rows=np.array(rows, dtype=np.int64), columns=np.array(columns, dtype=np.int64), values=np.array(values, dtype=np.float64)
    )


def datapackage(matrices: Matrices) -> "DatapackageBase":
    """Return the matrices as an in-memory `bw_processing` datapackage; identifiers are positions plus one.

    `add_persistent_vector` is used because it keeps double precision.
    """
    import bw_processing  # noqa: PLC0415 - see module docstring

    package = bw_processing.create_datapackage(name="system", sum_inter_duplicates=True)
    flows = np.arange(len(matrices.characterization))
    characterization = Entries(rows=flows, columns=np.full_like(flows, -1), values=matrices.characterization)
    for matrix, entries, options in (
        ("technosphere_matrix", matrices.technosphere, {}),
        ("biosphere_matrix", matrices.interventions, {}),
        ("characterization_matrix", characterization, {"global_index": 0}),
    ):
        package.add_persistent_vector(
            matrix=matrix, indices_array=_indices(entries, bw_processing.INDICES_DTYPE), data_array=entries.values, **options
        )
    return package


def _indices(entries: Entries, dtype: Any) -> NDArray[Any]:  # noqa: ANN401 - a structured NumPy dtype has no static type
    return np.array(list(zip((entries.rows + 1).tolist(), (entries.columns + 1).tolist(), strict=True)), dtype=dtype)
