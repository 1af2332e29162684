"""How old something is on the day of a score."""

import calendar
from datetime import date
from typing import Final

DAYS_PER_YEAR: Final = 365.25
MONTHS_PER_YEAR: Final = 12


def months_earlier(day: date, months: float) -> date:
    """Return the same day of the month so many whole months earlier, or the month's last day."""
    count = day.year * MONTHS_PER_YEAR + day.month - 1 - int(months)
    year, month = divmod(count, MONTHS_PER_YEAR)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def is_older(day: date, *, months: float, on: date) -> bool:
    """Tell whether a day lies more than so many months back."""
    return day < months_earlier(on, months)


def years_between(first: date, last: date) -> float:
    """Return years from one day to another; negative if the last comes first."""
    return (last - first).days / DAYS_PER_YEAR
