import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy
from sqlalchemy import Select, bindparam, func, or_, update
from sqlmodel import Session, col, select

from service.accounts.models import STAFF_ROLES, LoginSession, OneTimeToken, Organisation, OrganisationKind, Role, User
from service.accounts.rules import normalise_email
from service.database import read_columns
from service.errors import NotFoundError


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundLogin:
    """A live session, or a key for programs, with its person (no id, name and roles for who came by link) and organisation."""

    token_hash: str
    user_id: uuid.UUID | None
    invitation_id: uuid.UUID | None
    delegation_id: uuid.UUID | None
    submission_id: uuid.UUID | None
    organisation_id: uuid.UUID
    totp_pending: bool
    created_at: datetime
    last_seen_at: datetime
    user_name: str | None
    user_roles: Sequence[str] | None
    user_locale: str | None
    user_is_active: bool | None
    organisation_kind: OrganisationKind
    organisation_name_zh: str
    organisation_name_en: str
    organisation_is_active: bool
    api_key_id: uuid.UUID | None = None
    may_hand_in: bool = True

    @property
    def is_allowed(self) -> bool:
        """Whether neither the person nor the organisation has been shut out."""
        by_link = self.invitation_id is not None or self.delegation_id is not None
        is_person_allowed = by_link if self.user_is_active is None else self.user_is_active
        return self.organisation_is_active and is_person_allowed


# Asked at every request, so built once and read as columns.
LOGIN: Select[Any] = (
    sqlalchemy.select(
        *(
            getattr(LoginSession, name)
            for name in (
                "token_hash",
                "user_id",
                "invitation_id",
                "delegation_id",
                "submission_id",
                "totp_pending",
                "created_at",
                "last_seen_at",
            )
        ),
        *(getattr(User, name).label(f"user_{name}") for name in ("name", "roles", "locale", "is_active")),
        *(getattr(Organisation, name).label(f"organisation_{name}") for name in ("id", "kind", "name_zh", "name_en", "is_active")),
    )
    .join(Organisation, col(LoginSession.organisation_id) == col(Organisation.id))
    .join(User, col(LoginSession.user_id) == col(User.id), isouter=True)
    .where(col(LoginSession.token_hash) == bindparam("token_hash"))
)


def find_live_login(session: Session, token_hash: str, *, at: datetime, idle: timedelta, absolute: timedelta) -> FoundLogin | None:
    """Return a session that has neither expired nor lost its person or organisation."""
    row = read_columns(session, LOGIN, {"token_hash": token_hash}).mappings().first()
    if row is None:
        return None
    found = FoundLogin(**row)
    is_live = at - found.last_seen_at <= idle and at - found.created_at <= absolute
    return found if is_live and found.is_allowed else None


def touch_login(session: Session, token_hash: str, *, at: datetime) -> None:
    """Note that a session was used; writes, and lives here because it is no business event."""
    session.exec(update(LoginSession).where(col(LoginSession.token_hash) == token_hash).values(last_seen_at=at))


def find_pending_login(session: Session, token_hash: str, *, at: datetime, life: timedelta) -> User | None:
    """Return who has given the right password and still owes the second factor, in the session with this hash."""
    found = find_live_login(session, token_hash, at=at, idle=life, absolute=life)
    is_pending = found is not None and found.totp_pending and found.user_id is not None
    return session.get(User, found.user_id) if found is not None and is_pending else None


def find_maker(session: Session) -> Organisation | None:
    """Return the one maker of this deployment, or None before it was made."""
    return session.exec(select(Organisation).where(Organisation.kind == OrganisationKind.MAKER)).first()


def get_maker(session: Session) -> Organisation:
    """Return the one maker of this deployment."""
    maker = find_maker(session)
    if maker is None:
        raise NotFoundError
    return maker


def get_organisation(session: Session, organisation_id: uuid.UUID) -> Organisation:
    """Return an organisation."""
    organisation = session.get(Organisation, organisation_id)
    if organisation is None:
        raise NotFoundError
    return organisation


def find_organisations(session: Session, *, kinds: Collection[OrganisationKind]) -> Sequence[Organisation]:
    """Return the active organisations of some kinds, the maker first, then by name."""
    of_kind = (col(Organisation.kind).in_(kinds), col(Organisation.is_active))
    maker_first = col(Organisation.kind) == OrganisationKind.MAKER
    return session.exec(select(Organisation).where(*of_kind).order_by(maker_first.desc(), col(Organisation.name_en))).all()


def get_user(session: Session, user_id: uuid.UUID) -> User:
    """Return a person."""
    user = session.get(User, user_id)
    if user is None:
        raise NotFoundError
    return user


def find_staff(session: Session) -> Sequence[User]:
    """Return the maker's active people with a role in the console, by name."""
    query = select(User).join(Organisation).where(Organisation.kind == OrganisationKind.MAKER, col(User.is_active))
    return [
        user for user in session.exec(query.order_by(User.name, col(User.id))) if STAFF_ROLES & {Role(one) for one in user.roles}
    ]


def find_user_by_email(session: Session, email: str) -> User | None:
    """Return the person with an e-mail address, however it is typed."""
    return session.exec(select(User).where(User.email == normalise_email(email))).first()


def find_user_of_link(session: Session, token_hash: str, *, purpose: str, at: datetime) -> User | None:
    """Return the active person whom an unused, living one-time link belongs to."""
    living = (col(OneTimeToken.used_at).is_(None), col(OneTimeToken.expires_at) > at, col(OneTimeToken.purpose) == purpose)
    statement = select(User).join(OneTimeToken, col(OneTimeToken.user_id) == col(User.id))
    return session.exec(statement.where(OneTimeToken.token_hash == token_hash, col(User.is_active), *living)).first()


def find_set_up_expiry(session: Session, user_id: uuid.UUID, *, at: datetime) -> datetime | None:
    """Return until when a person's set-up link lives, or None if there is none to use."""
    living = (col(OneTimeToken.used_at).is_(None), col(OneTimeToken.expires_at) > at, col(OneTimeToken.purpose) == "set_up")
    return session.exec(select(OneTimeToken.expires_at).where(OneTimeToken.user_id == user_id, *living)).first()


def is_other_administrator(session: Session, user_id: uuid.UUID) -> bool:
    """Tell whether somebody active besides this person is administrator; the maker's row is locked until the decision is stored."""
    session.exec(select(Organisation).where(Organisation.kind == OrganisationKind.MAKER).with_for_update()).first()
    roles = session.exec(select(User.roles).where(col(User.is_active), col(User.id) != user_id))
    return any(Role.ADMIN in held for held in roles)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """A person as lists show them."""

    id: uuid.UUID
    name: str
    email: str
    roles: Sequence[str]
    is_active: bool
    is_sample: bool
    has_password: bool
    has_totp: bool
    organisation_zh: str
    organisation_en: str
    last_seen_at: datetime | None


def find_people(session: Session, *, text: str = "", before: uuid.UUID | None = None, limit: int = 50) -> Sequence[PersonRow]:
    """Return people whose name, address or organisation contains a text, those added last first.

    Parameters
    ----------
    before
        The last person of the page before; the next page begins after it.

    """
    last_seen = sqlalchemy.select(func.max(LoginSession.last_seen_at)).where(col(LoginSession.user_id) == col(User.id))
    statement: sqlalchemy.Select[*tuple[Any, ...]] = (
        sqlalchemy.select(
            col(User.id),
            col(User.name),
            col(User.email),
            col(User.roles),
            col(User.is_active),
            col(User.is_sample),
            col(User.password_hash).is_not(None).label("has_password"),
            col(User.totp_secret).is_not(None).label("has_totp"),
            col(Organisation.name_zh).label("organisation_zh"),
            col(Organisation.name_en).label("organisation_en"),
            last_seen.scalar_subquery().label("last_seen_at"),
        )
        .join(Organisation, col(User.organisation_id) == col(Organisation.id))
        .order_by(col(User.id).desc())
        .limit(limit)
    )
    if before is not None:
        statement = statement.where(col(User.id) < before)
    if text:
        columns = (User.name, User.email, Organisation.name_zh, Organisation.name_en)
        statement = statement.where(or_(*(col(column).icontains(text, autoescape=True) for column in columns)))
    return [PersonRow(**row) for row in session.execute(statement).mappings()]


def name_of_actor(session: Session, actor: str) -> str:
    """Return a person's name for an actor such as `user:<id>`; other actors are shown as they are."""
    return names_of_actors(session, [actor]).get(actor, actor)


def names_of_actors(session: Session, actors: Iterable[str]) -> Mapping[str, str]:
    """Return people's names by actor (`user:<id>`), in one query; actors that are no people are left out."""
    ids = [uuid.UUID(actor.removeprefix("user:")) for actor in set(actors) if actor.startswith("user:")]
    rows = session.exec(select(User.id, User.name).where(col(User.id).in_(ids))).all() if ids else ()
    return {f"user:{user_id}": name for user_id, name in rows}
