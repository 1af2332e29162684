"""News of our footprints to the partners that may see them."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from service.database import new_id
from service.exchange import outbox
from service.exchange.events_out import published
from service.exchange.request_queries import reachable_partners, visible_ids
from service.settings import Settings


def announce(session: Session, footprint_ids: Sequence[uuid.UUID], *, settings: Settings, at: datetime) -> int:
    """Tell every partner that can be reached of those footprints that it may see, and return how many are told.

    The news of a deprecated footprint is the same event: who fetches it again sees its status.
    """
    told = 0
    for partner in reachable_partners(session):
        ids = visible_ids(session, partner, footprint_ids)
        if ids:
            outbox.put(session, partner, published(new_id(), ids, settings=settings, at=at), at=at)
            told += 1
    return told
