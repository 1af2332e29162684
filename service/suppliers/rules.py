"""Pure rules on what may be asked of a supplier."""

from collections.abc import Mapping
from datetime import date, timedelta

from service.errors import N_, FieldError

RECOMMENDED_DAYS = (365, 366)
"""The questionnaire asks for 12 consecutive months, so that seasons and shutdowns even out."""
LONGEST_TIME_TO_ANSWER = timedelta(days=2 * 366)


def find_request_problems(*, period_start: date, period_end: date, deadline: date, today: date) -> Mapping[str, FieldError]:
    """Return what is wrong with the dates of a request, by field: the supplier must be able to answer in time."""
    problems: dict[str, FieldError] = {}
    if period_start > today:
        problems["period_start"] = FieldError(
            N_("The period starts on %(start)s, in the future; ask for a period that has begun."), start=period_start
        )
    problem = find_deadline_problem(deadline, today=today)
    if problem is not None:
        problems["deadline"] = problem
    elif deadline <= period_end:
        problems["deadline"] = FieldError(
            N_("The deadline %(deadline)s comes before the period is over (%(end)s); choose a later day."),
            deadline=deadline,
            end=period_end,
        )
    return problems


def find_deadline_problem(deadline: date, *, today: date) -> FieldError | None:
    """Return why a day can't be a deadline, or None; a link lives as long as its deadline, so that has an end too."""
    if deadline < today:
        return FieldError(
            N_("The deadline %(deadline)s has passed; choose today, %(today)s, or later."), deadline=deadline, today=today
        )
    latest = today + LONGEST_TIME_TO_ANSWER
    if deadline > latest:
        return FieldError(
            N_("The deadline %(deadline)s is too far away; choose %(latest)s or earlier."), deadline=deadline, latest=latest
        )
    return None


def is_recommended_period(period_start: date, period_end: date) -> bool:
    """Whether a period has twelve months."""
    return (period_end - period_start).days + 1 in RECOMMENDED_DAYS


def last_full_year(today: date) -> tuple[date, date]:
    """Return first and last day of the calendar year before."""
    return date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)
