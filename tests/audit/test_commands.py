import base64
import json
from pathlib import Path

import pytest
from pypdf import PdfWriter
from sqlalchemy import text
from typer.testing import CliRunner

from service.audit.merkle import hash_leaf, root_by_inclusion
from service.audit.operations import record
from service.cli import app
from service.database import Database
from tests import builders
from tests.builders import NOW

runner = CliRunner()


@pytest.fixture
def events(sqlite_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    monkeypatch.setenv("ANODEPRINT_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("ANODEPRINT_DATABASE_URL", str(sqlite_database.engine.url))
    monkeypatch.setenv("ANODEPRINT_COMPANY_DOMAIN", "maker.example")
    for number in range(5):
        with sqlite_database.writing() as session:
            record(session, f"step_{number}", of=builders.a_maker(session), by="user:1", at=NOW)
    return sqlite_database


def run(*arguments: str, exit_code: int = 0) -> str:
    result = runner.invoke(app, ["audit", *arguments])
    assert result.exit_code == exit_code, result.output
    return result.output


def tamper(database: Database) -> None:
    with database.writing() as session:
        session.connection().execute(text("DROP TRIGGER audit_event_no_update"))
        session.connection().execute(text("UPDATE audit_event SET action = 'x' WHERE id = 3"))


@pytest.mark.usefixtures("events")
def test_a_sound_log_is_said_to_be_whole() -> None:
    assert run("checkpoint").startswith("maker.example/anodeprint-log\n5\n")

    assert "0 events are younger than the newest.\nThe log is whole." in run("verify")


def test_a_changed_event_is_named_and_the_exit_code_is_one(events: Database) -> None:
    run("checkpoint")
    tamper(events)

    assert "WRONG  Event 3 (number 2 of the log) was changed after it was written." in run("verify", exit_code=1)
    report = json.loads(run("verify", "--json", exit_code=1))
    assert (report["sound"], report["size"], report["signed"]) == (False, 5, 5)
    assert [(one["kind"], one["event"]) for one in report["findings"]] == [("event-changed", 3)]


@pytest.mark.usefixtures("events")
def test_a_proof_leads_from_the_event_to_the_checkpoint() -> None:
    proof = json.loads(run("proof", "2"))

    root = root_by_inclusion(
        hash_leaf(proof["leaf"].encode()), proof["index"], proof["size"], [base64.b64decode(one) for one in proof["path"]]
    )
    assert json.loads(proof["leaf"])["action"] == "step_1"
    assert root == base64.b64decode(proof["root"])
    assert "there is no event 77" in run("proof", "77", exit_code=2)


def test_a_certificate_is_a_witness_of_its_own(events: Database, tmp_path: Path) -> None:
    """Database and files are cut alike; only the customer's certificate still tells of five events."""
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.add_attachment("log-proof.json", run("proof", "5").encode())
    writer.write(tmp_path / "certificate.pdf")
    with events.writing() as session:
        for trigger in ("audit_event_no_delete", "audit_leaf_no_delete", "audit_checkpoint_no_delete"):
            session.connection().execute(text(f"DROP TRIGGER {trigger}"))
        session.connection().execute(text("DELETE FROM audit_checkpoint"))
        session.connection().execute(text("DELETE FROM audit_leaf"))
        session.connection().execute(text("DELETE FROM audit_event"))
        session.connection().execute(text("UPDATE audit_head SET size = 0, right_edge = '[]'"))
    for name in ("leaves", "checkpoints"):
        (tmp_path / "data" / "log" / name).unlink()

    assert "The log is whole." in run("verify")
    assert "numbers 0 to 4 are missing" in run("verify", "--certificate", str(tmp_path / "certificate.pdf"), exit_code=1)


@pytest.mark.usefixtures("events")
def test_a_kept_checkpoint_and_public_key_are_enough_to_judge_by(tmp_path: Path) -> None:
    (tmp_path / "kept").write_text(run("checkpoint"))
    (tmp_path / "key").write_text(run("key"))
    run("key", "--rotate")

    assert len(run("key").splitlines()) == 2
    assert "The log is whole." in run("verify", "--checkpoint", str(tmp_path / "kept"), "--public-key", str(tmp_path / "key"))


@pytest.mark.usefixtures("events")
def test_files_that_are_none_are_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "nonsense").write_text("nonsense")

    for option, words in (("checkpoint", "no signed"), ("public-key", "no public"), ("certificate", "no certificate")):
        output = run("verify", f"--{option}", str(tmp_path / "nonsense"), exit_code=2)
        assert words in " ".join(output.replace("│", " ").split())  # a box is drawn around it, which breaks lines
