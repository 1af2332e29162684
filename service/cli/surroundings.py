"""What every command needs: settings, the database, and errors in words."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from service.database import Database
    from service.settings import Settings


def read_settings() -> "Settings":
    """Read `ANODEPRINT_*` variables and set the logs up."""
    from service import logs
    from service.settings import Settings

    settings = Settings()
    logs.configure(settings)
    return settings


@contextmanager
def opened(settings: "Settings") -> Iterator["Database"]:
    """Open the database that the settings name."""
    from service.database import open_database

    database = open_database(settings.effective_database_url)
    try:
        yield database
    finally:
        database.close()


def explain_known(error: Exception) -> str | None:
    """Return in one line what a person can do about an error; None for an error of ours, which deserves its traceback."""
    from pydantic import ValidationError
    from sqlalchemy.exc import OperationalError

    from service.backup.archive import BackupError
    from service.bench.postgres import NoPostgresError
    from service.errors import InvalidInputError, ServiceError
    from service.migrations import SchemaError

    if isinstance(error, ValidationError):
        return _explain_settings(error)
    if isinstance(error, InvalidInputError):
        return "; ".join(f"{field}: {problem}" for field, problem in error.fields.items())
    if isinstance(error, OperationalError):
        return f"the database can't be reached: {str(error.orig).strip()}"
    if isinstance(error, ServiceError | SchemaError | BackupError | NoPostgresError):
        return str(error)
    return None


def _explain_settings(error: Exception) -> str:
    from pydantic import ValidationError

    if not isinstance(error, ValidationError):
        return str(error)
    problems = [f"ANODEPRINT_{'_'.join(str(part) for part in item['loc']).upper()}: {item['msg']}" for item in error.errors()]
    return "; ".join(problems) + " (docs/settings.md explains each setting)"
