import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field, SQLModel

from service.database import UtcDateTime, new_id, text_enum


class OrganisationKind(StrEnum):
    """What an organisation is to the maker."""

    MAKER = "maker"
    SUPPLIER = "supplier"
    CUSTOMER = "customer"
    PARTNER = "partner"
    VERIFIER = "verifier"


class Role(StrEnum):
    """What a person may do; a person may have several."""

    ADMIN = "admin"
    ENGINEER = "engineer"
    REVIEWER = "reviewer"
    PROCUREMENT = "procurement"
    SALES = "sales"
    AUDITOR = "auditor"
    SUPPLIER = "supplier"
    VERIFIER = "verifier"
    COMMITTEE = "committee"
    EMPLOYEE = "employee"


STAFF_ROLES = frozenset(Role) - {Role.SUPPLIER, Role.VERIFIER, Role.EMPLOYEE}
TOTP_ROLES = frozenset({Role.ADMIN, Role.REVIEWER, Role.ENGINEER, Role.VERIFIER})


class Organisation(SQLModel, table=True):
    """The maker itself, a supplier, a customer, a partner or a verifier."""

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    kind: OrganisationKind = Field(sa_type=text_enum(OrganisationKind), index=True)
    name_zh: str = Field(max_length=200)
    name_en: str = Field(max_length=200)
    registration_no: str | None = Field(default=None, max_length=40, description="USCC, 统一社会信用代码")
    is_sample: bool = False
    is_active: bool = True
    created_at: datetime = Field(sa_type=UtcDateTime)


class User(SQLModel, table=True):
    """A person of an organisation."""

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    organisation_id: uuid.UUID = Field(foreign_key="organisation.id", index=True)
    email: str = Field(max_length=254, unique=True, description="in lower case, NFC")
    name: str = Field(max_length=100)
    roles: list[str] = Field(default_factory=list, sa_type=JSON)
    password_hash: str | None = Field(default=None, max_length=200, description="argon2id; None until chosen")
    totp_secret: str | None = Field(default=None, max_length=64)
    totp_last_step: int | None = Field(default=None, description="30 s step of the last code used; a code works once")
    locale: str | None = Field(default=None, max_length=5)
    is_active: bool = True
    is_sample: bool = False
    created_at: datetime = Field(sa_type=UtcDateTime)


class LoginSession(SQLModel, table=True):
    """A signed-in browser; only the token's SHA-256 is stored."""

    __tablename__ = "login_session"

    token_hash: str = Field(primary_key=True, max_length=64)
    user_id: uuid.UUID | None = Field(default=None, foreign_key="user.id", index=True)
    invitation_id: uuid.UUID | None = Field(default=None, index=True, description="set for a supplier who came by link and PIN")
    delegation_id: uuid.UUID | None = Field(default=None, index=True, description="set for a supplier's colleague, by link and PIN")
    submission_id: uuid.UUID | None = Field(default=None, index=True, description="the one request such a link opens")
    organisation_id: uuid.UUID = Field(foreign_key="organisation.id", index=True)
    created_at: datetime = Field(sa_type=UtcDateTime)
    last_seen_at: datetime = Field(sa_type=UtcDateTime)
    totp_pending: bool = False


class ApiKey(SQLModel, table=True):
    """A supplier's key for programs; only its SHA-256 is stored."""

    __tablename__ = "api_key"

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    organisation_id: uuid.UUID = Field(foreign_key="organisation.id", index=True)
    user_id: uuid.UUID | None = Field(
        default=None, foreign_key="user.id", index=True, description="who made it; its actions are theirs"
    )
    invitation_id: uuid.UUID | None = Field(default=None, description="set where it was made by who came by link")
    submission_id: uuid.UUID | None = Field(default=None, index=True, description="the one request that such a key opens")
    name: str = Field(max_length=100, description="the program that uses it")
    token_hash: str = Field(max_length=64, unique=True)
    may_hand_in: bool = Field(default=False, description="not only fill in")
    created_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    last_used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class OneTimeToken(SQLModel, table=True):
    """A password reset or account invitation: single use, short-lived, stored as SHA-256."""

    __tablename__ = "one_time_token"

    token_hash: str = Field(primary_key=True, max_length=64)
    user_id: uuid.UUID = Field(foreign_key="user.id", index=True)
    purpose: str = Field(max_length=20)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class RateWindow(SQLModel, table=True):
    """Tries counted in one window of one limit; in the database, so that every worker counts together."""

    __tablename__ = "rate_window"

    key: str = Field(primary_key=True, max_length=160)
    window_start: int = Field(primary_key=True, description="Unix time of the window's start, s")
    tries: int = 0


class IdempotencyRecord(SQLModel, table=True):
    """The answer once given to a key, written in the transaction of its effect."""

    __tablename__ = "idempotency_record"
    __table_args__ = (UniqueConstraint("scope", "key"),)

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    scope: str = Field(max_length=120)
    key: str = Field(max_length=100)
    body_sha256: str = Field(max_length=64)
    status: int
    headers: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    body: bytes
    created_at: datetime = Field(sa_type=UtcDateTime, index=True)
