"""Makes every audit event a leaf of the log as the last thing before its transaction commits.

The listeners stand on the table and on SQLAlchemy's own session class, so no session of any kind can write an event past
them; `service.audit.operations` imports this module, and it alone makes events. The head's row is locked only here, after
everything else of the transaction is written: nothing waits for another row while it holds that lock, so no deadlock can
arise. On SQLite the writers' queue puts leaves in order already.
"""

import secrets
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, event, insert, select, update
from sqlalchemy.orm import Mapper, Session, SessionTransaction, object_session
from sqlmodel import col

from service.audit.leaves import leaf_text
from service.audit.merkle import Edge, hash_leaf
from service.audit.models import AuditEvent, AuditHead, AuditLeaf
from service.errors import N_, ServiceError

PENDING = "audit_events"
"""Key in a session's notes: ids of events that are no leaves yet."""
SALT_BYTES = 16
NEW_EVENTS = select(*AuditEvent.__table__.columns).order_by(AuditEvent.__table__.c.id)  # type: ignore[attr-defined] # SQLModel hides the table
HEAD_ID = 1
HEAD = select(col(AuditHead.size), col(AuditHead.right_edge)).where(col(AuditHead.id) == HEAD_ID).with_for_update()


class AuditLogBrokenError(ServiceError):
    """The log contradicts itself, so that nothing may be added to it."""

    code = "audit-log-broken"
    status = 503


@event.listens_for(AuditEvent, "after_insert")
def _note_event(mapper: Mapper[Any], connection: Connection, target: AuditEvent) -> None:
    del mapper, connection
    session = object_session(target)
    if session is not None:
        session.info.setdefault(PENDING, set()).add(target.id)


@event.listens_for(Session, "before_commit")
def _append_leaves(session: Session) -> None:
    if session.in_nested_transaction():
        return
    session.flush()
    pending = session.info.pop(PENDING, None)
    if pending:
        append(session.connection(), pending)


@event.listens_for(Session, "after_soft_rollback")
def _forget_events(session: Session, ended: SessionTransaction) -> None:
    if ended.parent is None:  # after a savepoint the rest of the transaction goes on
        session.info.pop(PENDING, None)


def append(connection: Connection, event_ids: set[int]) -> None:
    """Add a leaf for each of these events that a rolled-back savepoint has not taken back."""
    rows = connection.execute(NEW_EVENTS.where(col(AuditEvent.id).in_(event_ids))).all()
    if rows:
        edge, leaves = _grown(_locked_head(connection), rows)
        connection.execute(insert(AuditLeaf), leaves)
        connection.execute(update(AuditHead).values(size=edge.size, right_edge=[root.hex() for root in edge.roots]))


def _locked_head(connection: Connection) -> Edge:
    head = connection.execute(HEAD).one_or_none()
    if head is None:
        raise AuditLogBrokenError(N_("The log of events has lost its head row; restore the database from a backup."))
    return Edge(size=head.size, roots=tuple(bytes.fromhex(root) for root in head.right_edge))


def _grown(edge: Edge, rows: Sequence[Any]) -> tuple[Edge, list[dict[str, Any]]]:
    leaves: list[dict[str, Any]] = []
    for row in rows:
        salt = secrets.token_hex(SALT_BYTES)
        leaf_hash = hash_leaf(leaf_text(row, index=edge.size, salt=salt).encode())
        index = edge.size
        edge, full = edge.append(leaf_hash)
        leaves.append(
            {
                "index": index,
                "event_id": row.id,
                "salt": salt,
                "leaf_hash": leaf_hash.hex(),
                "subtrees": [root.hex() for root in full],
            }
        )
    return edge, leaves
