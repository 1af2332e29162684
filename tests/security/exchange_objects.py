"""A partner in the world to attack, and what was exchanged with it."""

import uuid
from collections.abc import Mapping

from sqlmodel import Session

from service.exchange.incoming import PUBLISHED, REJECTED
from service.exchange.models import (
    DeliveryState,
    IncomingRequest,
    OutgoingEvent,
    OutgoingRequest,
    ReceivedEvent,
    ReceivedFootprint,
)
from service.exchange.partners import PartnerInput, add_partner
from service.keys import load_secret
from service.settings import Settings
from tests.security.furnishing import BY, NOW


def exchange_objects(session: Session, settings: Settings) -> Mapping[str, str]:
    """Return ids by the name of their path parameter: a partner and what was exchanged with it."""
    fields = PartnerInput(name_zh="电池厂", name_en="Cell maker", base_url="https://pact.cell.example")
    partner = add_partner(
        session,
        fields,
        client_id="cell-maker",
        client_secret="0123456789abcdef",
        secret=load_secret(settings),
        allow_private=False,
        by=BY,
        at=NOW,
    )
    return {"partner_id": str(partner.id), **_exchanged(session, partner.id)}


def _exchanged(session: Session, partner_id: uuid.UUID) -> Mapping[str, str]:
    """Return one object for each thing that goes out or comes in; each waits for somebody's decision."""
    asked = OutgoingRequest(partner_id=partner_id, comment="please", asked_by=BY, asked_at=NOW)
    request = IncomingRequest(
        partner_id=partner_id, event_id="e-1", wanted={"geography": ["CN"]}, comment="please", received_at=NOW
    )
    event = ReceivedEvent(partner_id=partner_id, event_id="e-2", source="//cell", type=REJECTED, body={}, received_at=NOW)
    event.problem = "no effect"
    dead = OutgoingEvent(partner_id=partner_id, type=PUBLISHED, body={}, created_at=NOW, since=NOW, state=DeliveryState.DEAD)
    footprint_id = uuid.uuid5(uuid.NAMESPACE_URL, "security")
    document = {"id": str(footprint_id), "specVersion": "3.0.3", "status": "Active", "pcf": {}}
    received = ReceivedFootprint(
        partner_id=partner_id, footprint_id=footprint_id, original=document, document=document, brought_by=BY, received_at=NOW
    )
    session.add_all([asked, request, event, dead, received])
    session.flush()
    return {
        "outgoing_request_id": str(asked.id),
        "incoming_request_id": str(request.id),
        "delivery_id": str(dead.id),
        "received_id": str(received.id),
    }
