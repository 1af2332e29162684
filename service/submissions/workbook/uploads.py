"""Filled-in workbooks from their arrival to the draft."""

import hashlib
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlmodel import Session, select

from service.accounts.models import Organisation
from service.audit.operations import record
from service.errors import N_, ConflictError, FieldError, NotFoundError
from service.evidence.store import display_name
from service.i18n import Locale, explain, translate
from service.sandbox import LimitedPool, Limits, SandboxError, run_limited
from service.spreadsheets.archive import PROBLEMS, find_problem
from service.spreadsheets.cells import read_cells
from service.submissions import operations, queries
from service.submissions.drafts import stamp_of
from service.submissions.handover import observe
from service.submissions.models import Door, Submission, WorkbookUpload
from service.submissions.plausibility import Level, Observation, explain_observation
from service.submissions.questionnaire import questions_for
from service.submissions.rules import check_editable
from service.submissions.workbook.comparing import Comparison, compare
from service.submissions.workbook.receiving import Received, receive
from service.submissions.workbook.writing import Contents, registry_hash, write_questionnaire
from service.suppliers.models import Supplier

MIB: Final = 1024 * 1024
MAX_BYTES: Final = 4 * MIB
"""Of an uploaded workbook; one of 90 questions takes 30 KiB. Own choice."""
READ_SECONDS: Final = 10.0
COMMENT_SECONDS: Final = 20.0
COMMENTING: Final = "service.submissions.workbook.commenting"
"""Named, not imported: the library that it uses takes long to start, and only the child process needs it."""
CHILD_BYTES: Final = 1024**3
"""Address space of the child process; Python and the libraries take 0.3 GiB of it."""


CellComment = tuple[str, str, str, str]
"""Sheet, cell, level and text, for `commenting.comment_cells`."""
HEADS: Final[Mapping[Level, str]] = {
    Level.ERROR: N_("Please correct this:"),
    Level.WARNING: N_("Please check this, or give the reason when you hand in:"),
}


class ChangedMeanwhileError(ConflictError):
    """Somebody typed an answer after the comparison was shown."""

    code = "answers-changed-meanwhile"

    def __init__(self) -> None:
        super().__init__(
            N_("Somebody changed one of these answers while you were looking. Nothing was taken over yet; please look again.")
        )


class UncommentableError(ConflictError):
    """A workbook could be read, but not written again."""

    code = "workbook-not-commentable"

    def __init__(self) -> None:
        super().__init__(
            N_("Comments can't be written into this workbook. The page lists the same; go on there, or in a new download.")
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """An uploaded workbook against the answers as they are now.

    Attributes
    ----------
    stamps
        By field, the present answer's state; what `apply_upload` must be given back.

    """

    received: Received
    comparison: Comparison
    stamps: Mapping[str, str]


def questionnaire_file(session: Session, submission: Submission) -> bytes:
    """Return the request's workbook with the answers of the draft and those of the period before."""
    supplier = session.get_one(Supplier, submission.supplier_id)
    organisation = session.get_one(Organisation, supplier.organisation_id)
    answers = queries.answers_of(session, submission.id)
    contents = Contents(
        submission_id=str(submission.id),
        number=submission.number,
        supplier_type=submission.supplier_type,
        depth=submission.depth,
        supplier_name_zh=organisation.name_zh,
        supplier_name_en=organisation.name_en,
        period_start=submission.period_start,
        period_end=submission.period_end,
        deadline=submission.deadline,
        entries={key: queries.entry_of(answer) for key, answer in answers.items()},
        stamps={key: stamp_of(answer) for key, answer in answers.items()},
        previous=queries.find_previous_answers(session, submission),
        is_sample=submission.is_sample,
    )
    return write_questionnaire(contents)


def read_workbook(content: bytes) -> Mapping[str, Any]:
    """Return the cells of a workbook: the archive is checked here, within moments, and parsed in a limited child process.

    Raises
    ------
    FieldError
        For a file that may not or can't be opened.

    """
    if len(content) > MAX_BYTES:
        raise FieldError(
            N_("This workbook is larger than %(max)s MiB. Leave pictures out and upload it again."), max=MAX_BYTES // MIB
        )
    problem = find_problem(content)
    if problem is not None:
        raise FieldError(PROBLEMS[problem])
    try:
        answer: Mapping[str, Any] = run_limited(read_cells, content, seconds=READ_SECONDS, memory_bytes=CHILD_BYTES)
    except SandboxError as error:
        raise FieldError(PROBLEMS["too_large"]) from error
    if "problem" in answer:
        raise FieldError(PROBLEMS[answer["problem"]])
    return answer


def store_upload(
    session: Session, submission: Submission, *, name: str, content: bytes, cells: Mapping[str, Any], by: str, at: datetime
) -> WorkbookUpload:
    """Keep a workbook, so that its comparison can be looked at; raise `FieldError` if it is none of this request."""
    check_editable(submission.status)
    _received(submission, cells)
    upload = WorkbookUpload(
        submission_id=submission.id,
        organisation_id=submission.organisation_id,
        name=display_name(name),
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        cells=dict(cells),
        uploaded_by=by,
        uploaded_at=at,
    )
    session.add(upload)
    session.flush()
    _record(session, submission, "workbook_uploaded", upload, by=by, at=at)
    return upload


def get_upload(session: Session, submission: Submission, upload_id: uuid.UUID) -> WorkbookUpload:
    """Return a workbook that was uploaded for a request."""
    wanted = (WorkbookUpload.id == upload_id, WorkbookUpload.submission_id == submission.id)
    found = session.exec(select(WorkbookUpload).where(*wanted)).first()
    if found is None:
        raise NotFoundError
    return found


def open_upload(session: Session, submission: Submission, upload: WorkbookUpload) -> Opened:
    """Compare an uploaded workbook with the answers as they are now."""
    received = _received(submission, upload.cells)
    present = queries.answers_of(session, submission.id)
    questions = questions_for(submission.supplier_type, submission.depth)
    comparison = compare(questions, received, present=present, earlier=queries.earlier_answers_of(session, submission.id))
    return Opened(received=received, comparison=comparison, stamps={key: stamp_of(answer) for key, answer in present.items()})


def apply_upload(
    session: Session,
    submission: Submission,
    upload: WorkbookUpload,
    *,
    fields: Sequence[str],
    shown: Mapping[str, str],
    by: str,
    at: datetime,
) -> int:
    """Take answers over into the draft and return how many; all that were chosen or none.

    Parameters
    ----------
    fields
        Which of the differences.
    shown
        `Opened.stamps` when the person looked.

    Raises
    ------
    ChangedMeanwhileError
        If an answer that would be replaced is not the one that was shown.

    """
    check_editable(submission.status)
    opened = open_upload(session, submission, upload)
    chosen = {one.question.key: one.entry for one in opened.comparison.differences if one.question.key in set(fields)}
    if any(opened.stamps.get(key, "") != shown.get(key, "") for key in chosen):
        raise ChangedMeanwhileError
    if chosen:
        operations.save_draft(session, submission, chosen, seen=opened.stamps, door=Door.EXCEL, by=by, at=at)
    upload.applied_at = at
    session.add(upload)
    _record(session, submission, "workbook_applied", upload, by=by, at=at, fields=len(chosen))
    return len(chosen)


def comments_on(session: Session, submission: Submission, upload: WorkbookUpload, locale: Locale) -> Sequence[CellComment]:
    """Return what is to be mended or explained in a workbook: rule, value and fix in one language."""
    opened = open_upload(session, submission, upload)
    received = opened.received
    told = [(one.sheet, one.cell, Level.ERROR.value, explain(locale, one.error)) for one in received.problems]
    proposed = {one.question.key: one.entry for one in opened.comparison.differences}
    spoiled = {one.field for one in received.problems}
    seen = [one for one in observe(session, submission, proposed) if one.field not in spoiled and one.level is not Level.INFO]
    return [*told, *_on_answers(seen, received, locale)]


def commented_file(upload: WorkbookUpload, comments: Sequence[CellComment]) -> bytes:
    """Return the workbook that was uploaded with comments on its cells."""
    limits = Limits(seconds=COMMENT_SECONDS, memory_bytes=CHILD_BYTES)
    try:
        with LimitedPool(limits=limits, workers=1, preload=(COMMENTING,)) as pool:
            content: bytes = pool.run_named(f"{COMMENTING}:comment_cells", upload.content, list(comments))
    except SandboxError as error:
        raise UncommentableError from error
    return content


def _on_answers(seen: Sequence[Observation], received: Received, locale: Locale) -> Iterator[CellComment]:
    for one in seen:
        place = received.places.get(one.field)
        if place is not None:
            text = f"{translate(locale, HEADS[one.level])}\n{explain_observation(locale, one.template, one.values)}"
            yield place.sheet, place.cells["answer"], one.level.value, text


def _received(submission: Submission, cells: Mapping[str, Any]) -> Received:
    return receive(
        cells,
        questions_for(submission.supplier_type, submission.depth),
        submission_id=str(submission.id),
        registry=registry_hash(submission.supplier_type, submission.depth),
    )


def _record(
    session: Session, submission: Submission, action: str, upload: WorkbookUpload, *, by: str, at: datetime, **facts: object
) -> None:
    organisation_id: uuid.UUID = submission.organisation_id
    facts = {"number": submission.number, "sha256": upload.sha256, **facts}
    record(session, action, of=upload, by=by, at=at, organisation_id=organisation_id, **facts)
