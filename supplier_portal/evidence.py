import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import SUPPLIER, SUPPLIER_OR_COLLEAGUE, Context, endpoint
from service.accounts.limits import Limit
from service.accounts.pages import render_page, see_other
from service.errors import N_, InvalidInputError, NotFoundError
from service.evidence.models import Scan
from service.evidence.uploads import Uploaded, store_uploads, stored_files
from service.i18n import explain, translate
from service.submissions import evidence, queries
from service.submissions.downloads import attachment
from service.submissions.models import Evidence, Submission
from service.submissions.questionnaire import find_question, questions_for
from service.submissions.rules import check_editable
from service.web.forms import FormInput, FormState, parse_form, rejected
from supplier_portal.frames import Frame, frame_of, path_of, questionnaire_of
from supplier_portal.views import files_shown

router = APIRouter()

UPLOAD_LIMIT = (Limit(name="upload-address", tries=120, per_s=3600),)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileView:
    """A file in the list.

    Attributes
    ----------
    about
        What it backs, in words.
    size_kib
        Rounded up to whole KiB.
    shows_place
        A photograph that tells where it was taken.
    is_outdated
        It did not hold to the end of the reporting period.

    """

    id: uuid.UUID
    name: str
    about: str
    fields: Sequence[str]
    size_kib: int
    sha256: str
    valid_until: date | None
    verifier_only: bool
    shows_place: bool
    is_outdated: bool
    scan: Scan
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidencePage:
    """Context of the page for evidence files."""

    frame: Frame
    files: Sequence[FileView]
    fields: Sequence[tuple[str, str]]
    field: str
    error: str | None
    idempotency_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceFilePage:
    """Context of the page for one file: what it backs, until when it holds, who may open it."""

    frame: Frame
    file: FileView
    fields: Sequence[tuple[str, str]]
    form: FormState


class DescribeForm(FormInput):
    """What a file backs, until when it holds, and whether only an auditor may open it."""

    fields: tuple[str, ...] = ()
    valid_until: date | None = None
    verifier_only: bool = False


def store_evidence(context: Context) -> Uploaded:
    """Write the files into the store before the transaction: the bytes lie there before any row speaks of them."""
    submission = questionnaire_of(context, uuid.UUID(context.request.path_params["submission_id"]))
    check_editable(submission.status)
    return store_uploads(context.form, settings=context.settings, at=context.at)


@router.get("/portal/submissions/{submission_id}/evidence")
@endpoint(SUPPLIER)
def show_evidence(context: Context, submission_id: uuid.UUID) -> Response:
    """List the files attached and offer to attach more."""
    return _page(context, questionnaire_of(context, submission_id))


@router.post("/portal/submissions/{submission_id}/evidence")
@endpoint(SUPPLIER, limited=UPLOAD_LIMIT, prepare=store_evidence)
def attach_evidence(context: Context, uploaded: Uploaded, submission_id: uuid.UUID) -> Response:
    """Attach the files that were stored."""
    submission = questionnaire_of(context, submission_id)
    field = str(context.form.get("field", "")) or None
    try:
        evidence.attach(context.session, submission, stored_files(uploaded), field=field, by=context.asking.actor, at=context.at)
    except InvalidInputError as error:
        return _page(context, submission, error=error, status=422)
    return see_other(context, f"{path_of(submission)}/evidence", N_("The file is attached."))


@router.get("/portal/submissions/{submission_id}/evidence/{evidence_id}")
@endpoint(SUPPLIER_OR_COLLEAGUE)
def download_evidence(context: Context, submission_id: uuid.UUID, evidence_id: uuid.UUID) -> Response:
    """Return a file to be saved; a colleague gets those of the questions that were sent."""
    submission = questionnaire_of(context, submission_id)
    found = _attached_to(context, submission, evidence_id)
    if found.id not in {one.id for one in files_shown(context, submission)}:
        raise NotFoundError
    return attachment(found, to=context.asking, data_dir=context.settings.data_dir)


@router.get("/portal/submissions/{submission_id}/evidence/{evidence_id}/describe")
@endpoint(SUPPLIER)
def show_description(context: Context, submission_id: uuid.UUID, evidence_id: uuid.UUID) -> Response:
    """Ask what a file backs, how long it holds and who may open it."""
    submission = questionnaire_of(context, submission_id)
    return _description(context, submission, _attached_to(context, submission, evidence_id), FormState())


@router.post("/portal/submissions/{submission_id}/evidence/{evidence_id}/describe")
@endpoint(SUPPLIER)
def describe_evidence(context: Context, submission_id: uuid.UUID, evidence_id: uuid.UUID) -> Response:
    """Say what a file backs, how long it holds and who may open it."""
    submission = questionnaire_of(context, submission_id)
    found = _attached_to(context, submission, evidence_id)
    try:
        said = parse_form(DescribeForm, context.form, many=frozenset({"fields"}))
        evidence.describe(context.session, submission, found, **said.model_dump(), by=context.asking.actor, at=context.at)
    except InvalidInputError as error:
        return _description(context, submission, found, rejected(context.form, error, context.locale), status=422)
    return see_other(context, f"{path_of(submission)}/evidence", N_("Saved."))


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


def _page(context: Context, submission: Submission, *, error: InvalidInputError | None = None, status: int = 200) -> Response:
    frame = frame_of(context, submission)
    page = EvidencePage(
        frame=frame,
        files=[_file(context, submission, frame, one) for one in queries.evidence_of(context.session, submission.id)],
        fields=_fields(context, submission),
        field=str(context.form.get("field", "")),
        error=explain(context.locale, next(iter(error.fields.values()))) if error else None,
        idempotency_key=str(uuid.uuid4()),
    )
    return render_page(context, "portal/evidence.html", page, status=status)


def _description(context: Context, submission: Submission, found: Evidence, form: FormState, *, status: int = 200) -> Response:
    frame = frame_of(context, submission)
    file = _file(context, submission, frame, found)
    page = EvidenceFilePage(frame=frame, file=file, fields=_fields(context, submission), form=form)
    return render_page(context, "portal/evidence_file.html", page, status=status)


def _fields(context: Context, submission: Submission) -> Sequence[tuple[str, str]]:
    questions = questions_for(submission.supplier_type, submission.depth)
    return [(question.key, translate(context.locale, question.label)) for question in questions]


def _file(context: Context, submission: Submission, frame: Frame, one: Evidence) -> FileView:
    return FileView(
        id=one.id,
        name=one.name,
        about=_about(context, submission, one),
        fields=one.fields,
        size_kib=-(-one.size_bytes // 1024),
        sha256=one.sha256,
        valid_until=one.valid_until,
        verifier_only=one.verifier_only,
        shows_place=one.shows_place,
        is_outdated=evidence.is_outdated(one, on=submission.period_end),
        scan=one.scan,
        href=f"{frame.path}/evidence/{one.id}",
    )


def _about(context: Context, submission: Submission, one: Evidence) -> str:
    questions = (find_question(submission.supplier_type, field) for field in one.fields)
    labels = [translate(context.locale, question.label) for question in questions if question is not None]
    between = "、" if context.locale == "zh-CN" else ", "
    return between.join(labels) or translate(context.locale, N_("The whole questionnaire"))
