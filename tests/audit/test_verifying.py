"""Somebody who writes straight into the database file is found, whatever is touched, and the row is named."""

# ruff: noqa: S608 - an intruder's statements, made of names that stand in this file

import random
import sqlite3
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from service.audit import log_files, stored_rows
from service.audit.checkpoints import make_checkpoint
from service.audit.findings import Finding, Kind, Report
from service.audit.merkle import Edge
from service.audit.operations import record
from service.audit.verifying import verify_log
from service.database import Database, open_database
from tests import builders
from tests.builders import NOW

ORIGIN = "maker.example/anodeprint-log"
EVENTS = 24
SIGNED_AT = (7, 16, EVENTS)


class Log:
    """A database file with a log of 24 events under three checkpoints, and what an intruder can do to it."""

    def __init__(self, path: Path, keys: Path) -> None:
        self.path = path
        self.keys = keys

    @property
    def folder(self) -> Path:
        return self.keys.with_name("log")

    def tamper(self, change: Callable[[sqlite3.Connection], None]) -> None:
        connection = sqlite3.connect(self.path)
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        change(connection)
        connection.commit()
        connection.close()

    def verify(self) -> Report:
        database = open_database(f"sqlite:///{self.path}")
        try:
            return verify_log(database, folder=self.folder, verifiers=log_files.read_verifiers(self.folder))
        finally:
            database.close()


def fill(database: Database, keys: Path) -> None:
    """Write the events, two per transaction, and sign after some of them."""
    for number in range(EVENTS):
        with database.writing() as session:
            maker = builders.a_maker(session)
            at = NOW + timedelta(minutes=number)
            record(session, f"step_{number}", of=maker, by="user:1", at=at, number=number, share=number / 7)
        if number + 1 in SIGNED_AT:
            with database.writing() as session:
                make_checkpoint(session, keys_folder=keys, origin=ORIGIN, at=NOW + timedelta(minutes=number))


@pytest.fixture(scope="module")
def filled(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Log:
    folder = tmp_path_factory.mktemp("log")
    path = folder / "filled.db"
    path.write_bytes(sqlite_template.read_bytes())
    database = open_database(f"sqlite:///{path}")
    fill(database, folder / "keys")
    database.close()
    return Log(path, folder / "keys")


@pytest.fixture
def log(filled: Log, tmp_path: Path) -> Log:
    path = tmp_path / "copy.db"
    path.write_bytes(filled.path.read_bytes())
    for name in ("keys", "log"):
        (tmp_path / name).mkdir()
        for source in filled.keys.with_name(name).iterdir():
            (tmp_path / name / source.name).write_bytes(source.read_bytes())
    return Log(path, tmp_path / "keys")


def kinds(report: Report) -> list[Kind]:
    return [finding.kind for finding in report.findings]


def test_an_untouched_log_is_sound(log: Log) -> None:
    report = log.verify()

    assert report.findings == []
    assert (report.size, report.signed, report.checkpoints) == (EVENTS, EVENTS, 3)


def rehash(connection: sqlite3.Connection) -> None:
    """Calculate every leaf, subtree and the head again, as somebody would who has read our source."""
    connection.commit()
    name = connection.execute("PRAGMA database_list").fetchone()[2]
    database = open_database(f"sqlite:///{name}")
    with database.reading() as session:
        leaves = list(stored_rows.stored_leaves(session))
    database.close()
    edge = Edge()
    for leaf in leaves:
        leaf_hash = leaf.recomputed() or bytes(32)
        edge, full = edge.append(leaf_hash)
        subtrees = "[" + ", ".join(f'"{root.hex()}"' for root in full) + "]"
        values = (leaf_hash.hex(), subtrees, leaf.index)
        connection.execute('UPDATE audit_leaf SET leaf_hash = ?, subtrees = ? WHERE "index" = ?', values)
    roots = "[" + ", ".join(f'"{root.hex()}"' for root in edge.roots) + "]"
    connection.execute("UPDATE audit_head SET size = ?, right_edge = ?", (edge.size, roots))


Tampering = tuple[str, Callable[[sqlite3.Connection], None], Callable[[Finding], bool]]
"""What is done, how, and by which finding it must be named."""

NEW_VALUES: Mapping[str, str] = {
    "at": "'2026-01-01 00:00:00.000000'",
    "actor": "actor || 'x'",
    "organisation_id": "'0123456789abcdef0123456789abcdef'",
    "action": "'step_accepted'",
    "object_type": "'certificate'",
    "object_id": "'somebody else'",
    "details": "'{\"number\": 99}'",
    "leaf:salt": "'00000000000000000000000000000000'",
    "leaf:leaf_hash": "'" + "ab" * 32 + "'",
    "leaf:subtrees": "'[\"00\"]'",
}


def naming(event: int | None = None, index: int | None = None) -> Callable[[Finding], bool]:
    """Tell whether a finding names this event or this place."""

    def names(finding: Finding) -> bool:
        values = finding.values
        if event is not None and event in {values.get("event"), values.get("other")}:
            return True
        first, last = values.get("first"), values.get("last")
        in_span = isinstance(first, int) and isinstance(last, int) and index is not None and first <= index <= last
        return in_span or (index is not None and values.get("index") == index)

    return names


def edited(rng: random.Random) -> Tampering:
    index, column = rng.randrange(EVENTS), rng.choice(sorted(NEW_VALUES))
    table, _, name = column.rpartition(":")
    where = f'"index" = {index}' if table else f"id = {index + 1}"
    statement = f"UPDATE audit_{table or 'event'} SET {name} = {NEW_VALUES[column]} WHERE {where}"
    is_with_hashes = not table and rng.random() < 0.5

    def change(connection: sqlite3.Connection) -> None:
        connection.execute(statement)
        if is_with_hashes:
            rehash(connection)

    return statement + (" and hashes" if is_with_hashes else ""), change, naming(index + 1, index)


def deleted(rng: random.Random) -> Tampering:
    index, what = rng.randrange(EVENTS), rng.choice(("event", "leaf", "both"))

    def change(connection: sqlite3.Connection) -> None:
        if what != "event":
            connection.execute('DELETE FROM audit_leaf WHERE "index" = ?', (index,))
        if what != "leaf":
            connection.execute("DELETE FROM audit_event WHERE id = ?", (index + 1,))

    return f"delete {what} {index}", change, naming(index + 1, index)


def closed_up(rng: random.Random) -> Tampering:
    """An event goes, all later ones move up by one and every hash is calculated again."""
    index = rng.randrange(EVENTS - 1)

    def change(connection: sqlite3.Connection) -> None:
        connection.execute('DELETE FROM audit_leaf WHERE "index" = ?', (index,))
        connection.execute("DELETE FROM audit_event WHERE id = ?", (index + 1,))
        for later in range(index + 1, EVENTS):
            connection.execute('UPDATE audit_leaf SET "index" = ? WHERE "index" = ?', (later - 1, later))
        rehash(connection)

    return f"delete {index} and close the gap", change, naming(index + 2, index)


def swapped(rng: random.Random) -> Tampering:
    first, second = rng.sample(range(EVENTS), 2)
    is_leaf, is_with_hashes = rng.random() < 0.3, rng.random() < 0.5

    def change(connection: sqlite3.Connection) -> None:
        if is_leaf:
            for index, event in ((first, -1), (second, first + 1), (first, second + 1)):
                connection.execute('UPDATE audit_leaf SET event_id = ? WHERE "index" = ?', (event, index))
        else:
            columns = "at, actor, organisation_id, action, object_type, object_id, details"
            rows = [
                connection.execute(f"SELECT {columns} FROM audit_event WHERE id = ?", (i + 1,)).fetchone() for i in (first, second)
            ]
            assignments = columns.replace(",", " = ?,") + " = ?"
            for index, row in ((first, rows[1]), (second, rows[0])):
                connection.execute(f"UPDATE audit_event SET {assignments} WHERE id = ?", (*row, index + 1))
        if is_with_hashes:
            rehash(connection)

    return f"swap {first} and {second}", change, naming(first + 1, first)


def inserted(rng: random.Random) -> Tampering:
    is_with_leaf = rng.random() < 0.5

    def change(connection: sqlite3.Connection) -> None:
        columns = "at, actor, organisation_id, action, object_type, object_id, details"
        connection.execute(f"INSERT INTO audit_event (id, {columns}) SELECT 500, {columns} FROM audit_event WHERE id = 3")
        if is_with_leaf:  # in the middle, in place of the leaf that was there
            connection.execute('UPDATE audit_leaf SET event_id = 500 WHERE "index" = 4')
            rehash(connection)

    return "insert", change, naming(500, 4) if is_with_leaf else naming(500)


def truncated(rng: random.Random) -> Tampering:
    keep, with_checkpoints = rng.randrange(EVENTS), rng.random() < 0.5

    def change(connection: sqlite3.Connection) -> None:
        connection.execute('DELETE FROM audit_leaf WHERE "index" >= ?', (keep,))
        connection.execute("DELETE FROM audit_event WHERE id > ?", (keep,))
        if with_checkpoints:
            connection.execute("DELETE FROM audit_checkpoint WHERE size > ?", (keep,))
        rehash(connection)

    return f"truncate to {keep}", change, naming(index=EVENTS - 1)


def head_or_checkpoint(rng: random.Random) -> Tampering:
    size = rng.choice(SIGNED_AT)
    statement, kind = rng.choice(
        (
            ("UPDATE audit_head SET size = size + 1", Kind.HEAD_CHANGED),
            ("UPDATE audit_head SET right_edge = '[]'", Kind.HEAD_CHANGED),
            ("DELETE FROM audit_head", Kind.HEAD_CHANGED),
            (f"DELETE FROM audit_checkpoint WHERE size = {size}", Kind.CHECKPOINT_DELETED),
            (f"UPDATE audit_checkpoint SET root_hash = '{'cd' * 32}' WHERE size = {size}", Kind.CHECKPOINT_CHANGED),
            (f"UPDATE audit_checkpoint SET at = '2020-01-01 00:00:00' WHERE size = {size}", Kind.CHECKPOINT_CHANGED),
            (f"UPDATE audit_checkpoint SET note = replace(note, 'time 2', 'time 3') WHERE size = {size}", Kind.CHECKPOINT_CHANGED),
            (f"UPDATE audit_checkpoint SET size = 3 WHERE size = {size}", Kind.CHECKPOINT_DELETED),
            (f"UPDATE audit_checkpoint SET key = 'other' WHERE size = {size}", Kind.CHECKPOINT_CHANGED),
        )
    )

    def change(connection: sqlite3.Connection) -> None:
        connection.execute(statement)

    def names(finding: Finding) -> bool:
        return finding.kind is kind and (kind is Kind.HEAD_CHANGED or finding.values["size"] == size)

    return statement, change, names


MAKERS: tuple[Callable[[random.Random], Tampering], ...] = (
    *(edited, edited, edited),
    *(deleted, closed_up, swapped, inserted, truncated, head_or_checkpoint),
)


def test_two_hundred_random_manipulations_are_all_found_and_named(log: Log) -> None:
    rng = random.Random(20261123)
    original = log.path.read_bytes()
    missed = []
    for _ in range(200):
        what, change, names = rng.choice(MAKERS)(rng)
        log.path.write_bytes(original)
        log.tamper(change)
        report = log.verify()
        if not any(names(finding) for finding in report.findings):
            missed.append((what, [finding.words for finding in report.findings]))

    assert missed == []


def test_what_is_changed_behind_the_last_checkpoint_shows_unless_the_hashes_are_calculated_again(log: Log) -> None:
    database = open_database(f"sqlite:///{log.path}")
    with database.writing() as session:
        record(session, "late", of=builders.a_maker(session), by="user:1", at=NOW)
    database.close()

    def change(connection: sqlite3.Connection) -> None:
        connection.execute("UPDATE audit_event SET actor = 'x' WHERE id = 25")

    log.tamper(change)
    assert kinds(log.verify()) == [Kind.EVENT_CHANGED]
    log.tamper(rehash)
    report = log.verify()
    assert (report.findings, report.size, report.signed) == ([], 25, 24)  # the report says up to where it can know


def test_a_log_cut_in_database_and_files_alike_is_found_by_a_checkpoint_that_somebody_else_has(log: Log) -> None:
    notes, _ = log_files.read_notes(log.folder)

    def cut(connection: sqlite3.Connection) -> None:
        connection.execute('DELETE FROM audit_leaf WHERE "index" >= 7')
        connection.execute("DELETE FROM audit_event WHERE id > 7")
        connection.execute("DELETE FROM audit_checkpoint WHERE size > 7")
        rehash(connection)

    log.tamper(cut)
    (log.folder / "leaves").write_bytes((log.folder / "leaves").read_bytes()[: 7 * 32])
    (log.folder / "checkpoints").write_text(notes[0].as_text)
    assert log.verify().findings == []  # nothing at hand contradicts it

    database = open_database(f"sqlite:///{log.path}")
    verifiers = log_files.read_verifiers(log.folder)
    report = verify_log(database, folder=log.folder, verifiers=verifiers, witnessed=[notes[2]])
    database.close()

    assert [finding.words for finding in report.findings] == ["The leaves with numbers 7 to 23 are missing."]


def test_a_file_that_was_changed_outside_the_database_is_told_from_a_changed_database(log: Log) -> None:
    content = bytearray((log.folder / "leaves").read_bytes())
    content[20 * 32] ^= 1
    (log.folder / "leaves").write_bytes(content)

    assert [finding.words for finding in log.verify().findings] == [
        "The hash with number 20 in the file outside the database was changed."
    ]


def test_a_past_that_was_changed_everywhere_contradicts_the_checkpoints(log: Log) -> None:
    """The intruder also writes the hashes of the file again; only the signatures are out of reach."""

    def change(connection: sqlite3.Connection) -> None:
        connection.execute("UPDATE audit_event SET actor = 'x' WHERE id = 10")
        rehash(connection)
        hashes = connection.execute('SELECT leaf_hash FROM audit_leaf ORDER BY "index"').fetchall()
        (log.folder / "leaves").write_bytes(b"".join(bytes.fromhex(one) for (one,) in hashes))

    log.tamper(change)

    report = log.verify()
    assert [(one.kind, one.values["size"]) for one in report.findings] == [(Kind.CHECKPOINT_CONTRADICTED, 16)]


def test_a_checkpoint_signed_with_another_key_does_not_count(log: Log) -> None:
    database = open_database(f"sqlite:///{log.path}")
    report = verify_log(database, folder=log.folder, verifiers=[])
    database.close()

    assert set(kinds(report)) == {Kind.CHECKPOINT_CHANGED, Kind.CHECKPOINT_UNSIGNED}


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("UPDATE audit_event SET actor = 'x' WHERE id = 3", Kind.EVENT_CHANGED),
        ("UPDATE audit_event SET details = '{}' WHERE id = 3", Kind.EVENT_CHANGED),
        ("UPDATE audit_event SET at = at + interval '1 second' WHERE id = 3", Kind.EVENT_CHANGED),
        ('DELETE FROM audit_leaf WHERE "index" = 3', Kind.LEAVES_MISSING),
        ("UPDATE audit_head SET size = 3", Kind.HEAD_CHANGED),
        ("DELETE FROM audit_checkpoint WHERE size = 7", Kind.CHECKPOINT_DELETED),
    ],
)
def test_manipulations_of_the_other_engine_are_found_too(
    postgres_database: Database, tmp_path: Path, statement: str, kind: Kind
) -> None:
    fill(postgres_database, tmp_path / "keys")
    folder = tmp_path / "log"
    verifiers = log_files.read_verifiers(folder)
    assert verify_log(postgres_database, folder=folder, verifiers=verifiers).is_sound
    with postgres_database.writing() as session:
        session.connection().execute(text("SET LOCAL session_replication_role = replica"))  # triggers rest
        session.connection().execute(text(statement))

    report = verify_log(postgres_database, folder=folder, verifiers=verifiers)

    assert kind in kinds(report)
