"""SELECTs on messages to partners."""

import uuid
from collections.abc import Sequence
from typing import Final

from sqlmodel import Session, col, select

from service.errors import NotFoundError
from service.exchange.models import DeliveryState, OutgoingEvent

LISTED: Final = 200


def get_delivery(session: Session, event_id: uuid.UUID) -> OutgoingEvent:
    """Return a message."""
    found = session.get(OutgoingEvent, event_id)
    if found is None:
        raise NotFoundError
    return found


def find_deliveries(session: Session) -> Sequence[OutgoingEvent]:
    """Return the latest messages: those given up first, then those on their way."""
    order = (
        (col(OutgoingEvent.state) == DeliveryState.DEAD).desc(),
        (col(OutgoingEvent.state) == DeliveryState.WAITING).desc(),
        col(OutgoingEvent.created_at).desc(),
        col(OutgoingEvent.id).desc(),
    )
    return session.exec(select(OutgoingEvent).order_by(*order).limit(LISTED)).all()
