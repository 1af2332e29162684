"""The secret part of a supplier's link: made from the deployment's secret, so that a live link can be shown again.

The database holds only its hash; who has the database alone can open nothing.
"""

import base64
import hmac
import uuid
from datetime import datetime

from service.accounts.tokens import hash_token
from service.keys import derive, load_secret
from service.settings import Settings
from service.submissions.models import Invitation

PURPOSE = "supplier-link"


def link_token(invitation_id: uuid.UUID, *, settings: Settings) -> str:
    """Return the secret part of an invitation's link: 256 bits, safe in a URL."""
    digest = bytes.fromhex(derive(load_secret(settings), PURPOSE, invitation_id.bytes))
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def link_of(invitation: Invitation, *, settings: Settings) -> str | None:
    """Return an invitation's link; None if it was made under another secret, so that only a new one can be shown."""
    token = link_token(invitation.id, settings=settings)
    is_same = hmac.compare_digest(hash_token(token), invitation.token_hash)
    return address_of(token, settings=settings) if is_same else None


def live_link_of(invitation: Invitation | None, *, settings: Settings, at: datetime) -> str | None:
    """Return the link that opens at a moment; None if there is none, or none that can be shown."""
    if invitation is None or invitation.revoked_at is not None or invitation.expires_at <= at:
        return None
    return link_of(invitation, settings=settings)


def address_of(token: str, *, settings: Settings) -> str:
    """Return the address that a person opens."""
    return f"{settings.base_url}/r/{token}"
