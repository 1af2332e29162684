"""Refuse changes of what the carbon plan rests on: closed inventories, settlements, approved claims, points, decisions.

On SQLite a migration that replaces one of these tables (`batch_alter_table`) drops its guards and must put them back.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

REFUSAL = "what the carbon plan rests on does not change"
KEPT: Mapping[str, Sequence[str]] = {
    "activity_entry": ("superseded_at", "withdrawn_because", "reason", "evidence_number"),
    "activity_file": (),
    "attached_file": ("name", "scan", "scanned_at", "removed_by", "removed_at", "removed_because"),
    "carbon_asset_use": (),
    "carbon_price_ladder": (),
    "design_comparison": (),
    "design_decision": (),
    "inventory_restatement": (),
    "inventory_snapshot": (),
    "measure_version": (),
    "points_posting": (),
    "points_transaction": (),
    "project_approval": (),
    "project_assessment": (),
    "project_document_file": (),
    "recycled_receipt": ("evidence", "ended_at", "ended_reason", "version"),
    "rule_finding": ("evidence",),
    "unit_board_line": (),
}
"""Kept from the first day on, and the columns that may change all the same."""
KEPT_ONCE: Mapping[str, tuple[str, Sequence[str]]] = {
    "accounting_method": ("OLD.released_at IS NOT NULL", ("status", "version", "released_by", "released_at")),
    "assessment": ("OLD.status = 'approved'", ()),
    "monitoring_plan": ("OLD.approved_at IS NOT NULL", ()),
    "plan_run": ("OLD.finished_at IS NOT NULL", ()),
    "recycled_claim": ("OLD.status <> 'proposed'", ("status", "evidence", "reason", "version")),
    "supply_claim": ("OLD.status <> 'proposed'", ("status", "evidence", "reason", "withdrawn_by", "withdrawn_at", "version")),
    "target_settlement": ("OLD.status = 'approved'", ()),
}
"""Kept from a moment on: which rows, and what may change all the same."""
CODES: Sequence[str] = ("scheme", "project_code", "first_number", "last_number", "mwh", "generation_month")
"""Of a green certificate: which it is, so that it can't be claimed again under another name."""


def upgrade() -> None:
    for table, changeable in KEPT.items():
        _guard(table, _differs(table, _others(table, changeable)), "UPDATE")
        _guard(table, None, "DELETE")
    for table, (kept, changeable) in KEPT_ONCE.items():
        _guard(table, f"{kept} AND ({_differs(table, _others(table, changeable))})", "UPDATE")
        _guard(table, kept, "DELETE")
    _guard("green_certificate", _differs("green_certificate", CODES), "UPDATE")


def downgrade() -> None:
    for table in (*KEPT, *KEPT_ONCE):
        _unguard(table, "UPDATE")
        _unguard(table, "DELETE")
    _unguard("green_certificate", "UPDATE")


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _guard(table: str, condition: str | None, verb: str) -> None:
    when = f"WHEN ({condition})" if condition else ""
    head = f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}"
    if _is_sqlite():
        op.execute(sa.text(f"{head} {when} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"))
    else:
        op.execute(f"{head} FOR EACH ROW {when} EXECUTE FUNCTION anodeprint_refuse('{REFUSAL}')")


def _unguard(table: str, verb: str) -> None:
    op.execute(f"DROP TRIGGER {table}_no_{verb.lower()}" + ("" if _is_sqlite() else f" ON {table}"))


def _columns(table: str) -> Mapping[str, Any]:
    return {column["name"]: column["type"] for column in sa.inspect(op.get_bind()).get_columns(table)}


def _others(table: str, changeable: Sequence[str]) -> Sequence[str]:
    return [name for name in _columns(table) if name not in changeable]


def _differs(table: str, names: Sequence[str]) -> str:
    """Return the condition under which a row's columns would be others."""
    kinds = _columns(table)
    operator = "IS NOT" if _is_sqlite() else "IS DISTINCT FROM"
    casts = {name: "::text" if not _is_sqlite() and isinstance(kinds[name], sa.JSON) else "" for name in names}
    return " OR ".join(f'OLD."{name}"{cast} {operator} NEW."{name}"{cast}' for name, cast in casts.items())
