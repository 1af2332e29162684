"""Reporting periods of scores, and the quarters at whose end they are frozen."""

from datetime import date
from typing import Final

Period = tuple[date, date]
"""First and last day of a reporting period."""
_MONTHS: Final = 3


def latest_period(on: date) -> Period:
    """Return the last calendar year that has ended."""
    return date(on.year - 1, 1, 1), date(on.year - 1, 12, 31)


def ended_quarter(on: date) -> str:
    """Return the last quarter that has ended before a day: 2026-Q3 on 22 November 2026."""
    quarter = (on.month - 1) // _MONTHS
    return f"{on.year}-Q{quarter}" if quarter else f"{on.year - 1}-Q4"
