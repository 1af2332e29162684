"""By which steps a corrective action goes from open to closed, and how long it may take."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from service.errors import N_, FieldError, InvalidInputError, InvalidTransitionError, SamePersonError
from service.procurement.models import ActionStatus, CorrectiveAction

TRANSITIONS: Final[Mapping[ActionStatus, frozenset[ActionStatus]]] = {
    ActionStatus.OPEN: frozenset({ActionStatus.DONE, ActionStatus.CANCELLED}),
    ActionStatus.DONE: frozenset({ActionStatus.CLOSED, ActionStatus.OPEN, ActionStatus.CANCELLED}),
    ActionStatus.CLOSED: frozenset(),
    ActionStatus.CANCELLED: frozenset(),
}
LONGEST: Final = timedelta(days=183)
"""Six months: what the scoring method gives a supplier of grade C."""
SUGGESTING_GRADES: Final = frozenset({"C", "D", "V"})
"""Grades after which something has to be put right."""


def check_step(present: ActionStatus, wanted: ActionStatus) -> None:
    """Raise InvalidTransitionError unless the step is one of `TRANSITIONS`."""
    if wanted not in TRANSITIONS[present]:
        allowed = ", ".join(sorted(TRANSITIONS[present]))
        raise InvalidTransitionError(present=present, wanted=wanted, allowed=allowed)


def check_due(due: date, *, today: date) -> None:
    """Raise InvalidInputError unless a due date lies ahead, and not by more than six months."""
    if due <= today:
        problem = FieldError(N_("%(due)s is not ahead of today, %(today)s; choose a later day."), due=due, today=today)
        raise InvalidInputError({"due": problem})
    if due > today + LONGEST:
        problem = FieldError(
            N_("%(due)s is more than six months ahead; choose %(latest)s at the latest."), due=due, latest=today + LONGEST
        )
        raise InvalidInputError({"due": problem})


def check_closer(action: CorrectiveAction, by: str) -> None:
    """Raise SamePersonError if whoever looks after an action, or said that it is done, would close it."""
    if by in (f"user:{action.owner_id}", action.done_by):
        raise SamePersonError(N_("You look after this or said that it is done; another person has to close it."))


def is_overdue(action: CorrectiveAction, *, today: date) -> bool:
    """Tell whether a day has passed by which something should have been done."""
    return action.status is ActionStatus.OPEN and action.due < today
