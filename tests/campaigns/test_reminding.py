from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.campaigns.reminding import Step, find_due_step, next_planned, planned_at
from service.campaigns.working_days import SendingHours, chinese_working_days

DAYS = chinese_working_days()
HOURS = SendingHours(from_hour=9, until_hour=18, timezone="Asia/Shanghai")
DEADLINE = date(2026, 11, 25)  # a Wednesday; T-14 11 Nov, T-7 18 Nov, T-1 24 Nov, T+3 Saturday 28 Nov, so Monday 30 Nov
LONG_AGO = datetime(2026, 10, 1, tzinfo=UTC)


def due(at: str, *, sent: set[Step] | None = None, invited_at: datetime = LONG_AGO, deadline: date = DEADLINE) -> Step | None:
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)  # nine o'clock in Shanghai is one o'clock here
    return find_due_step(deadline=deadline, invited_at=invited_at, sent=sent or set(), at=moment, hours=HOURS, days=DAYS)


@pytest.mark.parametrize(
    ("at", "step"),
    [
        ("2026-11-10T09:00", None),
        ("2026-11-11T00:59", None),  # 08:59 in Shanghai is quiet
        ("2026-11-11T01:00", Step.DAYS_14_BEFORE),
        ("2026-11-18T01:00", Step.DAYS_7_BEFORE),
        ("2026-11-24T01:00", Step.DAY_BEFORE),
        ("2026-11-28T01:00", None),  # Saturday
        ("2026-11-30T01:00", Step.DAYS_3_AFTER),
    ],
)
def test_each_reminder_is_due_at_the_opening_of_its_working_day(at: str, step: Step | None) -> None:
    assert due(at, sent={one for one in Step if step is not None and one.offset < step.offset}) is step


def test_a_reminder_that_was_sent_is_not_due_again() -> None:
    assert due("2026-11-11T02:00", sent={Step.DAYS_14_BEFORE}) is None


def test_after_a_stopped_server_only_the_latest_is_sent() -> None:
    assert due("2026-11-24T03:00") is Step.DAY_BEFORE
    assert due("2026-11-24T04:00", sent={Step.DAY_BEFORE}) is None


def test_nobody_is_reminded_within_a_day_of_being_asked() -> None:
    invited_at = datetime(2026, 11, 17, 3, 0, tzinfo=UTC)

    assert due("2026-11-18T01:00", invited_at=invited_at) is None
    assert due("2026-11-18T03:00", invited_at=invited_at) is Step.DAYS_7_BEFORE


def test_a_reminder_in_the_spring_festival_waits_for_its_end() -> None:
    # T-7 of 25 February 2026 is the 18th, within the festival of 15 to 23 February.
    assert planned_at(Step.DAYS_7_BEFORE, date(2026, 2, 25), hours=HOURS, days=DAYS) == datetime(2026, 2, 24, 1, tzinfo=UTC)


def test_the_next_reminder_is_named_until_none_is_left() -> None:
    after = datetime(2026, 11, 19, tzinfo=UTC)

    assert next_planned(deadline=DEADLINE, sent=set(), after=after, hours=HOURS, days=DAYS) == (
        Step.DAY_BEFORE,
        datetime(2026, 11, 24, 1, tzinfo=UTC),
    )
    assert next_planned(deadline=DEADLINE, sent=set(Step), after=after, hours=HOURS, days=DAYS) is None


@settings(deadline=None)
@given(st.dates(date(2026, 1, 1), date(2027, 6, 30)), st.integers(1, 60))
def test_over_any_deadline_at_most_four_reminders_go_out_each_once(deadline: date, days_before: int) -> None:
    invited_at = datetime(deadline.year, deadline.month, deadline.day, tzinfo=UTC) - timedelta(days=days_before)
    sent: list[Step] = []
    for hour in range(0, 24 * (days_before + 20), 3):
        at = invited_at + timedelta(hours=hour)
        step = find_due_step(deadline=deadline, invited_at=invited_at, sent=sent, at=at, hours=HOURS, days=DAYS)
        sent += [step] if step else []

    assert len(sent) == len(set(sent))
    assert sent == sorted(sent, key=list(Step).index)
    assert Step.DAYS_3_AFTER in sent
