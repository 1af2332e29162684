import uuid
from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query

from service.accounts.access import SIGNED_IN, SUPPLIER, Context, endpoint, roles
from service.accounts.models import Role
from service.errors import N_, ForbiddenError
from service.submissions import examples, operations, queries, supplier_api
from service.submissions.answers import Given, read_all
from service.submissions.handover import observe
from service.submissions.models import Door, Submission, SubmissionStatus
from service.submissions.plausibility import Level, Observation, explain_observation
from service.submissions.questionnaire import questions_for
from service.submissions.rules import EDITABLE
from service.submissions.schemas import (
    AnswerOutput,
    AnswersInput,
    DecisionInput,
    FindingOutput,
    ReasonsInput,
    ReturnInput,
    SubmissionList,
    SubmissionOutput,
    SubmissionSummary,
)

router = APIRouter(prefix="/submissions", tags=["submissions"])
router.include_router(supplier_api.router)

PAGE_MAX = 100
# Raw answers are for those who judge them; buyers and sales see results only.
READERS = roles(Role.ENGINEER, Role.REVIEWER, Role.AUDITOR, Role.SUPPLIER)
REVIEWER = roles(Role.REVIEWER)

PageSize = Annotated[int, Query(ge=1, le=PAGE_MAX)]


@router.get("", openapi_extra=examples.LIST)
@endpoint(SIGNED_IN)
def list_submissions(
    context: Context,
    status: SubmissionStatus | None = None,
    supplier_id: uuid.UUID | None = None,
    after: uuid.UUID | None = None,
    limit: PageSize = 50,
) -> SubmissionList:
    """List submissions that the caller may see, newest first."""
    rows = queries.find_submissions(
        context.session,
        statuses=None if status is None else {status},
        supplier_id=supplier_id,
        visible_to=context.asking,
        after=after,
        limit=limit,
    )
    items = [SubmissionSummary.model_validate(row, from_attributes=True) for row in rows]
    return SubmissionList(items=items, next=rows[-1].id if len(rows) == limit else None)


@router.get("/{submission_id}", openapi_extra=examples.SHOW)
@endpoint(READERS)
def show_submission(context: Context, submission_id: uuid.UUID) -> SubmissionOutput:
    """Return one submission with answers and findings."""
    return _output(context, queries.get_submission(context.session, submission_id, visible_to=context.asking))


@router.put("/{submission_id}/answers", openapi_extra=examples.SAVE)
@endpoint(SUPPLIER)
def save_answers(context: Context, submission_id: uuid.UUID, body: AnswersInput) -> SubmissionOutput:
    """Save answers as a draft, readable or not; `findings` says what is still wrong."""
    submission = queries.get_submission(context.session, submission_id, visible_to=context.asking)
    entries = {field: answer.as_entry() for field, answer in body.answers.items()}
    operations.save_draft(context.session, submission, entries, by=context.asking.actor, at=context.at, door=Door.API)
    return _output(context, submission)


@router.post("/{submission_id}/submit", openapi_extra=examples.SUBMIT)
@endpoint(SUPPLIER)
def submit_answers(context: Context, submission_id: uuid.UUID, body: ReasonsInput) -> SubmissionOutput:
    """Hand the answers in; warnings need a reason each."""
    submission = queries.get_submission(context.session, submission_id, visible_to=context.asking)
    if not context.asking.may_hand_in:
        raise ForbiddenError(N_("This key may fill in but not hand in. A person hands in on the page, or makes a key that may."))
    operations.submit(context.session, submission, by=context.asking.actor, at=context.at, reasons=body.reasons)
    return _output(context, submission)


@router.post("/{submission_id}/start-review")
@endpoint(REVIEWER)
def start_review(context: Context, submission_id: uuid.UUID) -> SubmissionOutput:
    """Take a submission into review."""
    submission = queries.get_submission(context.session, submission_id, visible_to=context.asking)
    operations.start_review(context.session, submission, by=context.asking.actor, at=context.at)
    return _output(context, submission)


@router.post("/{submission_id}/accept")
@endpoint(REVIEWER)
def accept_submission(context: Context, submission_id: uuid.UUID, body: DecisionInput) -> SubmissionOutput:
    """Accept the answers of the version named."""
    submission = queries.get_submission(context.session, submission_id, visible_to=context.asking)
    operations.accept(context.session, submission, version=body.version, by=context.asking.actor, at=context.at)
    return _output(context, submission)


@router.post("/{submission_id}/return")
@endpoint(REVIEWER)
def return_submission(context: Context, submission_id: uuid.UUID, body: ReturnInput) -> SubmissionOutput:
    """Give a submission back with words on its fields."""
    submission = queries.get_submission(context.session, submission_id, visible_to=context.asking)
    operations.return_to_supplier(
        context.session,
        submission,
        comments=body.comments,
        version=body.version,
        settings=context.settings,
        by=context.asking.actor,
        at=context.at,
    )
    return _output(context, submission)


def _output(context: Context, submission: Submission) -> SubmissionOutput:
    questions = questions_for(submission.supplier_type, submission.depth)
    given = read_all(questions, queries.entries_of(context.session, submission.id))
    own = {name: getattr(submission, name) for name in SubmissionOutput.model_fields if name not in {"answers", "findings"}}
    return SubmissionOutput(
        **own,
        answers={key: _answer(one) for key, one in given.items()},
        findings=_findings(context, submission, observe(context.session, submission) if submission.status in EDITABLE else None),
    )


def _answer(given: Given) -> AnswerOutput:
    return AnswerOutput(
        entered=given.entry.entered,
        unit=given.entry.unit,
        value=given.reading.value,
        canonical_unit=given.reading.unit,
        evidence_kind=given.entry.evidence_kind,
        note=given.entry.note,
        absent=given.entry.absent,
    )


def _findings(context: Context, submission: Submission, present: Sequence[Observation] | None) -> list[FindingOutput]:
    """Return what the checks notice while answers are being typed, and later what they noticed when those were handed in."""
    stored = queries.findings_of(context.session, submission.id)
    reasons = {f"{one.field}.{one.rule}": one.reason for one in stored}
    return [
        FindingOutput(
            key=f"{one.field}.{one.rule}",
            field=one.field,
            level=Level(one.level),
            message=explain_observation(context.locale, one.template, one.values),
            reason=reasons.get(f"{one.field}.{one.rule}"),
        )
        for one in (stored if present is None else present)
    ]
