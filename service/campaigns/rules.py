"""What follows for one supplier of a campaign, and what a campaign may still do."""

from datetime import timedelta
from enum import StrEnum

from service.campaigns.models import CampaignStatus
from service.errors import N_, ConflictError
from service.submissions.models import SubmissionStatus as Status

QUIET_FOR = timedelta(days=7)
"""After so long without an opening or a keystroke somebody should call; own choice."""


class NextAction(StrEnum):
    """What the owner does next about one supplier."""

    START = "start"
    HAND_ON = "hand_on"
    CORRECT_ADDRESS = "correct_address"
    WAIT = "wait"
    CALL = "call"
    EXTEND = "extend"
    REVIEW = "review"
    READ_REASON = "read_reason"
    ASK_AGAIN = "ask_again"
    NOTHING = "nothing"


class CampaignStateError(ConflictError):
    """The campaign's present state forbids the request."""

    code = "campaign-state"


_BY_STATUS = {
    Status.PLANNED: NextAction.START,
    Status.BOUNCED: NextAction.CORRECT_ADDRESS,
    Status.SUBMITTED: NextAction.REVIEW,
    Status.IN_REVIEW: NextAction.REVIEW,
    Status.ACCEPTED: NextAction.NOTHING,
    Status.IN_USE: NextAction.NOTHING,
    Status.SUPERSEDED: NextAction.NOTHING,
    Status.DECLINED: NextAction.READ_REASON,
    Status.WITHDRAWN: NextAction.NOTHING,
    Status.EXPIRED: NextAction.ASK_AGAIN,
}


def next_action(status: Status | None, *, days_left: int, in_stage: timedelta | None) -> NextAction:
    """Return what the owner does next about a supplier.

    Parameters
    ----------
    status
        Of its request; None before there is one.
    days_left
        Until the deadline; negative if it has passed.
    in_stage
        How long the request has stood at its status; None if that is not known.

    """
    if status is None:
        return NextAction.START
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    if days_left < 0:
        return NextAction.EXTEND
    if in_stage is not None and in_stage >= QUIET_FOR:
        return NextAction.CALL
    return NextAction.HAND_ON if status is Status.INVITED else NextAction.WAIT


def check_draft(status: CampaignStatus) -> None:
    """Raise unless a campaign can still be prepared."""
    if status is not CampaignStatus.DRAFT:
        raise CampaignStateError(N_("This campaign has started; period, depth and the letter can't be changed any more."))


def check_open(status: CampaignStatus) -> None:
    """Raise if a campaign is closed."""
    if status is CampaignStatus.CLOSED:
        raise CampaignStateError(N_("This campaign is closed; begin a new one."))
