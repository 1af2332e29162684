"""What all pages of one questionnaire share."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from service.accounts.access import Context
from service.errors import NotFoundError
from service.submissions import queries
from service.submissions.delegation_queries import fields_of
from service.submissions.models import Submission, SubmissionStatus
from service.submissions.questionnaire import Group, Question, groups_for
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
    is_colleague
        Whether the person was sent a few questions by a colleague, and sees nothing else.

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
    is_colleague: bool


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
        by_link=context.asking.by_link,
        is_colleague=context.asking.delegation_id is not None,
    )


def path_of(submission: Submission) -> str:
    """Return the address of a questionnaire's task list."""
    return f"/portal/submissions/{submission.id}"


def keeper_of(context: Context) -> str:
    """Return whose typing a browser keeps: a person's, or that of those who share a link."""
    return str(context.asking.user_id or context.asking.delegation_id or "link")


def groups_shown(context: Context, submission: Submission) -> Sequence[Group]:
    """Return the screens with the questions that the person may answer: all, or those that a colleague was sent."""
    groups = groups_for(submission.supplier_type, submission.depth)
    if context.asking.delegation_id is None:
        return groups
    fields = fields_of(context.session, context.asking.delegation_id)
    sent = (replace(group, questions=tuple(one for one in group.questions if one.key in fields)) for group in groups)
    return tuple(group for group in sent if group.questions)


def get_group_shown(context: Context, submission: Submission, key: str) -> Group:
    """Return one screen, if the person may see it."""
    found = next((group for group in groups_shown(context, submission) if group.key == key), None)
    if found is None:
        raise NotFoundError
    return found


def questions_of(groups: Sequence[Group]) -> Sequence[Question]:
    """Return the questions of several screens in their order."""
    return [question for group in groups for question in group.questions]
