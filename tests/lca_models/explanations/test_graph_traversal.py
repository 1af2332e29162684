"""The contribution tree beside Brightway's graph traversal of the same system."""

import json
import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from lca_models import load_model
from lca_models.batch import calculate_batch
from lca_models.explanations.explaining import explain
from lca_models.explanations.tree import Branch, BranchKind
from lca_models.matrices import compile_matrices

LEAST = 1e-9  # kg CO2e; the traversal leaves out what contributes nothing


def visits(branch: Branch, depth: int = 1) -> Iterator[tuple[int, float]]:
    if branch.kind is not BranchKind.EMISSION and abs(branch.kg_co2e) > LEAST:
        yield depth, branch.kg_co2e
    for child in branch.children:
        yield from visits(child, depth + 1)


@pytest.mark.parametrize("furnace", ["acheson_crucible", "box"])
def test_brightways_graph_traversal_finds_the_same_branches(furnace: str, tmp_path: Path) -> None:
    # Without pallets nothing takes up carbon; the tree leaves uptake out, Brightway's score does not.
    model = load_model()
    batch = calculate_batch(model, {"furnace": furnace, "toll_share": 0.5, "pallet_kg_per_kg": 0.0})
    (tmp_path / "matrices.pickle").write_bytes(pickle.dumps(compile_matrices(batch)))
    (tmp_path / "projects").mkdir()

    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("brightway_tree.py")), str(tmp_path / "matrices.pickle")],
        env=os.environ
        | {"BRIGHTWAY2_DIR": str(tmp_path / "projects"), "HOME": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert done.returncode == 0, done.stderr
    line = next(line for line in done.stdout.splitlines() if line.startswith("found "))
    theirs = [(depth, kg) for depth, kg in json.loads(line.removeprefix("found ")) if abs(kg) > LEAST]
    ours = sorted(visits(explain(model, batch).tree))
    assert [depth for depth, _ in ours] == [depth for depth, _ in theirs]
    assert [kg for _, kg in ours] == pytest.approx([kg for _, kg in theirs], rel=1e-9)
