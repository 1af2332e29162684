"""All checkpoints that are known of a log, and what is wrong with those that are not as they were signed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from sqlmodel import Session

from service.audit import stored_rows
from service.audit.findings import Finding, Kind
from service.audit.log_files import Exported
from service.audit.notes import Note, NoteError, Verifier, read_note, signer_among


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Signed checkpoints.

    Attributes
    ----------
    roots
        By size the roots that were signed; more than one is a contradiction in itself.
    stored_sizes
        Of the checkpoints in the database.

    """

    roots: Mapping[int, Sequence[bytes]]
    stored_sizes: Sequence[int]
    findings: Sequence[Finding]


def known_checkpoints(session: Session, exported: Exported, *, verifiers: Sequence[Verifier], witnessed: Sequence[Note]) -> Known:
    """Gather the checkpoints of database, file and witnesses; only those with a valid signature count."""
    rows = session.connection().execute(stored_rows.CHECKPOINTS).all()
    stored = {row[0]: _note_of(row, verifiers) for row in rows}
    elsewhere = [*exported.notes, *witnessed]
    signed = [note for note in elsewhere if signer_among(verifiers, note)]
    findings = [
        *_of_kind(Kind.CHECKPOINT_CHANGED, (size for size, note in stored.items() if note is None)),
        *_of_kind(Kind.CHECKPOINT_CHANGED, _misplaced(exported)),
        *_of_kind(Kind.CHECKPOINT_DELETED, sorted({note.checkpoint.size for note in exported.notes} - set(stored))),
        *_of_kind(Kind.CHECKPOINT_UNSIGNED, (note.checkpoint.size for note in elsewhere if note not in signed)),
    ]
    sound = [note for note in stored.values() if note is not None]
    return Known(roots=_roots([*sound, *signed]), stored_sizes=[note.checkpoint.size for note in sound], findings=findings)


def _of_kind(kind: Kind, sizes: Iterable[int | str]) -> Iterator[Finding]:
    return (Finding(kind=kind, values={"size": size}) for size in sizes)


def _note_of(row: Any, verifiers: Sequence[Verifier]) -> Note | None:  # noqa: ANN401 - columns of any type
    """Return a stored note if it is signed and its row says the same."""
    try:
        note, at = read_note(str(row[2])), stored_rows.instant(row[4])
    except (NoteError, ValueError):
        return None
    signer = signer_among(verifiers, note)
    said = (note.checkpoint.size, note.checkpoint.root.hex(), note.checkpoint.at)
    return note if signer is not None and said == (row[0], row[1], at) and signer.as_text == row[3] else None


def _misplaced(exported: Exported) -> Iterator[int | str]:
    """Return the sizes of what is no checkpoint, or no longer stands in its order."""
    for text in exported.unreadable:
        yield text.splitlines()[1][:20]
    sizes = [note.checkpoint.size for note in exported.notes]
    yield from (later for earlier, later in pairwise(sizes) if later < earlier)


def _roots(notes: Sequence[Note]) -> Mapping[int, Sequence[bytes]]:
    roots: dict[int, list[bytes]] = {}
    for note in notes:
        known = roots.setdefault(note.checkpoint.size, [])
        if note.checkpoint.root not in known:
            known.append(note.checkpoint.root)
    return roots
