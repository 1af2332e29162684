import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus

from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import SUPPLIER_OR_COLLEAGUE, Context, endpoint
from service.accounts.pages import render_page, see_other
from service.errors import N_, InvalidInputError
from service.i18n import explain, translate
from service.submissions.answers import Entry, read_entry
from service.submissions.models import Submission
from service.submissions.questionnaire import Group
from service.submissions.rules import check_editable
from supplier_portal.fields import FieldView, evidence_shown, state_of
from supplier_portal.frames import Frame, frame_of, get_group_shown, groups_shown, keeper_of, path_of, questionnaire_of
from supplier_portal.progress import Progress, progress_of
from supplier_portal.storing import store_typed
from supplier_portal.typed import comments_from, entries_from, text_of
from supplier_portal.views import views_of

router = APIRouter()

UNREADABLE = N_("Saved. Something can't be read yet; see the message beside the field.")
TYPED_OVER = N_("Saved. Somebody else had just changed this: %(fields)s. Choose below which answer shall stand.")
FILE_LEFT = N_("Saved. The file you chose is not attached yet: choose it again and press “Attach”.")


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupPage:
    """Context of one screen of questions.

    Attributes
    ----------
    folded
        Questions that may wait; `is_unfolded` where one of them needs attention or has an answer.
    errors
        By field, for the summary on top.
    is_unsaved
        Whether the fields show what was typed and could not be stored.
    keeper
        Whose typing a browser keeps: a person, or those who share a link.

    """

    frame: Frame
    title: str
    step: int
    steps: int
    action: str
    previous_href: str
    fields: Sequence[FieldView]
    folded: Sequence[FieldView]
    is_unfolded: bool
    errors: Mapping[str, str]
    progress: Progress
    is_unsaved: bool
    keeper: str


@router.get("/portal/submissions/{submission_id}/{group_key}")
@endpoint(SUPPLIER_OR_COLLEAGUE)
def show_group(context: Context, submission_id: uuid.UUID, group_key: str) -> Response:
    """Show the questions of one screen with what has been answered."""
    submission = questionnaire_of(context, submission_id)
    group = get_group_shown(context, submission, group_key)
    check_editable(submission.status)
    return group_page(context, submission, group, views_of(context, submission, group))


@router.post("/portal/submissions/{submission_id}/{group_key}")
@endpoint(SUPPLIER_OR_COLLEAGUE)
def submit_answers(context: Context, submission_id: uuid.UUID, group_key: str) -> Response:
    """Save what was typed, readable or not; go on to the next screen unless something needs a second look."""
    submission = questionnaire_of(context, submission_id)
    group = get_group_shown(context, submission, group_key)
    try:
        typed_over = store_typed(context, submission, group)
    except InvalidInputError as error:
        return rejected_page(context, submission, group, error)
    here = f"{path_of(submission)}/{group.key}"
    if typed_over:
        return see_other(context, here, TYPED_OVER, kind="warning", fields=_labels(context, group, typed_over))
    warning = _second_look(context, group)
    if warning is not None:
        return see_other(context, here, warning, kind="warning")
    return see_other(
        context, _next_path(context, submission, group) if text_of(context.form, "then") == "next" else here, N_("Saved.")
    )


def group_page(
    context: Context, submission: Submission, group: Group, views: Sequence[FieldView], *, status: int = HTTPStatus.OK
) -> Response:
    """Render one screen of questions."""
    frame = frame_of(context, submission)
    groups = list(groups_shown(context, submission))
    position = groups.index(group)
    folded = [view for view in views if view.is_folded]
    page = GroupPage(
        frame=frame,
        title=translate(context.locale, group.title),
        step=position + 1,
        steps=len(groups),
        action=f"{frame.path}/{group.key}",
        previous_href=f"{frame.path}/{groups[position - 1].key}" if position else frame.path,
        fields=[view for view in views if not view.is_folded],
        folded=folded,
        is_unfolded=any(view.needs_attention for view in folded) or len(folded) == len(views),
        errors={view.key: f"{view.label}: {view.error}" for view in views if view.error},
        progress=progress_of(context, submission, groups),
        is_unsaved=status != HTTPStatus.OK,
        keeper=keeper_of(context),
    )
    return render_page(context, "portal/group.html", page, status=status)


def rejected_page(context: Context, submission: Submission, group: Group, error: InvalidInputError) -> Response:
    """Show the screen again with all that was typed."""
    entries = entries_from(context.form, group.questions)
    said = comments_from(context.form, group.questions)
    messages = {field: explain(context.locale, inner) for field, inner in error.fields.items()}
    views = [
        _as_typed(view, entries.get(view.key, Entry()), said.get(view.key, ""), messages.get(view.key))
        for view in views_of(context, submission, group)
    ]
    return group_page(context, submission, group, views, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _as_typed(view: FieldView, entry: Entry, said: str, error: str | None) -> FieldView:
    return replace(
        view,
        value=entry.entered,
        unit=entry.unit or view.unit,
        converted=None,
        evidence_kind=evidence_shown(entry),
        state=state_of(entry),
        note=entry.note or "",
        said=said,
        error=error,
    )


def _second_look(context: Context, group: Group) -> str | None:
    """Return what to say instead of going on: something can't be read, or a file was chosen but not sent."""
    entries = entries_from(context.form, group.questions)
    if any(read_entry(question, entries[question.key]).error for question in group.questions if question.key in entries):
        return UNREADABLE
    # A file's name without its bytes: this form only carries texts, files go with the button beside them.
    if any(text_of(context.form, f"{question.key}_files") for question in group.questions):
        return FILE_LEFT
    return None


def _next_path(context: Context, submission: Submission, group: Group) -> str:
    groups = list(groups_shown(context, submission))
    position = groups.index(group) + 1
    if position < len(groups):
        return f"{path_of(submission)}/{groups[position].key}"
    is_colleague = context.asking.delegation_id is not None
    return path_of(submission) if is_colleague else f"{path_of(submission)}/evidence"


def _labels(context: Context, group: Group, fields: Sequence[str]) -> str:
    return ", ".join(translate(context.locale, question.label) for question in group.questions if question.key in fields)
