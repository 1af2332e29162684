"""What everybody with an account sets for themselves: password, second factor, language, other browsers."""

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from service.accounts import sign_in as accounts
from service.accounts.access import SIGNED_IN, Context, endpoint
from service.accounts.cookies import set_locale_cookie
from service.accounts.limits import Limit
from service.accounts.models import User
from service.accounts.operations import end_sessions, remember_locale
from service.accounts.pages import render_page, see_other
from service.accounts.rules import PASSWORD_MIN, requires_totp
from service.accounts.totp import matching_step, offered_secret, qr_code
from service.console.people import role_names
from service.console.proofs import ConfirmedCodeForm, check_change, check_code_and_current, check_current, signed_in_user
from service.errors import N_, ConflictError, FieldError, InvalidInputError, ServiceError
from service.i18n import Locale
from service.web.forms import FormInput, FormState, parse_form, rejected

router = APIRouter()

# Whoever finds an open browser may guess the password here, too.
PROOF_LIMITS = (Limit(name="proof-address", tries=20, per_s=15 * 60),)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountPage:
    """Context of a person's own page; each form has its own state."""

    email: str
    roles: str
    locale: Locale
    has_totp: bool
    needs_totp: bool
    is_sample: bool
    password: FormState
    removal: FormState
    password_min: int = PASSWORD_MIN


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondFactorPage:
    """Context of the page on which a signed-in person sets up a second factor."""

    form: FormState
    qr: str
    totp_secret: str
    has_totp: bool


class LanguageForm(FormInput):
    """The language chosen."""

    locale: Locale


@router.get("/account")
@endpoint(SIGNED_IN)
def show_account(context: Context) -> Response:
    """Show what a person can set for themselves."""
    return _show(context)


@router.post("/account/password")
@endpoint(SIGNED_IN, limited=PROOF_LIMITS, prepare=check_change)
def change_password(context: Context, chosen: str | InvalidInputError) -> Response:
    """Store a new password; every other browser of this person is signed out."""
    if isinstance(chosen, InvalidInputError):
        return _show(context, password=rejected(context.form, chosen, context.locale), status=422)
    asking = context.asking
    user = signed_in_user(context)
    accounts.set_password(context.session, user, chosen, keep_session=asking.session_hash, by=asking.actor, at=context.at)
    return see_other(context, "/account", N_("Your new password is stored. You are signed out everywhere else."))


@router.get("/account/second-factor")
@endpoint(SIGNED_IN)
def show_second_factor(context: Context) -> Response:
    """Offer a second factor, or a new one instead of the old."""
    return _show_offer(context, FormState())


@router.post("/account/second-factor")
@endpoint(SIGNED_IN, limited=PROOF_LIMITS, prepare=check_code_and_current)
def enrol_second_factor(context: Context, typed: ConfirmedCodeForm | InvalidInputError) -> Response:
    """Store the second factor once the person has shown a code of it and the password."""
    user = signed_in_user(context)
    totp_secret = offered_secret(context.secret, context.asking.session_hash)
    step = None if isinstance(typed, InvalidInputError) else matching_step(totp_secret, typed.code, at=context.at)
    if step is None:
        problem = typed if isinstance(typed, InvalidInputError) else InvalidInputError({"code": _wrong_code()})
        return _show_offer(context, rejected(context.form, problem, context.locale), status=422)
    accounts.enrol_totp(context.session, user, totp_secret=totp_secret, step=step, at=context.at)
    return see_other(context, "/account", N_("Your second factor is set up. The next sign-in asks for a code."))


@router.post("/account/second-factor/remove")
@endpoint(SIGNED_IN, limited=PROOF_LIMITS, prepare=check_current)
def remove_second_factor(context: Context, problem: InvalidInputError | None) -> Response:
    """Take the second factor away where the roles don't need one."""
    if problem is not None:
        return _show(context, removal=rejected(context.form, problem, context.locale), status=422)
    user = signed_in_user(context)
    if _needs_totp(context, user):
        raise SecondFactorRequiredError
    accounts.remove_totp(context.session, user, by=context.asking.actor, at=context.at)
    return see_other(context, "/sign-in", N_("Your second factor is removed. Sign in again with your password."))


@router.post("/account/sessions/end")
@endpoint(SIGNED_IN)
def end_other_sessions(context: Context) -> Response:
    """Sign the person out in every other browser."""
    end_sessions(context.session, signed_in_user(context).id, but=context.asking.session_hash)
    return see_other(context, "/account", N_("You are signed out everywhere else."))


@router.post("/account/language")
@endpoint(SIGNED_IN)
def choose_language(context: Context) -> Response:
    """Keep the language with the account, for mails and other browsers."""
    chosen = parse_form(LanguageForm, context.form).locale
    remember_locale(context.session, signed_in_user(context), chosen)
    response = see_other(context, "/account", N_("Your language is stored."))
    set_locale_cookie(response, chosen, settings=context.settings)
    return response


class SecondFactorRequiredError(ConflictError):
    """A role that decides on figures or people needs the second factor."""

    code = "second-factor-required"

    def __init__(self) -> None:
        super().__init__(N_("Your roles need a second factor. Set up another instead of removing it."))


def _show(context: Context, *, password: FormState | None = None, removal: FormState | None = None, status: int = 200) -> Response:
    user = signed_in_user(context)
    page = AccountPage(
        email=user.email,
        roles=role_names(user.roles, context.locale),
        locale=context.locale,
        has_totp=user.totp_secret is not None,
        needs_totp=_needs_totp(context, user),
        is_sample=user.is_sample,
        password=password or FormState(),
        removal=removal or FormState(),
    )
    return render_page(context, "console/account.html", page, status=status)


def _show_offer(context: Context, form: FormState, *, status: int = 200) -> Response:
    user = signed_in_user(context)
    totp_secret = offered_secret(context.secret, context.asking.session_hash)
    page = SecondFactorPage(
        form=form, qr=qr_code(totp_secret, user), totp_secret=totp_secret, has_totp=user.totp_secret is not None
    )
    return render_page(context, "console/account_second_factor.html", page, status=status)


def _needs_totp(context: Context, user: User) -> bool:
    return requires_totp(user.roles, is_sample=user.is_sample, required=context.settings.require_totp)


def _wrong_code() -> ServiceError:
    return FieldError(N_("This code is not right. Wait for the next one and type its six digits."))
