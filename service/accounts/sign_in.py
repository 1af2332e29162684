"""Sessions, second factors, one-time links: every write that has to do with getting in."""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from sqlalchemy import delete, or_, update
from sqlmodel import Session, col

from service.accounts import queries
from service.accounts.mails import reset_mail, set_up_mail
from service.accounts.models import LoginSession, OneTimeToken, User
from service.accounts.operations import end_sessions
from service.accounts.tokens import hash_token, new_token
from service.audit.operations import record
from service.errors import N_, NotFoundError
from service.keys import derive
from service.mail.operations import queue
from service.settings import Settings

Purpose = Literal["set_up", "reset"]
SET_UP_LIFE = timedelta(hours=72)
RESET_LIFE = timedelta(minutes=30)
PENDING_LIFE = timedelta(minutes=10)


class LinkUsedError(NotFoundError):
    """A one-time link that never was, has run out or has been used; which one is nobody's business."""

    code = "link-not-valid"

    def __init__(self) -> None:
        super().__init__(N_("This link has been used, has run out or was copied in part. Ask for a new one."))


def start_login(session: Session, user: User, *, totp_pending: bool = False, replacing: str | None = None, at: datetime) -> str:
    """Open a session and return its token for the cookie.

    Parameters
    ----------
    totp_pending
        The password was right, the second factor is still to come: the session opens nothing but its page.
    replacing
        Hash of the browser's earlier session, which ends: a token from before signing in is worth nothing after it.

    """
    token = new_token()
    if replacing is not None:
        sign_out(session, replacing)
    session.add(
        LoginSession(
            token_hash=hash_token(token),
            user_id=user.id,
            organisation_id=user.organisation_id,
            created_at=at,
            last_seen_at=at,
            totp_pending=totp_pending,
        )
    )
    if not totp_pending:
        record(session, "user_signed_in", of=user, by=f"user:{user.id}", at=at, organisation_id=user.organisation_id)
    return token


def sign_out(session: Session, session_hash: str) -> None:
    """End one session on the server."""
    session.exec(delete(LoginSession).where(col(LoginSession.token_hash) == session_hash))


def spend_code(session: Session, user: User, step: int) -> bool:
    """Note that the code of a step was used; False when that code or a later one was used before."""
    unused = or_(col(User.totp_last_step).is_(None), col(User.totp_last_step) < step)
    done = session.exec(update(User).where(col(User.id) == user.id, unused).values(totp_last_step=step))
    return done.rowcount == 1


def enrol_totp(session: Session, user: User, *, totp_secret: str, step: int, at: datetime) -> None:
    """Store a second factor of which the person has shown the code of `step`."""
    user.totp_secret, user.totp_last_step = totp_secret, step
    session.add(user)
    record(session, "user_totp_enrolled", of=user, by=f"user:{user.id}", at=at, organisation_id=user.organisation_id)


def remove_totp(session: Session, user: User, *, by: str, at: datetime) -> None:
    """Take the second factor away (phone lost): the person sets up a new one at the next sign-in."""
    user.totp_secret = user.totp_last_step = None
    session.add(user)
    end_sessions(session, user.id)
    record(session, "user_totp_removed", of=user, by=by, at=at, organisation_id=user.organisation_id)


def renew_hash(session: Session, user: User, password_hash: str) -> None:
    """Store the same password under today's stronger parameters; no event, because nothing changed for anybody."""
    user.password_hash = password_hash
    session.add(user)


def set_password(
    session: Session, user: User, password_hash: str, *, keep_session: str | None = None, by: str, at: datetime
) -> None:
    """Store a new password (`passwords.hash_password`), end all sessions but the one given, keep the second factor."""
    user.password_hash = password_hash
    session.add(user)
    end_sessions(session, user.id, but=keep_session)
    session.exec(
        update(OneTimeToken).where(col(OneTimeToken.user_id) == user.id, col(OneTimeToken.used_at).is_(None)).values(used_at=at)
    )
    record(session, "user_password_set", of=user, by=by, at=at, organisation_id=user.organisation_id)


def invite_user(session: Session, user: User, *, settings: Settings, secret: bytes, by: str, at: datetime) -> str:
    """Make a new set-up link, mail it and return it; earlier ones of this person end."""
    expires_at = at + SET_UP_LIFE
    link = set_up_link(user.id, expires_at, settings=settings, secret=secret)
    _store_token(session, user, link.token, purpose="set_up", expires_at=expires_at)
    mail = set_up_mail(user, link=link.address, settings=settings)
    queue(
        session,
        to=user.email,
        subject=mail.subject,
        body=mail.body,
        about=f"user:{user.id}",
        organisation_id=user.organisation_id,
        at=at,
    )
    record(session, "user_invited", of=user, by=by, at=at, organisation_id=user.organisation_id)
    return link.address


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A one-time link and the token in it."""

    token: str
    address: str


def set_up_link(user_id: uuid.UUID, expires_at: datetime, *, settings: Settings, secret: bytes) -> Link:
    """Return a person's set-up link.

    Its token follows from the deployment's secret, so that an administrator can copy the link while it lives although the
    database holds only its hash.
    """
    token = derive(secret, "set-up", f"{user_id} {expires_at.astimezone(UTC).isoformat()}".encode())
    return Link(token=token, address=f"{settings.base_url}/welcome/{token}")


def ask_reset(session: Session, email: str, *, settings: Settings, at: datetime) -> None:
    """Mail a reset link if somebody active has this address; the caller answers the same either way.

    An address that nobody has leaves an event, which costs the same durable write as the mail does.
    """
    user = queries.find_user_by_email(session, email)
    if user is None or not user.is_active:
        record(session, "password_reset_refused", of=user or queries.find_maker(session), by="anonymous", at=at)
        return
    token = new_token()
    _store_token(session, user, token, purpose="reset", expires_at=at + RESET_LIFE)
    mail = reset_mail(user, link=f"{settings.base_url}/reset/{token}", settings=settings)
    queue(
        session,
        to=user.email,
        subject=mail.subject,
        body=mail.body,
        about=f"user:{user.id}",
        organisation_id=user.organisation_id,
        at=at,
    )
    record(session, "password_reset_asked", of=user, by="anonymous", at=at, organisation_id=user.organisation_id)


def use_link(session: Session, token: str, *, purpose: Purpose, at: datetime) -> User:
    """Spend a one-time link and return whose it is; of two who come at once only one gets through.

    Raises
    ------
    LinkUsedError
        Unknown, used, run out, or its person is shut out.

    """
    user = queries.find_user_of_link(session, hash_token(token), purpose=purpose, at=at)
    unused = (col(OneTimeToken.token_hash) == hash_token(token), col(OneTimeToken.used_at).is_(None))
    spent = session.exec(update(OneTimeToken).where(*unused).values(used_at=at))
    if user is None or spent.rowcount != 1:
        raise LinkUsedError
    return user


def _store_token(session: Session, user: User, token: str, *, purpose: Purpose, expires_at: datetime) -> None:
    session.exec(delete(OneTimeToken).where(col(OneTimeToken.user_id) == user.id, col(OneTimeToken.purpose) == purpose))
    session.add(OneTimeToken(token_hash=hash_token(token), user_id=user.id, purpose=purpose, expires_at=expires_at))
