"""The log as it lies in the database, read past all types: a row that somebody has tampered with may hold anything."""

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import text
from sqlmodel import Session

from service.audit.leaves import leaf_text
from service.audit.merkle import hash_leaf

ROWS_AT_ONCE: Final = 1000
LEAVES: Final = text(
    'SELECT l."index", l.event_id, l.salt, l.leaf_hash, l.subtrees, '
    "e.id, e.at, e.actor, e.organisation_id, e.action, e.object_type, e.object_id, e.details "
    'FROM audit_leaf l LEFT JOIN audit_event e ON e.id = l.event_id ORDER BY l."index"'
)
STRAY_EVENTS: Final = text(
    "SELECT e.id FROM audit_event e LEFT JOIN audit_leaf l ON l.event_id = e.id WHERE l.event_id IS NULL ORDER BY e.id"
)
HEAD: Final = text("SELECT size, right_edge FROM audit_head WHERE id = 1")
CHECKPOINTS: Final = text("SELECT size, root_hash, note, key, at FROM audit_checkpoint ORDER BY size")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEvent:
    """An event as it lies there, with types put right."""

    id: int | None
    at: datetime
    actor: str
    organisation_id: uuid.UUID | None
    action: str
    object_type: str
    object_id: str
    details: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredLeaf:
    """A leaf with its event; `event` is None where there is none, or none that can be read."""

    index: int
    event_id: int
    salt: str
    leaf_hash: str
    subtrees: Any  # JSON, in whatever state it is
    has_event: bool
    event: StoredEvent | None

    def recomputed(self) -> bytes | None:
        """Return the hash that the event has now; None if it can't have one."""
        return self.hash_with(self.event) if self.event else None

    def hash_with(self, event: StoredEvent) -> bytes | None:
        """Return the hash that this leaf would have with another content of its event."""
        try:
            return hash_leaf(leaf_text(event, index=self.index, salt=self.salt).encode())
        except (ValueError, TypeError):  # what no event ever held has no canonical form
            return None

    def hash_with_content_of(self, other: StoredEvent) -> bytes | None:
        """Return the hash that this leaf would have if its event said what another says."""
        return self.hash_with(replace(other, id=self.event_id))


def stored_leaves(session: Session) -> Iterator[StoredLeaf]:
    """Read the leaves in order, some at a time."""
    result = session.connection().execution_options(yield_per=ROWS_AT_ONCE).execute(LEAVES)
    for row in result:
        yield StoredLeaf(
            index=row[0],
            event_id=row[1],
            salt=str(row[2]),
            leaf_hash=str(row[3]),
            subtrees=read_json(row[4]),
            has_event=row[5] is not None,
            event=_event(row[5:]) if row[5] is not None else None,
        )


def instant(value: object) -> datetime:
    """Return a stored time, which SQLite keeps as text without zone; raises ValueError if it is none."""
    found = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def _event(row: Any) -> StoredEvent | None:  # noqa: ANN401 - columns of any type
    try:
        return StoredEvent(
            id=row[0],
            at=instant(row[1]),
            actor=row[2],
            organisation_id=None if row[3] is None else uuid.UUID(str(row[3])),
            action=row[4],
            object_type=row[5],
            object_id=row[6],
            details=read_json(row[7]),
        )
    except ValueError:
        return None


def read_json(value: object) -> Any:  # noqa: ANN401 - JSON
    """Return a JSON column's value: SQLite keeps text, PostgreSQL's driver reads it already."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return None
