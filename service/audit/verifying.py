"""Compares the whole log with everything that is known of it, and names each row that was touched.

Three witnesses stand against the rows: the hashes in the file outside the database, the signed checkpoints of database and
file, and checkpoints that others hold (certificates, mails). The file's hashes count as true as far as a signed checkpoint
confirms them; whoever calculates hashes again in the database therefore shows the very event.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from sqlmodel import Session

from service.audit import log_files, stored_rows
from service.audit.compared_checkpoints import Known, known_checkpoints
from service.audit.findings import Finding, Kind, Report
from service.audit.log_files import HASH_BYTES, Exported
from service.audit.merkle import Edge
from service.audit.notes import Note, Verifier
from service.audit.stored_rows import StoredLeaf
from service.database import Database

MOST_COMPARED = 100
"""Changed events among which a swap is looked for: each is held against each."""


def verify_log(database: Database, *, folder: Path, verifiers: Sequence[Verifier], witnessed: Sequence[Note] = ()) -> Report:
    """Compare rows, files and checkpoints of the log while the service runs.

    What only one of two looks finds was a checkpoint on its way: its note reaches the file before its row is committed.

    Parameters
    ----------
    folder
        Where the log's files lie.
    verifiers
        The public keys that are trusted.
    witnessed
        Checkpoints that others have kept.

    """
    first = _look(database, folder=folder, verifiers=verifiers, witnessed=witnessed)
    if first.is_sound:
        return first
    again = _look(database, folder=folder, verifiers=verifiers, witnessed=witnessed)
    return replace(again, findings=[one for one in again.findings if one in first.findings])


def _look(database: Database, *, folder: Path, verifiers: Sequence[Verifier], witnessed: Sequence[Note]) -> Report:
    exported = log_files.read_exported(folder)  # before the database: what comes between is in the database only
    with database.reading() as session:
        if not database.is_sqlite:
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})  # one state for all statements
        return verify(session, exported, verifiers=verifiers, witnessed=witnessed)


def verify(session: Session, exported: Exported, *, verifiers: Sequence[Verifier], witnessed: Sequence[Note] = ()) -> Report:
    """Compare the log within one transaction, whose state is not older than the files."""
    known = known_checkpoints(session, exported, verifiers=verifiers, witnessed=witnessed)
    walk = _Walk(exported=exported.leaves, confirmed=_confirmed(exported.leaves, known.roots), wanted=set(known.roots))
    findings = [*known.findings, *walk.through(stored_rows.stored_leaves(session))]
    findings += _missing_at_the_end(walk, known)
    findings += _stray_events(session)
    findings += _head(session, walk)
    findings += _file_cut(len(exported.leaves), known)
    findings += _contradicted(walk, known, named=bool(findings))
    return Report(
        size=walk.edge.size,
        root=walk.edge.root.hex(),
        signed=max(known.roots, default=0),
        checkpoints=len(known.roots),
        findings=findings,
    )


@dataclass(slots=True, kw_only=True)
class _Walk:
    """One pass over the leaves.

    Attributes
    ----------
    confirmed
        How many of the exported hashes a signed checkpoint confirms.
    edge
        Of the tree over the hashes that count as true.
    roots
        Of that tree at the sizes wanted.

    """

    exported: Sequence[bytes]
    confirmed: int
    wanted: set[int]
    edge: Edge = field(default_factory=Edge)
    roots: dict[int, bytes] = field(default_factory=dict)
    changed: list[StoredLeaf] = field(default_factory=list)

    def through(self, leaves: Iterator[StoredLeaf]) -> list[Finding]:
        """Return what is wrong with the leaves and their events."""
        found: list[Finding] = []
        for leaf in leaves:
            if leaf.index < self.edge.size:  # below zero: a number was changed
                found.append(_at(Kind.LEAF_CHANGED, leaf))
                continue
            if leaf.index > self.edge.size:
                found.append(_missing(self.edge.size, leaf.index))
                self._skip_to(leaf.index)
            found += self._look_at(leaf)
        return [*found, *self._name_changed()]

    def true_hash(self, leaf: StoredLeaf) -> bytes:
        """Return the hash that a leaf had when it was written, as far as that is known."""
        return self.exported[leaf.index] if leaf.index < self.confirmed else _bytes(leaf.leaf_hash)

    def _look_at(self, leaf: StoredLeaf) -> Iterator[Finding]:
        true, present, recomputed = self.true_hash(leaf), _bytes(leaf.leaf_hash), leaf.recomputed()
        full = self._append(true)
        if not leaf.has_event:
            yield _at(Kind.EVENT_DELETED, leaf)
        elif recomputed != true:
            self.changed.append(leaf)
        if present not in {true, recomputed} or (present == true and leaf.subtrees != [root.hex() for root in full]):
            yield _at(Kind.LEAF_CHANGED, leaf)
        if self.confirmed <= leaf.index < len(self.exported) and self.exported[leaf.index] != true:
            yield Finding(kind=Kind.FILE_CHANGED, values={"index": leaf.index})

    def _append(self, leaf_hash: bytes) -> tuple[bytes, ...]:
        self.edge, full = self.edge.append(leaf_hash)
        if self.edge.size in self.wanted:
            self.roots[self.edge.size] = self.edge.root
        return full

    def _skip_to(self, index: int) -> None:
        for place in range(self.edge.size, index):
            self._append(self.exported[place] if place < self.confirmed else bytes(HASH_BYTES))

    def _name_changed(self) -> Iterator[Finding]:
        swapped: set[int] = set()
        for leaf in self.changed[:MOST_COMPARED]:
            other = self._swapped_with(leaf)
            if other is not None and leaf.event_id not in swapped:
                swapped |= {leaf.event_id, other.event_id}
                yield Finding(kind=Kind.EVENTS_SWAPPED, values={"event": leaf.event_id, "other": other.event_id})
        for leaf in self.changed:
            if leaf.event_id not in swapped:
                is_rehashed = leaf.recomputed() == _bytes(leaf.leaf_hash)
                kind = Kind.EVENT_REHASHED if is_rehashed else Kind.EVENT_CHANGED
                yield _at(kind, leaf)

    def _swapped_with(self, leaf: StoredLeaf) -> StoredLeaf | None:
        true = self.true_hash(leaf)
        others = (one for one in self.changed[:MOST_COMPARED] if one is not leaf and one.event is not None)
        return next((one for one in others if one.event and leaf.hash_with_content_of(one.event) == true), None)


def _confirmed(exported: Sequence[bytes], roots: Mapping[int, Sequence[bytes]]) -> int:
    """Return up to where a signed checkpoint confirms the exported hashes."""
    edge, confirmed = Edge(), 0
    for leaf_hash in exported:
        edge, _ = edge.append(leaf_hash)
        if edge.root in roots.get(edge.size, ()):
            confirmed = edge.size
    return confirmed


def _at(kind: Kind, leaf: StoredLeaf) -> Finding:
    return Finding(kind=kind, values={"event": leaf.event_id, "index": leaf.index})


def _missing(first: int, end: int) -> Finding:
    return Finding(kind=Kind.LEAVES_MISSING, values={"first": first, "last": end - 1})


def _missing_at_the_end(walk: _Walk, known: Known) -> Iterator[Finding]:
    expected = max([len(walk.exported), *known.roots])
    if walk.edge.size < expected:
        yield _missing(walk.edge.size, expected)


def _stray_events(session: Session) -> Iterator[Finding]:
    for event_id in session.connection().execute(stored_rows.STRAY_EVENTS).scalars():
        yield Finding(kind=Kind.EVENT_INSERTED, values={"event": event_id})


def _head(session: Session, walk: _Walk) -> Iterator[Finding]:
    row = session.connection().execute(stored_rows.HEAD).one_or_none()
    roots = [root.hex() for root in walk.edge.roots]
    if row is None or row[0] != walk.edge.size or stored_rows.read_json(row[1]) != roots:
        yield Finding(kind=Kind.HEAD_CHANGED, values={"size": walk.edge.size})


def _file_cut(exported: int, known: Known) -> Iterator[Finding]:
    signed = max(known.stored_sizes, default=0)
    if exported < signed:
        yield Finding(kind=Kind.FILE_CUT, values={"size": exported, "signed": signed})


def _contradicted(walk: _Walk, known: Known, *, named: bool) -> Iterator[Finding]:
    """Name the first checkpoint that does not fit where no row explains it: the rows and the file were changed alike."""
    for size in sorted(known.roots):
        differs = size in walk.roots and any(root != walk.roots[size] for root in known.roots[size])
        if differs and (not named or len(known.roots[size]) > 1):
            yield Finding(kind=Kind.CHECKPOINT_CONTRADICTED, values={"size": size})
            return


def _bytes(text: str) -> bytes:
    """Return a stored hash; what is none counts as zeros, which are no hash of anything."""
    try:
        return bytes.fromhex(text)
    except ValueError:
        return bytes(HASH_BYTES)
