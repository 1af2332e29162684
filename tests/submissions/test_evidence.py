import hashlib
import io
import tracemalloc
from datetime import date
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from service.audit.models import AuditEvent
from service.errors import ConflictError, FieldError, InvalidInputError, NotFoundError
from service.evidence.store import existing_path, path_of, store_file
from service.submissions import evidence, operations, queries
from service.submissions.receipts import content_of
from service.submissions.rules import NotEditableError
from tests.submissions.builders import NO_SCANNER, NOW, SUPPLIER_ACTOR, a_draft, a_stored_file

PDF = b"%PDF-1.7 electricity bill"


def test_bytes_lie_under_their_hash_before_any_row_speaks_of_them(tmp_path: Path) -> None:
    stored = a_stored_file(PDF, "bill.pdf", data_dir=tmp_path)

    sha256 = hashlib.sha256(PDF).hexdigest()
    assert stored.sha256 == sha256
    assert (tmp_path / "evidence" / sha256[:2] / sha256).read_bytes() == PDF


def test_the_same_file_twice_is_once(session: Session, tmp_path: Path) -> None:
    submission = a_draft(session)
    stored = [a_stored_file(PDF, name, data_dir=tmp_path) for name in ("a.pdf", "b.pdf")]

    for _ in range(2):
        evidence.attach(session, submission, stored, field=None, by=SUPPLIER_ACTOR, at=NOW)

    assert len(queries.evidence_of(session, submission.id)) == 1
    assert [path.name for path in tmp_path.rglob("*") if path.is_file() and "evidence" in path.parts] == [stored[0].sha256]


def test_an_empty_file_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(FieldError, match="empty"):
        a_stored_file(b"", "bill.pdf", data_dir=tmp_path)
    with pytest.raises(FieldError):
        a_stored_file(b"MZ", "bill.pdf", data_dir=tmp_path)

    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_questionnaire_takes_so_many_files_and_no_more(session: Session, tmp_path: Path) -> None:
    submission = a_draft(session)
    stored = [a_stored_file(PDF + str(i).encode(), f"{i}.pdf", data_dir=tmp_path) for i in range(21)]

    with pytest.raises(ConflictError, match="at most 20"):
        evidence.attach(session, submission, stored, field=None, by=SUPPLIER_ACTOR, at=NOW)


def test_a_file_belongs_to_a_question_that_is_asked(session: Session, tmp_path: Path) -> None:
    stored = [a_stored_file(PDF, "a.pdf", data_dir=tmp_path)]

    with pytest.raises(InvalidInputError):
        evidence.attach(session, a_draft(session), stored, field="pitch_type", by=SUPPLIER_ACTOR, at=NOW)


def test_files_of_answers_handed_in_stay_as_they_are(session: Session, tmp_path: Path) -> None:
    submission = a_draft(session)
    stored = [a_stored_file(PDF, "a.pdf", data_dir=tmp_path)]
    attached = evidence.attach(session, submission, stored, field=None, by=SUPPLIER_ACTOR, at=NOW)
    operations.submit(session, submission, by=SUPPLIER_ACTOR, at=NOW)

    with pytest.raises(NotEditableError):
        evidence.remove(session, submission, attached[0], by=SUPPLIER_ACTOR, at=NOW)
    with pytest.raises(NotEditableError):
        evidence.attach(session, submission, stored, field="charge_in", by=SUPPLIER_ACTOR, at=NOW)


def test_files_count_in_the_hash_of_the_receipt(session: Session, tmp_path: Path) -> None:
    submission = a_draft(session)
    stored = [a_stored_file(PDF, "a.pdf", data_dir=tmp_path)]
    before = content_of(session, submission)

    evidence.attach(session, submission, stored, field=None, by=SUPPLIER_ACTOR, at=NOW)

    assert content_of(session, submission) == {**before, "evidence": [stored[0].sha256]}


def test_a_file_missing_in_the_store_says_so(session: Session, tmp_path: Path) -> None:
    submission = a_draft(session)
    stored = [a_stored_file(PDF, "bill.pdf", data_dir=tmp_path)]
    attached = evidence.attach(session, submission, stored, field=None, by=SUPPLIER_ACTOR, at=NOW)
    path_of(stored[0].sha256, data_dir=tmp_path).unlink()

    with pytest.raises(NotFoundError, match=r"bill\.pdf.*backup"):
        existing_path(attached[0], data_dir=tmp_path)


def test_one_bill_backs_several_figures_and_is_attached_once(session: Session, tmp_path: Path) -> None:
    submission = a_draft(session)
    stored = [a_stored_file(PDF, data_dir=tmp_path)]

    for field in ("furnace_electricity", "charge_in", "furnace_electricity"):
        evidence.attach(session, submission, stored, field=field, by=SUPPLIER_ACTOR, at=NOW)

    (only,) = queries.evidence_of(session, submission.id)
    assert only.fields == ("charge_in", "furnace_electricity")
    events = session.exec(select(AuditEvent).where(AuditEvent.object_type == "evidence").order_by(col(AuditEvent.id))).all()
    assert [one.action for one in events] == ["evidence_attached", "evidence_linked"]


def test_a_supplier_says_what_a_file_backs_how_long_it_holds_and_who_opens_it(session: Session, tmp_path: Path) -> None:
    submission = a_draft(session)
    stored = [a_stored_file(PDF, data_dir=tmp_path)]
    (only,) = evidence.attach(session, submission, stored, field="charge_in", by=SUPPLIER_ACTOR, at=NOW)

    said = {"valid_until": date(2025, 6, 30), "verifier_only": True, "by": SUPPLIER_ACTOR, "at": NOW}
    evidence.describe(session, submission, only, fields=["product_out"], **said)

    session.flush()
    session.expire_all()
    (only,) = queries.evidence_of(session, submission.id)
    assert (only.fields, only.valid_until, only.verifier_only) == (("product_out",), date(2025, 6, 30), True)
    assert evidence.is_outdated(only, on=date(2025, 7, 1))
    assert not evidence.is_outdated(only, on=date(2025, 6, 30))


def test_a_large_file_is_never_in_memory_as_a_whole(tmp_path: Path) -> None:
    size = 20 * 1024 * 1024
    with (tmp_path / "large.pdf").open("w+b") as source:
        source.write(b"%PDF-1.7")
        source.truncate(size)
        source.seek(0)
        tracemalloc.start()
        stored = store_file(source, "large.pdf", data_dir=tmp_path, scanner=NO_SCANNER, at=NOW)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()

    assert stored.size_bytes == size
    assert peak < 4 * 1024 * 1024


def test_a_file_over_the_limit_is_refused_while_it_streams_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(FieldError, match="larger than 1 MiB"):
        store_file(
            io.BytesIO(PDF + b"0" * 1024 * 1024),
            "large.pdf",
            data_dir=tmp_path,
            scanner=NO_SCANNER,
            at=NOW,
            largest_bytes=1024 * 1024,
        )

    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
