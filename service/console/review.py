"""Pages of the review: the queue, one questionnaire, the decision."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.responses import Response

from service.accounts.access import Context, endpoint
from service.accounts.models import Role
from service.accounts.pages import render_page, see_other
from service.accounts.queries import names_of_actors
from service.audit.queries import find_events
from service.console.answer_rows import (
    EVIDENCE_LABELS,
    AnswerRow,
    CommentView,
    FileView,
    FindingView,
    Reviewed,
    answer_rows,
    comment_views,
    file_views,
)
from service.console.events import EventLine, event_lines
from service.console.reviews import READERS, REVIEWERS
from service.errors import N_, FieldError, InvalidInputError, NotFoundError, SamePersonError, ServiceError, StaleVersionError
from service.i18n import explain, translate
from service.submissions import operations, queries
from service.submissions.downloads import attachment
from service.submissions.models import EvidenceKind, Submission, SubmissionStatus
from service.submissions.peers import peer_band, peers_of
from service.submissions.plausibility import explain_observation
from service.submissions.questionnaire import Question, questions_for
from service.submissions.rating import rate, suggested_ratings
from service.submissions.ratings import INDICATORS, Rating, rating_of
from service.submissions.review_queue import WAITING
from service.submissions.rules import check_second_person
from service.suppliers import queries as suppliers
from service.suppliers.queries import SupplierRow
from service.web.forms import FormInput, FormState, parse_form, rejected

router = APIRouter()

COMMENT = "comment."
GRADE = "grade."
SCORES = "scores."


class DecisionForm(FormInput):
    """The version a decision is about."""

    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPage:
    """One questionnaire under review.

    Attributes
    ----------
    other_findings, other_comments, other_files
        Those that belong to no single question of the table.
    may_open_all
        Whether whoever asks may open files that are for the verifier only.
    path
        Address of this page; its files lie below.
    may_decide
        Whether whoever asks may accept or return it now.
    refusal
        Why whoever asks may not accept it; None if nothing speaks against it.

    """

    submission: Submission
    path: str
    steps: Sequence[tuple[str, str]]
    supplier: SupplierRow
    rows: Sequence[AnswerRow]
    other_findings: Sequence[FindingView]
    other_comments: Sequence[CommentView]
    other_files: Sequence[FileView]
    grades: Sequence[tuple[str, str]]
    may_open_all: bool
    warnings: int
    typed_by: Sequence[str]
    events: Sequence[EventLine]
    form: FormState
    may_decide: bool
    refusal: str | None


@router.get("/console/review/{submission_id:uuid}")
@endpoint(READERS)
def show_review(context: Context, submission_id: uuid.UUID) -> Response:
    """Show one questionnaire with answers, findings, evidence and comments."""
    return _show(context, _get(context, submission_id), FormState())


@router.get("/console/review/{submission_id:uuid}/evidence/{evidence_id}")
@endpoint(READERS)
def download_evidence(context: Context, submission_id: uuid.UUID, evidence_id: uuid.UUID) -> Response:
    """Send an attached file, to be saved and never shown as a page of ours."""
    found = queries.get_evidence(context.session, evidence_id, visible_to=context.asking)
    if found.submission_id != submission_id:
        raise NotFoundError
    return attachment(found, to=context.asking, data_dir=context.settings.data_dir)


@router.post("/console/review/{submission_id:uuid}/start")
@endpoint(REVIEWERS)
def start_review(context: Context, submission_id: uuid.UUID) -> Response:
    """Take a questionnaire into review, so that others see that somebody has it."""
    submission = _get(context, submission_id)
    _take_up(context, submission, version=parse_form(DecisionForm, context.form).version)
    return see_other(context, f"/console/review/{submission_id}", N_("You are reviewing this now."))


@router.post("/console/review/{submission_id:uuid}/ratings")
@endpoint(REVIEWERS)
def save_ratings(context: Context, submission_id: uuid.UUID) -> Response:
    """Keep the grades and scores as they stand in the form, without deciding yet."""
    submission = _get(context, submission_id)
    try:
        with context.session.begin_nested():
            _take_up(context, submission, version=_version(context.form))
            _rate(context, submission)
    except ServiceError as error:
        return _show(context, submission, rejected(context.form, error, context.locale), status=error.status)
    return see_other(context, f"/console/review/{submission_id}", N_("Saved."))


@router.post("/console/review/{submission_id:uuid}/accept")
@endpoint(REVIEWERS)
def accept(context: Context, submission_id: uuid.UUID) -> Response:
    """Accept the answers, by somebody else than who typed them."""
    submission = _get(context, submission_id)
    try:
        with context.session.begin_nested():
            version = _take_up(context, submission, version=_version(context.form))
            _rate(context, submission)
            operations.accept(context.session, submission, version=version, by=context.asking.actor, at=context.at)
    except ServiceError as error:
        return _show(context, submission, rejected(context.form, error, context.locale), status=error.status)
    return see_other(context, "/console/review", N_("%(number)s is accepted and can be calculated with."), number=submission.number)


@router.post("/console/review/{submission_id:uuid}/return")
@endpoint(REVIEWERS)
def return_to_supplier(context: Context, submission_id: uuid.UUID) -> Response:
    """Give the questionnaire back with words on one or more fields."""
    submission = _get(context, submission_id)
    try:
        with context.session.begin_nested():
            version = _take_up(context, submission, version=_version(context.form))
            _rate(context, submission)
            operations.return_to_supplier(
                context.session,
                submission,
                comments=_comments(context.form),
                version=version,
                settings=context.settings,
                by=context.asking.actor,
                at=context.at,
            )
    except ServiceError as error:
        return _show(context, submission, rejected(context.form, error, context.locale), status=error.status)
    return see_other(
        context, "/console/review", N_("%(number)s goes back to the supplier with your words."), number=submission.number
    )


def _get(context: Context, submission_id: uuid.UUID) -> Submission:
    return queries.get_submission(context.session, submission_id, visible_to=context.asking)


def _take_up(context: Context, submission: Submission, *, version: int) -> int:
    """Begin the review where that has not happened, and return the version that the decision is then about."""
    if submission.version != version:
        raise StaleVersionError
    if submission.status == SubmissionStatus.SUBMITTED:
        operations.start_review(context.session, submission, by=context.asking.actor, at=context.at)
    return submission.version


def _version(form: FormData) -> int:
    return parse_form(DecisionForm, FormData({"version": form.get("version", "")})).version


def _comments(form: FormData) -> Mapping[str, str]:
    given = {name.removeprefix(COMMENT): value for name, value in form.items() if name.startswith(COMMENT)}
    return {field: value.strip() for field, value in given.items() if isinstance(value, str) and value.strip()}


def _rate(context: Context, submission: Submission) -> None:
    """Keep the ratings that the form brings; a form without any, such as a program's, leaves them as they are."""
    given = {name.removeprefix(GRADE): str(value) for name, value in context.form.items() if name.startswith(GRADE)}
    ratings = {field: _rating(field, grade, str(context.form.get(f"{SCORES}{field}", ""))) for field, grade in given.items()}
    if ratings:
        rate(context.session, submission, ratings, by=context.asking.actor, at=context.at)


def _rating(field: str, grade: str, scores: str) -> Rating:
    """Read a grade and five scores as typed: 1-2-1-1-1."""
    digits = [int(one) for one in scores if one.isdecimal()]
    if grade not in set(EvidenceKind) or len(digits) != len(INDICATORS):
        raise InvalidInputError({f"rating.{field}": FieldError(N_("Give a source and five scores, such as 1-2-1-1-1."))})
    return Rating(grade=EvidenceKind(grade), **dict(zip(INDICATORS, digits, strict=True)))


def _show(context: Context, submission: Submission, form: FormState, *, status: int = 200) -> Response:
    steps = [(translate(context.locale, N_("Review")), "/console/review")]
    page = review_page(context, submission, form, path=f"/console/review/{submission.id}", steps=steps, compares=True)
    return render_page(context, "console/review.html", page, status=status)


def review_page(
    context: Context, submission: Submission, form: FormState, *, path: str, steps: Sequence[tuple[str, str]], compares: bool
) -> ReviewPage:
    """Put the page of a questionnaire together.

    Parameters
    ----------
    compares
        Whether the supplier's earlier period and other plants stand beside the answers.

    """
    session, locale = context.session, context.locale
    questions = questions_for(submission.supplier_type, submission.depth)
    known = _reviewed(context, submission, questions, compares=compares)
    asked = {question.key for question in questions}
    decides = context.asking.has(Role.REVIEWER) and submission.status in WAITING
    events = find_events(session, object_type="submission", object_id=submission.id, limit=50)
    return ReviewPage(
        submission=submission,
        path=path,
        steps=steps,
        supplier=suppliers.get_row(session, submission.supplier_id),
        rows=answer_rows(questions, known, locale),
        other_findings=[
            FindingView(level=one.level, text=explain_observation(locale, one.template, one.values), reason=one.reason)
            for one in known.findings
            if one.field not in asked
        ],
        other_comments=comment_views([one for one in known.comments if one.field not in asked], known.names),
        other_files=file_views([one for one in known.files if asked.isdisjoint(one.fields)], period_end=submission.period_end),
        grades=[(kind, translate(context.locale, label)) for kind, label in EVIDENCE_LABELS.items()],
        may_open_all=context.asking.has(Role.AUDITOR, Role.VERIFIER),
        warnings=sum(one.level == "warning" for one in known.findings),
        typed_by=[known.names.get(actor, "") for actor in submission.typed_by],
        events=event_lines(context, events),
        form=form,
        may_decide=decides,
        refusal=_refusal(context, submission) if decides else None,
    )


def _reviewed(context: Context, submission: Submission, questions: Sequence[Question], *, compares: bool) -> Reviewed:
    session = context.session
    comments = queries.comments_of(session, submission.id)
    own = queries.understood_answers(session, submission).values
    stored = {field: rating_of(one) for field, one in queries.ratings_of(session, submission.id).items()}
    peers = peers_of(session, submission, questions, own) if compares else {}
    bands = {field: peer_band(values) for field, values in peers.items()}
    return Reviewed(
        answers=queries.answers_of(session, submission.id),
        findings=queries.findings_of(session, submission.id),
        comments=comments,
        files=queries.evidence_of(session, submission.id),
        previous=queries.find_previous_answers(session, submission) if compares else None,
        values=own,
        peers={field: band for field, band in bands.items() if band is not None},
        ratings={**suggested_ratings(session, submission), **stored},
        period_end=submission.period_end,
        names=names_of_actors(session, [*(one.by for one in comments), *submission.typed_by]),
    )


def _refusal(context: Context, submission: Submission) -> str | None:
    try:
        check_second_person(context.asking.actor, typed_by=submission.typed_by, submitted_by=submission.submitted_by)
    except SamePersonError as error:
        return explain(context.locale, error)
    return None
