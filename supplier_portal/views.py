"""What is known about the questions on a page, read once for all of them."""

from collections.abc import Sequence

from service.accounts.access import Context
from service.submissions import queries
from service.submissions.delegation_queries import delegations_of, names_of_answerers
from service.submissions.handover import observe
from service.submissions.models import Evidence, Submission
from service.submissions.plausibility import Observation
from service.submissions.questionnaire import Group
from supplier_portal.fields import FieldView, Known, view_field
from supplier_portal.frames import groups_shown, path_of, questions_of


def views_of(context: Context, submission: Submission, group: Group) -> Sequence[FieldView]:
    """Return the questions of a screen with everything that is known about their answers."""
    known = known_of(context, submission)
    return [view_field(question, known, context.locale) for question in group.questions]


def known_of(context: Context, submission: Submission) -> Known:
    """Return what is known about the answers of a questionnaire."""
    session = context.session
    answers = queries.answers_of(session, submission.id)
    comments = queries.comments_of(session, submission.id)
    earlier = queries.earlier_answers_of(session, submission.id)
    actors = [*(one.typed_by for one in answers.values()), *(one.typed_by for one in earlier), *(one.by for one in comments)]
    return Known(
        answers=answers,
        observations=observations_shown(context, submission),
        comments=comments,
        earlier=earlier,
        previous=queries.find_previous_answers(session, submission),
        files=files_shown(context, submission),
        delegations=delegations_of(session, submission.id),
        names=names_of_answerers(session, actors),
        reader=context.asking.actor,
        path=path_of(submission),
    )


def files_shown(context: Context, submission: Submission) -> Sequence[Evidence]:
    """Return the files attached; a colleague sees those of their own questions."""
    files = queries.evidence_of(context.session, submission.id)
    if context.asking.delegation_id is None:
        return files
    fields = {question.key for question in questions_of(groups_shown(context, submission))}
    return [one for one in files if fields & set(one.fields)]


def observations_shown(context: Context, submission: Submission) -> Sequence[Observation]:
    """Return what the checks notice; a colleague learns nothing of answers to questions that were not sent to them."""
    if context.asking.delegation_id is None:
        return observe(context.session, submission)
    questions = questions_of(groups_shown(context, submission))
    return observe(context.session, submission, only=questions)
