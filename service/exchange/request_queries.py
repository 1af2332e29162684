"""SELECTs on requests for footprints, ours and partners', and on what matches them."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import true
from sqlmodel import Session, col, select

from service.accounts.models import Organisation
from service.errors import NotFoundError
from service.exchange.filters import filter_of_event
from service.exchange.models import IncomingRequest, OutgoingRequest, Partner, ReceivedEvent, RequestState
from service.exchange.visibility import visible_to
from service.i18n import Locale
from service.product_footprints.models import DeclaredStatus, ProductFootprint
from service.product_footprints.queries import find_listed

MOST_MATCHES: Final = 100
"""Footprints of one answer; documents of about 5 kB each, so that the event stays under a megabyte."""
LISTED: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Matches:
    """Active footprints that a request asks for.

    Attributes
    ----------
    shared
        The partner may see them already.
    unshared
        It may not, and does not learn of them.

    """

    shared: Sequence[ProductFootprint]
    unshared: Sequence[ProductFootprint]


def matches_of(session: Session, request: IncomingRequest, partner: Partner) -> Matches:
    """Return what a partner's request asks for, as far as it is there; without a status asked for, active ones only."""
    wanted = filter_of_event({"status": [DeclaredStatus.ACTIVE.value], **request.wanted})
    everything = find_listed(session, wanted, visible=true(), after=None, limit=MOST_MATCHES)
    shared = find_listed(session, wanted, visible=visible_to(partner), after=None, limit=MOST_MATCHES)
    seen = {one.id for one in shared}
    return Matches(shared=shared, unshared=[one for one in everything if one.id not in seen])


def visible_ids(session: Session, partner: Partner, footprint_ids: Sequence[uuid.UUID]) -> Sequence[uuid.UUID]:
    """Return which of these footprints a partner may see."""
    statement = select(ProductFootprint.id).where(col(ProductFootprint.id).in_(footprint_ids), visible_to(partner))
    return session.exec(statement.order_by(col(ProductFootprint.id))).all()


def reachable_partners(session: Session) -> Sequence[Partner]:
    """Return the active partners that have given us credentials."""
    has_callback = (col(Partner.is_active), col(Partner.callback_client_id).is_not(None))
    return session.exec(select(Partner).where(*has_callback).order_by(col(Partner.id))).all()


def get_incoming(session: Session, request_id: uuid.UUID) -> IncomingRequest:
    """Return a partner's request."""
    found = session.get(IncomingRequest, request_id)
    if found is None:
        raise NotFoundError
    return found


def find_incoming(session: Session) -> Sequence[IncomingRequest]:
    """Return the latest requests of partners, open ones first."""
    is_open = (col(IncomingRequest.state) == RequestState.OPEN).desc()
    return session.exec(select(IncomingRequest).order_by(is_open, col(IncomingRequest.received_at).desc()).limit(LISTED)).all()


def incoming_of_event(session: Session, partner_id: uuid.UUID, event_id: str) -> IncomingRequest | None:
    """Return the request that an event made."""
    same = (IncomingRequest.partner_id == partner_id, IncomingRequest.event_id == event_id)
    return session.exec(select(IncomingRequest).where(*same)).first()


def get_outgoing(session: Session, request_id: uuid.UUID) -> OutgoingRequest:
    """Return a request of ours."""
    found = session.get(OutgoingRequest, request_id)
    if found is None:
        raise NotFoundError
    return found


def find_outgoing(session: Session) -> Sequence[OutgoingRequest]:
    """Return our latest requests, open ones first."""
    is_open = (col(OutgoingRequest.state) == RequestState.OPEN).desc()
    return session.exec(select(OutgoingRequest).order_by(is_open, col(OutgoingRequest.asked_at).desc()).limit(LISTED)).all()


def open_requests(session: Session) -> Sequence[OutgoingRequest]:
    """Return every open request of ours to an active partner."""
    statement = (
        select(OutgoingRequest)
        .join(Partner, col(Partner.id) == col(OutgoingRequest.partner_id))
        .where(OutgoingRequest.state == RequestState.OPEN, col(Partner.is_active))
    )
    return session.exec(statement.order_by(col(OutgoingRequest.id))).all()


def ineffective_events(session: Session, *, limit: int) -> Sequence[ReceivedEvent]:
    """Return the latest events of partners that had no effect, with the reason."""
    statement = select(ReceivedEvent).where(col(ReceivedEvent.problem).is_not(None))
    return session.exec(statement.order_by(col(ReceivedEvent.received_at).desc()).limit(limit)).all()


def partner_names(session: Session, locale: Locale) -> dict[uuid.UUID, str]:
    """Return the names of all partners, switched off or not."""
    statement = select(Partner.id, Organisation.name_zh, Organisation.name_en).join(
        Organisation, col(Organisation.id) == col(Partner.organisation_id)
    )
    return {row[0]: row[1] if locale == "zh-CN" else row[2] for row in session.exec(statement)}
