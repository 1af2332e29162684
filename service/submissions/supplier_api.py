"""What a supplier's program needs besides the answers: the questions, evidence, comments and the receipt."""

import uuid
from collections.abc import Sequence

from fastapi import APIRouter
from starlette.datastructures import UploadFile
from starlette.responses import Response

from service.accounts.access import SUPPLIER, Context, endpoint, roles
from service.accounts.limits import Limit
from service.accounts.models import Role
from service.errors import N_, FieldError, InvalidInputError, NotFoundError
from service.evidence.store import StoredFile, store_upload
from service.i18n import translate
from service.submissions import evidence, examples, queries, threads
from service.submissions.downloads import attachment
from service.submissions.models import Evidence, FieldComment, Submission
from service.submissions.questionnaire import Question, questions_for
from service.submissions.receipts import find_receipt
from service.submissions.rules import check_editable
from service.submissions.schemas import (
    ChoiceOutput,
    CommentInput,
    CommentOutput,
    EvidenceOutput,
    QuestionOutput,
    ReceiptOutput,
)

router = APIRouter()

READERS = roles(Role.ENGINEER, Role.REVIEWER, Role.AUDITOR, Role.SUPPLIER)
UPLOADS = (Limit(name="upload-address", tries=120, per_s=3600),)
Uploaded = Sequence[StoredFile]


def store_uploads(context: Context) -> Uploaded:
    """Write the files into the store before the transaction: the bytes lie there before any row speaks of them."""
    submission = _submission(context, uuid.UUID(context.request.path_params["submission_id"]))
    check_editable(submission.status)
    uploads = [item for item in context.form.getlist("files") if isinstance(item, UploadFile) and item.filename]
    if not uploads:
        raise InvalidInputError({"files": FieldError(N_("Choose a file first."))})
    try:
        return [store_upload(upload, settings=context.settings, at=context.at) for upload in uploads]
    except FieldError as error:
        raise InvalidInputError({"files": error}) from error


@router.get("/{submission_id}/questions", openapi_extra=examples.QUESTIONS)
@endpoint(READERS)
def list_questions(context: Context, submission_id: uuid.UUID) -> list[QuestionOutput]:
    """List what is asked: fields, units, choices, and which of them are required."""
    submission = _submission(context, submission_id)
    return [_question(one) for one in questions_for(submission.supplier_type, submission.depth)]


@router.get("/{submission_id}/comments", openapi_extra=examples.COMMENTS)
@endpoint(READERS)
def list_comments(context: Context, submission_id: uuid.UUID) -> list[CommentOutput]:
    """List what was said about fields, oldest first."""
    submission = _submission(context, submission_id)
    return [_comment(one) for one in queries.comments_of(context.session, submission.id)]


@router.post("/{submission_id}/comments", openapi_extra=examples.COMMENT)
@endpoint(SUPPLIER)
def add_comment(context: Context, submission_id: uuid.UUID, body: CommentInput) -> CommentOutput:
    """Ask or answer something about a field."""
    submission = _submission(context, submission_id)
    by, at = context.asking.actor, context.at
    return _comment(
        threads.comment(context.session, submission, field=body.field, text=body.text, from_supplier=True, by=by, at=at)
    )


@router.get("/{submission_id}/evidence", openapi_extra=examples.EVIDENCE)
@endpoint(READERS)
def list_evidence(context: Context, submission_id: uuid.UUID) -> list[EvidenceOutput]:
    """List the files attached."""
    submission = _submission(context, submission_id)
    return [_evidence(one) for one in queries.evidence_of(context.session, submission.id)]


@router.post("/{submission_id}/evidence", openapi_extra=examples.EVIDENCE_UPLOAD)
@endpoint(SUPPLIER, limited=UPLOADS, prepare=store_uploads)
def attach_evidence(context: Context, stored: Uploaded, submission_id: uuid.UUID) -> list[EvidenceOutput]:
    """Attach files (form data, `files`), to one field if `field` names it."""
    submission = _submission(context, submission_id)
    field = str(context.form.get("field", "")) or None
    evidence.attach(context.session, submission, stored, field=field, by=context.asking.actor, at=context.at)
    context.session.flush()
    return [_evidence(one) for one in queries.evidence_of(context.session, submission.id)]


@router.get("/{submission_id}/evidence/{evidence_id}")
@endpoint(READERS)
def download_evidence(context: Context, submission_id: uuid.UUID, evidence_id: uuid.UUID) -> Response:
    """Return a file as it was attached."""
    found = _attached(context, submission_id, evidence_id)
    return attachment(found, to=context.asking, data_dir=context.settings.data_dir)


@router.delete("/{submission_id}/evidence/{evidence_id}", openapi_extra=examples.EVIDENCE)
@endpoint(SUPPLIER)
def remove_evidence(context: Context, submission_id: uuid.UUID, evidence_id: uuid.UUID) -> list[EvidenceOutput]:
    """Take a file off answers that are still the supplier's, and list the rest."""
    submission, found = _submission(context, submission_id), _attached(context, submission_id, evidence_id)
    evidence.remove(context.session, submission, found, by=context.asking.actor, at=context.at)
    context.session.flush()
    return [_evidence(one) for one in queries.evidence_of(context.session, submission.id)]


@router.get("/{submission_id}/receipt", openapi_extra=examples.RECEIPT)
@endpoint(READERS)
def show_receipt(context: Context, submission_id: uuid.UUID) -> ReceiptOutput:
    """Return the receipt of what was handed in last, with the content that its hash is taken of."""
    submission = _submission(context, submission_id)
    found = find_receipt(context.session, submission)
    if found is None:
        raise NotFoundError(N_("Nothing has been handed in yet, so there is no receipt."))
    return ReceiptOutput(number=found.number, submitted_at=found.submitted_at, sha256=found.sha256, content=found.content)


def _submission(context: Context, submission_id: uuid.UUID) -> Submission:
    return queries.get_submission(context.session, submission_id, visible_to=context.asking)


def _attached(context: Context, submission_id: uuid.UUID, evidence_id: uuid.UUID) -> Evidence:
    found = queries.get_evidence(context.session, evidence_id, visible_to=context.asking)
    if found.submission_id != submission_id:
        raise NotFoundError
    return found


def _question(one: Question) -> QuestionOutput:
    return QuestionOutput(
        field=one.key,
        kind=one.kind,
        label_zh=translate("zh-CN", one.label),
        label_en=one.label,
        required=one.required,
        unit=one.unit,
        units=list(one.units),
        choices=[ChoiceOutput(key=each.key, label_zh=each.label("zh-CN"), label_en=each.label("en")) for each in one.choices],
    )


def _comment(one: FieldComment) -> CommentOutput:
    return CommentOutput(field=one.field, text=one.text, from_supplier=one.from_supplier, at=one.at, is_open=one.is_open)


def _evidence(one: Evidence) -> EvidenceOutput:
    return EvidenceOutput(
        id=one.id,
        name=one.name,
        fields=[link.field for link in one.links],
        media_type=one.media_type,
        size_bytes=one.size_bytes,
        sha256=one.sha256,
        uploaded_at=one.uploaded_at,
    )
