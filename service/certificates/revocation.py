"""The signed list of certificates that no longer hold, for readers who check without us."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import rfc8785

from service.certificates.verification_queries import Revoked
from service.signing import detached

SCHEMA: Final = "urn:anodeprint:revocation-list:1"
RENEWED_AFTER: Final = timedelta(days=7)
"""How long a reader may rely on a list; each is made when it is asked for. Own choice."""


def revocation_list(revoked: Sequence[Revoked], *, keys_folder: Path, organisation: str, at: datetime) -> dict[str, Any]:
    """Return the list with its signature, which is over the canonical JSON (RFC 8785) of `list`; numbers and reasons, no values."""
    content: dict[str, Any] = {
        "schema": SCHEMA,
        "issuer": organisation,
        "issued_at": _stamp(at),
        "next_update": _stamp(at + RENEWED_AFTER),
        "revoked": [{"number": one.number, "reason": one.reason.value, "at": _stamp(one.at)} for one in revoked],
    }
    signature = detached.sign(rfc8785.dumps(content), keys_folder, organisation=organisation, at=at)
    return {"list": content, "signature": signature.as_json()}


def _stamp(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
