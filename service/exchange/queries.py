import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import SplitResult, urlsplit

from sqlmodel import Session, col, select

from service.accounts.models import Organisation
from service.errors import NotFoundError
from service.exchange.models import Grant, Partner
from service.i18n import Locale

PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerRow:
    """A partner as lists show it."""

    id: uuid.UUID
    name_zh: str
    name_en: str
    base_url: str
    client_id: str
    shares_all: bool
    is_active: bool
    is_sample: bool
    last_seen_at: datetime | None

    def name(self, locale: Locale) -> str:
        """Return the name in the reader's language."""
        return self.name_zh if locale == "zh-CN" else self.name_en


def get_partner(session: Session, partner_id: uuid.UUID) -> Partner:
    """Return a partner, switched off or not."""
    partner = session.get(Partner, partner_id)
    if partner is None:
        raise NotFoundError
    return partner


def find_partner(session: Session, client_id: str) -> Partner | None:
    """Return the partner that asks under a client id, switched off or not."""
    return session.exec(select(Partner).where(Partner.client_id == client_id)).first()


def find_partners(session: Session) -> Sequence[PartnerRow]:
    """Return all partners by name."""
    statement = (
        select(Partner, Organisation)
        .join(Organisation, col(Partner.organisation_id) == col(Organisation.id))
        .order_by(col(Organisation.name_en), col(Partner.id))
    )
    return [_row(partner, organisation) for partner, organisation in session.exec(statement)]


def partner_row(session: Session, partner: Partner) -> PartnerRow:
    """Return a partner as lists show it."""
    return _row(partner, session.get_one(Organisation, partner.organisation_id))


def granted_products(session: Session, partner: Partner) -> frozenset[uuid.UUID]:
    """Return the products whose declared footprints a partner may see, beside what it sees by sharing all."""
    return frozenset(session.exec(select(Grant.product_id).where(Grant.partner_id == partner.id)))


def partners_of_source(session: Session, source: str) -> Sequence[Partner]:
    """Return the active partners whose address an event's `source` names; none for a source without host.

    A solution may host several companies under one address, so there may be more than one.
    """
    authority = _authority(source)
    if authority is None:
        return []
    partners = session.exec(select(Partner).where(col(Partner.is_active)).order_by(col(Partner.id))).all()
    return [partner for partner in partners if authority in _authorities(partner)]


def partner_of_source(session: Session, source: str) -> Partner | None:
    """Return the partner that an event's `source` names, if exactly one has that address."""
    found = partners_of_source(session, source)
    return found[0] if len(found) == 1 else None


def _row(partner: Partner, organisation: Organisation) -> PartnerRow:
    return PartnerRow(
        id=partner.id,
        name_zh=organisation.name_zh,
        name_en=organisation.name_en,
        base_url=partner.base_url,
        client_id=partner.client_id,
        shares_all=partner.shares_all,
        is_active=partner.is_active,
        is_sample=partner.is_sample,
        last_seen_at=partner.last_seen_at,
    )


def _authorities(partner: Partner) -> set[str | None]:
    return {_authority(url) for url in (partner.base_url, partner.auth_base_url) if url}


def _authority(reference: str) -> str | None:
    """Return host and port of a URI reference, `//host/path` being one of HTTPS; None where it names no host."""
    try:
        parts: SplitResult = urlsplit(reference)
        port = parts.port or PORTS.get(parts.scheme or "https")
    except ValueError:
        return None
    return f"{parts.hostname.lower()}:{port}" if parts.hostname else None
