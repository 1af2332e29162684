import shutil
import tempfile
from collections.abc import Iterator, Mapping
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from service.audit.log_files import FOLDER as LOG_FOLDER
from service.backup.archive import DATABASE_MEMBERS, FILES, FORMAT, BackupError, Manifest, file_sha256, write_archive
from service.backup.copying import copy_database
from service.database import Database
from service.keys import SECRET_FILE
from service.migrations import find_revision
from service.settings import Settings

KEY_FOLDER = "keys"


def write_backup(settings: Settings, database: Database, target: Path, *, with_keys: bool, at: datetime) -> Manifest:
    """Write one file with the database as of one instant and all files that its rows point to.

    The database is copied first: a file is stored before the row that names it is committed, so no row of the copy lacks its file.
    Keys are left out unless asked for, because who holds them can sign certificates and forge sessions.
    """
    if target.exists():
        raise BackupError(f"{target} exists already; choose another name")
    with tempfile.TemporaryDirectory(prefix="anodeprint-backup-", dir=target.parent) as folder:
        engine = database.engine.dialect.name
        copy = Path(folder) / DATABASE_MEMBERS[engine]
        log = _copied_log(settings, Path(folder))  # before the database, which then has all that the log's files tell of
        rows = copy_database(database, copy)
        sources = {copy.name: copy, **_files(settings, database, with_keys=with_keys), **log}
        manifest = Manifest(
            format=FORMAT,
            created_at=at.isoformat(),
            version=_own_version(),
            engine=engine,
            revision=find_revision(database) or "",
            with_keys=with_keys,
            rows=rows,
            members={name: file_sha256(path) for name, path in sources.items()},
        )
        write_archive(target, manifest, sources)
    return manifest


def is_secret(relative: Path) -> bool:
    """Tell whether a file of the data folder is a key."""
    is_secret_or_draft = relative.name.startswith(SECRET_FILE)  # a draft is left by a crash at the first start
    return is_secret_or_draft or relative.parts[0] == KEY_FOLDER


def _copied_log(settings: Settings, folder: Path) -> Mapping[str, Path]:
    """Copy the files of the log, which grow while the backup is written; return them by their name in the archive."""
    source = settings.data_dir / LOG_FOLDER
    if not source.exists():
        return {}
    copied = shutil.copytree(source, folder / LOG_FOLDER, ignore=shutil.ignore_patterns("*.lock"))
    return {f"{FILES}/{LOG_FOLDER}/{path.name}": path for path in sorted(copied.iterdir())}


def _files(settings: Settings, database: Database, *, with_keys: bool) -> Mapping[str, Path]:
    """Return the files of the data folder by their name in the archive, without databases, locks and what is half written."""
    return {
        f"{FILES}/{relative.as_posix()}": settings.data_dir / relative
        for relative in sorted(_kept(settings.data_dir, database))
        if with_keys or not is_secret(relative)
    }


def _kept(folder: Path, database: Database) -> Iterator[Path]:
    stem = Path(database.engine.url.database or "").stem if database.is_sqlite else None
    for path in folder.rglob("*"):
        relative = path.relative_to(folder)
        is_database = stem is not None and len(relative.parts) == 1 and path.name.startswith(stem)
        if relative.parts[0] == LOG_FOLDER:
            continue
        if path.is_file() and not path.is_symlink() and not is_database and path.suffix not in {".lock", ".partial", ".tar"}:
            yield relative


def _own_version() -> str:
    try:
        return version("anodeprint")
    except PackageNotFoundError:  # run from a checkout that is not installed
        return "unknown"
