"""One-time links: choosing the first password, and a new one when the old is forgotten."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from service.accounts import queries
from service.accounts import sign_in as accounts
from service.accounts.access import PUBLIC, Context, endpoint
from service.accounts.limits import Limit
from service.accounts.models import User
from service.accounts.pages import render_page, see_other
from service.accounts.rules import PASSWORD_MIN, normalise_email
from service.accounts.tokens import hash_token
from service.console.proofs import NewPasswordForm, hash_new_password
from service.errors import N_, InvalidInputError
from service.mail.rules import find_address_problem
from service.web.forms import FormInput, FormState, parse_form, rejected

router = APIRouter()

HOUR_S = 3600
RESET_LIMITS = (
    Limit(name="reset-account", tries=3, per_s=HOUR_S, field="email"),
    Limit(name="reset-address", tries=20, per_s=HOUR_S),
)
CHOOSE_LIMITS = (Limit(name="choose-password", tries=20, per_s=HOUR_S),)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResetPage:
    """Context of the page that asks for an address; `is_done` when the request was taken."""

    form: FormState
    is_done: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoosePage:
    """Context of the page on which a password is chosen."""

    form: FormState
    action: str
    name: str
    email: str
    is_first: bool
    password_min: int = PASSWORD_MIN


class ResetForm(FormInput):
    """What the page that asks for an address sends."""

    email: Annotated[str, Field(max_length=254)]


def hash_chosen(purpose: accounts.Purpose) -> Callable[[Context], str | InvalidInputError]:
    """Return the slow part of choosing a password: its hash, or what is wrong with it; nothing is hashed for a dead link."""

    def prepare(context: Context) -> str | InvalidInputError:
        user = _user_of_link(context, context.request.path_params["token"], purpose)
        try:
            return hash_new_password(parse_form(NewPasswordForm, context.form), user)
        except InvalidInputError as error:
            return error

    return prepare


@router.get("/reset")
@endpoint(PUBLIC)
def show_reset(context: Context) -> Response:
    """Ask for the address of the account whose password is forgotten."""
    return render_page(context, "public/reset.html", ResetPage(form=FormState()))


@router.post("/reset")
@endpoint(PUBLIC, limited=RESET_LIMITS)
def ask_reset(context: Context) -> Response:
    """Take the request; the answer is the same whether there is such an account or not."""
    try:
        email = normalise_email(parse_form(ResetForm, context.form).email)
        problem = find_address_problem(email)
        if problem is not None:
            raise InvalidInputError({"email": problem})  # noqa: TRY301 - one way back to the form for both problems
    except InvalidInputError as error:
        page = ResetPage(form=rejected(context.form, error, context.locale))
        return render_page(context, "public/reset.html", page, status=422)
    accounts.ask_reset(context.session, email, settings=context.settings, at=context.at)
    return render_page(context, "public/reset.html", ResetPage(form=FormState(), is_done=True))


@router.get("/reset/{token}")
@endpoint(PUBLIC)
def show_choose_again(context: Context, token: str) -> Response:
    """Show the page of a reset link; looking at it spends nothing, because mail scanners look first."""
    return _show(context, token, purpose="reset", form=FormState())


@router.post("/reset/{token}")
@endpoint(PUBLIC, limited=CHOOSE_LIMITS, prepare=hash_chosen("reset"))
def choose_again(context: Context, chosen: str | InvalidInputError, token: str) -> Response:
    """Store the new password, end every session of the person; the second factor stays."""
    return _choose(context, chosen, token, purpose="reset")


@router.get("/welcome/{token}")
@endpoint(PUBLIC)
def show_choose_first(context: Context, token: str) -> Response:
    """Show the page of a set-up link."""
    return _show(context, token, purpose="set_up", form=FormState())


@router.post("/welcome/{token}")
@endpoint(PUBLIC, limited=CHOOSE_LIMITS, prepare=hash_chosen("set_up"))
def choose_first(context: Context, chosen: str | InvalidInputError, token: str) -> Response:
    """Store the first password."""
    return _choose(context, chosen, token, purpose="set_up")


def _show(context: Context, token: str, *, purpose: accounts.Purpose, form: FormState, status: int = 200) -> Response:
    user = _user_of_link(context, token, purpose)
    action = ("/reset/" if purpose == "reset" else "/welcome/") + token
    page = ChoosePage(form=form, action=action, name=user.name, email=user.email, is_first=purpose == "set_up")
    return render_page(context, "public/choose_password.html", page, status=status)


def _choose(context: Context, chosen: str | InvalidInputError, token: str, *, purpose: accounts.Purpose) -> Response:
    if isinstance(chosen, InvalidInputError):
        return _show(context, token, purpose=purpose, form=rejected(context.form, chosen, context.locale), status=422)
    user = accounts.use_link(context.session, token, purpose=purpose, at=context.at)
    accounts.set_password(context.session, user, chosen, by=f"user:{user.id}", at=context.at)
    return see_other(context, "/sign-in", N_("Your password is stored. Sign in with it."))


def _user_of_link(context: Context, token: str, purpose: accounts.Purpose) -> User:
    user = queries.find_user_of_link(context.session, hash_token(token), purpose=purpose, at=context.at)
    if user is None:
        raise accounts.LinkUsedError
    return user
