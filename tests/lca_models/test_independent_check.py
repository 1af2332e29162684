"""The same system by another way: a Brightway project on disk, written from the tables by separate code."""

import os
import re
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest

from lca_models import load_model
from lca_models.calculation import calculate_footprint


@pytest.mark.parametrize("furnace", ["acheson_crucible", "continuous"])
def test_a_brightway_project_gives_the_same_result(furnace: str, tmp_path: Path) -> None:
    script = Path(__file__).with_name("brightway_project.py")
    environment = os.environ | {"BRIGHTWAY2_DIR": str(tmp_path), "HOME": str(tmp_path)}

    done = subprocess.run(
        [sys.executable, str(script), str(files("lca_models") / "data"), furnace],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )

    score = re.search(r"^score (?:np\.float64\()?([0-9.e+-]+)", done.stdout, re.MULTILINE)
    assert score is not None, done.stdout + done.stderr
    # bw2data keeps amounts in single precision.
    assert float(score[1]) == pytest.approx(calculate_footprint(load_model(), {"furnace": furnace}).total_kg_co2e, rel=1e-6)


PROBE = """
import sys
from lca_models import load_model
from lca_models.calculation import calculate_footprint
model = load_model()
calculate_footprint(model, check=False)
heavy = {"bw2calc", "bw_processing", "bw2data", "pandas", "scipy"} & set(sys.modules)
assert not heavy, heavy
difference = calculate_footprint(model).oracle_relative_difference
assert difference is not None and difference <= 1e-12
assert "bw2calc" in sys.modules and "bw2data" not in sys.modules
"""


def test_the_model_starts_without_brightway_and_brightway_without_a_project(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-W", "error", "-c", PROBE], env=os.environ | {"HOME": str(tmp_path)}, check=True, timeout=120)

    assert list(tmp_path.iterdir()) == []
