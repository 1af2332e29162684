"""Every write on partners: the systems that footprints are exchanged with, their credentials, and what they may see."""

import hmac
import re
import uuid
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from pydantic import Field
from sqlalchemy import update
from sqlmodel import Session, col, select

from service.accounts.models import Organisation, OrganisationKind
from service.accounts.operations import create_organisation
from service.accounts.tokens import new_token
from service.audit.operations import record
from service.errors import N_, ConflictError, FieldError, InvalidInputError, ServiceError, StaleVersionError
from service.exchange.models import Grant, Partner
from service.keys import derive, seal, unseal
from service.outgoing.client import check_address
from service.outgoing.errors import BlockedAddressError
from service.products.models import Product
from service.suppliers.queries import get_active_supplier
from service.web.forms import FormInput

SECRET_MIN: Final = 8
"""Characters; shorter ones are refused."""
SECRET_ADVISED: Final = 16
"""Characters; `new_secret` has 43."""
SECRET_MAX: Final = 200
CLIENT_ID: Final = re.compile(r"[!-9;-~]{1,120}")
"""Visible ASCII without the colon that ends it in HTTP Basic (RFC 7617)."""
CALLBACK: Final = "partner-callback"
"""Purpose under which partners' credentials are sealed."""
SEEN_INTERVAL: Final = timedelta(minutes=5)


class PartnerInput(FormInput):
    """What a person may say of a partner.

    Attributes
    ----------
    base_url, auth_base_url
        Where the partner's own `/3/footprints` and `/auth/token` stand; the second only where it differs.
    callback_client_id, callback_client_secret
        By which we ask the partner for tokens; None for a partner that only asks.

    """

    name_zh: str = Field(min_length=1, max_length=200)
    name_en: str = Field(min_length=1, max_length=200)
    base_url: str = Field(min_length=1, max_length=300)
    auth_base_url: str | None = Field(default=None, max_length=300)
    supplier_id: uuid.UUID | None = None
    callback_client_id: str | None = Field(default=None, max_length=120)
    callback_client_secret: str | None = Field(default=None, max_length=SECRET_MAX)
    shares_all: bool = False


def add_partner(
    session: Session,
    fields: PartnerInput,
    *,
    client_id: str,
    client_secret: str,
    secret: bytes,
    allow_private: bool,
    by: str,
    at: datetime,
    is_sample: bool = False,
) -> Partner:
    """Register a partner with the credentials by which it will ask us for tokens.

    Parameters
    ----------
    client_secret
        Kept as a keyed hash only.
    secret
        The deployment's own.
    allow_private
        Whether addresses without TLS are taken, as on a test bench.

    """
    _check(session, fields, allow_private=allow_private)
    _check_credentials(session, client_id=client_id, client_secret=client_secret)
    organisation = create_organisation(
        session,
        kind=OrganisationKind.PARTNER,
        name_zh=fields.name_zh,
        name_en=fields.name_en,
        is_sample=is_sample,
        by=by,
        at=at,
    )
    partner = Partner(
        organisation_id=organisation.id,
        supplier_id=fields.supplier_id,
        base_url=without_final_slash(fields.base_url),
        auth_base_url=without_final_slash(fields.auth_base_url) if fields.auth_base_url else None,
        client_id=client_id,
        secret_hash=hash_secret(secret, client_id, client_secret),
        callback_client_id=fields.callback_client_id,
        callback_secret=_sealed(secret, fields.callback_client_secret),
        shares_all=fields.shares_all,
        is_sample=is_sample,
        created_by=by,
        created_at=at,
    )
    session.add(partner)
    session.flush()  # grants and audit events name its id
    _note(session, "partner_created", partner, by=by, at=at, shares_all=partner.shares_all)
    return partner


def change_partner(
    session: Session,
    partner: Partner,
    fields: PartnerInput,
    *,
    version: int,
    secret: bytes,
    allow_private: bool,
    by: str,
    at: datetime,
) -> None:
    """Correct a partner; without a callback secret, the one on file stays."""
    _claim(partner, version)
    _check(session, fields, allow_private=allow_private, keeps_secret=partner.callback_secret is not None)
    organisation = session.get_one(Organisation, partner.organisation_id)
    organisation.name_zh, organisation.name_en = fields.name_zh, fields.name_en
    partner.base_url = without_final_slash(fields.base_url)
    partner.auth_base_url = without_final_slash(fields.auth_base_url) if fields.auth_base_url else None
    partner.supplier_id = fields.supplier_id
    partner.callback_client_id = fields.callback_client_id
    if fields.callback_client_id is None:
        partner.callback_secret = None
    elif fields.callback_client_secret is not None:
        partner.callback_secret = _sealed(secret, fields.callback_client_secret)
    partner.shares_all = fields.shares_all
    session.add(partner)
    session.add(organisation)
    _note(session, "partner_changed", partner, by=by, at=at, shares_all=partner.shares_all)


def grant_products(
    session: Session, partner: Partner, product_ids: Collection[uuid.UUID], *, version: int, by: str, at: datetime
) -> None:
    """Let a partner see the declared footprints of these products, and of no others."""
    _claim(partner, version)
    session.add(partner)
    present = {grant.product_id: grant for grant in session.exec(select(Grant).where(Grant.partner_id == partner.id))}
    wanted = set(session.exec(select(Product.id).where(col(Product.id).in_(list(product_ids)))))
    for product_id in sorted(wanted - set(present)):
        session.add(Grant(partner_id=partner.id, product_id=product_id, granted_by=by, granted_at=at))
        _note(session, "partner_grant_added", partner, by=by, at=at, product_id=product_id)
    for product_id in sorted(set(present) - wanted):
        session.delete(present[product_id])
        _note(session, "partner_grant_ended", partner, by=by, at=at, product_id=product_id)


def set_partner_active(session: Session, partner: Partner, *, active: bool, by: str, at: datetime) -> None:
    """Switch a partner off, which ends its tokens at once, or on again."""
    if partner.is_active is active:
        return
    partner.is_active = active
    partner.version += 1
    session.add(partner)
    _note(session, "partner_activated" if active else "partner_deactivated", partner, by=by, at=at)


def rotate_secret(session: Session, partner: Partner, *, secret: bytes, by: str, at: datetime) -> str:
    """Give a partner a new secret, which ends its tokens at once; return it: it can't be shown again."""
    fresh = new_secret()
    partner.secret_hash = hash_secret(secret, partner.client_id, fresh)
    partner.version += 1
    session.add(partner)
    _note(session, "partner_secret_rotated", partner, by=by, at=at)
    return fresh


def note_seen(session: Session, partner_id: uuid.UUID, *, at: datetime) -> None:
    """Note when a partner last asked; no business event."""
    session.exec(update(Partner).where(col(Partner.id) == partner_id).values(last_seen_at=at))


def is_due(partner: Partner, *, at: datetime) -> bool:
    """Tell whether the partner's last sign of life is old enough to be noted again."""
    return partner.last_seen_at is None or at - partner.last_seen_at > SEEN_INTERVAL


def new_secret() -> str:
    """Return a secret of 256 random bits."""
    return new_token()


def hash_secret(secret: bytes, client_id: str, client_secret: str) -> str:
    """Return what is stored of a partner's secret: HMAC-SHA256 keyed by the deployment's own (docs/decisions/0023)."""
    return derive(secret, "exchange-client-secret", f"{client_id}\0{client_secret}".encode())


def secret_matches(secret: bytes, partner: Partner, client_secret: str) -> bool:
    """Compare in constant time."""
    return hmac.compare_digest(partner.secret_hash, hash_secret(secret, partner.client_id, client_secret))


def callback_credentials(partner: Partner, *, secret: bytes) -> tuple[str, str] | None:
    """Return client id and secret by which we ask a partner for tokens; None where none were given."""
    if partner.callback_client_id is None or partner.callback_secret is None:
        return None
    return partner.callback_client_id, unseal(secret, CALLBACK, partner.callback_secret)


def without_final_slash(url: str) -> str:
    """Return an address as it is stored: paths are appended to it."""
    return url.rstrip("/")


def _sealed(secret: bytes, text: str | None) -> str | None:
    return seal(secret, CALLBACK, text) if text else None


def _claim(partner: Partner, version: int) -> None:
    if partner.version != version:
        raise StaleVersionError
    partner.version += 1


def _check(session: Session, fields: PartnerInput, *, allow_private: bool, keeps_secret: bool = False) -> None:
    problems: dict[str, ServiceError] = {
        name: problem
        for name in ("base_url", "auth_base_url")
        if (url := getattr(fields, name)) is not None and (problem := address_problem(url, allow_private=allow_private))
    }
    if fields.callback_client_id and not fields.callback_client_secret and not keeps_secret:
        problems["callback_client_secret"] = FieldError(N_("Enter the secret that belongs to this client ID, or leave both empty."))
    if fields.callback_client_secret and not fields.callback_client_id:
        problems["callback_client_id"] = FieldError(N_("Enter the client ID that belongs to this secret, or leave both empty."))
    if problems:
        raise InvalidInputError(problems)
    if fields.supplier_id is not None:
        get_active_supplier(session, fields.supplier_id)


def address_problem(url: str, *, allow_private: bool) -> ServiceError | None:
    """Return what speaks against an address of a partner; its name is looked up at every request, not here."""
    try:
        check_address(url, allow_private=allow_private)
    except BlockedAddressError as error:
        return error
    return None


def _check_credentials(session: Session, *, client_id: str, client_secret: str) -> None:
    problems: dict[str, ServiceError] = {}
    if not CLIENT_ID.fullmatch(client_id):
        problems["client_id"] = FieldError(N_("A client ID has 1 to 120 letters, digits and signs, without space or colon."))
    if not SECRET_MIN <= len(client_secret) <= SECRET_MAX or not client_secret.isprintable():
        problems["client_secret"] = FieldError(
            N_("A client secret has %(min)s to %(max)s printable characters."), min=SECRET_MIN, max=SECRET_MAX
        )
    if problems:
        raise InvalidInputError(problems)
    if session.exec(select(Partner.id).where(Partner.client_id == client_id)).first() is not None:
        raise ConflictError(N_("There is a partner with the client ID %(client_id)s already."), client_id=client_id)


def _note(session: Session, action: str, partner: Partner, *, by: str, at: datetime, **details: object) -> None:
    record(session, action, of=partner, by=by, at=at, organisation_id=partner.organisation_id, **details)
