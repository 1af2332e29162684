"""How we reach a partner's system, and as whom."""

from dataclasses import dataclass

from service.exchange.models import Partner
from service.exchange.partners import callback_credentials
from service.keys import load_secret
from service.settings import Settings


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


def callback_of(partner: Partner, *, settings: Settings) -> Callback | None:
    """Return how we reach a partner; None if it gave us no credentials."""
    found = callback_credentials(partner, secret=load_secret(settings))
    if found is None:
        return None
    return Callback(
        base_url=partner.base_url,
        auth_base_url=partner.auth_base_url or partner.base_url,
        client_id=found[0],
        client_secret=found[1],
    )
