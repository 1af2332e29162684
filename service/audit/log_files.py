"""The part of the log that lies outside the database: checkpoints, the hash of every leaf, and public keys.

Only appended to, and brought to disk before the transaction that tells of it commits. `leaves` is the bare sequence of
32-byte hashes, `checkpoints` the notes one after another, `keys` a public key per line, the oldest first.
"""

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from service.audit.notes import Note, NoteError, Verifier, read_note, read_verifier

FOLDER: Final = "log"
LEAVES: Final = "leaves"
CHECKPOINTS: Final = "checkpoints"
KEYS: Final = "keys"
HASH_BYTES: Final = 32
NOTE_LINES: Final = 6


def folder_beside(keys_folder: Path) -> Path:
    """Return the log's folder: it lies in the data folder as the keys' does."""
    return keys_folder.with_name(FOLDER)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Let one process at a time append to the files of a log."""
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder / "writer.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def count_leaves(folder: Path) -> int:
    """Return how many leaf hashes are outside the database; half a hash at the end is the trace of a crash and does not count."""
    path = folder / LEAVES
    return path.stat().st_size // HASH_BYTES if path.exists() else 0


def append_leaves(folder: Path, hashes: Sequence[bytes]) -> None:
    """Append leaf hashes behind those that are whole."""
    _append(folder / LEAVES, b"".join(hashes), at=count_leaves(folder) * HASH_BYTES)


def append_note(folder: Path, note: Note) -> None:
    """Append a checkpoint behind those that are whole."""
    kept = "".join(_whole_notes(_text(folder / CHECKPOINTS))).encode()
    _append(folder / CHECKPOINTS, note.as_text.encode(), at=len(kept))


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What of a log lies outside the database.

    Attributes
    ----------
    notes
        Checkpoints in the order they were made.
    unreadable
        What stands between them and is none.

    """

    leaves: Sequence[bytes]
    notes: Sequence[Note]
    unreadable: Sequence[str]


def read_exported(folder: Path) -> Exported:
    """Return hashes and checkpoints outside the database."""
    notes, unreadable = read_notes(folder)
    return Exported(leaves=read_leaves(folder), notes=notes, unreadable=unreadable)


def read_leaves(folder: Path) -> Sequence[bytes]:
    """Return the leaf hashes outside the database, in order."""
    path = folder / LEAVES
    content = path.read_bytes() if path.exists() else b""
    return [content[at : at + HASH_BYTES] for at in range(0, len(content) - HASH_BYTES + 1, HASH_BYTES)]


def read_notes(folder: Path) -> tuple[Sequence[Note], Sequence[str]]:
    """Return the checkpoints outside the database in the order they were made, and what is there but is none."""
    notes, unreadable = list[Note](), list[str]()
    for text in _whole_notes(_text(folder / CHECKPOINTS)):
        try:
            notes.append(read_note(text))
        except NoteError:
            unreadable.append(text)
    return notes, unreadable


def read_verifiers(folder: Path) -> Sequence[Verifier]:
    """Return the public keys of the log, the oldest first."""
    return [read_verifier(line) for line in _text(folder / KEYS).splitlines()]


def note_verifier(folder: Path, verifier: Verifier) -> None:
    """Keep a public key, unless it is the newest already."""
    with alone(folder):
        if (folder / KEYS).exists() and verifier in read_verifiers(folder)[-1:]:
            return
        path = folder / KEYS
        _append(path, f"{verifier.as_text}\n".encode(), at=path.stat().st_size if path.exists() else 0)


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""


def _whole_notes(text: str) -> Iterator[str]:
    lines = text.splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines.pop()
    for first in range(0, len(lines) - NOTE_LINES + 1, NOTE_LINES):
        yield "".join(lines[first : first + NOTE_LINES])


def _append(path: Path, content: bytes, *, at: int) -> None:
    """Write at a place, cut what a crash has left behind it, and bring it to disk."""
    is_new = not path.exists()
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        os.ftruncate(handle, at)
        os.pwrite(handle, content, at)
        os.fsync(handle)
    finally:
        os.close(handle)
    if is_new:
        _bring_folder_to_disk(path.parent)


def _bring_folder_to_disk(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
