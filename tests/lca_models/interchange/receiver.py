"""Open an export as a receiver does, in either line of Brightway. Run as a script in its own process.

Arguments: inventory and method workbook joined by a comma, or a project archive; the method's name as JSON; the code of the
product; new values of parameters as JSON. `BRIGHTWAY2_DIR` must be set. Prints as JSON the scores before and after the change.

`bw2data` hands amounts to the solver in single precision, so that `score` carries its rounding. `exact` therefore solves the same
stored amounts once more in double precision.
"""

import json
import sys
import warnings
from importlib.metadata import version
from pathlib import Path
from typing import Any

warnings.simplefilter("ignore")

import bw2calc  # noqa: E402
import bw2data  # noqa: E402
import bw2io  # noqa: E402
import numpy as np  # noqa: E402
from bw2data.parameters import DatabaseParameter, Group, parameters  # noqa: E402

IS_LEGACY = version("bw2calc").startswith("1.")


def receive(files: list[Path], method: tuple[str, ...]) -> str:
    """Import what was exported; return the database's name."""
    if len(files) == 1:
        bw2io.restore_project_directory(str(files[0]), project_name="restored")
        bw2data.projects.set_current("restored")
        return str(next(iter(bw2data.databases)))
    bw2data.projects.set_current("receiver")
    if IS_LEGACY:
        bw2io.create_core_migrations()
    importer = bw2io.ExcelImporter(str(files[0]))
    importer.apply_strategies(verbose=False)
    assert importer.statistics()[2] == 0, "unlinked exchanges"
    importer.write_database(activate_parameters=True)
    factors = bw2io.ExcelLCIAImporter(str(files[1]), method, "as exported", "kg CO2e")
    factors.apply_strategies(verbose=False)
    factors.write_methods()
    return str(importer.db_name)


def scores(database: str, method: tuple[str, ...], product: str) -> dict[str, float]:
    """Return the score as `bw2calc` gives it, and in double precision."""
    lca = bw2calc.LCA({bw2data.get_activity((database, product)): 1.0}, method)
    lca.lci()
    lca.lcia()
    return {"score": float(lca.score), "exact": exact(database, method, product)}


def exact(database: str, method: tuple[str, ...], product: str) -> float:
    """Solve the amounts stored in the project in double precision."""
    nodes: dict[Any, Any] = bw2data.Database(database).load()
    keys = {getattr(bw2data.get_activity(key), "id", key): key for key in nodes}
    factors = {
        keys.get(flow, flow if isinstance(flow, int) else tuple(flow)): value for flow, value in bw2data.Method(method).load()
    }
    places = {key: place for place, key in enumerate(key for key, node in nodes.items() if node.get("type") != "emission")}
    technosphere, burdens, demand = np.zeros((len(places), len(places))), np.zeros(len(places)), np.zeros(len(places))
    for key, column in places.items():
        for one in nodes[key]["exchanges"]:
            if one["type"] == "biosphere":
                burdens[column] += one["amount"] * factors[one["input"]]
            else:
                technosphere[places[one["input"]], column] += one["amount"] if one["type"] == "production" else -one["amount"]
    demand[places[database, product]] = 1.0
    return float(burdens @ np.linalg.solve(technosphere, demand))


def change(database: str, values: dict[str, float]) -> None:
    """Set database parameters and let Brightway recalculate everything that depends on them."""
    for name, value in values.items():
        DatabaseParameter.update(amount=value, formula=None).where(
            DatabaseParameter.database == database, DatabaseParameter.name == name
        ).execute()
    Group.get(name=database).expire()
    parameters.recalculate()
    bw2data.Database(database).process()


def main(files: list[Path], method: tuple[str, ...], product: str, changes: dict[str, float]) -> None:
    """Print the scores."""
    database = receive(files, method)
    before = scores(database, method, product)
    change(database, changes)
    after = scores(database, method, product)
    sys.stdout.write("\n" + json.dumps({"before": before, "after": after}) + "\n")


if __name__ == "__main__":
    main([Path(one) for one in sys.argv[1].split(",")], tuple(json.loads(sys.argv[2])), sys.argv[3], json.loads(sys.argv[4]))
