import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import SUPPLIER, Context, endpoint
from service.accounts.pages import render_page, see_other
from service.errors import N_, InvalidInputError, NotFoundError
from service.i18n import explain, translate
from service.submissions import operations, queries
from service.submissions.answers import Entry
from service.submissions.handover import observe
from service.submissions.models import Evidence, Submission
from service.submissions.plausibility import Level, Observation, explain_observation
from service.submissions.questionnaire import find_question, questions_for
from service.submissions.rules import check_editable
from supplier_portal.fields import show_entry
from supplier_portal.frames import Frame, frame_of, path_of, questionnaire_of

router = APIRouter()

REASON = "reason."


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemView:
    """Something a check noticed.

    Attributes
    ----------
    reason_name
        Name of the form field for the reason; empty where none is asked.

    """

    label: str
    message: str
    href: str
    reason_name: str
    reason: str
    error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckPage:
    """Context of the page before handing in.

    Attributes
    ----------
    carried
        How many answers are as in the last questionnaire; handing in confirms them.

    """

    frame: Frame
    errors: Sequence[ProblemView]
    warnings: Sequence[ProblemView]
    notes: Sequence[ProblemView]
    summary: Mapping[str, str]
    files: int
    carried: int
    idempotency_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerLine:
    """One answer on the receipt."""

    label: str
    text: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptPage:
    """Context of the receipt."""

    frame: Frame
    receipt_no: str
    answers_sha256: str
    submitted_at: datetime
    answers: Sequence[AnswerLine]
    files: Sequence[Evidence]


@router.get("/portal/submissions/{submission_id}/check")
@endpoint(SUPPLIER)
def show_check(context: Context, submission_id: uuid.UUID) -> Response:
    """Show what is still wrong or doubtful, and the button to hand in."""
    submission = questionnaire_of(context, submission_id)
    check_editable(submission.status)
    return _check_page(context, submission, reasons={}, errors={})


@router.post("/portal/submissions/{submission_id}/check")
@endpoint(SUPPLIER)
def hand_in(context: Context, submission_id: uuid.UUID) -> Response:
    """Hand the answers in; doubts without a reason come back beside their arithmetic."""
    submission = questionnaire_of(context, submission_id)
    reasons = _reasons(context)
    try:
        operations.submit(context.session, submission, by=context.asking.actor, at=context.at, reasons=reasons)
    except InvalidInputError as error:
        messages = {field: explain(context.locale, inner) for field, inner in error.fields.items()}
        return _check_page(context, submission, reasons=reasons, errors=messages, status=422)
    return see_other(context, f"{path_of(submission)}/receipt")


@router.post("/portal/submissions/{submission_id}/reasons")
@endpoint(SUPPLIER)
def save_reasons(context: Context, submission_id: uuid.UUID) -> Response:
    """Keep reasons before a figure is corrected elsewhere."""
    submission = questionnaire_of(context, submission_id)
    operations.keep_reasons(context.session, submission, _reasons(context))
    return see_other(context, f"{path_of(submission)}/check", N_("Saved."))


@router.get("/portal/submissions/{submission_id}/receipt")
@endpoint(SUPPLIER)
def show_receipt(context: Context, submission_id: uuid.UUID) -> Response:
    """Show the receipt of what was handed in last."""
    submission = questionnaire_of(context, submission_id)
    if submission.receipt_no is None or submission.submitted_at is None or submission.answers_sha256 is None:
        raise NotFoundError
    page = ReceiptPage(
        frame=frame_of(context, submission),
        receipt_no=submission.receipt_no,
        answers_sha256=submission.answers_sha256,
        submitted_at=submission.submitted_at,
        answers=_answer_lines(context, submission),
        files=queries.evidence_of(context.session, submission.id),
    )
    return render_page(context, "portal/receipt.html", page)


def _reasons(context: Context) -> Mapping[str, str]:
    """Return reasons by the key of what they explain."""
    return {name.removeprefix(REASON): str(value) for name, value in context.form.items() if name.startswith(REASON)}


def _check_page(
    context: Context, submission: Submission, *, reasons: Mapping[str, str], errors: Mapping[str, str], status: int = 200
) -> Response:
    stored = {f"{one.field}.{one.rule}": one.reason or "" for one in queries.findings_of(context.session, submission.id)}
    seen = observe(context.session, submission)
    views = [(one.level, _view(context, submission, one, {**stored, **reasons}, errors)) for one in seen]
    page = CheckPage(
        frame=frame_of(context, submission),
        errors=[view for level, view in views if level is Level.ERROR],
        warnings=[view for level, view in views if level is Level.WARNING],
        notes=[view for level, view in views if level is Level.INFO],
        summary={name: message for name, message in errors.items() if name.startswith(REASON)},
        files=len(queries.evidence_of(context.session, submission.id)),
        carried=sum(one.carried_from_id is not None for one in queries.answers_of(context.session, submission.id).values()),
        idempotency_key=str(uuid.uuid4()),
    )
    return render_page(context, "portal/check.html", page, status=status)


def _view(
    context: Context, submission: Submission, one: Observation, reasons: Mapping[str, str], errors: Mapping[str, str]
) -> ProblemView:
    question = find_question(submission.supplier_type, one.field)
    path = path_of(submission)
    name = REASON + one.key
    return ProblemView(
        label=translate(context.locale, question.label if question else N_("Period")),
        message=explain_observation(context.locale, one.template, one.values),
        href=f"{path}/{question.group}#field-{question.key}" if question else path,
        reason_name=name if one.level is Level.WARNING else "",
        reason=reasons.get(one.key, ""),
        error=errors.get(name),
    )


def _answer_lines(context: Context, submission: Submission) -> Sequence[AnswerLine]:
    entries = queries.entries_of(context.session, submission.id)
    lines = [
        (question, entries.get(question.key, Entry())) for question in questions_for(submission.supplier_type, submission.depth)
    ]
    return [
        AnswerLine(
            label=translate(context.locale, question.label),
            text=show_entry(entry, question, context.locale),
            note=entry.note or "",
        )
        for question, entry in lines
    ]
