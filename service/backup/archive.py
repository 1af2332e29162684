"""The file of a backup: a tar archive whose first member lists all others with their SHA-256."""

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

FORMAT = 1
MANIFEST = "manifest.json"
DATABASE_MEMBERS = {"sqlite": "database.db", "postgresql": "database.pgdump"}
FILES = "files"
CHUNK = 1024 * 1024


class BackupError(RuntimeError):
    """A backup can't be written, read or trusted; names the file and the reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a backup holds.

    Attributes
    ----------
    rows
        Number of rows by table, counted in the copy itself.
    members
        SHA-256 in hexadecimal by name in the archive.

    """

    format: int
    created_at: str
    version: str
    engine: str
    revision: str
    with_keys: bool
    rows: Mapping[str, int]
    members: Mapping[str, str]


def write_archive(target: Path, manifest: Manifest, sources: Mapping[str, Path]) -> None:
    """Write all or nothing, readable by its owner only; an existing file is never replaced."""
    partial = target.with_name(target.name + ".partial")
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "wb") as stream:
            _write_members(stream, manifest, sources)
            stream.flush()
            os.fsync(stream.fileno())
        os.link(partial, target)  # unlike a rename, this refuses to replace
    except FileExistsError as error:
        raise BackupError(f"{target} exists already; choose another name") from error
    finally:
        partial.unlink(missing_ok=True)


def read_manifest(file: Path) -> Manifest:
    """Return what a backup says of itself."""
    with opened_archive(file) as archive:
        first = archive.next()
        stream = archive.extractfile(first) if first is not None and first.name == MANIFEST else None
        if stream is None:
            raise BackupError(f"{file} does not begin with {MANIFEST}: it is no backup made by anodeprint")
        content: dict[str, Any] = json.load(stream)
    if content.get("format") != FORMAT:
        raise BackupError(f"{file} has format {content.get('format')}; this version reads format {FORMAT}")
    return Manifest(**content)


def unpack(file: Path, folder: Path) -> Manifest:
    """Unpack a backup into an empty folder; raise `BackupError` unless every file in it is the one that was written."""
    manifest = read_manifest(file)
    with opened_archive(file) as archive:
        archive.extractall(folder, filter="data")
    for name, expected in manifest.members.items():
        path = folder / name
        if not path.is_file():
            raise BackupError(f"{file}: {name} is missing")
        if file_sha256(path) != expected:
            raise BackupError(f"{file}: {name} has changed since the backup was written (its SHA-256 differs)")
    return manifest


@contextmanager
def opened_archive(file: Path) -> Iterator[tarfile.TarFile]:
    """Open a backup for reading."""
    try:
        with tarfile.open(file, "r:") as archive:
            yield archive
    except (tarfile.TarError, EOFError, json.JSONDecodeError, OSError) as error:
        raise BackupError(f"{file} can't be read as a backup: {error}") from error


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _write_members(stream: IO[bytes], manifest: Manifest, sources: Mapping[str, Path]) -> None:
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as archive:
        content = json.dumps(asdict(manifest), ensure_ascii=False, indent=1).encode()
        head = tarfile.TarInfo(MANIFEST)
        head.size, head.mode = len(content), 0o600
        archive.addfile(head, io.BytesIO(content))
        for name, path in sources.items():
            archive.add(path, arcname=name, recursive=False)
