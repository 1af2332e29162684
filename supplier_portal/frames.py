"""What all pages of one questionnaire share."""

import uuid
from dataclasses import dataclass
from datetime import date

from service.accounts.access import Context
from service.submissions import queries
from service.submissions.models import Submission, SubmissionStatus
from service.submissions.rules import EDITABLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """Which questionnaire a page belongs to.

    Attributes
    ----------
    path
        Address of its task list; its other pages lie below.
    by_link
        Whether the person came by link and PIN, and so has no account.

    """

    path: str
    number: str
    status: SubmissionStatus
    period_start: date
    period_end: date
    deadline: date
    is_editable: bool
    is_sample: bool
    by_link: bool


def questionnaire_of(context: Context, submission_id: uuid.UUID) -> Submission:
    """Return the questionnaire asked for, if the supplier may see it."""
    return queries.get_submission(context.session, submission_id, visible_to=context.asking)


def frame_of(context: Context, submission: Submission) -> Frame:
    """Return what the pages of a questionnaire share."""
    return Frame(
        path=path_of(submission),
        number=submission.number,
        status=submission.status,
        period_start=submission.period_start,
        period_end=submission.period_end,
        deadline=submission.deadline,
        is_editable=submission.status in EDITABLE,
        is_sample=submission.is_sample,
        by_link=context.asking.invitation_id is not None,
    )


def path_of(submission: Submission) -> str:
    """Return the address of a questionnaire's task list."""
    return f"/portal/submissions/{submission.id}"
