"""The score of an imported file by Brightway itself: bw2io's nodes in a project, solved by bw2calc; runs in a child process."""

import os
from pathlib import Path
from typing import Any

FACTORS = {"Carbon dioxide, fossil": 1.0, "Methane, fossil": 29.8, "Carbon dioxide, non-fossil": 1.0}


def scores(source: str, file_format: str, scratch: str) -> dict[str, float]:
    """Return kg CO2e per unit of each activity, by the beginning of its name."""
    os.environ["BRIGHTWAY2_DIR"] = scratch
    import bw2calc  # noqa: PLC0415 - as above
    import bw2data  # noqa: PLC0415 - chooses its folder when it is imported

    from lca_models.interchange.background_formats import READERS  # noqa: PLC0415 - as bw2data

    bw2data.projects.set_current("oracle")
    files = Path(scratch) / "files"
    files.mkdir()
    nodes = [dict(node) for node in READERS[file_format](Path(source), files)]
    flows_first = sorted({(node.get("type") != "emission", node["database"]) for node in nodes})
    for name in dict.fromkeys(name for _, name in flows_first):
        data: dict[Any, Any] = {(name, node["code"]): node for node in nodes if node["database"] == name}
        bw2data.Database(name).write(data, searchable=False)
    method = bw2data.Method(("gwp",))
    method.register(unit="kg CO2e")
    flows = {tuple(one["input"]) for node in nodes for one in node.get("exchanges", ()) if one.get("type") == "biosphere"}
    names = {(node["database"], node["code"]): node["name"] for node in nodes}
    method.write([(key, FACTORS[names[key]]) for key in flows])
    found = {}
    for node in nodes:
        made = [one["input"] for one in node.get("exchanges", ()) if one.get("type") == "production"]
        if made:
            product = bw2data.get_node(database=made[0][0], code=made[0][1])
            demand, data_objects, _ = bw2data.prepare_lca_inputs({product: 1.0}, method=("gwp",))
            lca = bw2calc.LCA(demand, data_objs=data_objects)
            lca.lci()
            lca.lcia()
            found[str(node["name"])] = float(lca.score)
    return found


def write_project(source: str, scratch: str) -> bytes:
    """Return a project archive with the system of a .bw2package, as Brightway writes it."""
    os.environ["BRIGHTWAY2_DIR"] = scratch
    import bw2data  # noqa: PLC0415 - chooses its folder when it is imported
    import bw2io  # noqa: PLC0415 - as bw2data

    bw2data.projects.set_current("mine")
    bw2io.BW2Package.import_file(source)
    return Path(bw2io.backup_project_directory("mine", timestamp=False, dir_backup=scratch)).read_bytes()
