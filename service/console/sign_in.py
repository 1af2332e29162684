from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

import structlog
from fastapi import APIRouter, Query
from pydantic import Field
from starlette.responses import Response

from service.accounts import queries
from service.accounts import sign_in as accounts
from service.accounts.access import LOCALE_COOKIE, PUBLIC, Context, endpoint, session_cookie
from service.accounts.cookies import clear_session_cookie, set_locale_cookie, set_session_cookie
from service.accounts.limits import Limit
from service.accounts.models import STAFF_ROLES, Role, User
from service.accounts.operations import remember_locale
from service.accounts.pages import own_path, render_page, see_other
from service.accounts.rules import requires_totp
from service.accounts.tokens import hash_token, tokens_match
from service.accounts.totp import matching_step, offered_secret, qr_code
from service.console.proofs import Proof, check_sign_in, proven_user
from service.errors import N_, FieldError, InvalidInputError, NotFoundError
from service.i18n import LOCALES
from service.keys import derive
from service.web.forms import FormInput, FormState, parse_form, rejected

log = structlog.get_logger()
router = APIRouter()

Next = Annotated[str, Query(alias="next", max_length=2000)]
QUARTER_S = 15 * 60
SIGN_IN_LIMITS = (
    Limit(name="sign-in-account", tries=10, per_s=QUARTER_S, field="email"),
    Limit(name="sign-in-address", tries=100, per_s=QUARTER_S),
)
CODE_LIMITS = (
    Limit(name="code-account", tries=5, per_s=5 * 60, field="account"),
    Limit(name="code-address", tries=60, per_s=QUARTER_S),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInPage:
    """Context of the sign-in page."""

    form: FormState
    next: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CodePage:
    """Context of the pages that ask for a code; `qr` and `totp_secret` are set where a second factor is set up.

    Attributes
    ----------
    account
        Stands for the person in the form, so that tries are counted by account; it can't be made by anybody but us.

    """

    form: FormState
    next: str
    account: str
    qr: str | None = None
    totp_secret: str | None = None


class CodeForm(FormInput):
    """What the pages that ask for a code send."""

    code: Annotated[str, Field(max_length=20)]
    account: Annotated[str, Field(max_length=100)]
    next: Annotated[str, Field(max_length=2000)] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """Somebody whose password was right and who still owes the second factor."""

    user: User
    session_hash: str


@router.get("/")
@endpoint(PUBLIC)
def home(context: Context) -> Response:
    """Lead everybody to where their work is."""
    if context.principal is None:
        return see_other(context, "/sign-in")
    return see_other(context, _landing(context.principal.roles))


@router.get("/language/{locale}")
@endpoint(PUBLIC)
def choose_language(context: Context, locale: str, following: Next = "/") -> Response:
    """Remember the language in this browser."""
    chosen = next((known for known in LOCALES if known == locale), None)
    if chosen is None:
        raise NotFoundError
    response = see_other(context, following)
    set_locale_cookie(response, chosen, settings=context.settings)
    return response


@router.get("/sign-in")
@endpoint(PUBLIC)
def show_sign_in(context: Context, following: Next = "") -> Response:
    """Ask who it is; who is signed in already goes on."""
    if context.principal is not None:
        return see_other(context, following or "/")
    return render_page(context, "public/sign_in.html", SignInPage(form=FormState(), next=following))


@router.post("/sign-in")
@endpoint(PUBLIC, limited=SIGN_IN_LIMITS, prepare=check_sign_in)
def sign_in(context: Context, proof: Proof | InvalidInputError | None) -> Response:
    """Open a session, or one that still asks for the second factor; unknown, disabled and mistyped look the same."""
    user = proven_user(context, proof) if isinstance(proof, Proof) else None
    if user is None or not isinstance(proof, Proof):
        log.info("sign_in_refused")
        return _sign_in_again(context, proof if isinstance(proof, InvalidInputError) else _not_right())
    if proof.renewed is not None:
        accounts.renew_hash(context.session, user, proof.renewed)
    if user.totp_secret is not None:
        return _ask_for_code(context, user, "/sign-in/code")
    if requires_totp(user.roles, is_sample=user.is_sample, required=context.settings.require_totp):
        return _ask_for_code(context, user, "/sign-in/second-factor")
    return _let_in(context, user)


@router.get("/sign-in/code")
@endpoint(PUBLIC)
def show_code(context: Context, following: Next = "") -> Response:
    """Ask for the code that the person's app shows."""
    pending = _pending(context)
    if pending is None:
        return see_other(context, "/sign-in")
    return render_page(context, "public/code.html", _code_page(context, pending, FormState(), following))


@router.post("/sign-in/code")
@endpoint(PUBLIC, limited=CODE_LIMITS)
def check_code(context: Context) -> Response:
    """Let the person in if the code is right and unused."""
    pending = _pending(context)
    if pending is None or pending.user.totp_secret is None:
        return _start_again(context)
    try:
        _spend_code(context, pending, totp_secret=pending.user.totp_secret)
    except InvalidInputError as error:
        page = _code_page(context, pending, rejected(context.form, error, context.locale), _next(context))
        return render_page(context, "public/code.html", page, status=422)
    return _let_in(context, pending.user)


@router.get("/sign-in/second-factor")
@endpoint(PUBLIC)
def show_second_factor(context: Context, following: Next = "") -> Response:
    """Offer a second factor to somebody whose role needs one."""
    pending = _pending(context)
    if pending is None or pending.user.totp_secret is not None:
        return see_other(context, "/sign-in")
    return render_page(context, "public/second_factor.html", _offer_page(context, pending, FormState(), following))


@router.post("/sign-in/second-factor")
@endpoint(PUBLIC, limited=CODE_LIMITS)
def enrol_second_factor(context: Context) -> Response:
    """Store the second factor once the person has shown a code of it, and let them in."""
    pending = _pending(context)
    if pending is None or pending.user.totp_secret is not None:
        return _start_again(context)
    totp_secret = offered_secret(context.secret, pending.session_hash)
    try:
        step = _spend_code(context, pending, totp_secret=totp_secret)
    except InvalidInputError as error:
        page = _offer_page(context, pending, rejected(context.form, error, context.locale), _next(context))
        return render_page(context, "public/second_factor.html", page, status=422)
    accounts.enrol_totp(context.session, pending.user, totp_secret=totp_secret, step=step, at=context.at)
    return _let_in(context, pending.user)


@router.post("/sign-out")
@endpoint(PUBLIC)
def sign_out(context: Context) -> Response:
    """End the session here and on the server."""
    came_by_link = context.principal is not None and context.principal.by_link
    session_hash = _session_hash(context)
    if session_hash is not None:
        accounts.sign_out(context.session, session_hash)
    response = see_other(context, "/portal/return" if came_by_link else "/sign-in", N_("You have signed out."))
    clear_session_cookie(response, settings=context.settings)
    return response


def _landing(held: frozenset[Role]) -> str:
    """Return where somebody's work is."""
    if STAFF_ROLES & held:
        return "/console"
    if Role.VERIFIER in held:
        return "/room"
    return "/me/carbon" if Role.EMPLOYEE in held else "/portal"


def _let_in(context: Context, user: User) -> Response:
    token = accounts.start_login(context.session, user, replacing=_session_hash(context), at=context.at)
    if context.request.cookies.get(LOCALE_COOKIE) == context.locale:
        remember_locale(context.session, user, context.locale)
    landing = _landing(frozenset(Role(role) for role in user.roles))
    response = see_other(context, own_path(_next(context), default=landing))
    set_session_cookie(response, token, settings=context.settings)
    return response


def _ask_for_code(context: Context, user: User, path: str) -> Response:
    token = accounts.start_login(context.session, user, totp_pending=True, replacing=_session_hash(context), at=context.at)
    wanted = own_path(_next(context), default="")
    response = see_other(context, path + ("?" + urlencode({"next": wanted}) if wanted else ""))
    set_session_cookie(response, token, settings=context.settings)
    return response


def _pending(context: Context) -> Pending | None:
    session_hash = _session_hash(context)
    if session_hash is None:
        return None
    user = queries.find_pending_login(context.session, session_hash, at=context.at, life=accounts.PENDING_LIFE)
    return None if user is None else Pending(user=user, session_hash=session_hash)


def _session_hash(context: Context) -> str | None:
    token = context.request.cookies.get(session_cookie(context.settings))
    return hash_token(token) if token else None


def _spend_code(context: Context, pending: Pending, *, totp_secret: str) -> int:
    typed = parse_form(CodeForm, context.form)
    step = matching_step(totp_secret, typed.code, at=context.at)
    is_counted = tokens_match(typed.account, _account(context, pending.user))
    if step is None or not is_counted or not accounts.spend_code(context.session, pending.user, step):
        log.info("code_refused", user_id=str(pending.user.id))
        problem = FieldError(N_("This code is not right or was used before. Wait for the next one and type its six digits."))
        raise InvalidInputError({"code": problem})
    return step


def _account(context: Context, user: User) -> str:
    return derive(context.secret, "code-account", str(user.id).encode())


def _code_page(context: Context, pending: Pending, form: FormState, following: str) -> CodePage:
    return CodePage(form=form, next=following, account=_account(context, pending.user))


def _offer_page(context: Context, pending: Pending, form: FormState, following: str) -> CodePage:
    totp_secret = offered_secret(context.secret, pending.session_hash)
    return CodePage(
        form=form,
        next=following,
        account=_account(context, pending.user),
        qr=qr_code(totp_secret, pending.user),
        totp_secret=totp_secret,
    )


def _next(context: Context) -> str:
    return str(context.form.get("next", ""))


def _sign_in_again(context: Context, error: InvalidInputError) -> Response:
    page = SignInPage(form=rejected(context.form, error, context.locale), next=_next(context))
    return render_page(context, "public/sign_in.html", page, status=422)


def _start_again(context: Context) -> Response:
    return see_other(context, "/sign-in", N_("Signing in took too long; please begin again."), kind="info")


def _not_right() -> InvalidInputError:
    return InvalidInputError(
        {"": FieldError(N_("E-mail address and password don't belong together, or the account is not active."))}
    )
