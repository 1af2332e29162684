"""Brightway's own calculation of the same matrices, as a check on the engine.

`bw2calc` is imported inside the function that needs it (up to three seconds).
"""

import sys
import threading
import warnings
from functools import cache
from types import ModuleType
from typing import Final

from lca_models.matrices import Matrices, datapackage

_IMPORTING: Final = threading.Lock()


def brightway_score(matrices: Matrices) -> float:
    """Return kg CO2e of one unit of the first process's product, solved by `bw2calc.LCA`."""
    if not len(matrices.characterization):
        return 0.0  # bw2calc refuses empty matrices; without burdens there is nothing to weigh
    lca = _bw2calc().LCA({1: 1.0}, data_objs=[datapackage(matrices)])
    lca.lci()
    lca.lcia()
    return float(lca.score)


def warm_up() -> None:
    """Import Brightway ahead of the first calculation."""
    _bw2calc()


@cache
def _bw2calc() -> ModuleType:
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
