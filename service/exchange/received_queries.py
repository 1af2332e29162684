"""SELECTs on footprints of others."""

import uuid
from collections.abc import Sequence
from typing import Final

from sqlmodel import Session, col, select

from service.errors import NotFoundError
from service.exchange.models import ReceivedFootprint, ReceivedState

LISTED: Final = 200


def get_received(session: Session, received_id: uuid.UUID) -> ReceivedFootprint:
    """Return a received footprint."""
    found = session.get(ReceivedFootprint, received_id)
    if found is None:
        raise NotFoundError
    return found


def find_received(session: Session) -> Sequence[ReceivedFootprint]:
    """Return the latest footprints of others, those to be decided first."""
    order = (
        (col(ReceivedFootprint.state) == ReceivedState.RECEIVED).desc(),
        col(ReceivedFootprint.received_at).desc(),
        col(ReceivedFootprint.id).desc(),
    )
    return session.exec(select(ReceivedFootprint).order_by(*order).limit(LISTED)).all()
