"""How a measure moves on: the only place that knows from where to where, and who may."""

from collections.abc import Mapping
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
        raise InvalidTransitionError(
            present=STATUS_NAMES[present],
            wanted=STATUS_NAMES[wanted],
            allowed=", ".join(STATUS_NAMES[one] for one in NEXT[present]),
        )
    if wanted is MeasureStatus.APPROVED and by == author:
        raise SamePersonError(N_("You wrote this measure; another person must approve it."))
