"""Recalculate every footprint of an evidence pack from its own tables and inputs.

Needs Python and the package `lca_models` of the release named in README.txt, nothing else: no database, no server, no network.

    python recalculate.py FOLDER

FOLDER is the unpacked evidence pack. Every line ends with `same` or with both figures; the exit code is 1 if any differs.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from lca_models.calculation import calculate_footprint
from lca_models.electricity import EXPLICIT, NATIONAL
from lca_models.emissions import GwpSet
from lca_models.model import read_model


def recalculate(folder: Path) -> Iterator[tuple[str, float, float]]:
    """Return number, stated total and recalculated total of each footprint, kg CO2e per kg."""
    for place in sorted((folder / "footprints").iterdir()):
        stated = json.loads((place / "record.json").read_text(encoding="utf-8"))
        tables = folder / "model" / stated["content_hash"][:12]
        model = read_model({one.name: one.read_bytes() for one in tables.iterdir()}, version=stated["model_label"])
        if model.content_hash != stated["content_hash"]:
            message = f"{place.name}: the tables have hash {model.content_hash}, the footprint rests on {stated['content_hash']}"
            raise ValueError(message)
        view = stated["electricity_view"]
        found = calculate_footprint(
            model, stated["given"], electricity=NATIONAL if view == EXPLICIT else view, gwp=GwpSet(stated["gwp"]), check=False
        )
        yield stated["number"], stated["total_kg_co2e_per_kg"], found.total_kg_co2e


def main() -> int:
    """Print the comparison."""
    differs = False
    for number, stated, found in recalculate(Path(sys.argv[1])):
        differs |= stated != found
        verdict = "same" if stated == found else f"stated {stated!r}, recalculated {found!r}"
        sys.stdout.write(f"{number}: {found!r} kg CO2e/kg, {verdict}\n")
    return int(differs)


if __name__ == "__main__":
    sys.exit(main())
