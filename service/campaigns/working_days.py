"""When a mail may go out: on working days of the Chinese calendar, between the hours that the deployment allows."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from service.settings import Settings

SATURDAY = 5
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingDays:
    """The calendar: which days are off and which weekend days are worked.

    Attributes
    ----------
    off
        Name of the holiday by day, for the years covered.
    worked
        Saturdays and Sundays on which everybody works, in exchange for days off.
    sources
        The announcement that each covered year was taken from.
    fixed
        (month, day) of holidays that fall on the same date every year; they count for years that are not covered.

    """

    off: Mapping[date, str]
    worked: frozenset[date]
    sources: Mapping[int, str]
    fixed: frozenset[tuple[int, int]]

    def is_covered(self, year: int) -> bool:
        """Whether the announcement for a year is known here."""
        return year in self.sources

    def is_working_day(self, day: date) -> bool:
        """Whether people are at work; for a year that is not covered only weekends and fixed holidays are known."""
        if day in self.worked:
            return True
        is_fixed_holiday = not self.is_covered(day.year) and (day.month, day.day) in self.fixed
        return day.weekday() < SATURDAY and day not in self.off and not is_fixed_holiday


@dataclass(frozen=True, slots=True, kw_only=True)
class SendingHours:
    """Local hours between which reminders go out; `until` itself is quiet already."""

    from_hour: int
    until_hour: int
    timezone: str

    def opening(self, day: date) -> datetime:
        """Return the first moment of a day at which a mail may go out."""
        return datetime.combine(day, time(self.from_hour), tzinfo=ZoneInfo(self.timezone))


def sending_hours(settings: Settings) -> SendingHours:
    """Return the hours that a deployment has chosen."""
    return SendingHours(from_hour=settings.reminder_from_hour, until_hour=settings.reminder_until_hour, timezone=settings.timezone)


def next_sending_time(at: datetime, *, hours: SendingHours, days: WorkingDays) -> datetime:
    """Return `at` if a mail may go out then, else the next opening on a working day."""
    local = at.astimezone(ZoneInfo(hours.timezone))
    if days.is_working_day(local.date()) and hours.from_hour <= local.hour < hours.until_hour:
        return at
    day = local.date() if local.hour < hours.from_hour else local.date() + DAY
    while not days.is_working_day(day):
        day += DAY
    return hours.opening(day)


@lru_cache
def chinese_working_days() -> WorkingDays:
    """Return the calendar that is shipped."""
    source = tomllib.loads((files("service.campaigns") / "data" / "holidays_cn.toml").read_text(encoding="utf-8"))
    return WorkingDays(
        off={day: name for year in source["year"] for day, name in _days_off(year)},
        worked=frozenset(day for year in source["year"] for day in year["working"]),
        sources={year["year"]: year["source"] for year in source["year"]},
        fixed=frozenset((int(text[:2]), int(text[3:])) for text in source["fixed"]["off"]),
    )


def _days_off(year: Mapping[str, Any]) -> Iterator[tuple[date, str]]:
    for holiday in year["off"]:
        day: date = holiday["first"]
        while day <= holiday["last"]:
            yield day, holiday["name"]
            day += DAY
