"""The part of a stored background that needs SciPy: writing all of it, and reading the matrices back for banks of draws."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
from scipy.sparse import csc_array, load_npz, save_npz

from lca_models.background.adjoint import adjoint_vectors, factorise
from lca_models.background.bank import Bank
from lca_models.background.categories import CATEGORIES
from lca_models.background.inventory import CompiledInventory
from lca_models.background.store import (
    MULTIPLIERS,
    OUTPUTS,
    StoredBackground,
    read_manifest,
    seal,
    write_activities,
    write_array,
)
from lca_models.background.system import SparseBackground, Spread

TECHNOSPHERE: Final = "technosphere.npz"
BIOSPHERE: Final = "biosphere.npz"
CHARACTERIZATION: Final = "characterization.npy"
TECHNOSPHERE_SPREAD: Final = "technosphere_spread.npy"
BIOSPHERE_SPREAD: Final = "biosphere_spread.npy"


def write_background(folder: Path, inventory: CompiledInventory, *, facts: Mapping[str, Any]) -> Mapping[str, Any]:
    """Solve a background once and store it; return its manifest.

    Parameters
    ----------
    folder
        Exists and is empty.
    facts
        Name, licence, importer and its versions: goes into the manifest.

    Raises
    ------
    SingularSystemError
        If the background delivers nothing; names the activities.

    """
    background = inventory.background
    factorisation = factorise(background, names=[str(one) for one in inventory.activities])
    write_array(folder, MULTIPLIERS, adjoint_vectors(background, factorisation))
    write_array(folder, OUTPUTS, background.technosphere.diagonal())
    write_activities(folder, inventory.activities)
    _write_matrices(folder, background)
    return seal(
        folder,
        {
            **facts,
            "activities": background.size,
            "elementary_flows": inventory.flows,
            "technosphere_entries": int(background.technosphere.nnz),
            "biosphere_entries": int(background.biosphere.nnz),
            "is_uncertain": background.spread is not None,
            "other_distributions": inventory.other_distributions,
            "condition": factorisation.condition,
            "categories": [category.value for category in CATEGORIES],
            "gwp": "AR6",
            "matched_flows": list(inventory.characterized.matched),
            "unmatched_gas_flows": list(inventory.characterized.unmatched),
        },
    )


def read_matrices(stored: StoredBackground) -> SparseBackground:
    """Read the matrices of a stored background."""
    folder = stored.folder
    return SparseBackground(
        technosphere=csc_array(load_npz(folder / TECHNOSPHERE)),
        biosphere=csc_array(load_npz(folder / BIOSPHERE)),
        characterization=np.load(folder / CHARACTERIZATION, allow_pickle=False),
        spread=_read_spread(folder),
    )


def write_bank(folder: Path, bank: Bank) -> str:
    """Store a bank of draws beside its background, in place of one of the same size and seed; return its file name."""
    name = f"bank-{len(bank.kg_co2e_per_unit)}-{bank.seed}.npz"
    np.savez(folder / name, kg_co2e_per_unit=bank.kg_co2e_per_unit, products=bank.products, seed=bank.seed, seconds=bank.seconds)
    facts = {key: value for key, value in read_manifest(folder).items() if key not in {"files", "format"}}
    seal(folder, facts)
    return name


def read_bank(folder: Path, *, draws: int, seed: int) -> Bank:
    """Read a stored bank."""
    with np.load(folder / f"bank-{draws}-{seed}.npz", allow_pickle=False) as stored:
        return Bank(
            kg_co2e_per_unit=stored["kg_co2e_per_unit"],
            products=stored["products"],
            seed=int(stored["seed"]),
            seconds=float(stored["seconds"]),
        )


def _write_matrices(folder: Path, background: SparseBackground) -> None:
    save_npz(folder / TECHNOSPHERE, background.technosphere)
    save_npz(folder / BIOSPHERE, background.biosphere)
    write_array(folder, CHARACTERIZATION, background.characterization)
    if background.spread is not None:
        write_array(folder, TECHNOSPHERE_SPREAD, background.spread.technosphere)
        write_array(folder, BIOSPHERE_SPREAD, background.spread.biosphere)


def _read_spread(folder: Path) -> Spread | None:
    if not (folder / TECHNOSPHERE_SPREAD).exists():
        return None
    return Spread(
        technosphere=np.load(folder / TECHNOSPHERE_SPREAD, allow_pickle=False),
        biosphere=np.load(folder / BIOSPHERE_SPREAD, allow_pickle=False),
    )
