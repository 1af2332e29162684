"""Days picked by hand from the State Council's notices for 2025 and 2026."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from service.campaigns.working_days import SendingHours, chinese_working_days, next_sending_time
from service.settings import Settings

DAYS = chinese_working_days()
HOURS = SendingHours(from_hour=9, until_hour=18, timezone="Asia/Shanghai")


@pytest.mark.parametrize(
    ("day", "is_worked"),
    [
        (date(2026, 2, 13), True),  # Friday before the Spring Festival
        (date(2026, 2, 14), True),  # a Saturday worked in exchange
        (date(2026, 2, 15), False),
        (date(2026, 2, 23), False),  # Monday, last day of the festival
        (date(2026, 2, 24), True),
        (date(2026, 5, 1), False),
        (date(2026, 5, 9), True),  # Saturday worked for Labour Day
        (date(2026, 9, 20), True),  # Sunday worked for the National Day
        (date(2026, 10, 7), False),
        (date(2026, 10, 10), True),
        (date(2026, 11, 21), False),  # an ordinary Saturday
        (date(2025, 1, 26), True),  # Sunday worked for the Spring Festival of 2025
        (date(2025, 10, 8), False),  # National Day and Mid-Autumn of 2025 together: eight days
    ],
)
def test_a_day_is_worked_as_the_notice_says(day: date, is_worked: bool) -> None:  # noqa: FBT001 - a parametrized answer
    assert DAYS.is_working_day(day) is is_worked


def test_a_year_without_a_notice_falls_back_to_weekends_and_fixed_dates() -> None:
    assert not DAYS.is_covered(2027)
    assert not DAYS.is_working_day(date(2027, 1, 1))  # a Friday
    assert not DAYS.is_working_day(date(2027, 10, 1))  # a Friday
    assert not DAYS.is_working_day(date(2027, 2, 6))  # a Saturday
    assert DAYS.is_working_day(date(2027, 2, 8))  # the Spring Festival is not known yet


def test_every_covered_year_has_its_source_and_as_many_days_off_as_the_notices_grant() -> None:
    # 2025: 1 + 8 + 3 + 5 + 3 + 8 = 28; 2026: 3 + 9 + 3 + 5 + 3 + 3 + 7 = 33
    assert {year: sum(day.year == year for day in DAYS.off) for year in DAYS.sources} == {2025: 28, 2026: 33}
    assert all("国务院办公厅" in source for source in DAYS.sources.values())
    assert all(day.weekday() >= 5 for day in DAYS.worked)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-11-20T01:00", "2026-11-20T01:00"),  # Friday 09:00 in Shanghai: at once
        ("2026-11-20T09:59", "2026-11-20T09:59"),  # 17:59
        ("2026-11-20T10:00", "2026-11-23T01:00"),  # 18:00 is quiet; Saturday and Sunday are free; Monday 09:00
        ("2026-11-23T00:30", "2026-11-23T01:00"),  # Monday 08:30: at nine
        ("2026-02-14T12:00", "2026-02-24T01:00"),  # evening before the Spring Festival: nine days later
        ("2026-10-09T16:30", "2026-10-10T01:00"),  # half past midnight in Shanghai, on a Saturday that is worked
    ],
)
def test_a_mail_waits_for_the_next_working_hour(at: str, expected: str) -> None:
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)

    assert next_sending_time(moment, hours=HOURS, days=DAYS) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@given(st.datetimes(min_value=datetime(2025, 1, 1), max_value=datetime(2028, 1, 1)), st.integers(0, 22), st.integers(1, 24))  # noqa: DTZ001 - made aware below
def test_the_next_sending_time_is_never_earlier_and_always_allowed(naive: datetime, first: int, length: int) -> None:
    hours = SendingHours(from_hour=first, until_hour=min(first + length, 24), timezone="Asia/Shanghai")
    at = naive.replace(tzinfo=UTC)

    moment = next_sending_time(at, hours=hours, days=DAYS)

    assert at <= moment <= at + timedelta(days=12)
    assert next_sending_time(moment, hours=hours, days=DAYS) == moment


def test_hours_in_which_nothing_could_be_sent_are_refused_at_the_start() -> None:
    with pytest.raises(ValidationError, match="must be later than reminder_from_hour=18"):
        Settings(reminder_from_hour=18, reminder_until_hour=9)
