"""Back up, lose everything, restore, on both engines."""

import hashlib
import json
import tarfile
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from service.accounts.models import Organisation
from service.audit.checkpoints import make_checkpoint
from service.audit.operations import record
from service.backup.archive import BackupError, read_manifest
from service.backup.restoring import restore_backup, verify_backup
from service.backup.writing import write_backup
from service.database import Database, open_database
from service.evidence.models import AttachedFile
from service.keys import load_secret
from service.settings import Settings
from service.submissions.models import Evidence
from tests import builders
from tests.conftest import NOW
from tests.databases import PostgresTemplate

EVIDENCE = b"electricity bill"
DIGEST = hashlib.sha256(EVIDENCE).hexdigest()
BILL = b"bill of the company"
BILL_DIGEST = hashlib.sha256(BILL).hexdigest()


@pytest.fixture
def settings(tmp_path: Path, database: Database) -> Settings:
    url = database.engine.url.render_as_string(hide_password=False)
    return Settings(env="test", data_dir=tmp_path / "data", database_url=url)


def fill(settings: Settings, database: Database) -> None:
    load_secret(settings)
    (settings.data_dir / "evidence").mkdir(parents=True)
    (settings.data_dir / "evidence" / DIGEST).write_bytes(EVIDENCE)
    (settings.data_dir / "evidence" / BILL_DIGEST).write_bytes(BILL)
    (settings.data_dir / "keys").mkdir()
    (settings.data_dir / "keys" / "root.pem").write_text("private")
    with database.writing() as session:
        submission = builders.a_submission(session, period=(date(2025, 1, 1), date(2025, 12, 31)))
        session.add(
            Evidence(
                submission_id=submission.id,
                organisation_id=submission.organisation_id,
                name="bill.pdf",
                media_type="application/pdf",
                size_bytes=len(EVIDENCE),
                sha256=DIGEST,
                uploaded_by="user:1",
                uploaded_at=NOW,
            )
        )
        columns = {"name": "bill.pdf", "media_type": "application/pdf", "size_bytes": len(BILL), "sha256": BILL_DIGEST}
        session.add(AttachedFile(**columns, attached_by="user:1", attached_at=NOW))
        record(session, "evidence_added", of=submission, by="user:1", at=NOW)


def names(session: Session) -> list[str]:
    return sorted(session.exec(select(Organisation.name_en)))


@pytest.fixture
def backup(settings: Settings, database: Database, tmp_path: Path) -> Path:
    fill(settings, database)
    file = tmp_path / "backup.tar"
    write_backup(settings, database, file, with_keys=False, at=NOW)
    return file


def elsewhere(settings: Settings, tmp_path: Path, request: pytest.FixtureRequest, database: Database) -> Settings:
    """Return settings of another machine with nothing on it."""
    if database.is_sqlite:
        url = f"sqlite:///{tmp_path}/other/anodeprint.db"
    else:
        template: PostgresTemplate = request.getfixturevalue("postgres")
        other = template.empty_database()
        opened = other.__enter__()
        request.addfinalizer(lambda: other.__exit__(None, None, None))
        url = opened.engine.url.render_as_string(hide_password=False)
    return settings.model_copy(update={"data_dir": tmp_path / "other", "database_url": url})


def test_a_restored_backup_has_every_row_and_file(
    backup: Path, settings: Settings, database: Database, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    other = elsewhere(settings, tmp_path, request, database)

    restore_backup(other, backup, force=False, at=NOW)

    restored = open_database(other.effective_database_url)
    with restored.reading() as session, database.reading() as original:
        assert names(session) == names(original)
        assert session.connection().scalar(text("SELECT count(*) FROM audit_event")) == 1
    restored.close()
    assert (other.data_dir / "evidence" / DIGEST).read_bytes() == EVIDENCE


def test_a_backup_verifies_and_says_what_was_checked(backup: Path) -> None:
    found = verify_backup(backup, seed=1)

    assert "3 files are as they were written" in found[0]
    assert "2 evidence files are there" in found
    assert any("1 of them audit events" in line for line in found)


def test_the_log_goes_with_a_backup_and_a_changed_event_is_found_when_it_is_verified(
    settings: Settings, database: Database, tmp_path: Path
) -> None:
    fill(settings, database)
    with database.writing() as session:
        make_checkpoint(session, keys_folder=settings.data_dir / "keys", origin="maker.example/log", at=NOW)
    write_backup(settings, database, tmp_path / "sound.tar", with_keys=False, at=NOW)
    with database.writing() as session:
        if database.is_sqlite:
            session.connection().execute(text("DROP TRIGGER audit_event_no_update"))
        else:
            session.connection().execute(text("SET LOCAL session_replication_role = replica"))
        session.connection().execute(text("UPDATE audit_event SET actor = 'user:2'"))
    write_backup(settings, database, tmp_path / "changed.tar", with_keys=False, at=NOW)

    assert any("1 checkpoints confirm it" in line for line in verify_backup(tmp_path / "sound.tar", seed=1))
    with pytest.raises(BackupError, match=r"Event 1 .* was changed"):
        verify_backup(tmp_path / "changed.tar", seed=1)


def test_keys_are_in_a_backup_only_if_asked_for(backup: Path, settings: Settings, database: Database, tmp_path: Path) -> None:
    assert not [name for name in read_manifest(backup).members if "keys" in name or "secret" in name]

    with_keys = tmp_path / "with-keys.tar"
    write_backup(settings, database, with_keys, with_keys=True, at=NOW)

    assert {"files/keys/root.pem", "files/secret.key"} <= set(read_manifest(with_keys).members)
    assert with_keys.stat().st_mode & 0o777 == 0o600


def test_a_changed_byte_is_found(backup: Path) -> None:
    content = bytearray(backup.read_bytes())
    at = content.index(EVIDENCE)
    content[at] ^= 1
    backup.write_bytes(content)

    with pytest.raises(BackupError, match=f"files/evidence/{DIGEST} has changed"):
        verify_backup(backup, seed=1)


def test_a_cut_backup_is_found(backup: Path) -> None:
    backup.write_bytes(backup.read_bytes()[: backup.stat().st_size // 2])

    with pytest.raises(BackupError):
        verify_backup(backup, seed=1)


def test_a_missing_evidence_file_is_found(settings: Settings, database: Database, tmp_path: Path) -> None:
    fill(settings, database)
    for digest in (DIGEST, BILL_DIGEST):
        (settings.data_dir / "evidence" / digest).unlink()
    file = tmp_path / "b.tar"
    write_backup(settings, database, file, with_keys=False, at=NOW)

    with pytest.raises(BackupError, match=f"2 evidence files are missing, the first has SHA-256 {min(DIGEST, BILL_DIGEST)}"):
        verify_backup(file, seed=1)


def test_a_database_with_rows_is_not_replaced_unless_forced(backup: Path, settings: Settings, database: Database) -> None:
    with pytest.raises(BackupError, match="--force"):
        restore_backup(settings, backup, force=False, at=NOW)
    with database.writing() as session:
        builders.an_organisation(session, name_en="Added later")
    database.engine.dispose()

    restore_backup(settings, backup, force=True, at=NOW)

    with database.reading() as session:
        assert "Added later" not in names(session)
    if database.is_sqlite:
        assert list(Path(str(database.engine.url.database)).parent.glob("*-before-restore-*.db"))


def test_an_existing_file_is_never_overwritten(backup: Path, settings: Settings, database: Database) -> None:
    with pytest.raises(BackupError, match="exists already"):
        write_backup(settings, database, backup, with_keys=False, at=NOW)


def test_what_is_no_backup_is_named_as_such(tmp_path: Path) -> None:
    text_file = tmp_path / "notes.txt"
    text_file.write_text("hello")
    other_tar = tmp_path / "other.tar"
    with tarfile.open(other_tar, "w") as archive:
        archive.add(text_file, arcname="notes.txt")

    with pytest.raises(BackupError, match=r"notes\.txt can't be read as a backup"):
        read_manifest(text_file)
    with pytest.raises(BackupError, match=r"does not begin with manifest\.json"):
        read_manifest(other_tar)


def test_a_backup_of_a_newer_version_is_refused(
    settings: Settings, database: Database, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    with database.writing() as session:
        session.connection().execute(text("UPDATE alembic_version SET version_num = '9999'"))
    file = tmp_path / "newer.tar"
    settings.data_dir.mkdir()
    write_backup(settings, database, file, with_keys=False, at=NOW)

    with pytest.raises(BackupError, match="revision 9999, this version knows"):
        restore_backup(elsewhere(settings, tmp_path, request, database), file, force=False, at=NOW)


def test_the_manifest_is_readable_by_people(backup: Path) -> None:
    with tarfile.open(backup) as archive:
        stream = archive.extractfile("manifest.json")
        assert stream is not None
        content = json.load(stream)

    assert content["rows"]["submission"] == 1
    assert content["created_at"] == "2026-11-22T02:00:00+00:00"
