"""Requests that nobody answers are closed when their links have ended."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session, select

from service.audit.models import AuditEvent
from service.database import Database
from service.jobs.embedded import run_all_due
from service.jobs.performing import Bench
from service.jobs.regular import Calendar
from service.settings import Settings
from service.submissions import operations
from service.submissions.expiry import expire_overdue
from service.submissions.models import Submission
from service.submissions.models import SubmissionStatus as Status
from service.submissions.rules import NEVER_SUBMITTED, earliest_open_deadline, link_expiry
from service.tasks import DAILY, TASKS
from tests import builders
from tests.conftest import MovableClock

SHANGHAI = "Asia/Shanghai"
DEADLINE = date(2026, 12, 31)  # of the builder; its links open until 2027-01-14 23:59:59 in Shanghai, 15:59:59 UTC
LAST_MOMENT = datetime(2027, 1, 14, 15, 59, 59, tzinfo=UTC)
NEXT_DAY = LAST_MOMENT + timedelta(seconds=1)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(-200_000, 200_000))
def test_a_deadline_is_open_as_long_as_its_link(deadline: date, seconds_later: int) -> None:
    ends = link_expiry(deadline, timezone=SHANGHAI)

    is_open = deadline >= earliest_open_deadline(ends + timedelta(seconds=seconds_later), timezone=SHANGHAI)

    assert is_open == (seconds_later <= 0)


@pytest.mark.parametrize("status", sorted(NEVER_SUBMITTED))
def test_what_was_never_handed_in_expires_on_the_day_after_its_link(session: Session, status: Status) -> None:
    submission = builders.a_submission(session, status=status)

    assert expire_overdue(session, timezone=SHANGHAI, at=LAST_MOMENT) == []
    assert expire_overdue(session, timezone=SHANGHAI, at=NEXT_DAY) == [submission]
    assert expire_overdue(session, timezone=SHANGHAI, at=NEXT_DAY) == []

    assert submission.status == Status.EXPIRED
    event = session.exec(select(AuditEvent).where(AuditEvent.action == "submission_expired")).one()
    assert (event.actor, event.details["before"], event.details["number"]) == ("system", status, submission.number)


@pytest.mark.parametrize("status", sorted(set(Status) - NEVER_SUBMITTED))
def test_everything_else_stays_as_it_is(session: Session, status: Status) -> None:
    submission = builders.a_submission(session, status=status)

    expire_overdue(session, timezone=SHANGHAI, at=NEXT_DAY + timedelta(days=1000))

    assert submission.status == status


def test_more_time_keeps_a_request_open(session: Session) -> None:
    submission = builders.a_submission(session)
    later = DEADLINE + timedelta(days=30)
    operations.extend_deadline(session, submission, deadline=later, timezone=SHANGHAI, by="user:1", at=LAST_MOMENT)

    assert expire_overdue(session, timezone=SHANGHAI, at=NEXT_DAY) == []


def test_it_happens_every_day_by_itself(database: Database, settings: Settings, clock: MovableClock) -> None:
    with database.writing() as session:
        builders.a_submission(session)
    bench = Bench(database=database, settings=settings, clock=clock, tasks=TASKS, daily=DAILY)
    calendar, seen = Calendar(bench), []

    for _ in range(2):
        calendar.turn()
        run_all_due(bench)
        with database.reading() as session:
            seen.append(session.exec(select(Submission.status)).one())
        clock.move(NEXT_DAY - clock())

    assert seen == [Status.IN_PROGRESS, Status.EXPIRED]
