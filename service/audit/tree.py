"""Reads of the tree: the few subtrees that a proof needs, the size, the newest checkpoint."""

from collections.abc import Iterable, Mapping, Sequence

from sqlmodel import Session, col, select

from service.audit.merkle import Edge, Range, perfect_parts
from service.audit.models import AuditCheckpoint, AuditHead, AuditLeaf

BATCH = 500
"""Rows asked for by number in one statement; engines limit how many."""


def edge_of(session: Session) -> Edge | None:
    """Return size and right edge of the committed tree, or None if its head row is gone."""
    head = session.exec(select(AuditHead.size, AuditHead.right_edge).where(AuditHead.id == 1)).one_or_none()
    return Edge(size=head[0], roots=tuple(bytes.fromhex(root) for root in head[1])) if head else None


def find_leaf(session: Session, event_id: int) -> AuditLeaf | None:
    """Return an event's leaf; None before the commit of the event."""
    return session.exec(select(AuditLeaf).where(AuditLeaf.event_id == event_id)).first()


def checkpointed(session: Session, event_ids: Iterable[int]) -> frozenset[int]:
    """Return which of these events the newest checkpoint holds."""
    checkpoint = newest_checkpoint(session)
    if checkpoint is None:
        return frozenset()
    held = select(AuditLeaf.event_id).where(col(AuditLeaf.event_id).in_(list(event_ids)), AuditLeaf.index < checkpoint.size)
    return frozenset(session.exec(held))


def newest_checkpoint(session: Session) -> AuditCheckpoint | None:
    """Return the checkpoint of the most leaves."""
    return session.exec(select(AuditCheckpoint).order_by(col(AuditCheckpoint.size).desc()).limit(1)).first()


def checkpoints_after(session: Session, size: int) -> Sequence[AuditCheckpoint]:
    """Return the checkpoints of more than `size` leaves, the smallest first."""
    statement = select(AuditCheckpoint).where(AuditCheckpoint.size > size).order_by(col(AuditCheckpoint.size))
    return session.exec(statement).all()


def leaf_hashes_between(session: Session, start: int, end: int) -> Sequence[bytes]:
    """Return the hashes of the leaves from `start` to before `end`."""
    statement = select(AuditLeaf.leaf_hash).where(AuditLeaf.index >= start, AuditLeaf.index < end).order_by(col(AuditLeaf.index))
    return [bytes.fromhex(one) for one in session.exec(statement)]


def full_subtrees(session: Session, spans: Iterable[Range]) -> Mapping[Range, bytes]:
    """Return the roots of the perfect subtrees that make up these ranges, each from the leaf it ends with."""
    wanted = {part for span in spans for part in perfect_parts(span)}
    last = sorted({end - 1 for _, end in wanted})
    found: dict[Range, bytes] = {}
    for first in range(0, len(last), BATCH):
        statement = select(AuditLeaf.index, AuditLeaf.leaf_hash, AuditLeaf.subtrees).where(
            col(AuditLeaf.index).in_(last[first : first + BATCH])
        )
        for index, leaf_hash, subtrees in session.exec(statement):
            for level, root in enumerate([leaf_hash, *subtrees]):
                found[index + 1 - (1 << level), index + 1] = bytes.fromhex(root)
    return found
