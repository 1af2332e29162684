"""The link of a colleague: who asks what, a PIN, and the questions that were sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import PUBLIC, Context, endpoint
from service.accounts.cookies import set_session_cookie
from service.accounts.pages import render_page, see_other
from service.accounts.rules import PASSWORD_MAX, PASSWORD_MIN
from service.errors import InvalidInputError
from service.i18n import translate
from service.submissions import delegation
from service.submissions.delegation_queries import names_of_answerers
from service.submissions.invitations import Knock, LinkEndedError, knock
from service.submissions.models import Delegation, Submission
from service.submissions.questionnaire import find_question
from service.submissions.rules import PIN_MIN_DIGITS
from service.web.forms import FormState, rejected
from supplier_portal.links import PIN_LIMITS, check_same_link, ended_page, supplier_name, without_pin

router = APIRouter()


@dataclass(frozen=True, slots=True, kw_only=True)
class ColleagueLinkPage:
    """Context of the page behind a colleague's link, before anything is opened.

    Attributes
    ----------
    sender
        Who sent it; empty where that person came by link, too.
    is_first
        Nobody has chosen a PIN yet.

    """

    link: str
    form: FormState
    is_first: bool
    sender: str
    supplier_name: str
    message: str | None
    period_start: date
    period_end: date
    deadline: date
    is_sample: bool
    questions: Sequence[str]
    pin_min: int
    password_min: int
    pin_max: int


@router.get("/c/{token}")
@endpoint(PUBLIC)
def show_colleague_link(context: Context, token: str) -> Response:
    """Show who asks for help with what; changes nothing, because mail scanners open links too."""
    try:
        found, submission = _opened(context, token)
    except LinkEndedError as error:
        return ended_page(context, error)
    return _page(context, token, found, submission, FormState())


def knock_at(context: Context) -> Knock:
    """Hash or compare the PIN before the transaction, because that is slow."""
    try:
        found, _ = _opened(context, context.request.path_params["token"])
    except LinkEndedError:
        return Knock()
    return knock(found.pin_hash, str(context.form.get("pin", "")))


@router.post("/c/{token}")
@endpoint(PUBLIC, limited=PIN_LIMITS, prepare=knock_at)
def open_colleague_link(context: Context, knocked: Knock, token: str) -> Response:
    """Open the questions with the PIN, chosen now or before."""
    try:
        check_same_link(context, token)
        found, submission = _opened(context, token)
    except LinkEndedError as error:
        return ended_page(context, error)
    replacing = context.principal.session_hash if context.principal else None
    try:
        session_token = delegation.enter(context.session, found, knocked, replacing=replacing, at=context.at)
    except InvalidInputError as error:
        form = without_pin(rejected(context.form, error, context.locale))
        return _page(context, token, found, submission, form, status=422)
    response = see_other(context, f"/portal/submissions/{submission.id}")
    set_session_cookie(response, session_token, settings=context.settings)
    return response


def _opened(context: Context, token: str) -> tuple[Delegation, Submission]:
    return delegation.get_open_delegation(context.session, token, timezone=context.settings.timezone, at=context.at)


def _page(
    context: Context, token: str, found: Delegation, submission: Submission, form: FormState, *, status: int = 200
) -> Response:
    asked = (find_question(submission.supplier_type, key) for key in found.fields)
    page = ColleagueLinkPage(
        link=token,
        form=form,
        is_first=found.pin_hash is None,
        sender=names_of_answerers(context.session, [found.created_by]).get(found.created_by, ""),
        supplier_name=supplier_name(context.session, submission, context),
        message=found.message,
        period_start=submission.period_start,
        period_end=submission.period_end,
        deadline=submission.deadline,
        is_sample=submission.is_sample,
        questions=[translate(context.locale, question.label) for question in asked if question is not None],
        pin_min=PIN_MIN_DIGITS,
        password_min=PASSWORD_MIN,
        pin_max=PASSWORD_MAX,
    )
    return render_page(context, "portal/colleague_link.html", page, status=status)
