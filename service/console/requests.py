"""Pages on requests to suppliers: list, ask, hand the link on, follow up."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from service.accounts.access import STAFF, Context, endpoint, roles
from service.accounts.models import Role
from service.accounts.pages import render_page, see_other
from service.audit.queries import find_events
from service.console.choices import Options, read_filter, supplier_options
from service.console.events import EventLine, event_lines
from service.errors import N_, InvalidInputError, ServiceError
from service.i18n import translate
from service.mail.queries import MailRow, find_latest
from service.submissions import operations, queries
from service.submissions.deliveries import note_bounced
from service.submissions.extensions import latest_extension
from service.submissions.invitation_queries import invitation_of
from service.submissions.link_tokens import live_link_of
from service.submissions.mails import chat_messages
from service.submissions.models import ExtensionRequest, Invitation, Submission, SubmissionStatus
from service.submissions.queries import SubmissionRow
from service.submissions.questionnaire import questions_for
from service.submissions.rules import EDITABLE, INVITABLE, OPEN, TRANSITIONS
from service.suppliers import queries as suppliers
from service.suppliers.operations import correct_contact_email
from service.suppliers.queries import SupplierRow
from service.suppliers.rules import find_deadline_problem, find_request_problems, is_recommended_period, last_full_year
from service.suppliers.schemas import EmailAddress, PeriodInput
from service.web.forms import FormInput, FormState, parse_form, rejected

router = APIRouter()

WRITERS = roles(Role.ENGINEER, Role.PROCUREMENT)
REVIEW_READERS = (Role.REVIEWER, Role.ENGINEER, Role.AUDITOR)
SHOWN_ROWS = 50
TIME_TO_ANSWER = timedelta(days=21)
"""Deadline offered for a new request; own choice, suppliers need two to four weeks."""

STATUS_GROUPS: Mapping[str, tuple[str, frozenset[SubmissionStatus]]] = {
    "open": (N_("Open"), OPEN),
    "with_supplier": (N_("With the supplier"), EDITABLE),
    "bounced": (N_("Bounced"), frozenset({SubmissionStatus.BOUNCED})),
    "returned": (N_("Returned"), frozenset({SubmissionStatus.RETURNED})),
    "planned": (N_("Not sent yet"), frozenset({SubmissionStatus.PLANNED})),
    "closed": (N_("Closed"), frozenset(SubmissionStatus) - OPEN),
    "all": (N_("All"), frozenset(SubmissionStatus)),
}


class RequestFilter(FormInput):
    """What the address of the list may hold."""

    status: Literal["open", "with_supplier", "bounced", "returned", "planned", "closed", "all"] = "open"
    supplier_id: uuid.UUID | None = None
    after: uuid.UUID | None = None


class RequestInput(PeriodInput):
    """A new request."""

    supplier_id: uuid.UUID
    deadline: date
    message: str | None = Field(default=None, max_length=2000)


class BounceForm(FormInput):
    """What came back."""

    reason: str = Field(min_length=1, max_length=1000)


class AddressForm(FormInput):
    """Where to send the link instead."""

    contact_email: EmailAddress


class DeadlineForm(FormInput):
    """More time for a request."""

    deadline: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestsPage:
    """The list; `rows` are (submission, days left: negative if overdue, None if the supplier has nothing to do)."""

    rows: Sequence[tuple[SubmissionRow, int | None]]
    filter: RequestFilter
    form: FormState
    groups: Options
    suppliers: Options
    older_href: str | None
    may_write: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestFormPage:
    """The form of a new request."""

    form: FormState
    suppliers: Options


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestSentPage:
    """The link, shown once; `messages` are (language, text) ready to copy."""

    submission: Submission
    supplier: SupplierRow
    link: str
    messages: Sequence[tuple[str, str]]
    mail: MailRow | None
    is_unusual_period: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestPage:
    """One request: where it stands and what can be done.

    Attributes
    ----------
    days_left
        Negative if overdue; None if the supplier has nothing to do.
    answered, asked
        How many questions have an answer, and how many there are.

    """

    submission: Submission
    supplier: SupplierRow
    invitation: Invitation | None
    extension: ExtensionRequest | None
    mail: MailRow | None
    days_left: int | None
    answered: int
    asked: int
    events: Sequence[EventLine]
    form: FormState
    may_write: bool
    may_review: bool
    can_invite: bool
    can_extend: bool
    can_withdraw: bool
    can_bounce: bool
    can_show_link: bool


@router.get("/console/requests")
@endpoint(STAFF)
def show_requests(context: Context) -> Response:
    """List requests, newest first; filters stand in the address."""
    wanted, form = read_filter(RequestFilter, context.request, context.locale)
    statuses = STATUS_GROUPS[wanted.status][1]
    found = queries.find_submissions(
        context.session, statuses=statuses, supplier_id=wanted.supplier_id, after=wanted.after, limit=SHOWN_ROWS + 1
    )
    today, rows = context.today, found[:SHOWN_ROWS]
    older = f"/console/requests?status={wanted.status}&after={rows[-1].id}" if len(found) > SHOWN_ROWS else None
    page = RequestsPage(
        rows=[(row, days_left(row.status, row.deadline, today=today)) for row in rows],
        filter=wanted,
        form=form,
        groups=[(key, translate(context.locale, label)) for key, (label, _) in STATUS_GROUPS.items()],
        suppliers=supplier_options(suppliers.all_active_suppliers(context.session), context.locale),
        older_href=f"{older}&supplier_id={wanted.supplier_id}" if older and wanted.supplier_id else older,
        may_write=_may_write(context),
    )
    return render_page(context, "console/requests.html", page)


@router.get("/console/requests/new")
@endpoint(WRITERS)
def new_request(context: Context) -> Response:
    """Show the form, with last year as the period."""
    today = context.today
    start, end = last_full_year(today)
    values = {"period_start": str(start), "period_end": str(end), "deadline": str(today + TIME_TO_ANSWER)}
    supplier_id = context.request.query_params.get("supplier_id", "")
    return _show_form(context, FormState(values={**values, "supplier_id": supplier_id}))


@router.post("/console/requests")
@endpoint(WRITERS)
def create_request(context: Context) -> Response:
    """Ask a supplier and show the link; a second request for the same period is refused, so none is made twice."""
    try:
        with context.session.begin_nested():
            submission, link = _ask(context, parse_form(RequestInput, context.form))
    except ServiceError as error:
        return _show_form(context, rejected(context.form, error, context.locale), status=error.status)
    return _show_sent(context, submission, link)


@router.get("/console/requests/{submission_id}")
@endpoint(STAFF)
def show_request(context: Context, submission_id: uuid.UUID) -> Response:
    """Show one request."""
    return _show_request(context, _get(context, submission_id), FormState())


@router.post("/console/requests/{submission_id}/link")
@endpoint(WRITERS)
def issue_link(context: Context, submission_id: uuid.UUID) -> Response:
    """Make a new link; the earlier one ends."""
    submission = _get(context, submission_id)
    link = operations.invite(context.session, submission, settings=context.settings, by=context.asking.actor, at=context.at)
    return _show_sent(context, submission, link)


@router.post("/console/requests/{submission_id}/revoke")
@endpoint(WRITERS)
def revoke_link(context: Context, submission_id: uuid.UUID) -> Response:
    """End the link."""
    operations.revoke(context.session, _get(context, submission_id), by=context.asking.actor, at=context.at)
    return see_other(context, f"/console/requests/{submission_id}", N_("The link no longer opens. What was filled in is kept."))


@router.post("/console/requests/{submission_id}/bounced")
@endpoint(WRITERS)
def mark_bounced(context: Context, submission_id: uuid.UUID) -> Response:
    """Note that the mail came back, which somebody saw elsewhere."""
    submission = _get(context, submission_id)
    try:
        reason = parse_form(BounceForm, context.form).reason
        note_bounced(context.session, submission, reason=reason, by=context.asking.actor, at=context.at)
    except ServiceError as error:
        return _show_request(context, submission, rejected(context.form, error, context.locale), status=error.status)
    return see_other(context, f"/console/requests/{submission_id}", N_("Noted. Correct the address and send again."))


@router.post("/console/requests/{submission_id}/address")
@endpoint(WRITERS)
def correct_address(context: Context, submission_id: uuid.UUID) -> Response:
    """Correct the contact's address and send a new link there; the earlier one ends."""
    submission = _get(context, submission_id)
    try:
        with context.session.begin_nested():
            email = parse_form(AddressForm, context.form).contact_email
            correct_contact_email(context.session, submission.supplier_id, email, by=context.asking.actor, at=context.at)
            link = operations.invite(context.session, submission, settings=context.settings, by=context.asking.actor, at=context.at)
    except ServiceError as error:
        return _show_request(context, submission, rejected(context.form, error, context.locale), status=error.status)
    return _show_sent(context, submission, link)


@router.post("/console/requests/{submission_id}/deadline")
@endpoint(WRITERS)
def extend_deadline(context: Context, submission_id: uuid.UUID) -> Response:
    """Give the supplier more time."""
    submission = _get(context, submission_id)
    try:
        deadline = parse_form(DeadlineForm, context.form).deadline
        _check_deadline(deadline, today=context.today)
        operations.extend_deadline(
            context.session,
            submission,
            deadline=deadline,
            timezone=context.settings.timezone,
            by=context.asking.actor,
            at=context.at,
        )
    except ServiceError as error:
        return _show_request(context, submission, rejected(context.form, error, context.locale), status=error.status)
    return see_other(context, f"/console/requests/{submission_id}", N_("The deadline is now %(deadline)s."), deadline=deadline)


@router.post("/console/requests/{submission_id}/withdraw")
@endpoint(WRITERS)
def withdraw_request(context: Context, submission_id: uuid.UUID) -> Response:
    """Take a request back."""
    operations.withdraw(context.session, _get(context, submission_id), by=context.asking.actor, at=context.at)
    return see_other(context, f"/console/requests/{submission_id}", N_("The request is withdrawn; its link no longer opens."))


def days_left(status: SubmissionStatus, deadline: date, *, today: date) -> int | None:
    """Return days until the deadline, negative if it has passed; None if the supplier has nothing to do."""
    return (deadline - today).days if status in EDITABLE else None


def _get(context: Context, submission_id: uuid.UUID) -> Submission:
    return queries.get_submission(context.session, submission_id, visible_to=context.asking)


def _may_write(context: Context) -> bool:
    return context.asking.has(Role.ENGINEER, Role.PROCUREMENT)


def _ask(context: Context, fields: RequestInput) -> tuple[Submission, str]:
    problems = find_request_problems(
        period_start=fields.period_start,
        period_end=fields.period_end,
        deadline=fields.deadline,
        today=context.today,
    )
    if problems:
        raise InvalidInputError(problems)
    by, at = context.asking.actor, context.at
    submission = operations.plan(
        context.session,
        suppliers.get_active_supplier(context.session, fields.supplier_id),
        period_start=fields.period_start,
        period_end=fields.period_end,
        deadline=fields.deadline,
        message=fields.message,
        by=by,
        at=at,
    )
    return submission, operations.invite(context.session, submission, settings=context.settings, by=by, at=at)


def _check_deadline(deadline: date, *, today: date) -> None:
    problem = find_deadline_problem(deadline, today=today)
    if problem is not None:
        raise InvalidInputError({"deadline": problem})


def _show_form(context: Context, form: FormState, *, status: int = 200) -> Response:
    options = supplier_options(suppliers.all_active_suppliers(context.session), context.locale)
    return render_page(context, "console/request_form.html", RequestFormPage(form=form, suppliers=options), status=status)


def _show_sent(context: Context, submission: Submission, link: str) -> Response:
    page = RequestSentPage(
        submission=submission,
        supplier=suppliers.get_supplier(context.session, submission.supplier_id, asking=context.asking),
        link=link,
        messages=chat_messages(submission, link=link, settings=context.settings),
        mail=find_latest(context.session, about=f"submission:{submission.id}"),
        is_unusual_period=not is_recommended_period(submission.period_start, submission.period_end),
    )
    response = render_page(context, "console/request_sent.html", page)
    response.headers["Cache-Control"] = "no-store"  # the link opens the questionnaire
    return response


def _show_request(context: Context, submission: Submission, form: FormState, *, status: int = 200) -> Response:
    session, present = context.session, SubmissionStatus(submission.status)
    invitation = invitation_of(session, submission.id)
    events = find_events(session, object_type="submission", object_id=submission.id, limit=50)
    page = RequestPage(
        submission=submission,
        supplier=suppliers.get_supplier(session, submission.supplier_id, asking=context.asking),
        invitation=invitation,
        extension=latest_extension(session, submission),
        mail=find_latest(session, about=f"submission:{submission.id}"),
        days_left=days_left(present, submission.deadline, today=context.today),
        answered=sum(not entry.is_empty for entry in queries.entries_of(session, submission.id).values()),
        asked=len(questions_for(submission.supplier_type, submission.depth)),
        events=event_lines(context, events),
        form=form,
        may_write=_may_write(context),
        may_review=context.asking.has(*REVIEW_READERS),
        can_invite=present in INVITABLE,
        can_extend=present in INVITABLE,
        can_withdraw=SubmissionStatus.WITHDRAWN in TRANSITIONS[present],
        can_show_link=live_link_of(invitation, settings=context.settings, at=context.at) is not None,
        can_bounce=SubmissionStatus.BOUNCED in TRANSITIONS[present],
    )
    return render_page(context, "console/request.html", page, status=status)
