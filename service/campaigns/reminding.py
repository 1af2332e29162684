"""Which reminder is due: fourteen, seven and one day before the deadline, three days after it."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from enum import StrEnum

from service.campaigns.working_days import SendingHours, WorkingDays, next_sending_time

LEAST_PAUSE = timedelta(days=1)
"""Nobody is reminded within a day of being asked; own choice."""


class Step(StrEnum):
    """A reminder by its distance from the deadline, in the order of time."""

    DAYS_14_BEFORE = "T-14"
    DAYS_7_BEFORE = "T-7"
    DAY_BEFORE = "T-1"
    DAYS_3_AFTER = "T+3"

    @property
    def offset(self) -> timedelta:
        """Days from the deadline; negative before it."""
        return timedelta(days=int(self.value[1:]))


def planned_at(step: Step, deadline: date, *, hours: SendingHours, days: WorkingDays) -> datetime:
    """Return when a reminder goes out: at the opening of its day, or of the next working day."""
    return next_sending_time(hours.opening(deadline + step.offset), hours=hours, days=days)


def find_due_step(
    *,
    deadline: date,
    invited_at: datetime,
    sent: Collection[Step],
    at: datetime,
    hours: SendingHours,
    days: WorkingDays,
) -> Step | None:
    """Return the reminder to send now, or None.

    Only the latest whose time has come counts: after a holiday or a stopped server nobody gets two at once.
    """
    if next_sending_time(at, hours=hours, days=days) != at:
        return None
    reached = [step for step in Step if planned_at(step, deadline, hours=hours, days=days) <= at]
    if not reached or reached[-1] in sent:
        return None
    return reached[-1] if at - invited_at >= LEAST_PAUSE else None


def next_planned(
    *, deadline: date, sent: Collection[Step], after: datetime, hours: SendingHours, days: WorkingDays
) -> tuple[Step, datetime] | None:
    """Return the next reminder and when it is planned, or None if no more will come."""
    planned = ((step, planned_at(step, deadline, hours=hours, days=days)) for step in Step if step not in sent)
    return next(((step, moment) for step, moment in planned if moment > after), None)
