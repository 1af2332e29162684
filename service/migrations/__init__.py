"""Which shape the database has, and which one this version of the service needs; without importing Alembic, for a fast start."""

from sqlalchemy import inspect, text

from service.database import Database

HEAD = "0009"


class SchemaError(RuntimeError):
    """The database's tables are not those that this version needs; names the fix."""


def find_revision(database: Database) -> str | None:
    """Return the migration that the database stands at, or None for an empty one."""
    with database.reading() as session:
        connection = session.connection()
        if not inspect(connection).has_table("alembic_version"):
            return None
        revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return revision


def require_current_schema(database: Database) -> None:
    """Raise `SchemaError` unless the tables are those that this version needs."""
    found = find_revision(database)
    if found == HEAD:
        return
    if found is None or found < HEAD:
        raise SchemaError(f"the database is at revision {found or 'none'}, this version needs {HEAD}: run `anodeprint migrate`")
    raise SchemaError(
        f"the database is at revision {found}, this version knows {HEAD} only: "
        "install the newer version of anodeprint, or restore a backup made with this one"
    )
