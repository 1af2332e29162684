import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.datastructures import UploadFile
from starlette.responses import Response

from service.accounts.access import SUPPLIER, Context, endpoint
from service.accounts.limits import Limit
from service.accounts.pages import render_page, see_other
from service.errors import N_, FieldError, InvalidInputError, NotFoundError
from service.i18n import explain, translate
from service.submissions import evidence, queries
from service.submissions.downloads import attachment
from service.submissions.evidence import StoredFile
from service.submissions.models import Evidence, Submission
from service.submissions.questionnaire import find_question, questions_for
from service.submissions.rules import check_editable
from supplier_portal.frames import Frame, frame_of, path_of, questionnaire_of

router = APIRouter()

UPLOAD_LIMIT = (Limit(name="upload-address", tries=120, per_s=3600),)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileView:
    """A file in the list.

    Attributes
    ----------
    size_kib
        Rounded up to whole KiB.

    """

    name: str
    about: str
    size_kib: int
    sha256: str
    href: str
    remove_action: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidencePage:
    """Context of the page for evidence files."""

    frame: Frame
    files: Sequence[FileView]
    fields: Sequence[tuple[str, str]]
    field: str
    error: str | None
    idempotency_key: str


Uploaded = Sequence[StoredFile] | InvalidInputError


def store_uploads(context: Context) -> Uploaded:
    """Write the files into the store before the transaction: the bytes lie there before any row speaks of them."""
    submission = questionnaire_of(context, uuid.UUID(context.request.path_params["submission_id"]))
    check_editable(submission.status)
    uploads = [item for item in context.form.getlist("files") if isinstance(item, UploadFile) and item.filename]
    if not uploads:
        return InvalidInputError({"files": FieldError(N_("Choose a file first."))})
    try:
        return [_store(context, upload) for upload in uploads]
    except FieldError as error:
        return InvalidInputError({"files": error})


@router.get("/portal/submissions/{submission_id}/evidence")
@endpoint(SUPPLIER)
def show_evidence(context: Context, submission_id: uuid.UUID) -> Response:
    """List the files attached and offer to attach more."""
    return _page(context, questionnaire_of(context, submission_id))


@router.post("/portal/submissions/{submission_id}/evidence")
@endpoint(SUPPLIER, limited=UPLOAD_LIMIT, prepare=store_uploads)
def attach_evidence(context: Context, uploaded: Uploaded, submission_id: uuid.UUID) -> Response:
    """Attach the files that were stored."""
    submission = questionnaire_of(context, submission_id)
    field = str(context.form.get("field", "")) or None
    try:
        if isinstance(uploaded, InvalidInputError):
            raise uploaded
        evidence.attach(context.session, submission, uploaded, field=field, by=context.asking.actor, at=context.at)
    except InvalidInputError as error:
        return _page(context, submission, error=error, status=422)
    return see_other(context, f"{path_of(submission)}/evidence", N_("The file is attached."))


@router.get("/portal/submissions/{submission_id}/evidence/{evidence_id}")
@endpoint(SUPPLIER)
def download_evidence(context: Context, submission_id: uuid.UUID, evidence_id: uuid.UUID) -> Response:
    """Return a file to be saved."""
    found = _attached_to(context, questionnaire_of(context, submission_id), evidence_id)
    return attachment(found, data_dir=context.settings.data_dir)


@router.post("/portal/submissions/{submission_id}/evidence/{evidence_id}/remove")
@endpoint(SUPPLIER)
def remove_evidence(context: Context, submission_id: uuid.UUID, evidence_id: uuid.UUID) -> Response:
    """Take a file off the questionnaire."""
    submission = questionnaire_of(context, submission_id)
    found = _attached_to(context, submission, evidence_id)
    evidence.remove(context.session, submission, found, by=context.asking.actor, at=context.at)
    return see_other(context, f"{path_of(submission)}/evidence", N_("The file is removed."))


def _attached_to(context: Context, submission: Submission, evidence_id: uuid.UUID) -> Evidence:
    found = queries.get_evidence(context.session, evidence_id, visible_to=context.asking)
    if found.submission_id != submission.id:
        raise NotFoundError
    return found


def _store(context: Context, upload: UploadFile) -> StoredFile:
    return evidence.store_file(upload.file.read(), upload.filename or "", data_dir=context.settings.data_dir)


def _page(context: Context, submission: Submission, *, error: InvalidInputError | None = None, status: int = 200) -> Response:
    frame = frame_of(context, submission)
    questions = questions_for(submission.supplier_type, submission.depth)
    page = EvidencePage(
        frame=frame,
        files=[_file(context, submission, frame, one) for one in queries.evidence_of(context.session, submission.id)],
        fields=[(question.key, translate(context.locale, question.label)) for question in questions],
        field=str(context.form.get("field", "")),
        error=explain(context.locale, next(iter(error.fields.values()))) if error else None,
        idempotency_key=str(uuid.uuid4()),
    )
    return render_page(context, "portal/evidence.html", page, status=status)


def _file(context: Context, submission: Submission, frame: Frame, one: Evidence) -> FileView:
    question = find_question(submission.supplier_type, one.field) if one.field else None
    path = f"{frame.path}/evidence/{one.id}"
    return FileView(
        name=one.name,
        about=translate(context.locale, question.label) if question else translate(context.locale, N_("The whole questionnaire")),
        size_kib=-(-one.size_bytes // 1024),
        sha256=one.sha256,
        href=path,
        remove_action=f"{path}/remove",
    )
