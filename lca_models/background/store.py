"""A background on disk: a folder of NumPy arrays and a manifest with their hashes.

What calculations read is `multipliers.npy`, mapped into memory: a worker holds the pages that it touches, 8 bytes per category and
activity, and never the inventory. The matrices are kept for banks of draws. Reading needs NumPy only.
"""

import csv
import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from lca_models.background.activities import BackgroundActivity
from lca_models.errors import N_, ModelError

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
MULTIPLIERS: Final = "multipliers.npy"
OUTPUTS: Final = "outputs.npy"
ACTIVITIES: Final = "activities.csv"
_COLUMNS: Final = ("code", "name", "product", "unit", "location")


class StoredBackgroundError(ModelError):
    """Files of a background that are missing or not what was stored."""

    code = "background-files"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredBackground:
    """An opened folder.

    Attributes
    ----------
    manifest
        What was imported, how, and the SHA-256 of each file.
    multipliers
        kg CO2e per unit of product; axis 0 as `CATEGORIES`, axis 1 activities; mapped into memory.
    outputs
        Amount of reference product per activity; negative for treatments of waste.

    """

    folder: Path
    manifest: Mapping[str, Any]
    multipliers: NDArray[np.float64]
    outputs: NDArray[np.float64]

    def factor(self, activity: int) -> NDArray[np.float64]:
        """Return kg CO2e per unit made by an activity, or per unit of waste treated; axis as `CATEGORIES`."""
        return np.asarray(self.multipliers[:, activity] * np.sign(self.outputs[activity]), dtype=np.float64)


def write_array(folder: Path, name: str, values: NDArray[Any]) -> None:
    """Write one array so that it can be mapped."""
    np.save(folder / name, np.ascontiguousarray(values), allow_pickle=False)


def write_activities(folder: Path, activities: Sequence[BackgroundActivity]) -> None:
    """Write the index of activities; the line number is the position in the arrays."""
    with (folder / ACTIVITIES).open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(_COLUMNS)
        writer.writerows([getattr(one, column) for column in _COLUMNS] for one in activities)


def read_activities(folder: Path) -> Iterator[BackgroundActivity]:
    """Read the index of activities one by one, so that a search holds no more than what it found."""
    _check_file(folder / ACTIVITIES, None)
    with (folder / ACTIVITIES).open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream, strict=True):
            yield BackgroundActivity(**{column: row[column] for column in _COLUMNS})


def seal(folder: Path, facts: Mapping[str, Any]) -> Mapping[str, Any]:
    """Write the manifest with the hash of every file; a folder without a manifest is not a background."""
    hashes = {path.name: file_sha256(path) for path in sorted(folder.iterdir()) if path.name != MANIFEST}
    manifest = {"format": FORMAT, **facts, "files": hashes}
    draft = folder / f"{MANIFEST}.partial"
    draft.write_text(json.dumps(manifest, ensure_ascii=False, indent=2, sort_keys=True), encoding="utf-8")
    draft.replace(folder / MANIFEST)
    return manifest


def open_background(folder: Path, *, verify: bool = False) -> StoredBackground:
    """Open a background; with `verify`, compare every file with its hash.

    Raises
    ------
    StoredBackgroundError
        If a file is missing or differs, or the format is another one.

    """
    manifest = read_manifest(folder)
    for name, sha256 in manifest["files"].items():
        _check_file(folder / name, sha256 if verify or name == MULTIPLIERS else None)
    return StoredBackground(
        folder=folder,
        manifest=manifest,
        multipliers=np.load(folder / MULTIPLIERS, mmap_mode="r", allow_pickle=False),
        outputs=np.load(folder / OUTPUTS, mmap_mode="r", allow_pickle=False),
    )


def read_manifest(folder: Path) -> Mapping[str, Any]:
    """Return what a folder holds."""
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise StoredBackgroundError(
            N_("The background's file %(file)s is missing or damaged. Restore it from the backup, or import the background again."),
            file=MANIFEST,
        ) from error
    if manifest.get("format") != FORMAT:
        raise StoredBackgroundError(
            N_("The background was stored in format %(found)s; this version reads format %(known)s. Import it again."),
            found=manifest.get("format"),
            known=FORMAT,
        )
    return manifest


def file_sha256(path: Path) -> str:
    """Return the hash of a file in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _check_file(path: Path, sha256: str | None) -> None:
    present = path.is_file() and os.access(path, os.R_OK)
    if not present or (sha256 is not None and file_sha256(path) != sha256):
        raise StoredBackgroundError(
            N_("The background's file %(file)s is missing or damaged. Restore it from the backup, or import the background again."),
            file=path.name,
        )
