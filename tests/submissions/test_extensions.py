"""A supplier asks for more time; the maker grants it or says why not."""

from datetime import date, timedelta

import pytest
from sqlmodel import Session, col, select

from service.audit.models import AuditEvent
from service.errors import ConflictError, InvalidInputError
from service.submissions.extensions import LONGEST, answer_extension, ask_for_time, latest_extension
from service.submissions.models import Submission
from service.submissions.rules import NotEditableError
from tests.submissions.builders import ENGINEER, NOW, SUPPLIER_ACTOR, a_draft, a_review

SHANGHAI = "Asia/Shanghai"
TODAY = date(2026, 11, 22)
LATER = date(2027, 1, 20)  # the deadline is 31 December 2026


def ask(session: Session, submission: Submission, *, wanted: date = LATER, reason: str = "The December bill comes late") -> None:
    ask_for_time(session, submission, wanted=wanted, reason=reason, today=TODAY, by=SUPPLIER_ACTOR, at=NOW)


def answer(session: Session, submission: Submission, *, granted: bool, words: str = "") -> None:
    answer_extension(session, submission, granted=granted, words=words, timezone=SHANGHAI, by=ENGINEER, at=NOW)


def test_granted_time_moves_the_deadline_and_leaves_a_trace(session: Session) -> None:
    submission = a_draft(session)
    ask(session, submission)

    answer(session, submission, granted=True)

    assert submission.deadline == LATER
    found = latest_extension(session, submission)
    assert found is not None
    assert (found.granted, found.answered_by) == (True, ENGINEER)
    events = session.exec(select(AuditEvent.action).where(col(AuditEvent.action).contains("exten")).order_by(col(AuditEvent.id)))
    assert list(events) == ["submission_extension_asked", "submission_deadline_extended", "submission_extension_granted"]


def test_refused_time_needs_a_reason_and_moves_nothing(session: Session) -> None:
    submission = a_draft(session)
    ask(session, submission)

    with pytest.raises(InvalidInputError):
        answer(session, submission, granted=False, words="  ")
    answer(session, submission, granted=False, words="The audit is on 5 January")

    assert submission.deadline == date(2026, 12, 31)
    with pytest.raises(ConflictError, match="just now"):
        answer(session, submission, granted=True)


def test_asking_again_changes_the_wish_that_waits_and_after_an_answer_is_a_new_one(session: Session) -> None:
    submission = a_draft(session)
    ask(session, submission)
    first = latest_extension(session, submission)
    ask(session, submission, wanted=LATER + timedelta(days=1))

    assert first is not None
    assert latest_extension(session, submission) is first
    assert first.wanted == LATER + timedelta(days=1)

    answer(session, submission, granted=False, words="No")
    ask(session, submission)
    second = latest_extension(session, submission)
    assert second is not None
    assert (second is first, second.granted) == (False, None)


@pytest.mark.parametrize("wanted", [date(2026, 12, 31), date(2026, 1, 1), date(2026, 12, 31) + LONGEST + timedelta(days=1)])
def test_only_a_later_day_within_a_quarter_can_be_asked_for(session: Session, wanted: date) -> None:
    with pytest.raises(InvalidInputError) as refused:
        ask(session, a_draft(session), wanted=wanted, reason="")

    assert set(refused.value.fields) == {"wanted", "reason"}


def test_who_has_handed_in_needs_no_time(session: Session) -> None:
    with pytest.raises(NotEditableError):
        ask(session, a_review(session))
