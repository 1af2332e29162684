"""Keys with which a supplier's programs answer instead of a person: made in the portal, shown once, stored as their hash."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import sqlalchemy
from sqlalchemy import ColumnElement, Select, and_, bindparam, update
from sqlmodel import Session, col, select

from service.accounts.models import ApiKey, Organisation, User
from service.accounts.queries import FoundLogin
from service.accounts.tokens import hash_token, new_token
from service.audit.operations import record
from service.database import UtcDateTime, read_columns
from service.errors import N_, ConflictError, FieldError, InvalidInputError, NotFoundError

PREFIX: Final = "apk_"
"""By it people and scanners of leaked secrets recognise a key."""
NAME_MAX: Final = 100
DAYS_MAX: Final = 730
KEYS_MAX: Final = 20
NEVER: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyOwner:
    """Whose keys: an organisation's, or those of one request where somebody came by its link.

    Attributes
    ----------
    actor
        As audit events name the person.
    ends_at
        When the person's own access ends; None for an account.

    """

    organisation_id: uuid.UUID
    user_id: uuid.UUID | None
    invitation_id: uuid.UUID | None
    submission_id: uuid.UUID | None
    actor: str
    ends_at: datetime | None


def create_key(session: Session, owner: KeyOwner, *, name: str, days: int, may_hand_in: bool, at: datetime) -> str:
    """Make a key and return it; it can't be shown again."""
    _check(session, owner, name=name, days=days, at=at)
    secret = PREFIX + new_token()
    wanted = at + timedelta(days=days)
    key = ApiKey(
        organisation_id=owner.organisation_id,
        user_id=owner.user_id,
        invitation_id=owner.invitation_id,
        submission_id=owner.submission_id,
        name=name,
        token_hash=hash_token(secret),
        may_hand_in=may_hand_in,
        created_at=at,
        expires_at=min(wanted, owner.ends_at) if owner.ends_at else wanted,
    )
    session.add(key)
    session.flush()
    record(session, "api_key_created", of=key, by=owner.actor, at=at, organisation_id=owner.organisation_id, name=name)
    return secret


def revoke_key(session: Session, owner: KeyOwner, key_id: uuid.UUID, *, at: datetime) -> None:
    """End a key at once; once more changes nothing."""
    key = session.exec(select(ApiKey).where(ApiKey.id == key_id, _owned_by(owner))).first()
    if key is None:
        raise NotFoundError
    if key.revoked_at is None:
        key.revoked_at = at
        session.add(key)
        record(session, "api_key_revoked", of=key, by=owner.actor, at=at, organisation_id=owner.organisation_id, name=key.name)


def end_keys_of_links(session: Session, submission_id: uuid.UUID, *, at: datetime) -> None:
    """End the keys made by people who came by a link that ends."""
    by_link = (col(ApiKey.submission_id) == submission_id, col(ApiKey.revoked_at).is_(None))
    session.exec(update(ApiKey).where(*by_link).values(revoked_at=at))


def keys_of(session: Session, owner: KeyOwner) -> Sequence[ApiKey]:
    """Return an owner's keys, newest first, ended ones too."""
    return session.exec(select(ApiKey).where(_owned_by(owner)).order_by(col(ApiKey.id).desc())).all()


KEY: Select[Any] = (
    sqlalchemy.select(
        *(
            getattr(ApiKey, name)
            for name in ("token_hash", "user_id", "invitation_id", "submission_id", "created_at", "may_hand_in")
        ),
        col(ApiKey.id).label("api_key_id"),
        col(ApiKey.last_used_at).label("last_seen_at"),
        *(getattr(User, name).label(f"user_{name}") for name in ("name", "locale", "is_active")),
        *(getattr(Organisation, name).label(f"organisation_{name}") for name in ("id", "kind", "name_zh", "name_en", "is_active")),
    )
    .join(Organisation, col(ApiKey.organisation_id) == col(Organisation.id))
    .join(User, col(ApiKey.user_id) == col(User.id), isouter=True)
    .where(
        col(ApiKey.token_hash) == bindparam("token_hash"),
        col(ApiKey.revoked_at).is_(None),
        col(ApiKey.expires_at) > bindparam("at", type_=UtcDateTime()),
    )
)


def find_live_key(session: Session, secret: str, *, at: datetime) -> FoundLogin | None:
    """Return who a key stands for, if it has not ended and its person and organisation are still allowed in."""
    row = read_columns(session, KEY, {"token_hash": hash_token(secret), "at": at}).mappings().first()
    if row is None:
        return None
    more = {"user_roles": None, "delegation_id": None, "totp_pending": False}
    found = FoundLogin(**{**row, **more, "last_seen_at": row["last_seen_at"] or NEVER})
    return found if found.is_allowed else None


def touch_key(session: Session, token_hash: str, *, at: datetime) -> None:
    """Note that a key was used; writes, and lives here because it is no business event."""
    session.exec(update(ApiKey).where(col(ApiKey.token_hash) == token_hash).values(last_used_at=at))


def _owned_by(owner: KeyOwner) -> ColumnElement[bool]:
    own = col(ApiKey.organisation_id) == owner.organisation_id
    return own if owner.submission_id is None else and_(own, col(ApiKey.submission_id) == owner.submission_id)


def _check(session: Session, owner: KeyOwner, *, name: str, days: int, at: datetime) -> None:
    problems: dict[str, FieldError] = {}
    if not name:
        problems["name"] = FieldError(N_("Name the program that will use the key, for example “ERP”."))
    elif len(name) > NAME_MAX:
        problems["name"] = FieldError(N_("At most %(max)s characters; shorten this."), max=NAME_MAX)
    if not 1 <= days <= DAYS_MAX:
        problems["days"] = FieldError(N_("A key lives from 1 to %(max)s days; choose a number between them."), max=DAYS_MAX)
    if problems:
        raise InvalidInputError(problems)
    live = [key for key in keys_of(session, owner) if key.revoked_at is None and key.expires_at > at]
    if len(live) >= KEYS_MAX:
        raise ConflictError(N_("There are %(max)s keys already. Revoke one that is no longer used."), max=KEYS_MAX)
