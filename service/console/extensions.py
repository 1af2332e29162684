"""Answering suppliers who ask for more time."""

import uuid
from dataclasses import dataclass

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from service.accounts.access import Context, endpoint, roles
from service.accounts.models import Role
from service.accounts.pages import render_page, see_other
from service.errors import N_, ServiceError
from service.submissions import queries
from service.submissions.extensions import answer_extension, latest_extension
from service.submissions.models import ExtensionRequest, Submission
from service.suppliers import queries as suppliers
from service.suppliers.queries import SupplierRow
from service.web.forms import FormInput, FormState, parse_form, rejected

router = APIRouter()

WRITERS = roles(Role.ENGINEER, Role.PROCUREMENT)


class AnswerForm(FormInput):
    """Whether the time is granted, and the maker's words to it."""

    granted: bool
    words: str = Field(default="", max_length=1000)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionPage:
    """What the supplier asks for; None if it has never asked."""

    submission: Submission
    supplier: SupplierRow
    asked: ExtensionRequest | None
    form: FormState


@router.get("/console/requests/{submission_id}/extension")
@endpoint(WRITERS)
def show_extension(context: Context, submission_id: uuid.UUID) -> Response:
    """Show until when the supplier asks for time, and why."""
    return _show(context, queries.get_submission(context.session, submission_id, visible_to=context.asking), FormState())


@router.post("/console/requests/{submission_id}/extension")
@endpoint(WRITERS)
def answer(context: Context, submission_id: uuid.UUID) -> Response:
    """Grant the time or say why not."""
    submission = queries.get_submission(context.session, submission_id, visible_to=context.asking)
    try:
        said = parse_form(AnswerForm, context.form)
        timezone, by = context.settings.timezone, context.asking.actor
        answer_extension(context.session, submission, **said.model_dump(), timezone=timezone, by=by, at=context.at)
    except ServiceError as error:
        return _show(context, submission, rejected(context.form, error, context.locale), status=error.status)
    return see_other(context, f"/console/requests/{submission_id}", N_("The supplier sees your answer in the questionnaire."))


def _show(context: Context, submission: Submission, form: FormState, *, status: int = 200) -> Response:
    page = ExtensionPage(
        submission=submission,
        supplier=suppliers.get_supplier(context.session, submission.supplier_id, asking=context.asking),
        asked=latest_extension(context.session, submission),
        form=form,
    )
    return render_page(context, "console/extension.html", page, status=status)
