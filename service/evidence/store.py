"""Files that prove something: bytes on disk under their hash, before any row speaks of them."""

import hashlib
import os
import tempfile
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Final

from starlette.datastructures import UploadFile

from service.errors import N_, FieldError, NotFoundError
from service.evidence.file_types import find_media_type
from service.evidence.models import FileColumns, Scan
from service.evidence.photos import shows_place
from service.evidence.virus_scan import Scanner
from service.settings import MIB, Settings

FOLDER: Final = "evidence"
FILES_MAX: Final = 20
"""Of one questionnaire, one figure, one document."""
NAME_MAX: Final = 200
FILE_BYTES_MAX: Final = 25 * MIB
CHUNK: Final = MIB // 4


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """A file that lies in the store; without a row it is garbage, never harm.

    Attributes
    ----------
    shows_place
        A photograph that tells where it was taken.
    scanned_at
        When the scanner said `scan`; None if there was none to ask.

    """

    name: str
    media_type: str
    size_bytes: int
    sha256: str
    shows_place: bool = False
    scan: Scan = Scan.UNSCANNED
    scanned_at: datetime | None = None


def store_upload(upload: UploadFile, *, settings: Settings, at: datetime) -> StoredFile:
    """Write a file that came with a form into the store, scanned where there is a scanner.

    Raises
    ------
    FieldError
        As `store_file`.

    """
    return store_file(
        upload.file,
        upload.filename or "",
        data_dir=settings.data_dir,
        scanner=Scanner(address=settings.clamd_address),
        at=at,
        largest_bytes=settings.upload_max_bytes,
    )


def store_file(
    stream: BinaryIO, name: str, *, data_dir: Path, scanner: Scanner, at: datetime, largest_bytes: int = FILE_BYTES_MAX
) -> StoredFile:
    """Write a file under its SHA-256, before any row speaks of it; only a chunk of it is in memory at a time.

    Raises
    ------
    FieldError
        Empty, too large, infected, or not of a kind that may be attached.

    """
    with _temporary_file(data_dir) as copy:
        sha256 = _copied(stream, copy, largest_bytes=largest_bytes)
        stored = _examined(copy, display_name(name), sha256, scanner=scanner, at=at)
        _keep(copy, path_of(sha256, data_dir=data_dir))
    return stored


def _examined(copy: BinaryIO, name: str, sha256: str, *, scanner: Scanner, at: datetime) -> StoredFile:
    media_type = find_media_type(copy)
    scan = scanner.scan(copy)
    if scan is Scan.INFECTED:
        raise FieldError(N_("The virus scanner found something in this file; it was not kept. Send it as a fresh PDF or photo."))
    return StoredFile(
        name=name,
        media_type=media_type,
        size_bytes=copy.seek(0, os.SEEK_END),
        sha256=sha256,
        shows_place=shows_place(copy, media_type),
        scan=scan,
        scanned_at=None if scan is Scan.UNSCANNED else at,
    )


def path_of(sha256: str, *, data_dir: Path) -> Path:
    """Return where a file lies: only its hash decides."""
    return data_dir / FOLDER / sha256[:2] / sha256


def existing_path(file: FileColumns, *, data_dir: Path) -> Path:
    """Return where a file lies; a missing one is an error that says what to do."""
    path = path_of(file.sha256, data_dir=data_dir)
    if not path.is_file():
        raise NotFoundError(N_("The file “%(name)s” is missing in the evidence store; restore it from the backup."), name=file.name)
    return path


def display_name(name: str) -> str:
    """Return a file name as it may be shown: no folders, no control or direction characters, not too long."""
    last = PurePosixPath(unicodedata.normalize("NFC", name).replace("\\", "/")).name
    clean = "".join(character for character in last if unicodedata.category(character)[0] != "C").strip()
    return clean[-NAME_MAX:] or "file"


@contextmanager
def _temporary_file(data_dir: Path) -> Iterator[BinaryIO]:
    """Yield a new file in the store that is gone afterwards unless it was moved to its place."""
    folder = data_dir / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=folder, prefix=".new-")
    os.close(handle)
    try:
        with Path(name).open("w+b") as copy:
            yield copy
    finally:
        Path(name).unlink(missing_ok=True)


def _copied(stream: BinaryIO, copy: BinaryIO, *, largest_bytes: int) -> str:
    """Copy what was sent and return its SHA-256."""
    digest, size = hashlib.sha256(), 0
    while chunk := stream.read(CHUNK):
        size += len(chunk)
        if size > largest_bytes:
            raise FieldError(N_("This file is larger than %(max)s MiB. Make it smaller."), max=largest_bytes // MIB)
        digest.update(chunk)
        copy.write(chunk)
    if not size:
        raise FieldError(N_("Choose a file; this one is empty."))
    return digest.hexdigest()


def _keep(copy: BinaryIO, target: Path) -> None:
    """Move a copy to its place so that the target is either complete or not there, also after a power cut."""
    if target.exists():
        return
    copy.flush()
    os.fsync(copy.fileno())
    target.parent.mkdir(parents=True, exist_ok=True)
    Path(copy.name).replace(target)
    _sync_folder(target.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
