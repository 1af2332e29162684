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

Entry = tuple[int, int, float]

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
    """Solve the amounts stored in the project in double precision: by `bw2calc` where it takes matrices, else by NumPy."""
    nodes: dict[Any, Any] = bw2data.Database(database).load()
    keys = {getattr(bw2data.get_activity(key), "id", key): key for key in nodes}
    factors = {
        keys.get(flow, flow if isinstance(flow, int) else tuple(flow)): value for flow, value in bw2data.Method(method).load()
    }
    places = {key: place for place, key in enumerate(nodes)}
    technosphere, biosphere = [], []
    for key, node in nodes.items():
        for one in node["exchanges"]:
            entry = (places[one["input"]], places[key], one["amount"] * (-1 if one["type"] == "technosphere" else 1))
            (biosphere if one["type"] == "biosphere" else technosphere).append(entry)
    characterization = [(places[flow], places[flow], value) for flow, value in factors.items()]
    return (solved_by_numpy if IS_LEGACY else solved_by_brightway)(
        technosphere, biosphere, characterization, places[database, product]
    )


def solved_by_brightway(technosphere: list[Entry], biosphere: list[Entry], characterization: list[Entry], product: int) -> float:
    """Give the amounts to `bw2calc.LCA` in a datapackage that keeps double precision."""
    import bw_processing  # noqa: PLC0415 - brightway2 has no such package

    package = bw_processing.create_datapackage(sum_intra_duplicates=True)
    for matrix, entries in (("technosphere", technosphere), ("biosphere", biosphere), ("characterization", characterization)):
        package.add_persistent_vector(
            matrix=f"{matrix}_matrix",
            indices_array=np.array([(row, column) for row, column, _ in entries], dtype=bw_processing.INDICES_DTYPE),
            data_array=np.array([value for *_, value in entries], dtype=np.float64),
        )
    lca = bw2calc.LCA({product: 1.0}, data_objs=[package])
    lca.lci()
    lca.lcia()
    return float(lca.score)


def solved_by_numpy(technosphere: list[Entry], biosphere: list[Entry], characterization: list[Entry], product: int) -> float:
    """Solve dense matrices."""
    columns = sorted({column for _, column, _ in technosphere})
    size = 1 + max(*columns, *(row for row, _, _ in characterization))
    matrix, burdens, factors = np.zeros((size, size)), np.zeros(size), np.zeros(size)
    for row, _, value in characterization:
        factors[row] = value
    for row, column, value in technosphere:
        matrix[row, column] += value
    for row, column, value in biosphere:
        burdens[column] += value * factors[row]
    demand = np.zeros(size)
    demand[product] = 1.0
    return float(burdens[columns] @ np.linalg.solve(matrix[np.ix_(columns, columns)], demand[columns]))


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
