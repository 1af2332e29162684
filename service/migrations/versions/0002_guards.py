"""Refuse changes of the audit trail; add Procrastinate's tables where it runs."""

from importlib.resources import files

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

REFUSAL = "audit events are append-only"

SQLITE_GUARD = """
CREATE TRIGGER audit_event_no_{verb} BEFORE {verb} ON audit_event
BEGIN SELECT RAISE(ABORT, '{refusal}'); END
"""
POSTGRESQL_GUARD = f"""
CREATE FUNCTION audit_event_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$;
CREATE TRIGGER audit_event_no_change BEFORE UPDATE OR DELETE ON audit_event
FOR EACH ROW EXECUTE FUNCTION audit_event_refuse();
CREATE TRIGGER audit_event_no_truncate BEFORE TRUNCATE ON audit_event
FOR EACH STATEMENT EXECUTE FUNCTION audit_event_refuse();
"""
DROP_PROCRASTINATE = """
DO $$
DECLARE name text;
BEGIN
    FOR name IN SELECT oid::regprocedure::text FROM pg_proc WHERE proname LIKE 'procrastinate\\_%' LOOP
        EXECUTE 'DROP FUNCTION ' || name || ' CASCADE';
    END LOOP;
    DROP TABLE procrastinate_events, procrastinate_periodic_defers, procrastinate_jobs, procrastinate_workers;
    DROP TYPE procrastinate_job_to_defer_v1, procrastinate_job_event_type, procrastinate_job_status;
END $$
"""


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("update", "delete"):
            op.execute(SQLITE_GUARD.format(verb=verb, refusal=REFUSAL))
        return
    _run_script(POSTGRESQL_GUARD)
    _run_script((files("service.migrations") / "sql" / "procrastinate.sql").read_text())


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("update", "delete"):
            op.execute(f"DROP TRIGGER audit_event_no_{verb}")
        return
    _run_script(DROP_PROCRASTINATE)
    _run_script("DROP FUNCTION audit_event_refuse() CASCADE")


def _run_script(script: str) -> None:
    """Run several statements at once, which the driver does for a script without parameters."""
    cursor = op.get_bind().connection.cursor()
    cursor.execute(script)
    cursor.close()
