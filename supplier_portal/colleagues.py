"""Sending questions to colleagues: who was sent what, how far they are, and the link to hand on."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import SUPPLIER, Context, endpoint
from service.accounts.pages import render_page, see_other
from service.errors import N_, InvalidInputError
from service.i18n import translate
from service.submissions import delegation, queries
from service.submissions.delegation_queries import ACTOR, delegations_of, get_delegation
from service.submissions.models import Answer, Delegation, Submission
from service.submissions.questionnaire import find_question, groups_for
from service.submissions.rules import check_editable
from service.web.forms import FormState, rejected
from supplier_portal.frames import Frame, frame_of, path_of, questionnaire_of, questions_of
from supplier_portal.progress import Progress, count

router = APIRouter()

WHOLE, SINGLE = "group:", "field:"


@dataclass(frozen=True, slots=True, kw_only=True)
class ColleagueLine:
    """A colleague who was sent questions.

    Attributes
    ----------
    progress
        Of the questions sent; `own` of them were last answered by the colleague.

    """

    name: str
    questions: str
    sent_at: datetime
    opened_at: datetime | None
    progress: Progress
    own: int
    revoke_action: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ColleaguesPage:
    """Context of the page of colleagues.

    Attributes
    ----------
    parts
        What can be sent: whole screens, and the one question that the page was opened from.
    link
        The link just made, which is shown once.

    """

    frame: Frame
    lines: Sequence[ColleagueLine]
    form: FormState
    parts: Sequence[tuple[str, str]]
    chosen: Sequence[str]
    link: str | None
    link_message: str


@router.get("/portal/submissions/{submission_id}/colleagues")
@endpoint(SUPPLIER)
def show_colleagues(context: Context, submission_id: uuid.UUID) -> Response:
    """Show who was sent what, and the form to send more."""
    submission = questionnaire_of(context, submission_id)
    check_editable(submission.status)
    return _page(context, submission, chosen=[SINGLE + context.request.query_params.get("field", "")])


@router.post("/portal/submissions/{submission_id}/colleagues")
@endpoint(SUPPLIER)
def send_questions(context: Context, submission_id: uuid.UUID) -> Response:
    """Make a link to some questions and show it once."""
    submission = questionnaire_of(context, submission_id)
    chosen = [str(part) for part in context.form.getlist("fields")]
    try:
        link = delegation.delegate(
            context.session,
            submission,
            fields=_fields(submission, chosen),
            colleague=str(context.form.get("colleague", "")),
            message=str(context.form.get("message", "")),
            settings=context.settings,
            by=context.asking.actor,
            at=context.at,
        )
    except InvalidInputError as error:
        return _page(context, submission, chosen=chosen, form=rejected(context.form, error, context.locale), status=422)
    return _page(context, submission, chosen=[], link=link)


@router.post("/portal/submissions/{submission_id}/colleagues/{delegation_id}/revoke")
@endpoint(SUPPLIER)
def end_link(context: Context, submission_id: uuid.UUID, delegation_id: uuid.UUID) -> Response:
    """End a colleague's link."""
    submission = questionnaire_of(context, submission_id)
    found = get_delegation(context.session, submission, delegation_id)
    delegation.revoke(context.session, found, by=context.asking.actor, at=context.at)
    return see_other(context, f"{path_of(submission)}/colleagues", N_("The link no longer opens. What was filled in is kept."))


def _fields(submission: Submission, chosen: Sequence[str]) -> set[str]:
    """Return the questions of the parts chosen; what is no part of the questionnaire counts as not chosen."""
    groups = {group.key: group for group in groups_for(submission.supplier_type, submission.depth)}
    whole = [groups[key] for key in (one.removeprefix(WHOLE) for one in chosen) if key in groups]
    single = {one.removeprefix(SINGLE) for one in chosen if one.startswith(SINGLE)}
    return {question.key for question in questions_of(whole)} | single


def _page(
    context: Context,
    submission: Submission,
    *,
    chosen: Sequence[str],
    form: FormState | None = None,
    link: str | None = None,
    status: int = 200,
) -> Response:
    answers = queries.answers_of(context.session, submission.id)
    page = ColleaguesPage(
        frame=frame_of(context, submission),
        lines=[_line(context, submission, one, answers) for one in delegations_of(context.session, submission.id)],
        form=form or FormState(),
        parts=_parts(context, submission, chosen),
        chosen=chosen,
        link=link,
        link_message=_words(context, submission, link) if link else "",
    )
    response = render_page(context, "portal/colleagues.html", page, status=status)
    response.headers["Cache-Control"] = "no-store"  # the link opens questions
    return response


def _parts(context: Context, submission: Submission, chosen: Sequence[str]) -> Sequence[tuple[str, str]]:
    groups = groups_for(submission.supplier_type, submission.depth)
    whole = [(WHOLE + group.key, translate(context.locale, group.title)) for group in groups]
    asked = questions_of(groups)
    single = [(SINGLE + one.key, translate(context.locale, one.label)) for one in asked if SINGLE + one.key in chosen]
    return [*single, *whole]


def _line(context: Context, submission: Submission, one: Delegation, answers: Mapping[str, Answer]) -> ColleagueLine:
    found = (find_question(submission.supplier_type, key) for key in one.fields)
    questions = [question for question in found if question is not None]
    return ColleagueLine(
        name=one.colleague,
        questions=", ".join(translate(context.locale, question.label) for question in questions),
        sent_at=one.created_at,
        opened_at=one.first_opened_at,
        progress=count(questions, answers),
        own=sum(answers[key].typed_by == f"{ACTOR}{one.id}" for key in one.fields if key in answers),
        revoke_action=f"{path_of(submission)}/colleagues/{one.id}/revoke",
    )


def _words(context: Context, submission: Submission, link: str) -> str:
    message = N_(
        "Please help me with a few figures by %(deadline)s: %(link)s – choose a PIN when you open it; no account is needed."
    )
    return translate(context.locale, message, deadline=submission.deadline, link=link)
