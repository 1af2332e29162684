"""Signed statements of the log's size and root, kept in the database and outside of it."""

from datetime import datetime
from pathlib import Path

from sqlalchemy import bindparam, text
from sqlmodel import Session, col, select

from service.audit import log_files, tree
from service.audit.appending import AuditLogBrokenError
from service.audit.log_keys import load_key
from service.audit.merkle import Edge, node_of
from service.audit.models import AuditCheckpoint
from service.audit.notes import Checkpoint, Note, NoteError, Verifier, read_note, sign, signer_among, verifier_of
from service.database import UtcDateTime
from service.errors import N_

STORE = text(
    "INSERT INTO audit_checkpoint (size, root_hash, note, key, at) VALUES (:size, :root_hash, :note, :key, :at) "
    "ON CONFLICT (size) DO NOTHING"  # another process may have signed the same size meanwhile
).bindparams(bindparam("at", type_=UtcDateTime()))


def make_checkpoint(session: Session, *, keys_folder: Path, origin: str, at: datetime) -> AuditCheckpoint:
    """Sign the tree as it is committed now, without the events of this transaction; the same size again gives the same note.

    Hashes and note are on disk outside the database before this returns. Keep the transaction short.

    Raises
    ------
    AuditLogBrokenError
        The tree is not a continuation of the last checkpoint: somebody has changed the past.

    """
    folder = log_files.folder_beside(keys_folder)
    key = load_key(keys_folder, origin=origin)
    with log_files.alone(folder):
        edge = _sound_edge(session, folder)
        present = session.get(AuditCheckpoint, edge.size)
        if present is None:
            note = sign(Checkpoint(origin=origin, size=edge.size, root=edge.root, at=at.replace(microsecond=0)), key)
            present = _store(session, note, verifier_of(origin, key))
        _export(session, folder, edge.size)
    return present


def _store(session: Session, note: Note, verifier: Verifier) -> AuditCheckpoint:
    checkpoint = note.checkpoint
    values = {"size": checkpoint.size, "root_hash": checkpoint.root.hex(), "at": checkpoint.at}
    session.connection().execute(STORE, {**values, "note": note.as_text, "key": verifier.as_text})
    return session.exec(select(AuditCheckpoint).where(col(AuditCheckpoint.size) == checkpoint.size)).one()


def _sound_edge(session: Session, folder: Path) -> Edge:
    """Return the committed tree's edge if the last checkpoint outside the database is one of its earlier states."""
    edge = tree.edge_of(session)
    notes, _ = log_files.read_notes(folder)
    if edge is None or (notes and not _continues(session, edge, notes[-1].checkpoint)):
        raise AuditLogBrokenError(
            N_("The log of events no longer continues its last checkpoint; run `anodeprint audit verify` to see what was changed.")
        )
    if notes and session.get(AuditCheckpoint, notes[-1].checkpoint.size) is None:
        _store_lost(session, folder, notes[-1])
    return edge


def _store_lost(session: Session, folder: Path, note: Note) -> None:
    """Bring back a checkpoint that was exported just before the process ended without its commit."""
    signer = signer_among(log_files.read_verifiers(folder), note)
    if signer is not None:
        _store(session, note, signer)


def _continues(session: Session, edge: Edge, last: Checkpoint) -> bool:
    if last.size > edge.size:
        return False
    span = (0, last.size)
    full = tree.full_subtrees(session, [span, (0, edge.size)])
    try:
        is_old = last.size == 0 or node_of(span, full) == last.root
        return is_old and (edge.size == 0 or node_of((0, edge.size), full) == edge.root)
    except KeyError:  # a leaf is missing
        return False


def _export(session: Session, folder: Path, size: int) -> None:
    exported = log_files.count_leaves(folder)
    if exported < size:
        log_files.append_leaves(folder, tree.leaf_hashes_between(session, exported, size))
    notes, _ = log_files.read_notes(folder)
    known = notes[-1].checkpoint.size if notes else -1
    for checkpoint in tree.checkpoints_after(session, known):
        log_files.append_note(folder, _readable(checkpoint))


def _readable(checkpoint: AuditCheckpoint) -> Note:
    try:
        return read_note(checkpoint.note)
    except NoteError as error:
        raise AuditLogBrokenError(N_("The checkpoint of %(size)s events was changed."), size=checkpoint.size) from error
