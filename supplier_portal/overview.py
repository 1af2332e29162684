import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import SUPPLIER, SUPPLIER_OR_COLLEAGUE, Context, endpoint
from service.accounts.pages import render_page, see_other
from service.errors import N_, InvalidInputError
from service.i18n import translate
from service.submissions import operations, queries
from service.submissions.delegation_queries import message_of
from service.submissions.drafts import contested_answer
from service.submissions.models import Answer, FieldComment, Submission
from service.submissions.plausibility import Level
from service.submissions.questionnaire import Group, Question, find_question
from service.web.forms import FormState, rejected
from supplier_portal.frames import Frame, frame_of, groups_shown, keeper_of, path_of, questionnaire_of, questions_of
from supplier_portal.progress import Progress, count, is_answered
from supplier_portal.upstream import upstream_href
from supplier_portal.views import observations_shown

router = APIRouter()


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One line of the task list.

    Attributes
    ----------
    progress
        How far its questions are; None where it has none.

    """

    label: str
    href: str
    hint: str
    status: str
    progress: Progress | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Whom of the buyer the supplier can ask."""

    name: str
    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentView:
    """A reviewer's words and where they belong."""

    label: str
    text: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OverviewPage:
    """Context of the task list of one questionnaire."""

    frame: Frame
    tasks: Sequence[Task]
    progress: Progress
    days_left: int
    next_href: str
    is_complete: bool
    message: str | None
    owner: Owner | None
    comments: Sequence[CommentView]
    contested: Sequence[Task]
    receipt_no: str | None
    upstream_href: str | None
    keeper: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclinePage:
    """Context of the page on which a supplier says that it will not answer."""

    frame: Frame
    form: FormState
    idempotency_key: str


@router.get("/portal/submissions/{submission_id}")
@endpoint(SUPPLIER_OR_COLLEAGUE)
def show_overview(context: Context, submission_id: uuid.UUID) -> Response:
    """Show what is to be done, with the reviewer's words on top."""
    submission = questionnaire_of(context, submission_id)
    groups = groups_shown(context, submission)
    state = _state_of(context, submission, groups)
    owner = queries.find_owner(context.session, submission)
    page = OverviewPage(
        frame=frame_of(context, submission),
        tasks=_tasks(context, submission, groups, state),
        progress=count(questions_of(groups), state.answers),
        days_left=(submission.deadline - context.today).days,
        next_href=_next_href(context, submission, groups, state),
        is_complete=not state.waiting,
        message=message_of(context.session, context.asking.delegation_id) if context.asking.delegation_id else submission.message,
        owner=Owner(name=owner.name, email=owner.email) if owner else None,
        comments=[_comment(context, submission, one) for one in state.comments if one.is_open],
        contested=[
            _contested_task(context, submission, question) for question in questions_of(groups) if question.key in state.contested
        ],
        receipt_no=submission.receipt_no,
        upstream_href=upstream_href(context, submission),
        keeper=keeper_of(context),
    )
    return render_page(context, "portal/overview.html", page)


@router.get("/portal/submissions/{submission_id}/decline")
@endpoint(SUPPLIER)
def show_decline(context: Context, submission_id: uuid.UUID) -> Response:
    """Ask why the supplier will not answer."""
    return _decline_page(context, questionnaire_of(context, submission_id), FormState())


@router.post("/portal/submissions/{submission_id}/decline")
@endpoint(SUPPLIER)
def decline(context: Context, submission_id: uuid.UUID) -> Response:
    """Close the questionnaire without answers."""
    submission = questionnaire_of(context, submission_id)
    reason = str(context.form.get("reason", ""))
    path = path_of(submission)
    try:
        operations.decline(context.session, submission, reason=reason, by=context.asking.actor, at=context.at)
    except InvalidInputError as error:
        return _decline_page(context, submission, rejected(context.form, error, context.locale), status=422)
    if context.asking.invitation_id is not None:  # declining ends the link and its sessions
        return see_other(context, "/portal/return", N_("Thank you for telling us. Your contact sees your reason."))
    return see_other(context, path, N_("Thank you for telling us. Your contact sees your reason."))


def _decline_page(context: Context, submission: Submission, form: FormState, *, status: int = 200) -> Response:
    page = DeclinePage(frame=frame_of(context, submission), form=form, idempotency_key=str(uuid.uuid4()))
    return render_page(context, "portal/decline.html", page, status=status)


@dataclass(frozen=True, slots=True, kw_only=True)
class _State:
    """What decides which screen is done and which comes next.

    Attributes
    ----------
    comments
        The maker's words on the questions shown, or on the whole.
    asked_again, wrong, contested
        Questions with open words of the maker, with a doubt or error, with two answers.
    waiting
        Questions without which the questionnaire can't be handed in.

    """

    answers: Mapping[str, Answer]
    comments: Sequence[FieldComment]
    asked_again: frozenset[str]
    wrong: frozenset[str]
    contested: frozenset[str]
    waiting: frozenset[str]


def _state_of(context: Context, submission: Submission, groups: Sequence[Group]) -> _State:
    shown = {question.key for question in questions_of(groups)}
    answers = queries.answers_of(context.session, submission.id)
    observations = observations_shown(context, submission)
    comments = [one for one in queries.comments_of(context.session, submission.id) if not one.from_supplier]
    own = [one for one in comments if one.field in shown or (not one.field and context.asking.delegation_id is None)]
    asked_again = frozenset(one.field for one in own if one.is_open and _is_unsettled(answers.get(one.field), one))
    errors = frozenset(one.field for one in observations if one.level is Level.ERROR)
    return _State(
        answers=answers,
        comments=own,
        asked_again=asked_again,
        wrong=frozenset(one.field for one in observations if one.level is not Level.INFO),
        contested=frozenset(_contested(context, submission, answers)) & shown,
        waiting=asked_again | errors,
    )


def _contested(context: Context, submission: Submission, answers: Mapping[str, Answer]) -> Iterator[str]:
    earlier = queries.earlier_answers_of(context.session, submission.id)
    for field in {one.field for one in earlier if one.is_contested}:
        if contested_answer((one for one in earlier if one.field == field), answers.get(field)) is not None:
            yield field


def _tasks(context: Context, submission: Submission, groups: Sequence[Group], state: _State) -> Sequence[Task]:
    between = "、" if context.locale == "zh-CN" else ", "
    tasks = [
        Task(
            label=translate(context.locale, group.title),
            href=f"{path_of(submission)}/{group.key}",
            hint=between.join(translate(context.locale, question.label) for question in group.questions),
            status=_status(group, state),
            progress=count(group.questions, state.answers),
        )
        for group in groups
    ]
    return tasks if context.asking.delegation_id is not None else [*tasks, _evidence_task(context, submission)]


def _status(group: Group, state: _State) -> str:
    keys = {question.key for question in group.questions}
    if keys & state.asked_again:
        return "returned"
    answered = {key for key in keys if is_answered(state.answers.get(key))}
    if not answered:
        return "not_started"
    return "in_progress" if keys & (state.wrong | state.contested) else "done"


def _is_unsettled(answer: Answer | None, comment: FieldComment) -> bool:
    """Tell whether a field has not been typed since the maker said something about it."""
    return answer is not None and answer.typed_at <= comment.at


def _next_href(context: Context, submission: Submission, groups: Sequence[Group], state: _State) -> str:
    """Return the screen to go on with: the one touched last, else the first after it that waits; at the end the check."""
    last = max(state.answers.values(), key=lambda answer: answer.typed_at, default=None)
    position = next((index for index, group in enumerate(groups) if last and _asks(group, {last.field})), 0)
    in_turn = [*groups[position:], *groups[:position]]
    found = next((group.key for group in in_turn if _asks(group, state.waiting | state.contested)), None)
    if found is not None:
        return f"{path_of(submission)}/{found}"
    return path_of(submission) if context.asking.delegation_id is not None else f"{path_of(submission)}/check"


def _asks(group: Group, fields: Collection[str]) -> bool:
    return any(question.key in fields for question in group.questions)


def _contested_task(context: Context, submission: Submission, question: Question) -> Task:
    href = f"{path_of(submission)}/{question.group}#field-{question.key}"
    return Task(label=translate(context.locale, question.label), href=href, hint="", status="in_progress", progress=None)


def _evidence_task(context: Context, submission: Submission) -> Task:
    files = queries.evidence_of(context.session, submission.id)
    return Task(
        label=translate(context.locale, N_("Evidence files")),
        href=f"{path_of(submission)}/evidence",
        hint=translate(context.locale, N_("Bills, meter readings or weighbridge records: PDF, photo or table")),
        status="done" if files else "not_started",
        progress=None,
    )


def _comment(context: Context, submission: Submission, comment: FieldComment) -> CommentView:
    question = find_question(submission.supplier_type, comment.field)
    if question is None:
        return CommentView(label=translate(context.locale, N_("In general")), text=comment.text, href=path_of(submission))
    href = f"{path_of(submission)}/{question.group}#field-{question.key}"
    return CommentView(label=translate(context.locale, question.label), text=comment.text, href=href)
