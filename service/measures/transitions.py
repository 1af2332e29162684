"""How a measure moves on: the only place that knows from where to where, and who may."""

from collections.abc import Mapping, Sequence
from typing import Final

from service.errors import N_, InvalidTransitionError, SamePersonError
from service.measures.models import MeasureStatus

NEXT: Final[Mapping[MeasureStatus, tuple[MeasureStatus, ...]]] = {
    MeasureStatus.IDEA: (MeasureStatus.ASSESSED, MeasureStatus.DROPPED),
    MeasureStatus.ASSESSED: (MeasureStatus.APPROVED, MeasureStatus.IDEA, MeasureStatus.DROPPED),
    MeasureStatus.APPROVED: (MeasureStatus.RUNNING, MeasureStatus.DROPPED),
    MeasureStatus.RUNNING: (MeasureStatus.DONE, MeasureStatus.DROPPED),
    MeasureStatus.DONE: (),
    MeasureStatus.DROPPED: (MeasureStatus.IDEA,),
}
STATUS_NAMES: Final[Mapping[MeasureStatus, str]] = {
    MeasureStatus.IDEA: N_("Idea"),
    MeasureStatus.ASSESSED: N_("Assessed"),
    MeasureStatus.APPROVED: N_("Approved for carrying out"),
    MeasureStatus.RUNNING: N_("Being carried out"),
    MeasureStatus.DONE: N_("Carried out"),
    MeasureStatus.DROPPED: N_("Given up"),
}


def check_move(present: MeasureStatus, wanted: MeasureStatus, *, author: str, by: str) -> None:
    """Refuse a move that is not one of those allowed, or an approval by the person who wrote the measure.

    Raises
    ------
    InvalidTransitionError
        With the moves that are allowed.
    SamePersonError
        Approval needs another person.

    """
    if wanted not in NEXT[present]:
        raise _refused(present, wanted, NEXT[present])
    if wanted is MeasureStatus.APPROVED and by == author:
        raise SamePersonError(N_("You wrote this measure; another person must approve it."))


def check_door(present: MeasureStatus, wanted: MeasureStatus, *, is_approval: bool) -> None:
    """Refuse an approval at the door for other moves, and other moves at the door for approvals: each has its own roles."""
    if (wanted is MeasureStatus.APPROVED) is not is_approval:
        raise _refused(present, wanted, [one for one in NEXT[present] if (one is MeasureStatus.APPROVED) is is_approval])


def _refused(present: MeasureStatus, wanted: MeasureStatus, allowed: Sequence[MeasureStatus]) -> InvalidTransitionError:
    names = ", ".join(STATUS_NAMES[one] for one in allowed)
    return InvalidTransitionError(present=STATUS_NAMES[present], wanted=STATUS_NAMES[wanted], allowed=names)
