"""What a calculation worker does, in a process of its own; prints how much memory it took and how long its first answer.

Run as `python -m service.bench.calculation_worker [FOLDER]`; FOLDER holds the stored vectors of a large background.
"""

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

    from lca_models.model import Model

DRAWS = 1000
INTERFACE_FILE = "interface.json"
SEED = 1


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

    drawn = draw_parameters(model, draws=DRAWS, seed=SEED)
    if folder is None:
        _ = calculate_batch(model, drawn, allow_contradictions=True).total_kg_co2e
        return
    interface = json.loads((folder / INTERFACE_FILE).read_text())
    replaced = frozenset(interface["parameters"])
    for values in _constants_and_draws(folder, interface["products"]):
        factors = {name: values[:, place] * interface["conversions"][place] for place, name in enumerate(interface["parameters"])}
        _ = calculate_batch(model, drawn | factors, replaced=replaced, allow_contradictions=True).total_kg_co2e


def _constants_and_draws(folder: Path, products: list[int]) -> "Iterator[NDArray[np.float64]]":
    """Return (draws, products) of a stored background: its point values, and its bank."""
    import numpy as np  # noqa: PLC0415 - as above

    from lca_models.background.adjoint import total_of  # noqa: PLC0415 - as above
    from lca_models.background.sparse_store import read_bank  # noqa: PLC0415 - as above
    from lca_models.background.store import open_background  # noqa: PLC0415 - as above

    stored = open_background(folder, verify=True)
    yield np.tile(total_of(np.stack([stored.factor(product) for product in products], axis=1)), (DRAWS, 1))
    yield read_bank(folder, draws=DRAWS, seed=SEED).kg_co2e_per_unit


def peak_mib() -> float:
    """Return the most memory that this process ever held.

    Not `ru_maxrss`: it begins with what the process that started this one held at the time.
    """
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:")) / 1024


if __name__ == "__main__":
    main()
