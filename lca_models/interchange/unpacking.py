"""Unpacking archives that somebody sent: the directory is checked before anything is written, and sizes again while it is.

Refused are paths that leave the folder, links, devices, more files or bytes than a large database has, and entries that pack better
than honest text does.
"""

import tarfile
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Final

from lca_models.errors import N_, ModelError

GIB: Final = 1024**3
MIB: Final = 1024**2
_READ: Final = MIB
_SYMLINK: Final = 0o120000
_FILE_TYPE: Final = 0o170000


class UnpackingError(ModelError):
    """An archive that may not be unpacked."""

    code = "unpacking"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnpackingLimits:
    """What an archive may hold; own choices, above what ecoinvent 3.11 needs.

    Attributes
    ----------
    ratio
        Unpacked by packed size of an entry above `small_bytes`; XML of life-cycle inventories reaches 40.

    """

    files: int = 200_000
    unpacked_bytes: int = 24 * GIB
    ratio: float = 200.0
    small_bytes: int = 4 * MIB


def unpack_zip(archive: Path, folder: Path, *, limits: UnpackingLimits) -> None:
    """Unpack a .zip file into an empty folder.

    Raises
    ------
    UnpackingError
        Naming the entry and the rule that it breaks.

    """
    try:
        with zipfile.ZipFile(archive) as opened:
            entries = [entry for entry in opened.infolist() if not entry.is_dir()]
            _check_size(len(entries), sum(entry.file_size for entry in entries), limits)
            for entry in entries:
                _check_zip_entry(entry, limits)
            budget = _Budget(limits.unpacked_bytes)
            for entry in entries:
                with opened.open(entry) as source:
                    _write(source, _target(folder, entry.filename), budget)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise UnpackingError(
            N_("%(file)s can't be unpacked (%(problem)s). Pack the files again as a plain .zip."), file=archive.name, problem=error
        ) from error


def unpack_tar(archive: Path, folder: Path, *, limits: UnpackingLimits, wanted: Callable[[str], bool] = lambda _: True) -> None:
    """Unpack the wanted files of a .tar.gz; raise as `unpack_zip`."""
    budget = _Budget(limits.unpacked_bytes)
    count = 0
    try:
        with tarfile.open(archive, "r|gz") as opened:
            for entry in opened:
                count += 1
                _check_size(count, entry.size, limits)
                _check_tar_entry(entry)
                source = opened.extractfile(entry) if entry.isfile() and wanted(entry.name) else None
                if source is not None:
                    _write(source, _target(folder, entry.name), budget)
                else:
                    budget.spend(entry.size)
    except (tarfile.TarError, EOFError, OSError) as error:
        raise UnpackingError(
            N_("%(file)s can't be unpacked (%(problem)s). Pack the files again as .tar.gz."), file=archive.name, problem=error
        ) from error


class _Budget:
    """Bytes that may still be written: a directory can lie about sizes."""

    def __init__(self, left: int) -> None:
        self._left = left

    def spend(self, count: int) -> None:
        self._left -= count
        if self._left < 0:
            raise UnpackingError(N_("The archive unpacks to more than is allowed. Export a smaller database."))


def _check_size(files: int, unpacked_bytes: int, limits: UnpackingLimits) -> None:
    if files > limits.files or unpacked_bytes > limits.unpacked_bytes:
        raise UnpackingError(
            N_(
                "The archive has %(files)s files of %(gib)s GiB in all; at most %(most_files)s files and %(most_gib)s GiB "
                "are allowed. Export a smaller database."
            ),
            files=files,
            gib=f"{unpacked_bytes / GIB:.1f}",
            most_files=limits.files,
            most_gib=f"{limits.unpacked_bytes / GIB:g}",
        )


def _check_zip_entry(entry: zipfile.ZipInfo, limits: UnpackingLimits) -> None:
    if (entry.external_attr >> 16) & _FILE_TYPE == _SYMLINK:
        raise _refused(entry.filename)
    _check_path(entry.filename)
    if entry.file_size > limits.small_bytes and entry.file_size > limits.ratio * max(entry.compress_size, 1):
        raise UnpackingError(
            N_("“%(entry)s” unpacks to %(ratio)s times its packed size, more than %(most)s. Such a file is not an inventory."),
            entry=entry.filename,
            ratio=round(entry.file_size / max(entry.compress_size, 1)),
            most=f"{limits.ratio:g}",
        )


def _check_tar_entry(entry: tarfile.TarInfo) -> None:
    if not (entry.isfile() or entry.isdir()):
        raise _refused(entry.name)
    _check_path(entry.name)


def _check_path(name: str) -> None:
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in path.parts[0] or "\0" in name:
        raise _refused(name)


def _refused(name: str) -> UnpackingError:
    return UnpackingError(
        N_("The archive's entry “%(entry)s” leads out of the folder or is a link. Pack plain files with relative paths."),
        entry=name,
    )


def _target(folder: Path, name: str) -> Path:
    target = folder / PurePosixPath(name.replace("\\", "/"))
    target.parent.mkdir(parents=True, exist_ok=True)
    return target


def _write(source: IO[bytes], target: Path, budget: _Budget) -> None:
    with target.open("wb") as stream:
        for piece in _pieces(source):
            budget.spend(len(piece))
            stream.write(piece)


def _pieces(source: IO[bytes]) -> Iterable[bytes]:
    while piece := source.read(_READ):
        yield piece
