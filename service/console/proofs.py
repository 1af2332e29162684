"""Checking and hashing passwords: the slow part of requests, done before their transaction (`endpoint(prepare=...)`)."""

import uuid
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field, StringConstraints

from service.accounts import queries
from service.accounts.access import Context
from service.accounts.models import User
from service.accounts.passwords import hash_password, is_outdated, verify_password
from service.accounts.rules import find_password_problem
from service.errors import N_, FieldError, InvalidInputError
from service.web.forms import FormInput, parse_form

# Longer than any password that can be chosen, so that the message comes from the rule for passwords.
TypedPassword = Annotated[str, StringConstraints(strip_whitespace=False, max_length=1000)]


class SignInForm(FormInput):
    """What the sign-in page sends."""

    email: Annotated[str, Field(max_length=254)]
    password: TypedPassword
    next: Annotated[str, Field(max_length=2000)] = ""


class NewPasswordForm(FormInput):
    """A new password, typed twice; `account` is there for password managers, which keep it beside the password."""

    account: Annotated[str, Field(max_length=254)] = ""
    password: TypedPassword
    repeated: TypedPassword


class ChangePasswordForm(NewPasswordForm):
    """A new password, and the present one as proof."""

    current: TypedPassword


class ConfirmedCodeForm(FormInput):
    """A code of a second factor, and the password as proof."""

    code: Annotated[str, Field(max_length=20)]
    current: TypedPassword


class ConfirmedForm(FormInput):
    """The password as proof, nothing else."""

    current: TypedPassword


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """Whose password was right.

    Attributes
    ----------
    stored
        The hash it was checked against; if the person has another by now, the proof is worth nothing.
    renewed
        The same password hashed with today's parameters, where the stored one is weaker.

    """

    user_id: uuid.UUID
    stored: str
    renewed: str | None


def check_sign_in(context: Context) -> Proof | InvalidInputError | None:
    """Check e-mail address and password; None if they don't belong together, after the same work for any address."""
    try:
        typed = parse_form(SignInForm, context.form)
    except InvalidInputError as error:
        return error
    user = queries.find_user_by_email(context.session, typed.email)
    stored = user.password_hash if user is not None and _may_sign_in(context, user) else None
    if not verify_password(stored, typed.password) or user is None or stored is None:
        return None
    renewed = hash_password(typed.password) if is_outdated(stored) else None
    return Proof(user_id=user.id, stored=stored, renewed=renewed)


def proven_user(context: Context, proof: Proof) -> User | None:
    """Return whose password was right, unless it was changed or they were shut out in the meantime."""
    user = queries.get_user(context.session, proof.user_id)
    return user if user.is_active and user.password_hash == proof.stored else None


def check_change(context: Context) -> str | InvalidInputError:
    """Check the signed-in person's present password and return the hash of the new one."""
    try:
        typed = parse_form(ChangePasswordForm, context.form)
        user = _check_current(context, typed.current)
        return hash_new_password(typed, user)
    except InvalidInputError as error:
        return error


def check_code_and_current(context: Context) -> ConfirmedCodeForm | InvalidInputError:
    """Check the signed-in person's password and return what they typed with it."""
    try:
        typed = parse_form(ConfirmedCodeForm, context.form)
        _check_current(context, typed.current)
    except InvalidInputError as error:
        return error
    return typed


def check_current(context: Context) -> InvalidInputError | None:
    """Check the signed-in person's password."""
    try:
        _check_current(context, parse_form(ConfirmedForm, context.form).current)
    except InvalidInputError as error:
        return error
    return None


def _check_current(context: Context, password: str) -> User:
    user = signed_in_user(context)
    if not verify_password(user.password_hash, password):
        raise InvalidInputError({"current": FieldError(N_("This is not your present password; type it again."))})
    return user


def signed_in_user(context: Context) -> User:
    """Return who is signed in with an account; who came by a supplier's link has none and is told that there is no such page."""
    return queries.get_user(context.session, context.asking.user_id or uuid.UUID(int=0))


def hash_new_password(typed: NewPasswordForm, user: User) -> str:
    """Return the hash of a password that a person chose, if the rules allow it and it was typed twice alike."""
    problem = find_password_problem(typed.password, personal=(user.name, user.email))
    if problem is not None:
        raise InvalidInputError({"password": problem})
    if typed.password != typed.repeated:
        raise InvalidInputError({"repeated": FieldError(N_("The two passwords differ; type the same one twice."))})
    return hash_password(typed.password)


def _may_sign_in(context: Context, user: User) -> bool:
    return user.is_active and queries.get_organisation(context.session, user.organisation_id).is_active
