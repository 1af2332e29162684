"""Tells whether this installation can do its work: libraries, font, database, keys, disk, time zone."""

import shutil
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from service.branding import company_logo
from service.database import Database
from service.errors import ServiceError
from service.keys import SECRET_FILE, load_secret
from service.migrations import HEAD, SchemaError, require_current_schema
from service.pdf.probe import probe_font, probe_picture
from service.pdf.rendering import PdfRenderer
from service.settings import MIB, Settings

DISK_RESERVE_SHARE = 0.05
OLDEST_SQLITE = (3, 35, 0)  # UPDATE ... RETURNING


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing looked at: what was found, and what to do when it is wrong."""

    name: str
    is_fine: bool
    found: str
    fix: str = ""


def check_readiness(settings: Settings, database: Database) -> Sequence[Check]:
    """Look at what can change while the service runs; takes a few milliseconds."""
    return (_schema(database), _durable_write(database), _disk(settings))


def check_installation(settings: Settings, database: Database) -> Sequence[Check]:
    """Look at everything, and draw a Chinese page; takes a second or two."""
    return (
        _engine(database),
        *check_readiness(settings, database),
        _secret(settings),
        _time_zone(settings),
        _pdf(),
        _logo(settings),
    )


def _engine(database: Database) -> Check:
    if not database.is_sqlite:
        return _attempt("database engine", lambda: _postgres_version(database), fix="see that PostgreSQL can be reached")
    return Check(
        name="database engine",
        is_fine=sqlite3.sqlite_version_info >= OLDEST_SQLITE,
        found=f"SQLite {sqlite3.sqlite_version}",
        fix=f"SQLite {'.'.join(map(str, OLDEST_SQLITE))} or newer is needed; update the system's libsqlite3",
    )


def _postgres_version(database: Database) -> str:
    with database.reading() as session:
        return f"PostgreSQL {session.connection().scalar(text('SHOW server_version'))}"


def _schema(database: Database) -> Check:
    def revision() -> str:
        require_current_schema(database)
        return f"revision {HEAD}"

    return _attempt("database schema", revision, fix="run `anodeprint migrate`")


def _durable_write(database: Database) -> Check:
    def write() -> str:
        with database.writing() as session:  # nothing is changed, but the write lock and the journal are used
            session.connection().execute(text("DELETE FROM rate_window WHERE key = ''"))
        return "a transaction was committed"

    return _attempt("database write", write, fix="look at the disk, the folder's permissions and the database's log")


def _disk(settings: Settings) -> Check:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    usage = shutil.disk_usage(settings.data_dir)
    return Check(
        name="disk",
        is_fine=usage.free > DISK_RESERVE_SHARE * usage.total,
        found=f"{usage.free // MIB} MiB free ({usage.free / usage.total:.0%}) in {settings.data_dir}",
        fix=f"free some space: less than {DISK_RESERVE_SHARE:.0%} is left",
    )


def _secret(settings: Settings) -> Check:
    path = settings.data_dir / SECRET_FILE

    def describe() -> str:
        load_secret(settings)
        if settings.secret_key is not None:
            return "given in ANODEPRINT_SECRET_KEY"
        mode = path.stat().st_mode & 0o777
        if mode & 0o077:
            raise PermissionError(f"{path} has mode {mode:o}: others can read it")
        return f"{path}, readable by its owner only"

    return _attempt("secret key", describe, fix=f"chmod 600 {path}, or restore it from your copy of the keys")


def _time_zone(settings: Settings) -> Check:
    try:
        ZoneInfo(settings.timezone)
    except (ZoneInfoNotFoundError, ValueError):
        is_fine = False
    else:
        is_fine = True
    return Check(
        name="time zone", is_fine=is_fine, found=settings.timezone, fix="set ANODEPRINT_TIMEZONE to a name like Asia/Shanghai"
    )


def _pdf() -> Check:
    def draw() -> str:
        with PdfRenderer() as renderer:
            probe_font(renderer)
        return "a Chinese page was set with the shipped font"

    return _attempt("PDF libraries and font", draw, fix="run `make system` as root")


def _logo(settings: Settings) -> Check:
    def draw() -> str:
        logo = company_logo(settings)
        if logo is None:
            return "none; the product's mark is shown"
        with PdfRenderer() as renderer:
            probe_picture(renderer, logo.data_uri)
        return f"{settings.company_logo}, {len(logo.content)} bytes, can be set in a certificate"

    return _attempt("company logo", draw, fix="save the logo as plain SVG or PNG, and restart")


def _attempt(name: str, look: Callable[[], str], *, fix: str) -> Check:
    try:
        return Check(name=name, is_fine=True, found=look())
    except (SQLAlchemyError, SchemaError, OSError, ServiceError) as error:
        return Check(name=name, is_fine=False, found=str(error).split("\n")[0][:200], fix=fix)
