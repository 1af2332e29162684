"""Walk a system with Brightway's own graph traversal. Run as a script in its own process, because it opens a project folder.

Arguments: a file with the pickled matrices of a solved system. `BRIGHTWAY2_DIR` must be set. Prints, as JSON, the depth and the
kg CO2e of every activity that is visited, each visit anew.
"""

import json
import pickle
import sys
import warnings
from pathlib import Path

warnings.simplefilter("ignore")

import bw2calc  # noqa: E402
from bw_graph_tools.graph_traversal import GraphTraversalSettings, NewNodeEachVisitGraphTraversal  # noqa: E402

from lca_models.matrices import datapackage  # noqa: E402


def main(file: Path) -> None:
    lca = bw2calc.LCA({1: 1.0}, data_objs=[datapackage(pickle.loads(file.read_bytes()))])  # noqa: S301 - written by the test itself
    lca.lci()
    lca.lcia()
    walk = NewNodeEachVisitGraphTraversal(lca, GraphTraversalSettings(cutoff=1e-12, max_calc=100_000, max_depth=50))
    walk.traverse()
    nodes = [(int(node.depth), float(node.cumulative_score)) for node in walk.nodes.values() if node.unique_id >= 0]
    sys.stdout.write("found " + json.dumps(sorted(nodes)) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
