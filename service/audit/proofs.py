"""Proofs that an event is in the log, and that the log has only grown."""

import base64
from collections.abc import Sequence

from sqlmodel import Session

from service.audit import tree
from service.audit.leaves import leaf_text
from service.audit.log import LogProof
from service.audit.merkle import consistency_ranges, inclusion_ranges, node_of
from service.audit.models import AuditCheckpoint, AuditEvent
from service.errors import N_, ConflictError


class NotLoggedYetError(ConflictError):
    """An event is not in a checkpoint, because it is younger."""

    code = "not-logged-yet"


def prove(session: Session, event: AuditEvent, checkpoint: AuditCheckpoint) -> LogProof:
    """Return the proof that an event is a leaf of the tree that a checkpoint signs.

    Raises
    ------
    NotLoggedYetError
        The event is younger than the checkpoint; it becomes a leaf only with the commit of its own transaction.

    """
    leaf = tree.find_leaf(session, event.id) if event.id is not None else None
    if leaf is None or leaf.index >= checkpoint.size:
        raise NotLoggedYetError(N_("This event is not in a checkpoint yet; make a new checkpoint first."))
    ranges = inclusion_ranges(leaf.index, checkpoint.size)
    full = tree.full_subtrees(session, ranges)
    return LogProof(
        leaf=leaf_text(event, index=leaf.index, salt=leaf.salt),
        index=leaf.index,
        size=checkpoint.size,
        root=_base64(bytes.fromhex(checkpoint.root_hash)),
        path=tuple(_base64(node_of(span, full)) for span in ranges),
        note=checkpoint.note,
        key=checkpoint.key,
    )


def prove_growth(session: Session, *, old: int, new: int) -> Sequence[bytes]:
    """Return the hashes that lead from the root of `old` leaves to that of `new` (RFC 6962, 2.1.2)."""
    ranges = consistency_ranges(old, new)
    full = tree.full_subtrees(session, ranges)
    return [node_of(span, full) for span in ranges]


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()
