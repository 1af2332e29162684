import shutil
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

FOLDER: Final = "backgrounds"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedFiles:
    """A background on disk that no row names yet."""

    background_id: uuid.UUID
    name: str
    licence: str
    manifest: Mapping[str, Any]
    manifest_sha256: str


def folder_of(background_id: uuid.UUID, *, data_dir: Path) -> Path:
    """Return where the files of a background lie."""
    return data_dir / FOLDER / str(background_id)


def delete_files(background_id: uuid.UUID, *, data_dir: Path) -> None:
    """Delete the files of a background."""
    shutil.rmtree(folder_of(background_id, data_dir=data_dir), ignore_errors=True)
