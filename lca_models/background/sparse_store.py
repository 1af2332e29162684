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
    StoredBackgroundError,
    read_manifest,
    seal,
    write_activities,
    write_array,
)
from lca_models.background.system import SparseBackground, Spread
from lca_models.errors import N_

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
    name = _bank_name(len(bank.kg_co2e_per_unit), bank.seed)
    np.savez(
        folder / name,
        kg_co2e_per_unit=bank.kg_co2e_per_unit,
        products=bank.products,
        seed=bank.seed,
        seconds=bank.seconds,
        background=_identity(folder),
    )
    return name


def read_bank(folder: Path, *, draws: int, seed: int) -> Bank:
    """Read a stored bank.

    Raises
    ------
    StoredBackgroundError
        If there is none, or it was drawn from another background.

    """
    path = folder / _bank_name(draws, seed)
    if not path.is_file():
        raise StoredBackgroundError(
            N_("There is no bank of %(draws)s draws with seed %(seed)s. Draw it: `anodeprint background bank`."),
            draws=draws,
            seed=seed,
        )
    with np.load(path, allow_pickle=False) as stored:
        if str(stored["background"]) != _identity(folder):
            raise StoredBackgroundError(N_("The bank %(file)s was drawn from another background. Draw it again."), file=path.name)
        return Bank(
            kg_co2e_per_unit=stored["kg_co2e_per_unit"],
            products=stored["products"],
            seed=int(stored["seed"]),
            seconds=float(stored["seconds"]),
        )


def _bank_name(draws: int, seed: int) -> str:
    return f"bank-{draws}-{seed}.npz"


def _identity(folder: Path) -> str:
    return str(read_manifest(folder)["files"][MULTIPLIERS])


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
