"""What a supplier may ask of the maker: more time, or another look at a figure that was returned."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from service.accounts.access import SUPPLIER, Context, endpoint
from service.accounts.pages import render_page, see_other
from service.errors import N_, ServiceError
from service.i18n import translate
from service.submissions import queries
from service.submissions.extensions import ask_for_time, latest_extension
from service.submissions.models import ExtensionRequest, Submission
from service.submissions.objections import object_to_return, returned_fields
from service.submissions.questionnaire import find_question
from service.web.forms import FormInput, FormState, parse_form, rejected
from supplier_portal.frames import Frame, frame_of, path_of, questionnaire_of

router = APIRouter()

OBJECTION = "objection."


class ExtensionForm(FormInput):
    """A later deadline and why it is needed."""

    wanted: date
    reason: str = Field(max_length=1000)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionPage:
    """Context of the page that asks for more time; `latest` is what was asked before."""

    frame: Frame
    deadline: date
    latest: ExtensionRequest | None
    form: FormState


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedField:
    """A field that was returned: its question, the answer and the reviewer's words."""

    key: str
    label: str
    answer: str
    words: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectionPage:
    """Context of the page for objections."""

    frame: Frame
    fields: Sequence[ReturnedField]
    form: FormState


@router.get("/portal/submissions/{submission_id}/extension")
@endpoint(SUPPLIER)
def show_extension(context: Context, submission_id: uuid.UUID) -> Response:
    """Ask until when the supplier needs time."""
    return _extension(context, questionnaire_of(context, submission_id), FormState())


@router.post("/portal/submissions/{submission_id}/extension")
@endpoint(SUPPLIER)
def ask_extension(context: Context, submission_id: uuid.UUID) -> Response:
    """Hand the wish for more time to the maker."""
    submission = questionnaire_of(context, submission_id)
    today = context.today
    try:
        asked = parse_form(ExtensionForm, context.form)
        ask_for_time(context.session, submission, **asked.model_dump(), today=today, by=context.asking.actor, at=context.at)
    except ServiceError as error:
        return _extension(context, submission, rejected(context.form, error, context.locale), status=error.status)
    return see_other(context, path_of(submission), N_("Your contact has been asked for more time."))


@router.get("/portal/submissions/{submission_id}/objection")
@endpoint(SUPPLIER)
def show_objection(context: Context, submission_id: uuid.UUID) -> Response:
    """Show what was returned, to stand by it."""
    return _objection(context, questionnaire_of(context, submission_id), FormState())


@router.post("/portal/submissions/{submission_id}/objection")
@endpoint(SUPPLIER)
def object_to(context: Context, submission_id: uuid.UUID) -> Response:
    """Keep the objections beside their fields."""
    submission = questionnaire_of(context, submission_id)
    words = {name.removeprefix(OBJECTION): str(value) for name, value in context.form.items() if name.startswith(OBJECTION)}
    try:
        object_to_return(context.session, submission, words, by=context.asking.actor, at=context.at)
    except ServiceError as error:
        return _objection(context, submission, rejected(context.form, error, context.locale), status=error.status)
    return see_other(context, path_of(submission), N_("Your objection is kept. Hand the answers in again as they are."))


def _extension(context: Context, submission: Submission, form: FormState, *, status: int = 200) -> Response:
    page = ExtensionPage(
        frame=frame_of(context, submission),
        deadline=submission.deadline,
        latest=latest_extension(context.session, submission),
        form=form,
    )
    return render_page(context, "portal/extension.html", page, status=status)


def _objection(context: Context, submission: Submission, form: FormState, *, status: int = 200) -> Response:
    fields = [_returned(context, submission, key) for key in returned_fields(context.session, submission, at=context.at)]
    page = ObjectionPage(frame=frame_of(context, submission), fields=fields, form=form)
    return render_page(context, "portal/objection.html", page, status=status)


def _returned(context: Context, submission: Submission, key: str) -> ReturnedField:
    question = find_question(submission.supplier_type, key)
    answer = queries.entries_of(context.session, submission.id).get(key)
    comments = queries.comments_of(context.session, submission.id)
    return ReturnedField(
        key=key,
        label=translate(context.locale, question.label if question else N_("The whole questionnaire")),
        answer=f"{answer.entered} {answer.unit or ''}".strip() if answer else "",
        words=[one.text for one in comments if one.field == key and not one.from_supplier and one.is_open],
    )
