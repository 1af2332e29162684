"""A process that dies in the middle leaves each commit with exactly its leaves."""

import random
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from service.audit import log_files
from service.audit.verifying import verify_log
from service.database import Database

WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from service.audit.checkpoints import make_checkpoint
from service.audit.operations import record
from service.database import open_database

database, keys = open_database(sys.argv[1]), Path(sys.argv[2])
for number in range(100_000):
    at = datetime.now(UTC)
    with database.writing() as session:
        for part in range(number % 4):
            record(session, f"step_{number}_{part}", of=object(), by="system", at=at)
    if number % 5 == 0:
        with database.writing() as session:
            make_checkpoint(session, keys_folder=keys, origin="maker.example/anodeprint-log", at=at)
    print(number, flush=True)
"""


def write_until_killed(url: str, keys: Path, *, commits: int) -> int:
    """Let a child write, kill it after so many acknowledged commits, and return the last one it acknowledged."""
    with subprocess.Popen([sys.executable, "-c", WRITER, url, str(keys)], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        for _ in range(commits):
            assert child.stdout.readline()
        child.kill()
        rest = child.stdout.read().split()
    return int(rest[-1]) if rest else commits - 1


@pytest.mark.parametrize("kills", [2, pytest.param(30, marks=pytest.mark.long)])
def test_each_commit_has_its_leaves_however_the_process_ends(sqlite_database: Database, tmp_path: Path, kills: int) -> None:
    rng, keys = random.Random(20261123), tmp_path / "keys"
    acknowledged = 0
    for _ in range(kills):
        last = write_until_killed(str(sqlite_database.engine.url), keys, commits=rng.randint(5, 40))
        acknowledged += sum(number % 4 for number in range(last + 1))

        with sqlite_database.reading() as session:
            count = session.connection().scalar
            events, leaves = count(text("SELECT count(*) FROM audit_event")), count(text("SELECT count(*) FROM audit_leaf"))
        assert events == leaves >= acknowledged
        acknowledged = leaves  # a commit may have been made and not yet been acknowledged
        folder = keys.with_name("log")
        report = verify_log(sqlite_database, folder=folder, verifiers=log_files.read_verifiers(folder))
        lost = [one for one in report.findings if one.kind != "checkpoint-deleted"]  # exported, its commit killed: comes back
        assert lost == []
