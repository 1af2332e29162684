"""A partner in the world to attack."""

from collections.abc import Mapping

from sqlmodel import Session

from service.exchange.partners import PartnerInput, add_partner
from service.keys import load_secret
from service.settings import Settings
from tests.security.furnishing import BY, NOW


def exchange_objects(session: Session, settings: Settings) -> Mapping[str, str]:
    """Return a partner's id by the name of its path parameter."""
    fields = PartnerInput(name_zh="电池厂", name_en="Cell maker", base_url="https://pact.cell.example")
    partner = add_partner(
        session,
        fields,
        client_id="cell-maker",
        client_secret="0123456789abcdef",
        secret=load_secret(settings),
        allow_private=False,
        by=BY,
        at=NOW,
    )
    return {"partner_id": str(partner.id)}
