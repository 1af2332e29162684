"""Direct-CO2 and life-cycle factors of electricity can't mix: the type checker refuses it before anything runs."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

_BEGINNING = """
from lca_models.calculation import calculate_footprint
from lca_models.electricity import ElectricityView
from lca_models.factor_sets import DirectCo2Set, LifeCycleSet
from lca_models.inventory import DirectCo2Factor, LifeCycleFactor
from lca_models.model import load_model

def use(direct: DirectCo2Factor, life_cycle: LifeCycleFactor, old: DirectCo2Set, new: LifeCycleSet) -> None:
"""
_MIXED = {
    "a footprint": "calculate_footprint(load_model(), electricity=direct)",
    "a view": 'ElectricityView(key="x", name_en="x", name_zh="x", factor=direct, status="official")',
    "the factors of a set": "factors = new.factors; factors = old.factors",
}
_RIGHT = {
    "a footprint": "calculate_footprint(load_model(), electricity=life_cycle)",
    "a view": 'ElectricityView(key="x", name_en="x", name_zh="x", factor=life_cycle, status="official")',
    "the factors of a set": "factors = new.factors; factors = new.factors",
}


@pytest.fixture(scope="module")
def complaints(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """Check all snippets in one run; return the complaints by file."""
    folder = tmp_path_factory.mktemp("snippets")
    for kind, snippets in (("mixed", _MIXED), ("right", _RIGHT)):
        for number, snippet in enumerate(snippets.values()):
            (folder / f"{kind}_{number}.py").write_text(f"{_BEGINNING}    {snippet}\n", encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--config-file", str(ROOT / "pyproject.toml"), "--follow-imports", "silent"]
    files = sorted(str(file) for file in folder.glob("*.py"))
    found = subprocess.run([*command, *files], cwd=ROOT, capture_output=True, text=True, check=False)
    lines = [line for line in found.stdout.splitlines() if ": error:" in line]
    return {Path(file).stem: [line for line in lines if Path(file).name in line] for file in files}


@pytest.mark.parametrize(("number", "place"), list(enumerate(_MIXED)))
def test_a_direct_co2_factor_is_refused_by_the_type_checker(complaints: dict[str, list[str]], number: int, place: str) -> None:
    assert any("DirectCo2" in line for line in complaints[f"mixed_{number}"]), place


@pytest.mark.parametrize(("number", "place"), list(enumerate(_RIGHT)))
def test_the_same_with_a_life_cycle_factor_is_accepted(complaints: dict[str, list[str]], number: int, place: str) -> None:
    assert complaints[f"right_{number}"] == [], place
