"""One submission, one hash: whatever door the answers came by and however they were typed."""

from datetime import timedelta
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session, select

from service.submissions import operations
from service.submissions.answers import Entry
from service.submissions.canonical import canonical_answer, is_same
from service.submissions.models import Absence, Depth, Door, EvidenceKind, Receipt
from service.submissions.questionnaire import Question, questions_for
from service.submissions.receipts import content_of
from service.submissions.rules import hash_answers
from tests.submissions.builders import NOW, OTHER_REVIEWER, REVIEWER, SUPPLIER_ACTOR, TOLL_ANSWERS, a_draft, an_invited_submission


def question(key: str) -> Question:
    return next(one for one in questions_for("TOLL", Depth.FULL) if one.key == key)


GRID = question("grid_electricity")


@pytest.mark.parametrize(
    ("entered", "unit"),
    [
        ("12,350,000", "kWh"),
        ("12350000.0", "kWh"),
        ("1235", "万kWh"),
        ("1,235.0", "万kWh"),
        ("12350", "MWh"),
        ("１２３５", "万kWh"),
    ],
)
def test_one_amount_typed_in_many_ways_is_one_answer(entered: str, unit: str) -> None:
    # 1,235 × 10,000 kWh = 12,350 × 1,000 kWh = 12,350,000 kWh.
    assert canonical_answer(GRID, Entry(entered=entered, unit=unit)) == {"value": 12_350_000.0, "unit": "kWh"}


def test_what_can_not_be_read_is_kept_as_typed() -> None:
    assert canonical_answer(GRID, Entry(entered=" about 5 ", unit="kWh")) == {"entered": "about 5", "unit": "kWh"}


def test_why_there_is_no_value_and_how_one_is_known_belong_to_the_answer() -> None:
    absent = Entry(absent=Absence.UNKNOWN, note="The meter\r\nbroke")
    metered = Entry(entered="5", unit="kWh", evidence_kind=EvidenceKind.METERED)

    assert canonical_answer(GRID, absent) == {"absent": "unknown", "note": "The meter\nbroke"}
    assert canonical_answer(GRID, metered) == {"value": 5.0, "unit": "kWh", "evidence": "metered"}
    assert not is_same(GRID, metered, Entry(entered="5", unit="kWh"))


def test_nothing_said_is_nothing_kept() -> None:
    assert canonical_answer(GRID, Entry(unit="kWh")) is None
    assert canonical_answer(GRID, Entry(unit="kWh", note="  ")) is None


@given(st.text(max_size=50))
def test_a_note_says_the_same_however_its_characters_are_composed(text: str) -> None:
    one, other = Entry(entered="5", unit="kWh", note=text), Entry(entered="5", unit="kWh", note=normalize("NFD", text))

    assert is_same(GRID, one, other)


def test_the_same_answers_by_other_doors_give_the_same_hash(session: Session) -> None:
    submission = an_invited_submission(session)
    doors = dict(zip(TOLL_ANSWERS, [Door.WEB, Door.EXCEL, Door.API] * 4, strict=True))
    for field, door in doors.items():
        operations.save_draft(session, submission, {field: TOLL_ANSWERS[field]}, door=door, by=SUPPLIER_ACTOR, at=NOW)
    mixed = content_of(session, submission)

    operations.save_draft(
        session, submission, {"grid_electricity": Entry(entered="140,000,000", unit="kWh")}, by=SUPPLIER_ACTOR, at=NOW
    )

    assert hash_answers(content_of(session, submission)) == hash_answers(mixed)


def test_an_earlier_receipt_can_be_verified_after_the_answers_were_corrected(session: Session) -> None:
    submission = a_draft(session)
    operations.submit(session, submission, by=SUPPLIER_ACTOR, at=NOW)
    first = submission.answers_sha256
    operations.start_review(session, submission, by=REVIEWER, at=NOW)
    operations.return_to_supplier(
        session, submission, comments={"charge_in": "Dry?"}, version=submission.version, by=OTHER_REVIEWER, at=NOW
    )
    later = NOW + timedelta(hours=1)
    operations.save_draft(session, submission, {"charge_in": Entry(entered="1001", unit="t")}, by=SUPPLIER_ACTOR, at=later)
    operations.submit(session, submission, by=SUPPLIER_ACTOR, at=later)

    receipts = session.exec(select(Receipt).order_by(Receipt.number)).all()

    assert [one.number.rpartition("-")[2] for one in receipts] == ["1", "2"]
    assert [hash_answers(one.content) for one in receipts] == [first, submission.answers_sha256]
    assert first != submission.answers_sha256
