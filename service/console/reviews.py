"""The queue of the review: what waits, narrowed down, and what may be accepted together."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from service.accounts.access import Context, endpoint, roles
from service.accounts.models import Role
from service.accounts.pages import render_page, see_other
from service.console.choices import Options, read_filter, type_options
from service.errors import N_, InvalidInputError, ServiceError, StaleVersionError
from service.i18n import explain, translate
from service.submissions import operations, queries
from service.submissions.models import Submission, SubmissionStatus
from service.submissions.review_queue import (
    DECIDED,
    REVIEW_TIME,
    WAITING,
    QueueFilter,
    QueueRow,
    periods_in_queue,
    review_queue,
    unchanged_in_queue,
)
from service.suppliers.models import SupplierType
from service.web.forms import FormInput, FormState, parse_form

router = APIRouter()

READERS = roles(Role.REVIEWER, Role.ENGINEER, Role.AUDITOR)
"""Who sees a supplier's raw answers; procurement and sales never do."""
REVIEWERS = roles(Role.REVIEWER)
VERSION_SEPARATOR = ":"


class ReviewFilter(FormInput):
    """What the address of the queue may hold."""

    show: Literal["waiting", "decided"] = "waiting"
    supplier_type: SupplierType | None = None
    year: int | None = Field(default=None, ge=2000, le=2100)
    status: Literal["submitted", "in_review"] | None = None
    overdue: bool = False
    warnings: bool = False
    mine: bool = False


class ChosenForm(FormInput):
    """Questionnaires to accept, each as `id:version`, so that nobody accepts what has changed meanwhile."""

    chosen: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewsPage:
    """The queue, who waits longest first, or what was decided, newest first."""

    rows: Sequence[QueueRow]
    filter: ReviewFilter
    form: FormState
    types: Options
    years: Options
    statuses: Options
    may_accept: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class UnchangedPage:
    """What says the same as last time but for totals; `problems` are (number, why it was not accepted)."""

    rows: Sequence[QueueRow]
    problems: Sequence[tuple[str, str]]


@router.get("/console/review")
@endpoint(READERS)
def show_reviews(context: Context) -> Response:
    """List what waits for a decision or was decided; filters stand in the address."""
    wanted, form = read_filter(ReviewFilter, context.request, context.locale)
    decided = wanted.show == "decided"
    statuses = (("submitted", N_("Submitted")), ("in_review", N_("In review")))
    page = ReviewsPage(
        rows=review_queue(context.session, _queue_filter(context, wanted), newest_first=decided),
        filter=wanted,
        form=form,
        types=type_options(context.locale),
        years=[(str(year), str(year)) for year in periods_in_queue(context.session)],
        statuses=[(key, translate(context.locale, label)) for key, label in statuses],
        may_accept=context.asking.has(Role.REVIEWER) and not decided,
    )
    return render_page(context, "console/reviews.html", page)


@router.get("/console/review/unchanged")
@endpoint(REVIEWERS)
def show_unchanged(context: Context) -> Response:
    """List what differs from last time in nothing but totals."""
    page = UnchangedPage(rows=unchanged_in_queue(context.session), problems=())
    return render_page(context, "console/reviews_unchanged.html", page)


@router.post("/console/review/unchanged")
@endpoint(REVIEWERS)
def accept_unchanged(context: Context) -> Response:
    """Accept each questionnaire that was ticked, or say why it can't be; each by the rules of a single one."""
    chosen = parse_form(ChosenForm, context.form, many=frozenset({"chosen"})).chosen
    unchanged = {row.id for row in unchanged_in_queue(context.session)}
    problems = [problem for one in chosen if (problem := _find_problem(context, one, unchanged)) is not None]
    if not problems and chosen:
        return see_other(context, "/console/review", N_("%(count)s accepted."), count=len(chosen))
    page = UnchangedPage(rows=unchanged_in_queue(context.session), problems=problems)
    return render_page(context, "console/reviews_unchanged.html", page)


def _find_problem(context: Context, chosen: str, unchanged: set[uuid.UUID]) -> tuple[str, str] | None:
    """Accept one questionnaire; return its number and the reason if that can't be."""
    submission, version = _chosen(context, chosen)
    try:
        with context.session.begin_nested():
            if submission.id not in unchanged or submission.version != version:
                raise StaleVersionError
            _accept(context, submission)
    except ServiceError as error:
        return submission.number, explain(context.locale, error)
    return None


def _chosen(context: Context, chosen: str) -> tuple[Submission, int]:
    identity, _, version = chosen.partition(VERSION_SEPARATOR)
    try:
        key, number = uuid.UUID(identity), int(version)
    except ValueError as error:
        raise InvalidInputError({}) from error
    return queries.get_submission(context.session, key, visible_to=context.asking), number


def _accept(context: Context, submission: Submission) -> None:
    by, at = context.asking.actor, context.at
    if submission.status == SubmissionStatus.SUBMITTED:
        operations.start_review(context.session, submission, by=by, at=at)
    operations.accept(context.session, submission, version=submission.version, by=by, at=at)


def _queue_filter(context: Context, wanted: ReviewFilter) -> QueueFilter:
    asked = DECIDED if wanted.show == "decided" else WAITING
    return QueueFilter(
        statuses=frozenset({SubmissionStatus(wanted.status)}) if wanted.status and asked is WAITING else asked,
        supplier_type=wanted.supplier_type,
        year=wanted.year,
        waits_since=context.at - REVIEW_TIME if wanted.overdue else None,
        with_warnings=wanted.warnings,
        reviewer=context.asking.actor if wanted.mine else None,
    )
