"""How much memory a calculation worker holds, with or without a background; measured in the process that calls it."""

from pathlib import Path
from typing import Final

import numpy as np

from lca_models.background.store import open_background
from lca_models.calculation import calculate_footprint
from lca_models.model import load_model

_STATUS: Final = Path("/proc/self/status")


def calculation_worker_bytes(folder: str) -> int:
    """Calculate one checked footprint, read every factor of a background, and return the resident memory of this process.

    Call it in a fresh process, or it measures what else the process has done.

    Parameters
    ----------
    folder
        Of a stored background; empty for none.

    """
    calculate_footprint(load_model(), {})
    if folder:
        stored = open_background(Path(folder))
        if not np.isfinite(stored.multipliers).all():
            message = f"{folder}: a factor is not a finite number"
            raise ValueError(message)
    line = next(line for line in _STATUS.read_text(encoding="ascii").splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) * 1024
