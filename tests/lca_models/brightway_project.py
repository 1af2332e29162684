"""Write the default route into a Brightway project with bw2data and solve it there. Run as a script in its own process.

Independent of the compile step: it reads the CSV tables itself, and makes every factor an activity of its own that emits CO2e.
Arguments: folder of the tables, furnace. `BRIGHTWAY2_DIR` must be set. Prints the score.
"""

import csv
import sys
import warnings
from pathlib import Path

warnings.simplefilter("ignore")

import bw2calc  # noqa: E402
import bw2data  # noqa: E402

PRODUCT = "anode_graphite_packed"


def table(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def main(folder: Path, furnace: str) -> None:
    bw2data.projects.set_current("anode")
    gwp = {row["flow"]: row["gwp100"] for row in table(folder, "emission_flows.csv") if row["gwp100"]}
    bw2data.Database("air").write(
        {("air", flow): {"name": flow, "unit": "kg", "type": "emission", "exchanges": []} for flow in (*gwp, "CO2e")}
    )
    bw2data.Method(("GWP100",)).write([(("air", "CO2e"), 1.0), *((("air", flow), float(value)) for flow, value in gwp.items())])

    chosen = f"P3_graphitisation:{furnace}"
    rows = [row for row in table(folder, "unit_processes.csv") if not row["process"].startswith("P3_") or row["process"] == chosen]
    maker = {row["flow"]: row["process"] for row in rows if row["direction"] == "reference"}
    factors = {row["flow"]: float(row["ef"]) for row in table(folder, "upstream_factors.csv") if row["kind"] == "life_cycle"}
    nodes: dict[tuple[str, str], dict[str, object]] = {
        ("route", name): {
            "name": name,
            "unit": "unit",
            "exchanges": [
                {"input": ("route", name), "amount": 1.0, "type": "production"},
                {"input": ("air", "CO2e"), "amount": value, "type": "biosphere"},
            ],
        }
        for name, value in factors.items()
    }
    for name in maker.values():
        exchanges: list[dict[str, object]] = [{"input": ("route", name), "amount": 1.0, "type": "production"}]
        for row in rows:
            if row["process"] != name:
                continue
            amount = float(row["amount"])
            if row["direction"] in ("input", "waste"):
                exchanges.append(
                    {"input": ("route", maker.get(row["flow"], row["flow"])), "amount": amount, "type": "technosphere"}
                )
            elif row["direction"] == "emission_air" and row["flow"] in gwp:
                exchanges.append({"input": ("air", row["flow"]), "amount": amount, "type": "biosphere"})
        nodes["route", name] = {"name": name, "unit": "unit", "exchanges": exchanges}
    bw2data.Database("route").write(nodes)

    demand, packages, _ = bw2data.prepare_lca_inputs({("route", maker[PRODUCT]): 1.0}, method=("GWP100",))
    lca = bw2calc.LCA(demand, data_objs=packages)
    lca.lci()
    lca.lcia()
    sys.stdout.write(f"score {lca.score!r}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
