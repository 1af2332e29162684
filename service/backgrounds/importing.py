"""Import of a file in a limited child process, and banks of draws; no database.

bw2io opens a Brightway project, which is process-wide state, so each import has a process, a scratch folder and limits of its own.
"""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np

from lca_models.background.adjoint import factorise
from lca_models.background.bank import Bank, build_bank
from lca_models.background.sparse_store import read_matrices, write_bank
from lca_models.background.store import MANIFEST, file_sha256, open_background
from lca_models.interchange.background_import import import_background
from service.backgrounds.files import FOLDER, ImportedFiles, folder_of
from service.backgrounds.rules import BackgroundError, explained
from service.database import new_id
from service.errors import N_, ServiceError
from service.sandbox import run_limited

GIB: Final = 1024**3
SECONDS: Final = 2 * 60 * 60
"""What one import may take: bw2io reads 20 000 EcoSpold 2 datasets in about half an hour on one core. Own choice."""
MEMORY_BYTES: Final = 16 * GIB
"""Address space of one import; own choice, four times what 20 000 datasets need as Python objects."""
_NAME_MAX: Final = 80
_LICENCE_MAX: Final = 300


class BackgroundRefusedError(ServiceError):
    """A file that can't become a background; says why in the importer's words."""

    code = "background-refused"
    status = 422


def import_files(source: Path, file_format: str, *, name: str, licence: str, data_dir: Path) -> ImportedFiles:
    """Read a file with bw2io, solve it and store it in this deployment's own folder.

    Raises
    ------
    BackgroundRefusedError
        If the file can't be read, linked or solved; nothing is left behind.
    LimitExceededError
        If it needs more time or memory than allowed.

    """
    _check_words(name, licence)
    background_id = new_id()
    base = data_dir / FOLDER
    base.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(prefix=".import-", dir=base, ignore_cleanup_errors=True) as folder:
        draft, scratch = Path(folder) / "stored", Path(folder) / "scratch"
        draft.mkdir()
        scratch.mkdir()
        arguments = (str(source.resolve()), file_format, str(draft), str(scratch), {"name": name, "licence": licence})
        answer = run_limited(import_background, *arguments, seconds=SECONDS, memory_bytes=MEMORY_BYTES)
        if "problem" in answer:
            raise BackgroundRefusedError(answer["problem"]["template"], **answer["problem"]["values"])
        target = folder_of(background_id, data_dir=data_dir)
        draft.rename(target)
    return ImportedFiles(
        background_id=background_id,
        name=name,
        licence=licence,
        manifest=answer["manifest"],
        manifest_sha256=file_sha256(target / MANIFEST),
    )


def store_bank(
    folder: Path, *, activities: list[int], draws: int, seed: int, progress: Callable[[int], object] = lambda _: None
) -> tuple[str, Bank]:
    """Draw a bank for the activities that parameters use and store it; return its file name too."""
    if not activities:
        raise BackgroundError(N_("No parameter takes its value from this background yet. Choose activities first."))
    with explained():
        background = read_matrices(open_background(folder, verify=True))
        products = np.array(sorted(set(activities)), dtype=np.int64)
        bank = build_bank(background, factorise(background), products=products, draws=draws, seed=seed, progress=progress)
        return write_bank(folder, bank), bank


def _check_words(name: str, licence: str) -> None:
    if not (0 < len(name.strip()) <= _NAME_MAX and 0 < len(licence.strip()) <= _LICENCE_MAX):
        raise BackgroundError(
            N_("Give the background a name of at most %(name_max)s characters and state its licence in at most %(licence_max)s."),
            name_max=_NAME_MAX,
            licence_max=_LICENCE_MAX,
        )
