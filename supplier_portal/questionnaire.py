import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus

from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import SUPPLIER, Context, endpoint
from service.accounts.pages import render_page, see_other
from service.errors import N_, InvalidInputError
from service.i18n import explain, translate
from service.submissions import operations, queries
from service.submissions.answers import Entry, read_entry
from service.submissions.handover import observe
from service.submissions.models import Submission
from service.submissions.questionnaire import Group, get_group, groups_for
from service.submissions.rules import check_editable
from supplier_portal.fields import FieldView, Known, entries_from, stamps_from, view_field
from supplier_portal.frames import Frame, frame_of, path_of, questionnaire_of
from supplier_portal.overview import Progress, progress_of

router = APIRouter()

UNREADABLE = N_("Saved. Something can't be read yet; see the message beside the field.")
TYPED_OVER = N_("Saved. Somebody else had just changed this: %(fields)s. Their figures are kept under “Earlier answers”.")


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupPage:
    """Context of one screen of questions.

    Attributes
    ----------
    errors
        By field, for the summary on top.
    is_unsaved
        Whether the fields show what was typed and could not be stored.

    """

    frame: Frame
    title: str
    step: int
    steps: int
    action: str
    previous_href: str
    fields: Sequence[FieldView]
    errors: Mapping[str, str]
    progress: Progress
    is_unsaved: bool


@router.get("/portal/submissions/{submission_id}/{group_key}")
@endpoint(SUPPLIER)
def show_group(context: Context, submission_id: uuid.UUID, group_key: str) -> Response:
    """Show the questions of one screen with what has been answered."""
    submission = questionnaire_of(context, submission_id)
    group = get_group(submission.supplier_type, submission.depth, group_key)
    check_editable(submission.status)
    return _group_page(context, submission, group, _views(context, submission, group))


@router.post("/portal/submissions/{submission_id}/{group_key}")
@endpoint(SUPPLIER)
def submit_answers(context: Context, submission_id: uuid.UUID, group_key: str) -> Response:
    """Save what was typed, readable or not; go on to the next screen unless something can't be read."""
    submission = questionnaire_of(context, submission_id)
    group = get_group(submission.supplier_type, submission.depth, group_key)
    entries = entries_from(context.form, group.questions)
    seen = stamps_from(context.form, group.questions)
    try:
        typed_over = operations.save_draft(context.session, submission, entries, by=context.asking.actor, at=context.at, seen=seen)
    except InvalidInputError as error:
        return _rejected_page(context, submission, group, error)
    here = f"{path_of(submission)}/{group.key}"
    if typed_over:
        return see_other(context, here, TYPED_OVER, kind="warning", fields=_labels(context, group, typed_over))
    if any(read_entry(question, entries[question.key]).error for question in group.questions if question.key in entries):
        return see_other(context, here, UNREADABLE, kind="warning")
    return see_other(context, _next_path(submission, group) if context.form.get("then") == "next" else here, N_("Saved."))


def _next_path(submission: Submission, group: Group) -> str:
    groups = list(groups_for(submission.supplier_type, submission.depth))
    position = groups.index(group) + 1
    following = groups[position].key if position < len(groups) else "evidence"
    return f"{path_of(submission)}/{following}"


def _labels(context: Context, group: Group, fields: Sequence[str]) -> str:
    return ", ".join(translate(context.locale, question.label) for question in group.questions if question.key in fields)


def _views(context: Context, submission: Submission, group: Group) -> Sequence[FieldView]:
    known = Known(
        answers=queries.answers_of(context.session, submission.id),
        observations=observe(context.session, submission),
        comments=queries.comments_of(context.session, submission.id),
        earlier=queries.earlier_answers_of(context.session, submission.id),
        previous=queries.find_previous_answers(context.session, submission),
    )
    return [view_field(question, known, context.locale) for question in group.questions]


def _rejected_page(context: Context, submission: Submission, group: Group, error: InvalidInputError) -> Response:
    """Show the screen again with all that was typed."""
    entries = entries_from(context.form, group.questions)
    messages = {field: explain(context.locale, inner) for field, inner in error.fields.items()}
    views = [_as_typed(view, entries.get(view.key, Entry()), messages.get(view.key)) for view in _views(context, submission, group)]
    return _group_page(context, submission, group, views, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _as_typed(view: FieldView, entry: Entry, error: str | None) -> FieldView:
    return replace(
        view,
        value=entry.entered,
        unit=entry.unit or view.unit,
        converted=None,
        evidence_kind=entry.evidence_kind or "",
        absent=entry.absent or "",
        note=entry.note or "",
        error=error,
    )


def _group_page(
    context: Context, submission: Submission, group: Group, views: Sequence[FieldView], *, status: int = HTTPStatus.OK
) -> Response:
    frame = frame_of(context, submission)
    groups = list(groups_for(submission.supplier_type, submission.depth))
    position = groups.index(group)
    page = GroupPage(
        frame=frame,
        title=translate(context.locale, group.title),
        step=position + 1,
        steps=len(groups),
        action=f"{frame.path}/{group.key}",
        previous_href=f"{frame.path}/{groups[position - 1].key}" if position else frame.path,
        fields=views,
        errors={view.key: f"{view.label}: {view.error}" for view in views if view.error},
        progress=progress_of(context, submission),
        is_unsaved=status != HTTPStatus.OK,
    )
    return render_page(context, "portal/group.html", page, status=status)
