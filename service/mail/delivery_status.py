"""Reading a delivery status notification (RFC 3464): which message of ours came back, and why.

Only the message's own id counts, which the returned headers carry; what else the notification says of us is not believed.
"""

import re
from collections.abc import Iterator, Mapping
from email import message_from_bytes, policy
from email.message import EmailMessage, Message

from service.errors import N_

OWN_ID = re.compile(r"^\s*<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@[^>\s]+>\s*$")
RETURNED_HEADERS = ("message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers")
STATUS_TYPES = ("message/delivery-status", "message/global-delivery-status")
LONGEST_REASON = 300


PROBLEMS: Mapping[str, str] = {
    "no_notification": N_(
        "This is no delivery status notification. Save the bounce mail as .eml, or copy its full source, and try again."
    ),
    "no_failure": N_("This notification reports a delay or a success, not a failure; nothing was changed."),
    "not_ours": N_(
        "This notification does not quote the returned mail's own id, so it can't be matched. Mark the request by hand."
    ),
}


def read_delivery_status(content: bytes) -> dict[str, str]:
    """Return `{"message_id", "reason"}` of the message that came back, or `{"problem": key of PROBLEMS}`.

    Runs in a limited child process, because nested parts can exhaust a parser; so it answers plain texts.
    """
    notification = message_from_bytes(content, policy=policy.default)
    statuses = [part for part in notification.walk() if part.get_content_type() in STATUS_TYPES]
    if not statuses:
        return {"problem": "no_notification"}
    reasons = [reason for part in statuses for reason in _failures(part)]
    if not reasons:
        return {"problem": "no_failure"}
    message_id = next(filter(None, map(_own_id, notification.walk())), None)
    if message_id is None:
        return {"problem": "not_ours"}
    return {"message_id": message_id, "reason": reasons[0]}


def _failures(part: Message) -> Iterator[str]:
    """Yield status code and diagnosis of every recipient with the action "failed"; its first block is about the message."""
    blocks = part.get_payload()
    for block in blocks if isinstance(blocks, list) else ():
        if isinstance(block, Message) and str(block.get("Action", "")).strip().lower() == "failed":
            words = (str(block.get("Status", "")), str(block.get("Diagnostic-Code", "")).partition(";")[2])
            yield " ".join(" ".join(words).split())[:LONGEST_REASON] or "failed"


def _own_id(part: Message) -> str | None:
    if part.get_content_type() not in RETURNED_HEADERS:
        return None
    inner = part.get_payload()
    first = inner[0] if isinstance(inner, list) and inner else None
    headers = first if isinstance(first, Message) else _headers(part)
    found = OWN_ID.match(str(headers.get("Message-ID", ""))) if headers is not None else None
    return found[1] if found else None


def _headers(part: Message) -> Message | None:
    if not isinstance(part, EmailMessage):
        return None
    text = part.get_content()
    return message_from_bytes(text.encode() if isinstance(text, str) else bytes(text), policy=policy.default)
