"""Matrices of a solved system in double precision, and the same arrays as a Brightway datapackage.

What the engine adds up as contributions stands here as Brightway wants it: every supply from the background is a system activity
with a column of its own, that emits the gases of its factor, and what the factor does not tell apart as carbon dioxide equivalents.

`bw_processing` is imported inside the function that needs it: it takes a second, and neither the command line's help nor the
first page of the service may wait for it.
"""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from lca_models.linking import Burden, Nature
from lca_models.solution import SolvedSystem

if TYPE_CHECKING:
    from bw_processing import DatapackageBase

Positions = NDArray[np.int64]
Amounts = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entries:
    """A sparse matrix for each of K draws; entries at the same place add up.

    Attributes
    ----------
    rows, columns
        (Z,)
    values
        (K, Z)

    """

    rows: Positions
    columns: Positions
    values: Amounts


@dataclass(frozen=True, kw_only=True)  # no slots: the hash is kept once it was asked for
class Matrices:
    """Technosphere A, interventions B and characterization c of one system, for K draws.

    Attributes
    ----------
    activities
        Names of the columns: the processes, then the system activities of the background.
    elementary_flows
        Names of the rows of the interventions.
    technosphere
        Row: product, column: activity; outputs positive, inputs negative. Product and activity i belong together.
    interventions
        Row: elementary flow, column: activity; per activity.
    characterization
        (K, F) kg CO2e per unit of each elementary flow.

    """

    activities: tuple[str, ...]
    elementary_flows: tuple[str, ...]
    technosphere: Entries
    interventions: Entries
    characterization: Amounts

    @property
    def draws(self) -> int:
        """K."""
        return len(self.characterization)

    @cached_property
    def sha256(self) -> str:
        """Hash over names, positions and values: the same system has the same hash on every machine."""
        digest = hashlib.sha256("\n".join((*self.activities, "", *self.elementary_flows)).encode())
        for entries in (self.technosphere, self.interventions):
            for array in (entries.rows, entries.columns, entries.values):
                digest.update(np.ascontiguousarray(array).astype(array.dtype.newbyteorder("<")).tobytes())
        digest.update(np.ascontiguousarray(self.characterization).astype("<f8").tobytes())
        return digest.hexdigest()


def compile_matrices(solved: SolvedSystem) -> Matrices:
    """Return the matrices of a solved system; its first process is the first activity."""
    system = solved.system
    size = len(system.processes)
    background = {one.key: one for one in system.burdens if one.nature is Nature.SUPPLY}
    columns = {key: size + number for number, key in enumerate(background)}
    rows: dict[tuple[str, str, float | None], int] = {}
    row_of = [rows.setdefault(_elementary_flow(one), len(rows)) for one in system.burdens]
    return Matrices(
        activities=(*system.names, *columns),
        elementary_flows=tuple(name for name, *_ in rows),
        technosphere=_technosphere(solved, columns),
        interventions=_interventions(solved, columns, row_of),
        characterization=_characterization(solved, row_of, len(rows)),
    )


def _elementary_flow(burden: Burden) -> tuple[str, str, float | None]:
    return (burden.elementary_flow, "" if burden.gwp100 is not None else burden.key, burden.gwp100)


def _technosphere(solved: SolvedSystem, columns: dict[str, int]) -> Entries:
    system, draws = solved.system, len(solved.amounts)
    # One demand for each exchange, however many gases its factor tells apart.
    bought = {one.position: b for b, one in enumerate(system.burdens) if one.nature is Nature.SUPPLY}
    demands = np.array(list(bought.values()), dtype=np.int64)
    diagonal = np.arange(len(system.processes) + len(columns))
    outputs = np.concatenate([system.outputs, np.ones(len(columns))])
    return Entries(
        rows=np.concatenate([diagonal, system.supply_producer, [columns[system.burdens[b].key] for b in demands]]).astype(np.int64),
        columns=np.concatenate([diagonal, system.supply_consumer, system.burden_process[demands]]).astype(np.int64),
        values=np.hstack([np.tile(outputs, (draws, 1)), -solved.supplies, -solved.burden_amounts[:, demands]]),
    )


def _interventions(solved: SolvedSystem, columns: dict[str, int], row_of: list[int]) -> Entries:
    system = solved.system
    emitted = [b for b, one in enumerate(system.burdens) if one.nature is Nature.EMISSION]
    parts = {
        (one.key, row): b for b, (one, row) in enumerate(zip(system.burdens, row_of, strict=True)) if one.nature is Nature.SUPPLY
    }
    contained = list(parts.values())
    gwp100 = np.array([system.burdens[b].gwp100 for b in contained], dtype=np.float64)
    places = [(row_of[b], int(system.burden_process[b])) for b in emitted] + [(row, columns[key]) for key, row in parts]
    return Entries(
        rows=np.array([row for row, _ in places], dtype=np.int64),
        columns=np.array([column for _, column in places], dtype=np.int64),
        values=np.hstack([solved.burden_amounts[:, emitted], solved.factors[:, contained] / gwp100]),
    )


def _characterization(solved: SolvedSystem, row_of: list[int], size: int) -> Amounts:
    values = np.zeros((len(solved.amounts), size))
    for b, (burden, row) in enumerate(zip(solved.system.burdens, row_of, strict=True)):
        values[:, row] = solved.factors[:, b] if burden.gwp100 is None else burden.gwp100
    return values


def datapackage(matrices: Matrices) -> "DatapackageBase":
    """Return the matrices as an in-memory `bw_processing` datapackage; identifiers are positions plus one.

    One draw becomes vectors, several become arrays that Brightway goes through in order. Both keep double precision.
    """
    import bw_processing  # noqa: PLC0415 - see module docstring

    package = bw_processing.create_datapackage(name="system", sequential=True, sum_inter_duplicates=True)
    flows = np.arange(len(matrices.elementary_flows))
    characterization = Entries(rows=flows, columns=np.full_like(flows, -1), values=matrices.characterization)
    for matrix, entries, options in (
        ("technosphere_matrix", matrices.technosphere, {}),
        ("biosphere_matrix", matrices.interventions, {}),
        ("characterization_matrix", characterization, {"global_index": 0}),
    ):
        indices = _indices(entries, bw_processing.INDICES_DTYPE)
        if matrices.draws == 1:
            package.add_persistent_vector(matrix=matrix, indices_array=indices, data_array=entries.values[0], **options)
        else:
            package.add_persistent_array(matrix=matrix, indices_array=indices, data_array=entries.values.T, **options)
    return package


def _indices(entries: Entries, dtype: Any) -> NDArray[Any]:  # noqa: ANN401 - a structured NumPy dtype has no static type
    return np.array(list(zip((entries.rows + 1).tolist(), (entries.columns + 1).tolist(), strict=True)), dtype=dtype)
