"""The questionnaire as an Excel workbook: down, filled in, up again, compared, taken over."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from fastapi import APIRouter
from starlette.datastructures import UploadFile
from starlette.responses import Response

from service.accounts.access import SUPPLIER, Context, endpoint
from service.accounts.limits import Limit
from service.accounts.pages import render_page, see_other
from service.errors import N_, FieldError
from service.i18n import explain, translate
from service.spreadsheets.archive import XLSX
from service.submissions.answers import Entry, read_entry
from service.submissions.models import Submission, WorkbookUpload
from service.submissions.questionnaire import Question, find_question
from service.submissions.rules import check_editable
from service.submissions.words import EVIDENCE_LABELS
from service.submissions.workbook import uploads
from service.submissions.workbook.comparing import Change, Difference
from service.submissions.workbook.uploads import MAX_BYTES, ChangedMeanwhileError, Opened
from supplier_portal.fields import show_entry, show_value
from supplier_portal.frames import Frame, frame_of, path_of, questionnaire_of

router = APIRouter()

UPLOADS: Final = (Limit(name="workbook-address", tries=60, per_s=3600),)
STAMP: Final = "stamp."
# Whatever the file is, a browser may neither show nor run it as a page of ours.
DOWNLOAD_HEADERS: Final[Mapping[str, str]] = {"Content-Security-Policy": "sandbox; default-src 'none'"}
CHANGE_WORDS: Final[Mapping[Change, str]] = {
    Change.NEW: N_("New"),
    Change.CHANGED: N_("Changed"),
    Change.CONFLICT: N_("Somebody answered this differently after you downloaded the workbook"),
    Change.CLEARED: N_("Empty in the workbook"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkbookPage:
    """Context of the page to download and upload the workbook."""

    frame: Frame
    error: str | None
    max_mib: int
    idempotency_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceView:
    """One answer that would change.

    Attributes
    ----------
    is_chosen
        Whether its box is ticked.

    """

    key: str
    label: str
    change: str
    is_conflict: bool
    present: str
    proposed: str
    error: str | None
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemView:
    """One cell that can't be taken over."""

    place: str
    label: str
    value: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonPage:
    """Context of the page that shows what a workbook would change."""

    frame: Frame
    path: str
    name: str
    is_applied: bool
    notice: str | None
    remarks: Sequence[str]
    problems: Sequence[ProblemView]
    differences: Sequence[DifferenceView]
    same: Sequence[str]
    kept: Sequence[str]
    stamps: Mapping[str, str]
    idempotency_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadUpload:
    """A workbook that could be read."""

    name: str
    content: bytes
    cells: Mapping[str, Any]


def read_upload(context: Context) -> ReadUpload | FieldError:
    """Check and read the uploaded workbook before the transaction begins; the handler tells what is wrong with it."""
    check_editable(questionnaire_of(context, uuid.UUID(context.request.path_params["submission_id"])).status)
    upload = context.form.get("file")
    if not isinstance(upload, UploadFile) or not upload.filename:
        return FieldError(N_("Please choose a file."))
    content = upload.file.read(MAX_BYTES + 1)
    try:
        return ReadUpload(name=upload.filename, content=content, cells=uploads.read_workbook(content))
    except FieldError as error:
        return error


def write_comments(context: Context) -> bytes:
    """Write the comments into the uploaded workbook, in a child process and so before the handler."""
    submission = questionnaire_of(context, uuid.UUID(context.request.path_params["submission_id"]))
    upload = uploads.get_upload(context.session, submission, uuid.UUID(context.request.path_params["upload_id"]))
    return uploads.commented_file(upload, uploads.comments_on(context.session, submission, upload, context.locale))


@router.get("/portal/submissions/{submission_id}/workbook")
@endpoint(SUPPLIER)
def show_workbook(context: Context, submission_id: uuid.UUID) -> Response:
    """Offer the workbook for download, and take a filled-in one."""
    submission = questionnaire_of(context, submission_id)
    check_editable(submission.status)
    return _workbook_page(context, submission)


@router.get("/portal/submissions/{submission_id}/workbook/file")
@endpoint(SUPPLIER)
def download_workbook(context: Context, submission_id: uuid.UUID) -> Response:
    """Send the workbook with what has been answered so far."""
    submission = questionnaire_of(context, submission_id)
    content = uploads.questionnaire_file(context.session, submission)
    return _download(content, f"{submission.number}.xlsx")


@router.post("/portal/submissions/{submission_id}/workbook")
@endpoint(SUPPLIER, limited=UPLOADS, prepare=read_upload)
def upload_workbook(context: Context, read: ReadUpload | FieldError, submission_id: uuid.UUID) -> Response:
    """Keep a workbook and show what it would change; nothing is taken over yet."""
    submission = questionnaire_of(context, submission_id)
    try:
        if isinstance(read, FieldError):
            raise read
        upload = uploads.store_upload(
            context.session,
            submission,
            name=read.name,
            content=read.content,
            cells=read.cells,
            by=context.asking.actor,
            at=context.at,
        )
    except FieldError as error:
        return _workbook_page(context, submission, error=error)
    return see_other(context, f"{path_of(submission)}/workbook/{upload.id}")


@router.get("/portal/submissions/{submission_id}/workbook/{upload_id}")
@endpoint(SUPPLIER)
def show_comparison(context: Context, submission_id: uuid.UUID, upload_id: uuid.UUID) -> Response:
    """Show what an uploaded workbook would change."""
    submission = questionnaire_of(context, submission_id)
    check_editable(submission.status)
    return _comparison_page(context, submission, uploads.get_upload(context.session, submission, upload_id))


@router.get("/portal/submissions/{submission_id}/workbook/{upload_id}/file")
@endpoint(SUPPLIER, prepare=write_comments)
def download_comments(context: Context, content: bytes, submission_id: uuid.UUID, upload_id: uuid.UUID) -> Response:
    """Send the uploaded workbook back, with a comment on each cell that needs attention."""
    upload = uploads.get_upload(context.session, questionnaire_of(context, submission_id), upload_id)
    return _download(content, upload.name if upload.name.lower().endswith(".xlsx") else f"{upload.name}.xlsx")


@router.post("/portal/submissions/{submission_id}/workbook/{upload_id}/apply")
@endpoint(SUPPLIER)
def apply_workbook(context: Context, submission_id: uuid.UUID, upload_id: uuid.UUID) -> Response:
    """Take the chosen answers over; if somebody changed one of them meanwhile, show the comparison anew instead."""
    submission = questionnaire_of(context, submission_id)
    upload = uploads.get_upload(context.session, submission, upload_id)
    shown = {name.removeprefix(STAMP): str(value) for name, value in context.form.items() if name.startswith(STAMP)}
    fields = [str(field) for field in context.form.getlist("take")]
    try:
        count = uploads.apply_upload(
            context.session, submission, upload, fields=fields, shown=shown, by=context.asking.actor, at=context.at
        )
    except ChangedMeanwhileError as error:
        return _comparison_page(context, submission, upload, error=error)
    if not count:
        return see_other(context, path_of(submission), N_("Nothing was taken over from the workbook."), kind="info")
    return see_other(context, path_of(submission), N_("%(count)s answers were taken over from the workbook."), count=count)


def _download(content: bytes, name: str) -> Response:
    """Answer with a workbook to be saved under its own name (RFC 8187)."""
    disposition = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    return Response(content, media_type=XLSX, headers={"Content-Disposition": disposition, **DOWNLOAD_HEADERS})


def _workbook_page(context: Context, submission: Submission, *, error: FieldError | None = None) -> Response:
    page = WorkbookPage(
        frame=frame_of(context, submission),
        error=explain(context.locale, error) if error else None,
        max_mib=MAX_BYTES // uploads.MIB,
        idempotency_key=str(uuid.uuid4()),
    )
    return render_page(context, "portal/workbook.html", page, status=422 if error else 200)


def _comparison_page(
    context: Context, submission: Submission, upload: WorkbookUpload, *, error: ChangedMeanwhileError | None = None
) -> Response:
    opened = uploads.open_upload(context.session, submission, upload)
    page = ComparisonPage(
        frame=frame_of(context, submission),
        path=f"{path_of(submission)}/workbook/{upload.id}",
        name=upload.name,
        is_applied=upload.applied_at is not None,
        notice=explain(context.locale, error) if error else None,
        remarks=[explain(context.locale, one) for one in opened.received.remarks],
        problems=list(_problems(context, submission, opened)),
        differences=[_difference(context, one) for one in opened.comparison.differences],
        same=_labels(context, opened.comparison.same),
        kept=_labels(context, opened.comparison.kept),
        stamps={one.question.key: opened.stamps.get(one.question.key, "") for one in opened.comparison.differences},
        idempotency_key=str(uuid.uuid4()),
    )
    return render_page(context, "portal/workbook_comparison.html", page, status=409 if error else 200)


def _problems(context: Context, submission: Submission, opened: Opened) -> Iterator[ProblemView]:
    for one in opened.received.problems:
        question = find_question(submission.supplier_type, one.field) if one.field else None
        yield ProblemView(
            place=f"{one.sheet} {one.cell}",
            label=translate(context.locale, question.label) if question else "",
            value=one.value,
            message=explain(context.locale, one.error),
        )


def _difference(context: Context, one: Difference) -> DifferenceView:
    return DifferenceView(
        key=one.question.key,
        label=translate(context.locale, one.question.label),
        change=translate(context.locale, CHANGE_WORDS[one.change]),
        is_conflict=one.change is Change.CONFLICT,
        present=_said(context, one.question, one.present),
        proposed=_said(context, one.question, one.entry),
        error=explain(context.locale, one.error) if one.error else None,
        is_chosen=one.is_suggested,
    )


def _said(context: Context, question: Question, entry: Entry) -> str:
    """Return an answer with its source and note, because any of the three may be what differs."""
    source = translate(context.locale, EVIDENCE_LABELS[entry.evidence_kind]) if entry.evidence_kind else ""
    return " · ".join(filter(None, (_value(context, question, entry), source, entry.note)))


def _value(context: Context, question: Question, entry: Entry) -> str:
    """Return what was entered; a unit typed behind the figure is shown with what it comes to."""
    reading = read_entry(question, entry)
    if entry.unit is None and reading.value is not None and reading.unit is not None:
        return f"{entry.entered} = {show_value(reading.value, reading.unit, context.locale)}"
    return show_entry(entry, question, context.locale)


def _labels(context: Context, questions: Sequence[Question]) -> Sequence[str]:
    return [translate(context.locale, question.label) for question in questions]
