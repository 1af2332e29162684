"""What became of the mail with a link: taken by the supplier's mail server, or come back."""

from datetime import datetime

from sqlmodel import Session

from service.errors import N_, FieldError, InvalidInputError
from service.submissions.handover import LONGEST_REASON
from service.submissions.invitation_queries import invitation_of
from service.submissions.models import Submission, SubmissionStatus
from service.submissions.parsing import clean_text
from service.submissions.transitions import move


def note_delivered(session: Session, submission: Submission, *, by: str, at: datetime) -> None:
    """Note that the supplier's mail server has taken the invitation; once the link was opened that is no news."""
    if submission.status is SubmissionStatus.INVITED:
        move(session, submission, SubmissionStatus.DELIVERED, by=by, at=at)


def note_bounced(session: Session, submission: Submission, *, reason: str, by: str, at: datetime) -> None:
    """Note that the invitation can't be delivered, and why.

    Raises
    ------
    InvalidTransitionError
        Somebody has opened the link all the same, or the bounce is known already.

    """
    words = clean_text(reason)[:LONGEST_REASON]
    if not words:
        raise InvalidInputError({"reason": FieldError(N_("Please say what came back, for example “no such mailbox”."))})
    move(session, submission, SubmissionStatus.BOUNCED, by=by, at=at)
    invitation = invitation_of(session, submission.id)
    if invitation is not None:
        invitation.bounce_reason = words
        session.add(invitation)
