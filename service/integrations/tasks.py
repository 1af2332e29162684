"""Background work for webhooks."""

import uuid

import service.integrations.following  # noqa: F401 - listens to the audit trail from here on
from service.audit.models import AuditEvent
from service.errors import ServiceError
from service.integrations import messages, webhooks
from service.integrations.models import MessageState, Webhook, WebhookMessage
from service.jobs.work import Work
from service.keys import load_secret
from service.outgoing.client import open_client, post_bytes


def tell_webhooks(work: Work) -> None:
    """Write the messages that tell of one event."""
    with work.finishing() as session:
        messages.tell(session, session.get_one(AuditEvent, work.payload["event_id"]), at=work.at)


def deliver_webhook(work: Work) -> None:
    """Make one attempt to send a message; how it ended decides on the next."""
    message_id = uuid.UUID(work.payload["message_id"])
    with work.database.reading() as session:
        message = messages.get_message(session, message_id)
        webhook = webhooks.get_webhook(session, message.webhook_id)
        session.expunge_all()  # they are read after the transaction
    error = _try_to_send(work, message, webhook) if message.state is MessageState.WAITING else None
    with work.finishing() as session:
        sent = messages.get_message(session, message_id)
        if sent.state is not MessageState.WAITING:
            return
        if error is None:
            messages.note_delivered(session, sent, at=work.clock())
        else:
            messages.note_failed(session, sent, str(error), at=work.clock())


def _try_to_send(work: Work, message: WebhookMessage, webhook: Webhook) -> ServiceError | None:
    body = messages.body_of(message)
    signed = webhooks.signature(webhook, body, secret=load_secret(work.settings), at=work.clock())
    try:
        with open_client(allow_private=work.settings.exchange_allow_private_addresses, registered=[webhook.url]) as client:
            headers = {webhooks.SIGNATURE_HEADER: signed}
            post_bytes(client, webhook.url, body, media_type="application/json", headers=headers)
    except ServiceError as error:
        return error
    return None
