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
from service.submissions import operations, queries
from service.submissions.handover import observe
from service.submissions.models import Answer, Evidence, FieldComment, Submission
from service.submissions.plausibility import Level
from service.submissions.questionnaire import MINUTES_PER_QUESTION, Group, groups_for, questions_for
from service.web.forms import FormState, rejected
from supplier_portal.frames import Frame, frame_of, path_of, questionnaire_of

router = APIRouter()


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """Context of the list of a supplier's questionnaires."""

    submissions: Sequence[queries.SubmissionRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One line of the task list."""

    label: str
    href: str | None
    hint: str
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Whom of the buyer the supplier can ask."""

    name: str
    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a questionnaire is."""

    answered: int
    asked: int
    saved_at: datetime | None

    @property
    def minutes_left(self) -> int:
        """Estimate of the minutes that the rest takes."""
        return (self.asked - self.answered) * MINUTES_PER_QUESTION


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
    message: str | None
    owner: Owner | None
    comments: Sequence[CommentView]
    receipt_no: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclinePage:
    """Context of the page on which a supplier says that it will not answer."""

    frame: Frame
    form: FormState
    idempotency_key: str


@router.get("/portal")
@endpoint(SUPPLIER)
def show_list(context: Context) -> Response:
    """List the supplier's questionnaires; who came by link goes to the one it opens."""
    if context.asking.submission_id is not None:
        return see_other(context, f"/portal/submissions/{context.asking.submission_id}")
    rows = queries.find_submissions(context.session, visible_to=context.asking)
    return render_page(context, "portal/list.html", ListPage(submissions=rows))


@router.get("/portal/submissions/{submission_id}")
@endpoint(SUPPLIER)
def show_overview(context: Context, submission_id: uuid.UUID) -> Response:
    """Show what is to be done, with the reviewer's words on top."""
    submission = questionnaire_of(context, submission_id)
    frame = frame_of(context, submission)
    tasks = _tasks(context, submission, frame)
    owner = queries.find_owner(context.session, submission)
    page = OverviewPage(
        frame=frame,
        tasks=tasks,
        progress=progress_of(context, submission),
        days_left=(submission.deadline - context.at.date()).days,
        next_href=next(
            (task.href for task in tasks if task.href and task.status in {"returned", "in_progress", "not_started"}), frame.path
        ),
        message=submission.message,
        owner=Owner(name=owner.name, email=owner.email) if owner else None,
        comments=_comments(context, submission, frame),
        receipt_no=submission.receipt_no,
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


def progress_of(context: Context, submission: Submission) -> Progress:
    """Return how far a questionnaire is."""
    answers = queries.answers_of(context.session, submission.id)
    questions = questions_for(submission.supplier_type)
    return Progress(
        answered=sum(1 for question in questions if _is_answered(answers.get(question.key))),
        asked=len(questions),
        saved_at=max((answer.typed_at for answer in answers.values()), default=None),
    )


def _decline_page(context: Context, submission: Submission, form: FormState, *, status: int = 200) -> Response:
    page = DeclinePage(frame=frame_of(context, submission), form=form, idempotency_key=str(uuid.uuid4()))
    return render_page(context, "portal/decline.html", page, status=status)


def _is_answered(answer: Answer | None) -> bool:
    return answer is not None and not queries.entry_of(answer).is_empty


def _tasks(context: Context, submission: Submission, frame: Frame) -> Sequence[Task]:
    answers = queries.answers_of(context.session, submission.id)
    wrong = {one.field for one in observe(context.session, submission) if one.level is not Level.INFO}
    open_comments = {one.field for one in queries.comments_of(context.session, submission.id) if one.is_open}
    groups = [
        Task(
            label=translate(context.locale, group.title),
            href=f"{frame.path}/{group.key}" if frame.is_editable else None,
            hint=", ".join(translate(context.locale, question.label) for question in group.questions),
            status=_status(group, answers, wrong=wrong, commented=open_comments),
        )
        for group in groups_for(submission.supplier_type)
    ]
    return [*groups, _evidence_task(context, frame, queries.evidence_of(context.session, submission.id))]


def _status(group: Group, answers: Mapping[str, Answer], *, wrong: set[str], commented: set[str]) -> str:
    keys = {question.key for question in group.questions}
    if keys & commented:
        return "returned"
    answered = {key for key in keys if _is_answered(answers.get(key))}
    if not answered:
        return "not_started"
    return "in_progress" if keys & wrong else "done"


def _next_href(tasks: Sequence[Task], frame: Frame) -> str:
    """Return the first part that waits for the supplier; evidence files are welcome, not waited for."""
    waiting = (task.href for task in tasks[:-1] if task.href and task.status != "done")
    return next(waiting, f"{frame.path}/check")


def _evidence_task(context: Context, frame: Frame, files: Sequence[Evidence]) -> Task:
    return Task(
        label=translate(context.locale, N_("Evidence files")),
        href=f"{frame.path}/evidence" if frame.is_editable else None,
        hint=translate(context.locale, N_("Bills, meter readings or weighbridge records: PDF, photo or table")),
        status="done" if files else "not_started",
    )


def _comments(context: Context, submission: Submission, frame: Frame) -> Sequence[CommentView]:
    places = {question.key: question for question in questions_for(submission.supplier_type)}

    def view(comment: FieldComment) -> CommentView:
        question = places.get(comment.field)
        if question is None:
            return CommentView(label=translate(context.locale, N_("In general")), text=comment.text, href=frame.path)
        href = f"{frame.path}/{question.group}#field-{question.key}"
        return CommentView(label=translate(context.locale, question.label), text=comment.text, href=href)

    return [view(comment) for comment in queries.comments_of(context.session, submission.id) if comment.is_open]
