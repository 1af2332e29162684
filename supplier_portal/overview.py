import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import SUPPLIER, Context, endpoint
from service.accounts.pages import render_page, see_other
from service.clock import day_at
from service.errors import N_, InvalidInputError
from service.i18n import translate
from service.submissions import operations, queries
from service.submissions.handover import observe
from service.submissions.models import Answer, FieldComment, Submission
from service.submissions.plausibility import Level, Observation
from service.submissions.questionnaire import MINUTES_PER_QUESTION, Group, find_question, groups_for, questions_for
from service.web.forms import FormState, rejected
from supplier_portal.frames import Frame, frame_of, path_of, questionnaire_of

router = APIRouter()


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One line of the task list."""

    label: str
    href: str
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
    is_complete: bool
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


@router.get("/portal/submissions/{submission_id}")
@endpoint(SUPPLIER)
def show_overview(context: Context, submission_id: uuid.UUID) -> Response:
    """Show what is to be done, with the reviewer's words on top."""
    submission = questionnaire_of(context, submission_id)
    frame = frame_of(context, submission)
    observations = observe(context.session, submission)
    comments = [one for one in queries.comments_of(context.session, submission.id) if one.is_open]
    asked_again = _unsettled(queries.answers_of(context.session, submission.id), comments)
    owner = queries.find_owner(context.session, submission)
    page = OverviewPage(
        frame=frame,
        tasks=_tasks(context, submission, observations, asked_again),
        progress=progress_of(context, submission),
        days_left=(submission.deadline - day_at(context.at, context.settings.timezone)).days,
        next_href=_next_href(submission, observations, asked_again),
        is_complete=not asked_again and not any(one.level is Level.ERROR for one in observations),
        message=submission.message,
        owner=Owner(name=owner.name, email=owner.email) if owner else None,
        comments=[_comment(context, submission, one) for one in comments],
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
    questions = questions_for(submission.supplier_type, submission.depth)
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


def _tasks(context: Context, submission: Submission, observations: Sequence[Observation], asked_again: set[str]) -> Sequence[Task]:
    answers = queries.answers_of(context.session, submission.id)
    wrong = {one.field for one in observations if one.level is not Level.INFO}
    groups = [
        Task(
            label=translate(context.locale, group.title),
            href=f"{path_of(submission)}/{group.key}",
            hint=", ".join(translate(context.locale, question.label) for question in group.questions),
            status=_status(group, answers, wrong=wrong, asked_again=asked_again),
        )
        for group in groups_for(submission.supplier_type, submission.depth)
    ]
    return [*groups, _evidence_task(context, submission)]


def _status(group: Group, answers: Mapping[str, Answer], *, wrong: set[str], asked_again: set[str]) -> str:
    keys = {question.key for question in group.questions}
    if keys & asked_again:
        return "returned"
    answered = {key for key in keys if _is_answered(answers.get(key))}
    if not answered:
        return "not_started"
    return "in_progress" if keys & wrong else "done"


def _unsettled(answers: Mapping[str, Answer], comments: Sequence[FieldComment]) -> set[str]:
    """Return the fields that have not been typed since a reviewer asked about them."""
    return {one.field for one in comments if one.field in answers and answers[one.field].typed_at <= one.at}


def _next_href(submission: Submission, observations: Sequence[Observation], asked_again: set[str]) -> str:
    """Return the first screen with a reviewer's question or an error, else the check, where doubts are settled."""
    waiting = asked_again | {one.field for one in observations if one.level is Level.ERROR}
    groups = groups_for(submission.supplier_type, submission.depth)
    screens = (group.key for group in groups if any(question.key in waiting for question in group.questions))
    return f"{path_of(submission)}/{next(screens, 'check')}"


def _evidence_task(context: Context, submission: Submission) -> Task:
    files = queries.evidence_of(context.session, submission.id)
    return Task(
        label=translate(context.locale, N_("Evidence files")),
        href=f"{path_of(submission)}/evidence",
        hint=translate(context.locale, N_("Bills, meter readings or weighbridge records: PDF, photo or table")),
        status="done" if files else "not_started",
    )


def _comment(context: Context, submission: Submission, comment: FieldComment) -> CommentView:
    question = find_question(submission.supplier_type, comment.field)
    if question is None:
        return CommentView(label=translate(context.locale, N_("In general")), text=comment.text, href=path_of(submission))
    href = f"{path_of(submission)}/{question.group}#field-{question.key}"
    return CommentView(label=translate(context.locale, question.label), text=comment.text, href=href)
