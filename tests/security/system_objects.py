"""One object of other systems for each name of a path parameter."""

from collections.abc import Mapping

from sqlmodel import Session

from service.integrations.models import MessageState, SystemToken, Webhook, WebhookMessage
from service.integrations.webhooks import PURPOSE, WebhookEvent
from service.keys import load_secret, seal
from service.settings import Settings
from tests.security.furnishing import BY, NOW


def system_objects(session: Session, settings: Settings) -> Mapping[str, str]:
    """Return a token, an address that hears of events, and a message to it that was given up."""
    token = SystemToken(name="ERP", scopes=[], token_hash="0" * 64, created_by=BY, created_at=NOW, expires_at=NOW)
    webhook = Webhook(
        name="MES",
        url="https://mes.example/hooks",
        secret=seal(load_secret(settings), PURPOSE, "whs_secret"),
        events=[],
        created_by=BY,
        created_at=NOW,
    )
    session.add(token)
    session.add(webhook)
    session.flush()
    message = WebhookMessage(
        webhook_id=webhook.id,
        event=WebhookEvent.TEST,
        body={},
        state=MessageState.DEAD,
        created_at=NOW,
        since=NOW,
        problem="HTTP 500",
    )
    session.add(message)
    session.flush()
    return {"token_id": str(token.id), "webhook_id": str(webhook.id), "message_id": str(message.id)}
