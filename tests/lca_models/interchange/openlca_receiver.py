"""Open an exported openLCA archive with bw2io and solve it there. Run as a script in its own process.

Arguments: folder of the unpacked archive, id of the product's process. `BRIGHTWAY2_DIR` must be set.
Prints as JSON the score and the same stored amounts solved in double precision.
"""

import json
import sys
import warnings
from pathlib import Path

warnings.simplefilter("ignore")

import bw2calc  # noqa: E402
import bw2data  # noqa: E402
import numpy as np  # noqa: E402
from bw2io.importers.json_ld import JSONLDImporter  # noqa: E402
from bw2io.importers.json_ld_lcia import JSONLDLCIAImporter  # noqa: E402

DATABASE = "from openLCA"


def receive(folder: Path) -> tuple[str, ...]:
    """Import processes and method; return the method's name."""
    bw2data.projects.set_current("receiver")
    importer = JSONLDImporter(folder, DATABASE)
    importer.apply_strategies(verbose=False, no_warning=True)
    importer.merge_biosphere_flows()
    assert importer.statistics()[2] == 0, "unlinked exchanges"
    importer.write_database()
    factors = JSONLDLCIAImporter(folder)
    factors.apply_strategies(verbose=False)
    factors.match_biosphere_by_id(DATABASE)
    for method in factors.data:
        method["filename"] = "openLCA"
    factors.write_methods()
    return tuple(factors.data[0]["name"]) if isinstance(factors.data, list) else tuple(next(iter(factors.data))["name"])


def exact(method: tuple[str, ...], process: str) -> float:
    """Solve the amounts stored in the project in double precision."""
    nodes = bw2data.Database(DATABASE).load()
    by_id = {bw2data.get_activity(key).id: key for key in nodes}
    factors = {by_id.get(key, key): amount for key, amount in bw2data.Method(method).load()}
    products = {key: place for place, key in enumerate(key for key, node in nodes.items() if node["type"] == "product")}
    processes = [node for node in nodes.values() if node["type"] == "process"]
    technosphere, burdens, demand = np.zeros((len(products), len(processes))), np.zeros(len(processes)), np.zeros(len(products))
    for column, node in enumerate(processes):
        for one in node["exchanges"]:
            if one["type"] == "biosphere":
                burdens[column] += one["amount"] * factors[one["input"]]
            else:
                technosphere[products[one["input"]], column] += one["amount"] if one["type"] == "production" else -one["amount"]
                if one["type"] == "production" and node["code"] == process:
                    demand[products[one["input"]]] = 1.0
    return float(burdens @ np.linalg.solve(technosphere, demand))


def main(folder: Path, process: str) -> None:
    """Print the scores."""
    method = receive(folder)
    made = next(one.input for one in bw2data.get_activity((DATABASE, process)).production())
    lca = bw2calc.LCA({made: 1.0}, method)
    lca.lci()
    lca.lcia()
    sys.stdout.write("\n" + json.dumps({"score": float(lca.score), "exact": exact(method, process)}) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
