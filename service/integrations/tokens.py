"""Keys of the maker's other systems (ERP, MES): shown once, stored as their hash, each for named purposes only."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlmodel import Session, col, select, update

from service.accounts.tokens import hash_token, new_token
from service.audit.operations import record
from service.errors import N_, ConflictError, FieldError, InvalidInputError, NotFoundError
from service.integrations.models import SystemToken

PREFIX: Final = "aps_"
"""By it people and scanners of leaked secrets recognise a token."""
DAYS_MAX: Final = 730
TOKENS_MAX: Final = 50
TOUCH_INTERVAL: Final = timedelta(minutes=5)


class Scope(StrEnum):
    """What a token is good for."""

    WRITE_PURCHASES = "purchases:write"
    WRITE_PRODUCTION = "production:write"
    WRITE_ACTIVITY = "activity:write"
    READ_FOOTPRINTS = "footprints:read"
    READ_CERTIFICATES = "certificates:read"


def create_token(session: Session, *, name: str, scopes: Sequence[Scope], days: int, by: str, at: datetime) -> str:
    """Make a token and return it; it can't be shown again.

    Raises
    ------
    InvalidInputError
        Without a purpose, or outside of 1 to 730 days.
    ConflictError
        There are too many already.

    """
    problems: dict[str, FieldError] = {}
    if not scopes:
        problems["scopes"] = FieldError(N_("Choose at least one thing that the system may do."))
    if not 1 <= days <= DAYS_MAX:
        problems["days"] = FieldError(N_("A key lives from 1 to %(max)s days; choose a number between them."), max=DAYS_MAX)
    if problems:
        raise InvalidInputError(problems)
    if sum(1 for one in all_tokens(session) if is_live(one, at=at)) >= TOKENS_MAX:
        raise ConflictError(N_("There are %(max)s keys already. Revoke one that is no longer used."), max=TOKENS_MAX)
    secret = PREFIX + new_token()
    token = SystemToken(
        name=name,
        scopes=sorted(set(scopes)),
        token_hash=hash_token(secret),
        created_by=by,
        created_at=at,
        expires_at=at + timedelta(days=days),
    )
    session.add(token)
    record(session, "system_token_created", of=token, by=by, at=at, scopes=" ".join(token.scopes))
    return secret


def revoke_token(session: Session, token_id: uuid.UUID, *, by: str, at: datetime) -> None:
    """End a token at once; once more changes nothing."""
    token = session.get(SystemToken, token_id)
    if token is None:
        raise NotFoundError
    if token.revoked_at is None:
        token.revoked_at = at
        session.add(token)
        record(session, "system_token_revoked", of=token, by=by, at=at)


def find_live_token(session: Session, secret: str, *, at: datetime) -> SystemToken | None:
    """Return the token that a secret is, if it has not ended."""
    token = session.exec(select(SystemToken).where(SystemToken.token_hash == hash_token(secret))).first()
    return token if token is not None and is_live(token, at=at) else None


def is_live(token: SystemToken, *, at: datetime) -> bool:
    """Tell whether a token opens anything."""
    return token.revoked_at is None and token.expires_at > at


def all_tokens(session: Session) -> Sequence[SystemToken]:
    """Return all tokens, the newest first, ended ones too."""
    return session.exec(select(SystemToken).order_by(col(SystemToken.id).desc())).all()


def note_used(session: Session, token_id: uuid.UUID, *, at: datetime) -> None:
    """Note that a token was used; no business event."""
    session.exec(update(SystemToken).where(col(SystemToken.id) == token_id).values(last_used_at=at))
