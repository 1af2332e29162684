"""The envelopes of the events that we send (PACT v3, chapter on events; CloudEvents 1.0, structured mode)."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final

from service.exchange.incoming import CREATED, FULFILLED, PUBLISHED, REJECTED
from service.settings import Settings

Envelope = dict[str, Any]  # JSON
SPECVERSION: Final = "1.0"


class RejectionCode(StrEnum):
    """Why a request is rejected, in the words of the specification's error codes."""

    NOT_FOUND = "NotFound"
    ACCESS_DENIED = "AccessDenied"
    BAD_REQUEST = "BadRequest"


def created(event_id: uuid.UUID, wanted: Mapping[str, Any], *, comment: str | None, settings: Settings, at: datetime) -> Envelope:
    """Return the question for footprints by filters as the list takes them; what answers it names `event_id`."""
    data = {**wanted, **({"comment": comment} if comment else {})}
    return _envelope(event_id, CREATED, data, settings=settings, at=at)


def fulfilled(
    event_id: uuid.UUID, request_event_id: str, documents: Sequence[Mapping[str, Any]], *, settings: Settings, at: datetime
) -> Envelope:
    """Return the answer to a request with the footprints asked for, one or more."""
    data = {"requestEventId": request_event_id, "pfs": [dict(one) for one in documents]}
    return _envelope(event_id, FULFILLED, data, settings=settings, at=at)


def rejected(
    event_id: uuid.UUID, request_event_id: str, *, code: RejectionCode, message: str, settings: Settings, at: datetime
) -> Envelope:
    """Return the answer to a request that gets no footprint."""
    data = {"requestEventId": request_event_id, "error": {"code": code.value, "message": message}}
    return _envelope(event_id, REJECTED, data, settings=settings, at=at)


def published(event_id: uuid.UUID, footprint_ids: Sequence[uuid.UUID], *, settings: Settings, at: datetime) -> Envelope:
    """Return the news that footprints are there or have changed their status."""
    data = {"pfIds": [str(one) for one in footprint_ids]}
    return _envelope(event_id, PUBLISHED, data, settings=settings, at=at)


def _envelope(event_id: uuid.UUID, kind: str, data: Mapping[str, Any], *, settings: Settings, at: datetime) -> Envelope:
    return {
        "type": kind,
        "specversion": SPECVERSION,
        "id": str(event_id),
        "source": settings.base_url,
        "time": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "data": dict(data),
    }
