import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlmodel import Session, col, select

from service.accounts.models import LoginSession, Organisation, OrganisationKind, User
from service.errors import NotFoundError


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundLogin:
    """A live session with its person (None for a supplier's link) and organisation."""

    login: LoginSession
    user: User | None
    organisation: Organisation


def find_live_login(session: Session, token_hash: str, *, at: datetime, idle: timedelta, absolute: timedelta) -> FoundLogin | None:
    """Return a session that has neither expired nor lost its person or organisation."""
    statement = (
        select(LoginSession, User, Organisation)
        .join(Organisation, col(LoginSession.organisation_id) == col(Organisation.id))
        .join(User, col(LoginSession.user_id) == col(User.id), isouter=True)
        .where(LoginSession.token_hash == token_hash)
    )
    row = session.exec(statement).first()
    if row is None:
        return None
    login, user, organisation = row
    is_live = at - login.last_seen_at <= idle and at - login.created_at <= absolute
    is_allowed = organisation.is_active and (user.is_active if user else login.invitation_id is not None)
    return FoundLogin(login=login, user=user, organisation=organisation) if is_live and is_allowed else None


def touch_login(session: Session, token_hash: str, *, at: datetime) -> None:
    """Note that a session was used; writes, and lives here because it is no business event."""
    session.exec(update(LoginSession).where(col(LoginSession.token_hash) == token_hash).values(last_seen_at=at))


def get_maker(session: Session) -> Organisation:
    """Return the one maker of this deployment."""
    maker = session.exec(select(Organisation).where(Organisation.kind == OrganisationKind.MAKER)).first()
    if maker is None:
        raise NotFoundError
    return maker


def get_user(session: Session, user_id: uuid.UUID) -> User:
    """Return a person."""
    user = session.get(User, user_id)
    if user is None:
        raise NotFoundError
    return user


def find_user_by_email(session: Session, email: str) -> User | None:
    """Return the person with an e-mail address, compared in lower case."""
    return session.exec(select(User).where(User.email == email.strip().lower())).first()


def name_of_actor(session: Session, actor: str) -> str:
    """Return a person's name for an actor such as `user:<id>`; other actors are shown as they are."""
    kind, _, identifier = actor.partition(":")
    if kind != "user":
        return actor
    user = session.get(User, uuid.UUID(identifier))
    return user.name if user else actor
