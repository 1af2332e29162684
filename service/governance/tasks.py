"""Background work of governance."""

from service.clock import day_at
from service.governance.reminders import remind_of_actions
from service.jobs.work import Work


def remind_of_late_actions(work: Work) -> None:
    """Write to everybody who has late actions."""
    with work.finishing() as session:
        remind_of_actions(session, on=day_at(work.at, work.settings.timezone), settings=work.settings, at=work.at)
