import hashlib
from pathlib import Path

import pytest
from sqlmodel import Session

from service.errors import ConflictError, FieldError, InvalidInputError, NotFoundError
from service.submissions import evidence, operations, queries
from service.submissions.receipts import content_of
from service.submissions.rules import NotEditableError
from tests.submissions.builders import NOW, SUPPLIER_ACTOR, a_draft

PDF = b"%PDF-1.7 electricity bill"


def test_bytes_lie_under_their_hash_before_any_row_speaks_of_them(tmp_path: Path) -> None:
    stored = evidence.store_file(PDF, "bill.pdf", data_dir=tmp_path)

    sha256 = hashlib.sha256(PDF).hexdigest()
    assert stored.sha256 == sha256
    assert (tmp_path / "evidence" / sha256[:2] / sha256).read_bytes() == PDF


def test_the_same_file_twice_is_once(session: Session, tmp_path: Path) -> None:
    submission = a_draft(session)
    stored = [evidence.store_file(PDF, name, data_dir=tmp_path) for name in ("a.pdf", "b.pdf")]

    for _ in range(2):
        evidence.attach(session, submission, stored, field=None, by=SUPPLIER_ACTOR, at=NOW)

    assert len(queries.evidence_of(session, submission.id)) == 1
    assert [path.name for path in tmp_path.rglob("*") if path.is_file() and "evidence" in path.parts] == [stored[0].sha256]


def test_an_empty_file_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(FieldError, match="empty"):
        evidence.store_file(b"", "bill.pdf", data_dir=tmp_path)
    with pytest.raises(FieldError):
        evidence.store_file(b"MZ", "bill.pdf", data_dir=tmp_path)

    assert not (tmp_path / "evidence").exists()


def test_a_questionnaire_takes_so_many_files_and_no_more(session: Session, tmp_path: Path) -> None:
    submission = a_draft(session)
    stored = [evidence.store_file(PDF + str(i).encode(), f"{i}.pdf", data_dir=tmp_path) for i in range(21)]

    with pytest.raises(ConflictError, match="at most 20"):
        evidence.attach(session, submission, stored, field=None, by=SUPPLIER_ACTOR, at=NOW)


def test_a_file_belongs_to_a_question_that_is_asked(session: Session, tmp_path: Path) -> None:
    stored = [evidence.store_file(PDF, "a.pdf", data_dir=tmp_path)]

    with pytest.raises(InvalidInputError):
        evidence.attach(session, a_draft(session), stored, field="pitch_type", by=SUPPLIER_ACTOR, at=NOW)


def test_files_of_answers_handed_in_stay_as_they_are(session: Session, tmp_path: Path) -> None:
    submission = a_draft(session)
    stored = [evidence.store_file(PDF, "a.pdf", data_dir=tmp_path)]
    attached = evidence.attach(session, submission, stored, field=None, by=SUPPLIER_ACTOR, at=NOW)
    operations.submit(session, submission, by=SUPPLIER_ACTOR, at=NOW)

    with pytest.raises(NotEditableError):
        evidence.remove(session, submission, attached[0], by=SUPPLIER_ACTOR, at=NOW)
    with pytest.raises(NotEditableError):
        evidence.attach(session, submission, stored, field="charge_in", by=SUPPLIER_ACTOR, at=NOW)


def test_files_count_in_the_hash_of_the_receipt(session: Session, tmp_path: Path) -> None:
    submission = a_draft(session)
    stored = [evidence.store_file(PDF, "a.pdf", data_dir=tmp_path)]
    before = content_of(session, submission)

    evidence.attach(session, submission, stored, field=None, by=SUPPLIER_ACTOR, at=NOW)

    assert content_of(session, submission) == {**before, "evidence": [stored[0].sha256]}


def test_a_file_missing_in_the_store_says_so(session: Session, tmp_path: Path) -> None:
    submission = a_draft(session)
    stored = [evidence.store_file(PDF, "bill.pdf", data_dir=tmp_path)]
    attached = evidence.attach(session, submission, stored, field=None, by=SUPPLIER_ACTOR, at=NOW)
    evidence.path_of(stored[0].sha256, data_dir=tmp_path).unlink()

    with pytest.raises(NotFoundError, match=r"bill\.pdf.*backup"):
        evidence.existing_path(attached[0], data_dir=tmp_path)
