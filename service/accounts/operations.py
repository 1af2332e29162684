"""Organisations and people: who exists, and with which roles. What concerns signing in is in `sign_in`."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Session, col

from service.accounts import queries
from service.accounts.models import TOTP_ROLES, LoginSession, OneTimeToken, Organisation, OrganisationKind, Role, User
from service.accounts.passwords import hash_password
from service.accounts.rules import NAME_MAX, find_name_problem, find_password_problem, find_role_problem, normalise_email
from service.audit.operations import record
from service.database import flush_unless_taken
from service.errors import N_, ConflictError, FieldError, InvalidInputError, ServiceError
from service.mail.rules import find_address_problem


class LastAdministratorError(ConflictError):
    """Without an active administrator nobody could let people in."""

    code = "last-administrator"

    def __init__(self) -> None:
        super().__init__(N_("This is the last active administrator. Make somebody else administrator first."))


def create_organisation(
    session: Session,
    *,
    kind: OrganisationKind,
    name_zh: str,
    name_en: str,
    registration_no: str | None = None,
    is_sample: bool = False,
    by: str,
    at: datetime,
) -> Organisation:
    """Add an organisation; there is one maker."""
    if kind is OrganisationKind.MAKER and queries.find_maker(session) is not None:
        raise ConflictError(N_("There is a maker already; one deployment serves one."))
    organisation = Organisation(
        kind=kind, name_zh=name_zh, name_en=name_en, registration_no=registration_no, is_sample=is_sample, created_at=at
    )
    session.add(organisation)
    session.flush()
    record(session, "organisation_created", of=organisation, by=by, at=at, organisation_id=organisation.id, kind=kind)
    return organisation


def create_user(
    session: Session,
    *,
    organisation: Organisation,
    email: str,
    name: str,
    roles: Iterable[Role],
    password: str | None = None,
    is_sample: bool = False,
    by: str,
    at: datetime,
) -> User:
    """Add a person.

    Parameters
    ----------
    password
        None: the person chooses one through a set-up link (`sign_in.invite_user`).

    Raises
    ------
    InvalidInputError
        For `email`, `name`, `roles` or `password`, by field.

    """
    email, name, roles = normalise_email(email), name.strip(), sorted(set(roles))
    _check_person(session, organisation=organisation, email=email, name=name, roles=roles, password=password)
    user = User(
        organisation_id=organisation.id,
        email=email,
        name=name,
        roles=[str(role) for role in roles],
        password_hash=None if password is None else hash_password(password),
        is_sample=is_sample,
        created_at=at,
    )
    session.add(user)
    # The same address typed by two people at once: the second loses here.
    flush_unless_taken(session, InvalidInputError({"email": _taken(email)}))
    record(session, "user_created", of=user, by=by, at=at, organisation_id=organisation.id, roles=_joined(roles))
    return user


def change_person(session: Session, user: User, *, name: str, roles: Iterable[Role], by: str, at: datetime) -> None:
    """Change name and roles; the roles count from the person's next request on.

    Who gets a role that needs a second factor and has none is signed out, and sets one up when signing in again.
    """
    organisation = queries.get_organisation(session, user.organisation_id)
    chosen = sorted(set(roles))
    _raise_problems({"name": find_name_problem(name), "roles": find_role_problem(chosen, organisation.kind)})
    if Role.ADMIN not in chosen:
        _keep_an_administrator(session, user)
    gained = set(chosen) - {Role(role) for role in user.roles}
    before, user.name, user.roles = user.roles, name, [str(role) for role in chosen]
    session.add(user)
    if gained & TOTP_ROLES and user.totp_secret is None:
        end_sessions(session, user.id)
    if before != user.roles:
        record(
            session,
            "user_roles_changed",
            of=user,
            by=by,
            at=at,
            organisation_id=organisation.id,
            before=_joined(before),
            after=_joined(chosen),
        )


def disable(session: Session, user: User, *, by: str, at: datetime) -> None:
    """Shut somebody out, in every browser, from the next request on."""
    _keep_an_administrator(session, user)
    user.is_active = False
    session.add(user)
    end_sessions(session, user.id)
    session.exec(delete(OneTimeToken).where(col(OneTimeToken.user_id) == user.id))
    record(session, "user_disabled", of=user, by=by, at=at, organisation_id=user.organisation_id)


def enable(session: Session, user: User, *, by: str, at: datetime) -> None:
    """Let somebody in again, with the password and second factor of before."""
    user.is_active = True
    session.add(user)
    record(session, "user_enabled", of=user, by=by, at=at, organisation_id=user.organisation_id)


def end_sessions(session: Session, user_id: uuid.UUID, *, but: str | None = None) -> None:
    """Sign somebody out everywhere, except in the session whose hash is given."""
    session.exec(delete(LoginSession).where(col(LoginSession.user_id) == user_id, col(LoginSession.token_hash) != (but or "")))


def remember_locale(session: Session, user: User, locale: str) -> None:
    """Note the language a person last chose, for mails and other browsers."""
    user.locale = locale
    session.add(user)


def _check_person(
    session: Session, *, organisation: Organisation, email: str, name: str, roles: list[Role], password: str | None
) -> None:
    is_taken = queries.find_user_by_email(session, email) is not None
    problems = {
        "email": find_address_problem(email) or (_taken(email) if is_taken else None),
        "name": find_name_problem(name) if 0 < len(name) <= NAME_MAX else _wrong_length(),
        "roles": find_role_problem(roles, organisation.kind),
        "password": None if password is None else find_password_problem(password, personal=(name, email)),
    }
    _raise_problems(problems)


def _raise_problems(problems: dict[str, FieldError | None]) -> None:
    found: dict[str, ServiceError] = {field: problem for field, problem in problems.items() if problem is not None}
    if found:
        raise InvalidInputError(found)


def _wrong_length() -> FieldError:
    return FieldError(N_("Type the person's name, of at most %(max)s characters."), max=NAME_MAX)


def _taken(email: str) -> FieldError:
    return FieldError(N_("%(email)s has an account already; look for it in the list of people."), email=email)


def _keep_an_administrator(session: Session, user: User) -> None:
    if Role.ADMIN in user.roles and user.is_active and not queries.is_other_administrator(session, user.id):
        raise LastAdministratorError


def _joined(roles: Iterable[str]) -> str:
    return " ".join(roles)
