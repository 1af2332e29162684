"""Make every event so far a leaf of the log; refuse changes of the log and of what was declared, stated and issued.

What is hashed is written down here once more on purpose: a migration does not change when the service does. On SQLite a
migration that replaces one of these tables (`batch_alter_table`) drops its guards and must put them back.
"""

import hashlib
import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import rfc8785
import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

BATCH = 1000
APPEND_ONLY = ("audit_leaf", "audit_checkpoint")
LOG_REFUSAL = "the log of events is append-only"
RECORD_REFUSAL = "what was calculated, declared, stated or issued does not change"
CHANGEABLE: Mapping[str, Sequence[str]] = {
    "footprint_record": ("status", "version", "released_by", "released_at"),
    "product_footprint": ("status", "version", "deprecated_at", "deprecated_by", "deprecated_reason"),
    "verification_statement": ("published_at", "published_by", "withdrawn_at", "withdrawn_by", "withdrawn_reason"),
    "certificate": ("status", "version", "withdrawn_at", "withdrawn_by", "withdrawn_reason"),
}
"""Columns that may change after the row is written; all others are frozen."""
DOCUMENT = ("pdf", "pdf_sha256", "unsigned_pdf_sha256", "signing_key_id", "evidence")
"""Columns of a certificate that are frozen once the file is stored."""
POSTGRESQL_REFUSAL = """
CREATE FUNCTION anodeprint_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '%', TG_ARGV[0]; END $$
"""


def upgrade() -> None:
    _log_events_so_far()
    if not _is_sqlite():
        op.execute(POSTGRESQL_REFUSAL)
    for table in APPEND_ONLY:
        _guard_changes(table, condition=None, refusal=LOG_REFUSAL)
        _guard_deletion(table, refusal=LOG_REFUSAL)
    _guard_deletion("audit_head", refusal=LOG_REFUSAL)
    for table in CHANGEABLE:
        _guard_changes(table, condition=_frozen(table), refusal=RECORD_REFUSAL)
        _guard_deletion(table, refusal=RECORD_REFUSAL)


def downgrade() -> None:
    if _is_sqlite():
        for table in (*APPEND_ONLY, *CHANGEABLE):
            op.execute(f"DROP TRIGGER {table}_no_update")
        for table in (*APPEND_ONLY, "audit_head", *CHANGEABLE):
            op.execute(f"DROP TRIGGER {table}_no_delete")
    else:
        op.execute("DROP FUNCTION anodeprint_refuse() CASCADE")
    for table in (*APPEND_ONLY, "audit_head"):
        op.execute(f"DELETE FROM {table}")  # noqa: S608 - names from above


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _guard_changes(table: str, *, condition: str | None, refusal: str) -> None:
    when = f"WHEN ({condition})" if condition else ""
    if _is_sqlite():
        head = f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {when}"
        op.execute(sa.text(f"{head} BEGIN SELECT RAISE(ABORT, '{refusal}'); END"))
        return
    head = f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} FOR EACH ROW {when}"
    op.execute(f"{head} EXECUTE FUNCTION anodeprint_refuse('{refusal}')")


def _guard_deletion(table: str, *, refusal: str) -> None:
    if _is_sqlite():
        op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, '{refusal}'); END")
        return
    for verb, each in (("DELETE", "ROW"), ("TRUNCATE", "STATEMENT")):
        op.execute(
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} FOR EACH {each} "
            f"EXECUTE FUNCTION anodeprint_refuse('{refusal}')"
        )


def _frozen(table: str) -> str:
    """Return the condition under which an update of a row is refused."""
    columns = {column["name"]: column["type"] for column in sa.inspect(op.get_bind()).get_columns(table)}
    if table != "certificate":
        return _any_differs(columns, without=CHANGEABLE[table])
    content = _any_differs(columns, without=(*CHANGEABLE[table], *DOCUMENT))
    document = _any_differs({name: columns[name] for name in DOCUMENT}, without=())
    return f"{content} OR (OLD.pdf IS NOT NULL AND ({document}))"


def _any_differs(columns: Mapping[str, Any], *, without: Sequence[str]) -> str:
    operator = "IS NOT" if _is_sqlite() else "IS DISTINCT FROM"
    kept = {name: kind for name, kind in columns.items() if name not in without}
    casts = {name: "::text" if not _is_sqlite() and isinstance(kind, sa.JSON) else "" for name, kind in kept.items()}
    return " OR ".join(f'OLD."{name}"{cast} {operator} NEW."{name}"{cast}' for name, cast in casts.items())


def _log_events_so_far() -> None:
    size, edge = 0, list[bytes]()
    for rows in _events():
        leaves = []
        for row in rows:
            leaf, edge = _leaf(row, size, edge)
            leaves.append(leaf)
            size += 1
        op.get_bind().execute(
            sa.text(
                'INSERT INTO audit_leaf ("index", event_id, salt, leaf_hash, subtrees) '
                "VALUES (:index, :event_id, :salt, :leaf_hash, :subtrees)"
            ),
            leaves,
        )
    head = {"size": size, "edge": json.dumps([root.hex() for root in edge])}
    op.get_bind().execute(sa.text("INSERT INTO audit_head (id, size, right_edge) VALUES (1, :size, :edge)"), head)


def _events() -> Iterator[Sequence[Any]]:
    statement = sa.text(
        "SELECT id, at, actor, organisation_id, action, object_type, object_id, details FROM audit_event "
        "WHERE id > :last ORDER BY id LIMIT :batch"
    ).columns(at=sa.DateTime(timezone=True), organisation_id=sa.Uuid(), details=sa.JSON())
    last = 0
    while rows := op.get_bind().execute(statement, {"last": last, "batch": BATCH}).all():
        yield rows
        last = rows[-1].id


def _leaf(row: Any, index: int, edge: list[bytes]) -> tuple[dict[str, Any], list[bytes]]:  # noqa: ANN401 - a row of any columns
    salt = secrets.token_hex(16)
    newest = hashlib.sha256(b"\x00" + rfc8785.dumps(_content(row, index, salt))).digest()
    roots, full, remaining = list(edge), list[str](), index
    leaf_hash = newest
    while remaining % 2:  # each binary one at the end stands for a subtree that this leaf makes full
        newest = hashlib.sha256(b"\x01" + roots.pop() + newest).digest()
        full.append(newest.hex())
        remaining //= 2
    leaf = {"index": index, "event_id": row.id, "salt": salt, "leaf_hash": leaf_hash.hex(), "subtrees": json.dumps(full)}
    return leaf, [*roots, newest]


def _content(row: Any, index: int, salt: str) -> dict[str, Any]:  # noqa: ANN401 - a row of any columns
    at: datetime = row.at if row.at.tzinfo else row.at.replace(tzinfo=UTC)  # SQLite forgets time zones
    organisation: UUID | None = row.organisation_id
    return {
        "index": index,
        "event": row.id,
        "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": row.actor,
        "organisation": str(organisation) if organisation else None,
        "action": row.action,
        "object": {"type": row.object_type, "id": row.object_id},
        "details": row.details,
        "salt": salt,
    }
