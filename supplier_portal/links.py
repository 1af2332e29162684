from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from service.accounts.access import PUBLIC, Context, endpoint
from service.accounts.cookies import set_session_cookie
from service.accounts.limits import Limit
from service.accounts.models import Organisation
from service.accounts.pages import render_page, see_other
from service.accounts.rules import PASSWORD_MAX, PASSWORD_MIN
from service.errors import InvalidInputError
from service.i18n import explain, translate
from service.submissions import queries
from service.submissions.invitations import Knock, LinkEndedError, enter, get_open_invitation, knock
from service.submissions.models import Invitation, Submission
from service.submissions.questionnaire import questions_for
from service.submissions.rules import PIN_MIN_DIGITS
from service.web.forms import FormState, rejected
from supplier_portal.overview import Owner
from supplier_portal.progress import count

router = APIRouter()

QUARTER_S = 15 * 60
# Counted by link, so that nobody tries PINs from many addresses, and by address, so that nobody tries links.
PIN_LIMITS = (
    Limit(name="pin-link", tries=10, per_s=QUARTER_S, field="link"),
    Limit(name="pin-address", tries=60, per_s=QUARTER_S),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewPage:
    """Context of the page behind a link: who asks what, before anything is opened.

    Attributes
    ----------
    is_first
        Nobody has chosen a PIN yet.
    continue_href
        Set where this browser has the questionnaire open already.
    needed, minutes
        How many answers the questionnaire needs and what they take, as its task list counts them.

    """

    link: str
    form: FormState
    is_first: bool
    continue_href: str | None
    supplier_name: str
    number: str
    period_start: date
    period_end: date
    deadline: date
    is_sample: bool
    message: str | None
    owner: Owner | None
    questions: Sequence[str]
    needed: int
    minutes: int
    pin_min: int
    password_min: int
    pin_max: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkEndedPage:
    """Context of the page for links that open nothing."""

    message: str


@router.get("/r/{token}")
@endpoint(PUBLIC)
def show_preview(context: Context, token: str) -> Response:
    """Show who asks what; changes nothing, because mail scanners open links too."""
    try:
        invitation, submission = get_open_invitation(context.session, token, at=context.at)
    except LinkEndedError as error:
        return ended_page(context, error)
    return _preview_page(context, token, invitation, submission, FormState())


def knock_at(context: Context) -> Knock:
    """Hash or compare the PIN before the transaction, because that is slow."""
    try:
        invitation, _ = get_open_invitation(context.session, context.request.path_params["token"], at=context.at)
    except LinkEndedError:
        return Knock()
    return knock(invitation.pin_hash, str(context.form.get("pin", "")))


@router.post("/r/{token}")
@endpoint(PUBLIC, limited=PIN_LIMITS, prepare=knock_at)
def open_link(context: Context, knocked: Knock, token: str) -> Response:
    """Open the questionnaire with the PIN, chosen now or before."""
    try:
        invitation, submission = _opened(context, token)
    except LinkEndedError as error:
        return ended_page(context, error)
    replacing = context.principal.session_hash if context.principal else None
    try:
        session_token = enter(
            context.session, invitation, submission, knocked, replacing=replacing, locale=context.locale, at=context.at
        )
    except InvalidInputError as error:
        form = without_pin(rejected(context.form, error, context.locale))
        return _preview_page(context, token, invitation, submission, form, status=422)
    response = see_other(context, f"/portal/submissions/{submission.id}")
    set_session_cookie(response, session_token, settings=context.settings)
    return response


@router.get("/portal/return")
@endpoint(PUBLIC)
def show_return(context: Context) -> Response:
    """Say how to come back when a session has ended."""
    return render_page(context, "portal/return.html", None)


def _opened(context: Context, token: str) -> tuple[Invitation, Submission]:
    check_same_link(context, token)
    return get_open_invitation(context.session, token, at=context.at)


def check_same_link(context: Context, token: str) -> None:
    """Raise unless the form names the link that it was sent to: tries are counted by the form's field."""
    if context.form.get("link") != token:
        raise LinkEndedError


def ended_page(context: Context, error: LinkEndedError) -> Response:
    """Say that a link opens nothing, and what to do."""
    page = LinkEndedPage(message=explain(context.locale, error))
    return render_page(context, "portal/link_ended.html", page, status=error.status)


def without_pin(form: FormState) -> FormState:
    """Return a form's state without the PIN, which no page repeats."""
    values: Mapping[str, str] = {name: value for name, value in form.values.items() if name != "pin"}
    return FormState(values=values, errors=form.errors)


def _preview_page(
    context: Context, token: str, invitation: Invitation, submission: Submission, form: FormState, *, status: int = 200
) -> Response:
    questions = questions_for(submission.supplier_type, submission.depth)
    ahead = count(questions, {})
    owner = queries.find_owner(context.session, submission)
    page = PreviewPage(
        link=token,
        form=form,
        is_first=invitation.pin_hash is None,
        continue_href=_continue_href(context, submission),
        supplier_name=supplier_name(context.session, submission, context),
        number=submission.number,
        period_start=submission.period_start,
        period_end=submission.period_end,
        deadline=submission.deadline,
        is_sample=submission.is_sample,
        message=submission.message,
        owner=Owner(name=owner.name, email=owner.email) if owner else None,
        questions=[translate(context.locale, question.label) for question in questions],
        needed=ahead.asked,
        minutes=ahead.minutes_left,
        pin_min=PIN_MIN_DIGITS,
        password_min=PASSWORD_MIN,
        pin_max=PASSWORD_MAX,
    )
    return render_page(context, "portal/preview.html", page, status=status)


def _continue_href(context: Context, submission: Submission) -> str | None:
    is_open = context.principal is not None and context.principal.submission_id == submission.id
    return f"/portal/submissions/{submission.id}" if is_open else None


def supplier_name(session: Session, submission: Submission, context: Context) -> str:
    """Return the supplier's name in the reader's language."""
    organisation = session.get_one(Organisation, submission.organisation_id)
    return organisation.name_zh if context.locale == "zh-CN" else organisation.name_en
