"""The link by which a supplier stops reminders: signed, so that it needs no log-in and can't be made up."""

import hmac
import uuid

from service.keys import derive

PURPOSE = "reminder-opt-out"


def opt_out_token(secret: bytes, submission_id: uuid.UUID) -> str:
    """Return what the link carries: the request and a signature over it."""
    return f"{submission_id.hex}-{derive(secret, PURPOSE, submission_id.bytes)[:32]}"


def read_opt_out_token(secret: bytes, token: str) -> uuid.UUID | None:
    """Return the request that a link is about, or None for a link that we have not made."""
    try:
        submission_id = uuid.UUID(token.partition("-")[0])
    except ValueError:
        return None
    expected = opt_out_token(secret, submission_id)
    return submission_id if hmac.compare_digest(expected.encode(), token.encode()) else None
