"""Brightway's own calculation of the same matrices, as a check on the engine.

`bw2calc` is imported inside the function that needs it (up to three seconds).
"""

import sys
import threading
import warnings
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Final

import numpy as np

from lca_models.engine import condition_numbers
from lca_models.errors import N_, OracleDisagreementError
from lca_models.matrices import Amounts, Matrices, compile_matrices, datapackage
from lca_models.solution import SolvedSystem

# Largest difference between engine and Brightway that is taken for rounding.
_TOLERANCE: Final = 1e-12
_IMPORTING: Final = threading.Lock()


def brightway_scores(matrices: Matrices) -> Amounts:
    """Return (K,) kg CO2e of one unit of the first process's product, solved by `bw2calc.LCA` draw by draw.

    No seed is given: with one, Brightway goes through arrays at random instead of in order.
    """
    if not matrices.elementary_flows:
        return np.zeros(matrices.draws)  # bw2calc refuses empty matrices; without burdens there is nothing to weigh
    lca = import_bw2calc().LCA({1: 1.0}, data_objs=[datapackage(matrices)], use_arrays=matrices.draws > 1)
    lca.lci()
    lca.lcia()
    if matrices.draws == 1:
        return np.array([lca.score], dtype=np.float64)
    lca.keep_first_iteration()
    return np.array([lca.score for _ in zip(lca, range(matrices.draws), strict=False)], dtype=np.float64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """What Brightway made of a solved system.

    Attributes
    ----------
    relative_difference
        The largest between engine and Brightway over all draws, relative to the sum of absolute contributions.
    system_sha256
        Of the matrices that both solved.

    """

    relative_difference: float
    system_sha256: str


def replay(solved: SolvedSystem) -> Replay:
    """Let Brightway solve every draw again.

    Raises
    ------
    OracleDisagreementError
        If they differ by more than 1e-12; no result may be given then.

    """
    matrices = compile_matrices(solved)
    scores = brightway_scores(matrices)
    gross = np.abs(solved.contributions_kg_co2e).sum(axis=1)
    differences = np.abs(solved.score_kg_co2e - scores) / np.where(gross > 0.0, gross, 1.0)
    # Two correct solvers differ by rounding times condition; that exceeds 1e-12 only where loops nearly eat their product.
    conditions = condition_numbers(solved.system.pattern, solved.system.outputs, solved.supplies)
    allowed = np.maximum(_TOLERANCE, 8 * sys.float_info.epsilon * conditions)
    broken = ~(differences <= allowed)
    if broken.any():
        draw = int(np.argmax(broken))
        raise OracleDisagreementError(
            N_(
                "The engine gives %(engine)s kg CO2e, Brightway %(oracle)s: relative difference %(difference)s. "
                "Report this; no result is given."
            ),
            engine=repr(float(solved.score_kg_co2e[draw])),
            oracle=repr(float(scores[draw])),
            difference=f"{differences[draw]:.1e}",
        )
    return Replay(relative_difference=float(differences.max()), system_sha256=matrices.sha256)


def warm_up() -> None:
    """Import Brightway ahead of the first calculation."""
    import_bw2calc()


@cache
def import_bw2calc() -> ModuleType:
    """Import bw2calc without bw2data, which would create a project folder in the home directory.

    bw2calc looks for bw2data and lives without it; None in `sys.modules` is Python's way to say that a module is not there.
    """
    with _IMPORTING, warnings.catch_warnings():
        # bw2calc advertises pypardiso, a solver of 780 MB that gains nothing on systems of this size.
        warnings.simplefilter("ignore")
        absent = "bw2data" not in sys.modules
        if absent:
            sys.modules["bw2data"] = None  # type: ignore[assignment]
        try:
            import bw2calc  # noqa: PLC0415 - see module docstring
        finally:
            if absent:
                del sys.modules["bw2data"]
    return bw2calc  # type: ignore[no-any-return]
