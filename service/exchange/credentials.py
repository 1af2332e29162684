"""Our credentials at a partner's system; unlike those that it has here, they must be read again."""

from dataclasses import dataclass
from typing import Final

from service.exchange.models import Partner
from service.keys import load_secret, seal, unseal
from service.settings import Settings

_PURPOSE: Final = "partner-callback"


@dataclass(frozen=True, slots=True, kw_only=True)
class Callback:
    """Where and as whom we ask a partner's system.

    Attributes
    ----------
    base_url
        Its `/3/footprints` and `/3/events` lie below; without a final slash.
    auth_base_url
        Its `/auth/token` and discovery document lie below.

    """

    base_url: str
    auth_base_url: str
    client_id: str
    client_secret: str


def seal_callback_secret(client_secret: str, *, settings: Settings) -> str:
    """Return what to store as `Partner.callback_secret`."""
    return seal(load_secret(settings), _PURPOSE, client_secret)


def callback_of(partner: Partner, *, settings: Settings) -> Callback | None:
    """Return how we reach a partner; None if it gave us no credentials."""
    if partner.callback_client_id is None or partner.callback_secret is None:
        return None
    return Callback(
        base_url=partner.base_url,
        auth_base_url=partner.auth_base_url or partner.base_url,
        client_id=partner.callback_client_id,
        client_secret=unseal(load_secret(settings), _PURPOSE, partner.callback_secret),
    )
