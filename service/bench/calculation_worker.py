"""What a calculation worker does, in a process of its own; prints how much memory it took and how long its first answer.

Run as `python -m service.bench.calculation_worker [FOLDER]`; FOLDER holds the stored vectors of a large background.
"""

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from lca_models.model import Model

DRAWS = 1000
INTERFACE_FILE = "interface.json"
VECTOR_FILE = "total.npy"
BANK_FILE = "bank.npy"


def main() -> None:
    """Calculate, check with Brightway, explain, simulate; with a background, on its vectors."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    began = time.perf_counter()
    from lca_models.calculation import calculate_footprint  # noqa: PLC0415 - its import is part of the measurement
    from lca_models.explanations import explain  # noqa: PLC0415 - as above
    from lca_models.model import load_model  # noqa: PLC0415 - as above

    model = load_model()
    explain(model, calculate_footprint(model))
    first_s = time.perf_counter() - began
    _simulate(model, folder)
    sys.stdout.write(json.dumps({"first_s": first_s, "peak_mib": peak_mib()}))


def _simulate(model: "Model", folder: Path | None) -> None:
    from lca_models.batch import calculate_batch  # noqa: PLC0415 - as above
    from service.bench.foreground import draw_parameters  # noqa: PLC0415 - as above

    drawn = draw_parameters(model, draws=DRAWS, seed=1)
    if folder is None:
        _ = calculate_batch(model, drawn, allow_contradictions=True).total_kg_co2e
        return
    import numpy as np  # noqa: PLC0415 - as above

    interface = json.loads((folder / INTERFACE_FILE).read_text())
    total = np.load(folder / VECTOR_FILE, mmap_mode="r")
    bank = np.load(folder / BANK_FILE, mmap_mode="r")
    constants = np.tile(total[interface["products"]], (DRAWS, 1))
    for values in (constants, bank):
        factors = dict(zip(interface["parameters"], (values * interface["conversions"]).T, strict=True))
        replaced = frozenset(interface["parameters"])
        _ = calculate_batch(model, {**drawn, **_rows(factors)}, replaced=replaced, allow_contradictions=True).total_kg_co2e


def _rows(factors: "dict[str, NDArray[np.float64]]") -> "dict[str, NDArray[np.float64]]":
    import numpy as np  # noqa: PLC0415 - as above

    return {name: np.ascontiguousarray(values) for name, values in factors.items()}


def peak_mib() -> float:
    """Return the most memory that this process ever held.

    Not `ru_maxrss`: it begins with what the process that started this one held at the time.
    """
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:")) / 1024


if __name__ == "__main__":
    main()
