"""The reporting period: over, twelve months, recent, counted once."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from service.errors import N_, FieldError
from service.submissions.plausibility.cases import Case, Period, Surroundings
from service.submissions.plausibility.observations import Level, Observation, error

PERIOD: Final = "period"
"""Stands for the whole period where it is no question of the questionnaire."""
START, END = "data_from", "data_to"
OLDEST_YEARS: Final = 3
"""Product category rules of the trade accept primary data of the last three years."""
MONTHS: Final = 12


def find_period_problems(case: Case) -> Iterator[Observation]:
    """Yield what is wrong with the period that was typed, else with the one that was asked for."""
    typed, around = _typed_period(case), case.surroundings
    if typed is not None:
        yield from _typed_problems(typed, around)
    period = typed or around.period
    if period is None or around.today is None:
        return
    level = Level.WARNING if typed else Level.INFO  # whoever answers did not choose the period that was asked for
    if typed is None and period[1] > around.today:
        template = N_("The period ends on %(end)s, which is still to come. Say whether the figures are complete.")
        yield _about(period, "period_not_over", template, level)
    if period[1] < _years_before(around.today, OLDEST_YEARS):
        template = N_("The period ended on %(end)s, more than three years ago. Are there newer figures?")
        yield _about(period, "period_too_old", template, level)
    if any(other != period and other[0] <= period[1] and period[0] <= other[1] for other in around.other_periods):
        template = N_(
            "The period %(start)s to %(end)s overlaps with another one of your accepted answers; months would count twice."
        )
        yield _about(period, "period_overlaps", template, level)


def _typed_period(case: Case) -> Period | None:
    days = [_typed_day(case, key) for key in (START, END)]
    return (days[0], days[1]) if days[0] is not None and days[1] is not None else None


def _typed_day(case: Case, key: str) -> date | None:
    given = case.answers.get(key)
    return date.fromisoformat(given.reading.text) if given is not None and given.reading.text else None


def _typed_problems(typed: Period, around: Surroundings) -> Iterator[Observation]:
    start, end = typed
    days = {"start": start.isoformat(), "end": end.isoformat()}
    if end < start:
        yield error(END, "period_reversed", FieldError(N_("The period ends on %(end)s, before it begins on %(start)s."), **days))
    elif around.today is not None and end > around.today:
        yield error(
            END,
            "period_not_over",
            FieldError(N_("The period ends on %(end)s, which is still to come. Give a period that is over."), **days),
        )
    elif end + timedelta(days=1) != _months_after(start, MONTHS):
        template = N_(
            "%(start)s to %(end)s is not twelve whole months. Give twelve months in a row, or say why the period is another."
        )
        yield Observation(field=END, rule="not_twelve_months", level=Level.WARNING, template=template, values=days)
    elif around.period is not None and typed != around.period:
        template = N_("%(start)s to %(end)s is not the period that was asked for, %(wanted_start)s to %(wanted_end)s.")
        wanted = {"wanted_start": around.period[0].isoformat(), "wanted_end": around.period[1].isoformat()}
        yield Observation(field=START, rule="another_period", level=Level.WARNING, template=template, values={**days, **wanted})


def _about(period: Period, rule: str, template: str, level: Level) -> Observation:
    values = {"start": period[0].isoformat(), "end": period[1].isoformat()}
    return Observation(field=END if level is Level.WARNING else PERIOD, rule=rule, level=level, template=template, values=values)


def _years_before(day: date, years: int) -> date:
    return date(day.year - years, day.month, min(day.day, 28))


def _months_after(day: date, months: int) -> date | None:
    """Return the same day of the month some months later; None where that month has no such day."""
    month = day.month - 1 + months
    try:
        return date(day.year + month // 12, month % 12 + 1, day.day)
    except ValueError:
        return None
