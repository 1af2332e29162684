"""What a leaf of the log says: the one text of an event that its hash is taken of, the same today and in ten years."""

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Protocol

import rfc8785


class Logged(Protocol):
    """The columns of an audit event that its leaf holds; all are pseudonymous ids, words of ours and plain facts."""

    @property
    def id(self) -> int | None:
        """Number of the event."""

    @property
    def at(self) -> datetime:
        """When."""

    @property
    def actor(self) -> str:
        """Who, as a pseudonymous id."""

    @property
    def organisation_id(self) -> uuid.UUID | None:
        """Whose data it concerns."""

    @property
    def action(self) -> str:
        """What was done."""

    @property
    def object_type(self) -> str:
        """Kind of the row concerned."""

    @property
    def object_id(self) -> str:
        """Its id."""

    @property
    def details(self) -> dict[str, Any]:
        """Facts that explain it."""


def leaf_text(event: Logged, *, index: int, salt: str) -> str:
    """Return an event's canonical JSON (RFC 8785) with its place in the log.

    Parameters
    ----------
    salt
        128 random bits in hexadecimal: who holds a proof, and with it the hashes of neighbouring leaves, can't find out by
        guessing what those say.

    """
    return rfc8785.dumps(leaf_content(event, index=index, salt=salt)).decode()


def leaf_content(event: Logged, *, index: int, salt: str) -> Mapping[str, Any]:
    """Return what a leaf says, before it becomes text."""
    return {
        "index": index,
        "event": event.id,
        "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": event.actor,
        "organisation": str(event.organisation_id) if event.organisation_id else None,
        "action": event.action,
        "object": {"type": event.object_type, "id": event.object_id},
        "details": event.details,
        "salt": salt,
    }
