"""Until when a supplier may object to a score, and who decides."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Final

from service.errors import N_, ConflictError, SamePersonError
from service.procurement.models import Appeal, AppealStatus

WINDOW: Final = timedelta(days=7)


class AppealTooLateError(ConflictError):
    """The days in which a supplier may object are over."""

    code = "appeal-too-late"


def last_day(visible_on: date) -> date:
    """Return the last day on which a supplier may object to a score that it could see from a day on.

    Calendar days where the deployment is; the day itself does not count, so that there are seven whole days.
    """
    return visible_on + WINDOW


def check_window(visible_on: date, *, today: date) -> None:
    """Raise AppealTooLateError once the last day has passed."""
    last = last_day(visible_on)
    if today > last:
        raise AppealTooLateError(
            N_("Objections were possible until %(last)s. Tell your contact what has changed; the next score counts it."),
            last=last,
        )


def check_decider(by: str, involved: Collection[str]) -> None:
    """Raise SamePersonError if somebody whose work a score rests on would decide on the objection."""
    if by in involved:
        raise SamePersonError(N_("The score rests on your own work; another person has to decide on this objection."))


def check_waiting(appeal: Appeal) -> None:
    """Raise ConflictError for an objection that is decided."""
    if appeal.status is not AppealStatus.FILED:
        raise ConflictError(N_("This objection is decided already."))
