import base64
import hashlib
import json
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
import rfc8785
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlmodel import Session, col, select

from service.audit import log_files
from service.audit.appending import AuditLogBrokenError
from service.audit.checkpoints import make_checkpoint
from service.audit.log import LogProof
from service.audit.log_keys import load_key, rotate
from service.audit.merkle import Edge, hash_leaf, is_consistent, root_by_inclusion
from service.audit.models import AuditCheckpoint, AuditEvent, AuditHead, AuditLeaf
from service.audit.notes import read_note, read_verifier, signer_among, verifier_of
from service.audit.operations import record
from service.audit.proofs import NotLoggedYetError, prove, prove_growth
from service.database import Database
from tests import builders
from tests.builders import NOW

ORIGIN = "maker.example/anodeprint-log"


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    return tmp_path / "keys"


def note_events(database: Database, count: int) -> None:
    """Write events in transactions of one, two, three, one ... events."""
    written = 0
    while written < count:
        with database.writing() as session:
            maker = builders.a_maker(session)
            for _ in range(min(count - written, written % 3 + 1)):
                record(session, f"event {written}", of=maker, by="system", at=NOW + timedelta(seconds=written), number=written)
                written += 1


def checkpoint_of(database: Database, keys: Path) -> AuditCheckpoint:
    with database.writing() as session:
        return make_checkpoint(session, keys_folder=keys, origin=ORIGIN, at=NOW)


def leaves_of(session: Session) -> Sequence[AuditLeaf]:
    leaves = session.exec(select(AuditLeaf).order_by(col(AuditLeaf.index))).all()
    session.expunge_all()  # they are looked at after the transaction
    return leaves


def events_of(session: Session) -> Sequence[AuditEvent]:
    events = session.exec(select(AuditEvent).order_by(col(AuditEvent.id))).all()
    session.expunge_all()
    return events


def test_every_event_is_a_leaf_after_its_commit_in_the_order_of_events(database: Database) -> None:
    note_events(database, 10)

    with database.reading() as session:
        leaves, events = leaves_of(session), events_of(session)
        size, right_edge = session.exec(select(AuditHead.size, AuditHead.right_edge)).one()
    assert [leaf.index for leaf in leaves] == list(range(10))
    assert [leaf.event_id for leaf in leaves] == [event.id for event in events]
    edge = Edge()
    for leaf in leaves:
        edge, _ = edge.append(bytes.fromhex(leaf.leaf_hash))
    assert (size, right_edge) == (10, [root.hex() for root in edge.roots])


def test_a_leaf_is_the_hash_of_what_its_event_says(database: Database) -> None:
    with database.writing() as session:
        maker = builders.a_maker(session)
        record(session, "one", of=maker, by="user:7", at=NOW, organisation_id=maker.id, share=0.5, name="碳", none=None)

    with database.reading() as session:
        [leaf], [event] = leaves_of(session), events_of(session)
    content = {
        "index": 0,
        "event": event.id,
        "at": NOW.isoformat(timespec="microseconds"),
        "actor": "user:7",
        "organisation": str(maker.id),
        "action": "one",
        "object": {"type": "organisation", "id": str(maker.id)},
        "details": {"share": 0.5, "name": "碳", "none": None},
        "salt": leaf.salt,
    }
    assert leaf.leaf_hash == hashlib.sha256(b"\x00" + rfc8785.dumps(content)).hexdigest()
    assert len(leaf.salt) == 32


def test_equal_events_have_leaves_that_nobody_can_guess_from_each_other(database: Database) -> None:
    with database.writing() as session:
        maker = builders.a_maker(session)
        for _ in range(2):
            record(session, "same", of=maker, by="system", at=NOW)

    with database.reading() as session:
        first, second = leaves_of(session)
    assert first.salt != second.salt


def test_what_a_savepoint_takes_back_is_no_leaf(database: Database) -> None:
    with database.writing() as session:
        maker = builders.a_maker(session)
        record(session, "kept", of=maker, by="system", at=NOW)
        with suppress(InterruptedError), session.begin_nested():
            record(session, "taken back", of=maker, by="system", at=NOW)
            session.flush()
            raise InterruptedError
        with session.begin_nested():
            record(session, "kept too", of=maker, by="system", at=NOW)

    with database.reading() as session:
        assert session.exec(select(AuditEvent.action).order_by(col(AuditEvent.id))).all() == ["kept", "kept too"]
        assert [leaf.index for leaf in leaves_of(session)] == [0, 1]


def test_an_event_that_its_session_has_forgotten_is_a_leaf_all_the_same(database: Database) -> None:
    with database.writing() as session:
        record(session, "one", of=builders.a_maker(session), by="system", at=NOW)
        session.flush()
        session.expunge_all()

    with database.reading() as session:
        assert len(leaves_of(session)) == 1


def test_a_transaction_that_fails_leaves_no_leaf(database: Database) -> None:
    def fail() -> None:
        with database.writing() as session:
            record(session, "one", of=builders.a_maker(session), by="system", at=NOW)
            session.flush()
            raise InterruptedError

    with pytest.raises(InterruptedError):
        fail()
    note_events(database, 1)

    with database.reading() as session:
        assert [leaf.index for leaf in leaves_of(session)] == [0]


def test_the_head_of_the_log_can_not_be_deleted(database: Database) -> None:
    with pytest.raises(DatabaseError, match="append-only"), database.writing() as session:
        session.connection().execute(text("DELETE FROM audit_head"))


def test_a_checkpoint_is_a_note_that_anybody_can_check_and_lies_outside_the_database(database: Database, keys: Path) -> None:
    note_events(database, 5)

    checkpoint = checkpoint_of(database, keys)

    origin, size, root, time, empty, signature = checkpoint.note.splitlines()
    assert (origin, size, empty) == (ORIGIN, "5", "")
    assert base64.b64decode(root).hex() == checkpoint.root_hash
    assert time == f"time {NOW:%Y-%m-%dT%H:%M:%SZ}"
    assert signature.startswith(f"— {ORIGIN} ")
    note = read_note(checkpoint.note)
    assert read_verifier(checkpoint.key).has_signed(note)
    folder = keys.with_name("log")
    assert log_files.read_notes(folder) == ([note], [])
    with database.reading() as session:
        assert [one.hex() for one in log_files.read_leaves(folder)] == [leaf.leaf_hash for leaf in leaves_of(session)]


def test_the_same_size_again_is_the_same_note(database: Database, keys: Path) -> None:
    note_events(database, 3)

    first, again = checkpoint_of(database, keys), checkpoint_of(database, keys)

    assert first.note == again.note
    assert len(log_files.read_notes(keys.with_name("log"))[0]) == 1


def test_the_signing_key_is_made_once_readable_by_its_owner_only_and_stays_outside_the_log_folder(keys: Path) -> None:
    first, again = load_key(keys, origin=ORIGIN), load_key(keys, origin=ORIGIN)

    assert verifier_of(ORIGIN, first) == verifier_of(ORIGIN, again)
    assert (keys / "log.pem").stat().st_mode & 0o777 == 0o600
    assert log_files.read_verifiers(keys.with_name("log")) == [verifier_of(ORIGIN, first)]


def test_after_a_change_of_key_earlier_checkpoints_can_still_be_checked(database: Database, keys: Path) -> None:
    note_events(database, 1)
    early = checkpoint_of(database, keys)
    rotate(keys, origin=ORIGIN)
    note_events(database, 1)
    late = checkpoint_of(database, keys)

    known = log_files.read_verifiers(keys.with_name("log"))
    signers = [signer_among(known, read_note(one.note)) for one in (early, late)]

    assert signers == list(known)
    assert len(known) == 2


def test_an_event_is_proved_by_its_leaf_its_path_and_the_note_alone(database: Database, keys: Path) -> None:
    note_events(database, 11)
    checkpoint = checkpoint_of(database, keys)
    with database.reading() as session:
        events = events_of(session)
        proofs = [prove(session, event, checkpoint) for event in events]

    for event, handed_out in zip(events, proofs, strict=True):
        proof = LogProof.from_json(json.loads(json.dumps(handed_out.as_json())))
        assert json.loads(proof.leaf)["action"] == event.action
        path = [base64.b64decode(one) for one in proof.path]
        root = root_by_inclusion(hash_leaf(proof.leaf.encode()), proof.index, proof.size, path)
        note = read_note(proof.note)
        assert root == note.checkpoint.root == base64.b64decode(proof.root)
        assert read_verifier(proof.key).has_signed(note)


def test_an_event_younger_than_the_checkpoint_is_not_proved(database: Database, keys: Path) -> None:
    note_events(database, 2)
    checkpoint = checkpoint_of(database, keys)
    note_events(database, 1)

    with database.reading() as session:
        newest = session.exec(select(AuditEvent).order_by(col(AuditEvent.id).desc())).first()
        assert newest is not None
        with pytest.raises(NotLoggedYetError):
            prove(session, newest, checkpoint)


def test_the_log_proves_that_it_has_only_grown(database: Database, keys: Path) -> None:
    note_events(database, 5)
    old = read_note(checkpoint_of(database, keys).note).checkpoint
    note_events(database, 8)
    new = read_note(checkpoint_of(database, keys).note).checkpoint

    with database.reading() as session:
        path = prove_growth(session, old=5, new=13)

    assert is_consistent(old.size, old.root, new.size, new.root, path)


def test_a_checkpoint_that_would_contradict_the_last_one_is_not_signed(database: Database, keys: Path) -> None:
    note_events(database, 4)
    checkpoint_of(database, keys)
    with database.writing() as session:
        session.connection().execute(text("UPDATE audit_head SET size = 3"))

    with pytest.raises(AuditLogBrokenError, match="no longer continues"):
        checkpoint_of(database, keys)


def test_a_checkpoint_whose_commit_was_lost_comes_back_with_the_next_one(database: Database, keys: Path) -> None:
    note_events(database, 2)

    def sign_then_die() -> None:
        with database.writing() as session:
            make_checkpoint(session, keys_folder=keys, origin=ORIGIN, at=NOW)
            raise InterruptedError

    with pytest.raises(InterruptedError):
        sign_then_die()
    note_events(database, 1)
    checkpoint_of(database, keys)

    with database.reading() as session:
        assert session.exec(select(AuditCheckpoint.size).order_by(col(AuditCheckpoint.size))).all() == [2, 3]
    assert [note.checkpoint.size for note in log_files.read_notes(keys.with_name("log"))[0]] == [2, 3]


def test_half_a_line_and_half_a_hash_that_a_crash_left_behind_do_no_harm(database: Database, keys: Path) -> None:
    note_events(database, 2)
    checkpoint_of(database, keys)
    folder = keys.with_name("log")
    for name, leftover in (("leaves", b"half a hash"), ("checkpoints", b"maker.example/anode")):
        with (folder / name).open("ab") as stream:
            stream.write(leftover)
    note_events(database, 2)

    checkpoint_of(database, keys)

    assert [note.checkpoint.size for note in log_files.read_notes(folder)[0]] == [2, 4]
    with database.reading() as session:
        assert [one.hex() for one in log_files.read_leaves(folder)] == [leaf.leaf_hash for leaf in leaves_of(session)]
