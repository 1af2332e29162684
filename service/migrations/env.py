"""Run by Alembic; the connection comes from `service.migrations.commands`."""

from typing import Literal

import sqlmodel
from alembic import context
from alembic.autogenerate.api import AutogenContext

from service.database import UtcDateTime
from service.migrations.tables import complete_metadata


def is_ours(name: str | None, kind: str, parents: object) -> bool:
    """Leave Procrastinate's own tables out of comparisons."""
    del parents
    return kind != "table" or not (name or "").startswith("procrastinate_")


def render_type(kind: str, item: object, autogen: AutogenContext) -> str | Literal[False]:
    """Write our own column types as SQLAlchemy's, so that a migration does not change when the service does."""
    del autogen
    if kind != "type":
        return False
    if isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if isinstance(item, sqlmodel.AutoString):
        return f"sa.String(length={item.length})"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=complete_metadata(),
    render_as_batch=True,
    compare_type=True,
    include_name=is_ours,
    render_item=render_type,
    transactional_ddl=True,
)
context.run_migrations()
