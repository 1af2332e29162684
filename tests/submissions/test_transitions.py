"""Every change of status, legal or not, and the trace that it leaves."""

from datetime import UTC, date, datetime
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session, col, select

from service.audit.models import AuditEvent
from service.errors import InvalidTransitionError, StaleVersionError
from service.submissions.expiry import expire_outdated
from service.submissions.models import SubmissionStatus as Status
from service.submissions.rules import TRANSITIONS, USABLE, oldest_valid_period_end
from service.submissions.transitions import move
from tests.builders import NOW, a_submission, a_supplier

SHANGHAI = "Asia/Shanghai"


def test_of_all_pairs_of_statuses_only_those_of_the_table_pass_and_each_leaves_one_event(session: Session) -> None:
    supplier = a_supplier(session)
    passed = set()
    for present, wanted in product(Status, Status):
        submission = a_submission(session, supplier=supplier, status=present)
        try:
            move(session, submission, wanted, by="user:somebody", at=NOW)
        except InvalidTransitionError:
            assert (submission.status, submission.version) == (present, 1)
        else:
            passed.add((present, wanted))
            assert (submission.status, submission.version) == (wanted, 2)
        events = session.exec(select(AuditEvent).where(col(AuditEvent.object_id) == str(submission.id))).all()
        expected = [(f"submission_{wanted}", present)] if (present, wanted) in passed else []
        assert [(one.action, one.details["before"]) for one in events] == expected

    assert passed == {(present, wanted) for present, after in TRANSITIONS.items() for wanted in after}


def test_of_two_who_saw_the_same_version_only_the_first_gets_through(session: Session) -> None:
    submission = a_submission(session, status=Status.IN_REVIEW)
    move(session, submission, Status.RETURNED, version=1, by="user:first", at=NOW)

    with pytest.raises(StaleVersionError):
        move(session, submission, Status.WITHDRAWN, version=1, by="user:second", at=NOW)


@given(st.datetimes(datetime(2001, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)), st.integers(1, 120))  # noqa: DTZ001 - st wants naive bounds
def test_the_same_day_of_an_earlier_month_is_never_later_than_that_many_months_ago(at: datetime, months: int) -> None:
    earliest = oldest_valid_period_end(at, valid_months=months, timezone="UTC")

    passed = (at.year - earliest.year) * 12 + at.month - earliest.month
    assert passed == months
    assert earliest.day <= at.day


def test_a_leap_day_falls_back_to_the_last_day_of_february() -> None:
    leap_day = datetime(2028, 2, 29, 12, 0, tzinfo=UTC)

    assert oldest_valid_period_end(leap_day, valid_months=24, timezone=SHANGHAI) == date(2026, 2, 28)


@pytest.mark.parametrize("status", sorted(USABLE))
def test_answers_expire_on_the_day_after_their_two_years(session: Session, status: Status) -> None:
    submission = a_submission(session, status=status)  # period of 2025: ends on 31 December 2025

    last_day = datetime(2027, 12, 31, 15, 59, 59, tzinfo=UTC)  # a second before 2028 begins in Shanghai
    assert expire_outdated(session, valid_months=24, timezone=SHANGHAI, at=last_day) == []
    next_day = datetime(2027, 12, 31, 16, 0, 0, tzinfo=UTC)
    assert expire_outdated(session, valid_months=24, timezone=SHANGHAI, at=next_day) == [submission]

    assert submission.status is Status.EXPIRED


@pytest.mark.parametrize("status", sorted(set(Status) - USABLE))
def test_what_nobody_may_use_does_not_grow_too_old(session: Session, status: Status) -> None:
    submission = a_submission(session, status=status)

    assert expire_outdated(session, valid_months=1, timezone=SHANGHAI, at=datetime(2036, 1, 1, tzinfo=UTC)) == []
    assert submission.status is status
