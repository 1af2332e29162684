import hashlib
import random
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, inspect, make_url, text

from service.audit.log_files import FOLDER as LOG_FOLDER
from service.audit.log_files import read_verifiers
from service.audit.verifying import verify_log
from service.backup.archive import DATABASE_MEMBERS, FILES, BackupError, Manifest, unpack
from service.backup.copying import count_rows, restore_dump
from service.database import Database, open_database
from service.migrations import HEAD
from service.postgres import NoPostgresError, temporary_server
from service.settings import Settings

CERTIFICATES_CHECKED = 20
FILES_NAMED: Mapping[str, str] = {
    "evidence": "SELECT DISTINCT sha256 FROM evidence",
    "attached_file": "SELECT DISTINCT sha256 FROM attached_file",
}
"""By table with rows of files: how to ask it for the hashes."""


def verify_backup(file: Path, *, seed: int) -> Sequence[str]:
    """Unpack a backup, open its database and check what can be checked; raise `BackupError` at the first fault.

    Parameters
    ----------
    seed
        Draws the certificates whose bytes are compared with their hashes.

    Returns
    -------
    What was found in order, one line each.

    """
    with tempfile.TemporaryDirectory(prefix="anodeprint-verify-") as folder:
        manifest = unpack(file, Path(folder))
        found = [f"{len(manifest.members)} files are as they were written on {manifest.created_at}"]
        try:
            with _trial_database(manifest, Path(folder)) as database:
                with database.reading() as session:
                    found += _check_database(session.connection(), manifest, seed=seed)
                found.append(_check_log(database, Path(folder) / FILES / LOG_FOLDER))
        except NoPostgresError as error:
            found.append(f"the database's content was not checked: {error}")
        return found


def restore_backup(settings: Settings, file: Path, *, force: bool, at: datetime) -> None:
    """Put a backup's database and files in place of what the settings name; the service must not run.

    Raises
    ------
    BackupError
        The backup is of another engine or a newer version, or there is something to lose and `force` is not given.

    """
    url = settings.effective_database_url
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="restoring-", dir=settings.data_dir) as folder:
        manifest = unpack(file, Path(folder))
        _check_fits(manifest, make_url(url).get_backend_name(), file)
        if not force:
            _refuse_to_replace(url)
        copy = Path(folder) / DATABASE_MEMBERS[manifest.engine]
        if manifest.engine == "sqlite":
            _replace_sqlite(Path(make_url(url).database or ""), copy, at=at)
        else:
            restore_dump(url, copy)
        _restore_files(Path(folder) / FILES, settings.data_dir)


def _check_fits(manifest: Manifest, engine: str, file: Path) -> None:
    if manifest.engine != engine:
        raise BackupError(f"{file} is a backup of {manifest.engine}, the settings name {engine}: restore it where it came from")
    if manifest.revision > HEAD:
        raise BackupError(f"{file} is at revision {manifest.revision}, this version knows {HEAD} only: install the newer one")


def _refuse_to_replace(url: str) -> None:
    with _opened(url) as database, database.reading() as session:
        connection = session.connection()
        is_new = not inspect(connection).has_table("organisation")
        if is_new or connection.execute(text("SELECT count(*) FROM organisation")).scalar_one() == 0:
            return
    raise BackupError("the database has rows already; give --force to replace it")


def _replace_sqlite(target: Path, copy: Path, *, at: datetime) -> None:
    if target.exists():
        kept = target.with_name(f"{target.stem}-before-restore-{at:%Y%m%dT%H%M%SZ}.db")
        with _opened(f"sqlite:///{target}") as database, database.writing():
            pass  # whoever closes an SQLite file last brings its write-ahead log home
        target.replace(kept)
    for suffix in ("-wal", "-shm"):
        target.with_name(target.name + suffix).unlink(missing_ok=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(copy, target)


def _restore_files(source: Path, target: Path) -> None:
    for path in sorted(source.rglob("*")) if source.exists() else ():
        if path.is_file():
            place = target / path.relative_to(source)
            place.parent.mkdir(parents=True, exist_ok=True)
            path.replace(place)


@contextmanager
def _trial_database(manifest: Manifest, folder: Path) -> Iterator[Database]:
    copy = folder / DATABASE_MEMBERS[manifest.engine]
    if manifest.engine == "sqlite":
        with _opened(f"sqlite:///{copy}") as database:
            yield database
        return
    with temporary_server(durable=False) as url:
        restore_dump(url, copy)
        with _opened(url) as database:
            yield database


@contextmanager
def _opened(url: str) -> Iterator[Database]:
    database = open_database(url)
    try:
        yield database
    finally:
        database.close()


def _check_database(connection: Connection, manifest: Manifest, *, seed: int) -> Iterator[str]:
    if connection.dialect.name == "sqlite":
        problems = [row[0] for row in connection.exec_driver_sql("PRAGMA integrity_check") if row[0] != "ok"]
        problems += [f"row without its parent in {row[0]}" for row in connection.exec_driver_sql("PRAGMA foreign_key_check")]
        if problems:
            raise BackupError(f"the database is damaged: {'; '.join(problems[:5])}")
        yield "the database is whole"
    rows = count_rows(connection)
    if rows != manifest.rows:
        differing = sorted(name for name in {*rows, *manifest.rows} if rows.get(name) != manifest.rows.get(name))
        raise BackupError(f"the number of rows differs in {', '.join(differing)}")
    yield f"{sum(rows.values())} rows in {len(rows)} tables, {rows.get('audit_event', 0)} of them audit events"
    yield _check_evidence(connection, manifest)
    yield _check_certificates(connection, seed=seed)


def _check_log(database: Database, folder: Path) -> str:
    report = verify_log(database, folder=folder, verifiers=read_verifiers(folder))
    if not report.is_sound:
        raise BackupError(f"the log of events is damaged: {'; '.join(finding.words for finding in report.findings[:5])}")
    return f"the log of {report.size} events has root {report.root}, and {report.checkpoints} checkpoints confirm it"


def _check_evidence(connection: Connection, manifest: Manifest) -> str:
    known = [question for table, question in FILES_NAMED.items() if table in manifest.rows]  # an older backup has fewer tables
    wanted = {sha256 for question in known for sha256 in connection.execute(text(question)).scalars()}
    missing = wanted - set(manifest.members.values())
    if missing:
        raise BackupError(f"{len(missing)} evidence files are missing, the first has SHA-256 {min(missing)}")
    return f"{len(wanted)} evidence files are there"


def _check_certificates(connection: Connection, *, seed: int) -> str:
    numbers = sorted(connection.execute(text("SELECT number FROM certificate WHERE pdf IS NOT NULL")).scalars())
    drawn = random.Random(seed).sample(numbers, min(CERTIFICATES_CHECKED, len(numbers)))  # noqa: S311 - a sample to check
    statement = text("SELECT pdf, pdf_sha256 FROM certificate WHERE number = :number")
    for number in drawn:
        pdf, expected = connection.execute(statement, {"number": number}).one()
        if hashlib.sha256(pdf).hexdigest() != expected:
            raise BackupError(f"certificate {number} differs from its SHA-256")
    return f"{len(drawn)} of {len(numbers)} certificates were compared with their SHA-256"
