import json
from pathlib import Path

import numpy as np
import pytest

from lca_models.background.activities import BackgroundActivity
from lca_models.background.adjoint import adjoint_vectors, factorise
from lca_models.background.bank import Bank, build_bank
from lca_models.background.gases import Characterized
from lca_models.background.inventory import CompiledInventory, compile_inventory
from lca_models.background.sparse_store import read_bank, read_matrices, write_background, write_bank
from lca_models.background.store import StoredBackgroundError, open_background, read_activities
from lca_models.background.synthetic import synthetic_background
from lca_models.background.worker import calculation_worker_bytes
from lca_models.model import load_model
from service.sandbox import run_limited
from tests.lca_models.background import formats

MIB = 1024**2
FACTS = {"name": "sample", "licence": "own data"}


def stored(folder: Path) -> Path:
    """Store the small system."""
    write_background(folder, compile_inventory(formats.nodes(), emission_flows=load_model().emission_flows), facts=FACTS)
    return folder


def synthetic_inventory(size: int) -> CompiledInventory:
    """Return a synthetic background as if it had been imported."""
    background = synthetic_background(size, seed=1)
    return CompiledInventory(
        background=background,
        activities=tuple(
            BackgroundActivity(
                code=f"a{number}", name=f"activity {number}", product=f"product {number}", unit="kilogram", location="GLO"
            )
            for number in range(size)
        ),
        characterized=Characterized(factors=background.characterization, matched=(), unmatched=()),
        flows=background.biosphere.shape[0],
        other_distributions=0,
    )


def test_what_is_read_back_equals_what_was_solved(tmp_path: Path) -> None:
    background = compile_inventory(formats.nodes(), emission_flows=load_model().emission_flows).background
    opened = open_background(stored(tmp_path), verify=True)

    again = read_matrices(opened)

    assert (opened.multipliers == adjoint_vectors(background, factorise(background))).all()
    assert (again.technosphere != background.technosphere).nnz == 0
    assert (again.biosphere != background.biosphere).nnz == 0
    assert again.spread is not None
    assert background.spread is not None
    assert (again.spread.biosphere == background.spread.biosphere).all()


def test_vectors_are_mapped_and_not_loaded(tmp_path: Path) -> None:
    assert isinstance(open_background(stored(tmp_path)).multipliers, np.memmap)


def test_activities_come_back_in_the_order_of_the_arrays(tmp_path: Path) -> None:
    assert [(one.product, one.unit, one.location) for one in read_activities(stored(tmp_path))] == [
        ("power", "kilowatt hour", "CN"),
        ("bar", "kilogram", "CN"),
    ]


@pytest.mark.parametrize("name", ["multipliers.npy", "technosphere.npz"])
def test_a_changed_file_is_found_by_its_hash(tmp_path: Path, name: str) -> None:
    file = stored(tmp_path) / name
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)

    with pytest.raises(StoredBackgroundError, match=f"{name} is missing or damaged"):
        open_background(tmp_path, verify=True)


def test_a_missing_file_or_manifest_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    (stored(tmp_path) / "outputs.npy").unlink()
    with pytest.raises(StoredBackgroundError, match=r"outputs.npy is missing or damaged. Restore it from the backup"):
        open_background(tmp_path)
    (tmp_path / "manifest.json").write_text("{")
    with pytest.raises(StoredBackgroundError, match=r"manifest.json is missing or damaged"):
        open_background(tmp_path)


def test_another_format_is_refused(tmp_path: Path) -> None:
    path = stored(tmp_path) / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "format": 99}))

    with pytest.raises(StoredBackgroundError, match="format 99; this version reads format 1"):
        open_background(tmp_path)


def test_a_bank_is_read_back_and_belongs_to_its_background(tmp_path: Path) -> None:
    background = read_matrices(open_background(stored(tmp_path)))
    bank = build_bank(background, factorise(background), products=np.array([1]), draws=4, seed=2)

    assert write_bank(tmp_path, bank) == "bank-4-2.npz"

    assert (read_bank(tmp_path, draws=4, seed=2).kg_co2e_per_unit == bank.kg_co2e_per_unit).all()
    with pytest.raises(StoredBackgroundError, match="no bank of 5 draws with seed 2"):
        read_bank(tmp_path, draws=5, seed=2)
    path = tmp_path / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["files"]["multipliers.npy"] = "0" * 64
    path.write_text(json.dumps(manifest))
    with pytest.raises(StoredBackgroundError, match="drawn from another background"):
        read_bank(tmp_path, draws=4, seed=2)


def test_treating_waste_counts_as_a_burden_per_unit_treated(tmp_path: Path) -> None:
    """Treating 1 kg (output -1) emits 3 kg CO2: the factor of the treatment is +3, not -3."""
    treatment = [
        {"type": "production", "input": ("db", "waste"), "amount": -1.0, "name": "waste", "unit": "kilogram"},
        {"type": "biosphere", "input": ("bio", "co2"), "amount": 3.0, "name": "Carbon dioxide, fossil", "unit": "kilogram"},
    ]
    node = {**formats.nodes()[0], "code": "waste", "name": "waste treatment", "unit": "kilogram", "exchanges": treatment}
    inventory = compile_inventory([node, *formats.nodes()[2:]], emission_flows=load_model().emission_flows)
    write_background(tmp_path, inventory, facts=FACTS)

    assert open_background(tmp_path).factor(0)[0] == pytest.approx(3.0)


def test_a_calculation_worker_stays_small_with_twenty_thousand_activities(tmp_path: Path) -> None:
    write_background(tmp_path, synthetic_inventory(20_000), facts=FACTS)

    without = run_limited(calculation_worker_bytes, "", seconds=60, memory_bytes=4096 * MIB)
    loaded = run_limited(calculation_worker_bytes, str(tmp_path), seconds=60, memory_bytes=4096 * MIB)

    assert without <= 250 * MIB
    assert loaded <= 400 * MIB


def test_a_bank_without_its_uncertainty_is_the_point_value() -> None:
    background = compile_inventory(formats.nodes(), emission_flows=load_model().emission_flows).background

    bank: Bank = build_bank(background, factorise(background), products=np.array([0, 1]), draws=2_000, seed=3)

    # Only the 0.01 kg of methane (0.298 of 0.798) is uncertain, sigma 0.2: the medians are the point values.
    assert np.median(bank.kg_co2e_per_unit, axis=0) == pytest.approx([0.798, 1.896], rel=0.01)
