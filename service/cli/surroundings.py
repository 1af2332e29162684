"""What every command needs: settings, the database, and errors in words."""

import difflib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from service.database import Database
    from service.settings import Settings

PREFIX = "ANODEPRINT_"


def keep_to_one_thread() -> None:
    """Let linear algebra use one thread a process, unless the environment says otherwise; before NumPy is imported.

    Workers share the processors between them already. The systems solved here are small, so more threads only wait for each other.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def read_settings() -> "Settings":
    """Read `ANODEPRINT_*` variables and set the logs up."""
    from service import logs
    from service.settings import Settings

    _refuse_unknown_variables(Settings.model_fields)
    settings = Settings()
    logs.configure(settings)
    return settings


def _refuse_unknown_variables(known: Iterable[str]) -> None:
    """Refuse a misspelt variable: it would silently change nothing."""
    names = {f"{PREFIX}{name}".upper() for name in known}
    unknown = sorted(name for name in os.environ if name.startswith(PREFIX) and name not in names)
    if unknown:
        near = difflib.get_close_matches(unknown[0], names, n=1)
        hint = f"did you mean {near[0]}?" if near else "docs/settings.md lists all settings."
        raise typer.BadParameter(f"{unknown[0]} is no setting; {hint}")


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
    from service.errors import InvalidInputError, ServiceError
    from service.migrations import SchemaError
    from service.postgres import NoPostgresError

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
