"""Messages to webhooks: written once per event, tried with growing pauses for 72 hours, then kept as dead letters."""

import json
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from sqlmodel import Session, col, select

from service.audit.models import AuditEvent
from service.audit.operations import record
from service.errors import N_, ConflictError, NotFoundError
from service.integrations import webhooks
from service.integrations.models import MessageState, Webhook, WebhookMessage
from service.integrations.webhooks import WebhookEvent
from service.jobs.operations import enqueue
from service.outgoing.backoff import next_attempt

DELIVER: Final = "deliver_webhook"
FACTS: Final = ("number",)
"""Details of an audit event that a message carries; everything else is asked for with a token."""
SHOWN: Final = 50


def tell(session: Session, event: AuditEvent, *, at: datetime) -> None:
    """Write a message for every webhook that hears of an event."""
    kind = webhooks.TOLD[event.action]
    facts = {name: event.details[name] for name in FACTS if name in event.details}
    about = {"type": kind.partition(".")[0], "id": event.object_id, **facts}
    for webhook in webhooks.listeners(session, kind):
        put(session, webhook, kind, about, happened_at=event.at, at=at)


def put(
    session: Session, webhook: Webhook, kind: WebhookEvent, about: Mapping[str, Any], *, happened_at: datetime, at: datetime
) -> WebhookMessage:
    """Put a message into the outbox, in the caller's transaction."""
    message = WebhookMessage(webhook_id=webhook.id, event=kind, body={}, created_at=at, since=at)
    message.body = {
        "id": str(message.id),
        "event": kind.value,
        "at": happened_at.astimezone(UTC).isoformat(timespec="seconds"),
        "object": dict(about),
    }
    session.add(message)
    _plan(session, message, run_at=at)
    return message


def body_of(message: WebhookMessage) -> bytes:
    """Return the bytes that are signed and sent, at every attempt the same."""
    return json.dumps(message.body, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def note_delivered(session: Session, message: WebhookMessage, *, at: datetime) -> None:
    """Note that the other system has taken a message."""
    message.attempts += 1
    message.state, message.ended_at, message.next_at, message.problem = MessageState.DELIVERED, at, None, None
    session.add(message)


def note_failed(session: Session, message: WebhookMessage, problem: str, *, at: datetime) -> None:
    """Plan the next attempt; after 72 hours the message is a dead letter, which people see."""
    message.attempts += 1
    message.problem = problem[:500]
    session.add(message)
    run_at = next_attempt(message.attempts, message.since, at, seed=str(message.id))
    if run_at is not None:
        _plan(session, message, run_at=run_at)
        return
    message.state, message.ended_at, message.next_at = MessageState.DEAD, at, None
    record(session, "webhook_message_given_up", of=message, by="system", at=at, event=message.event, attempts=message.attempts)


def send_again(session: Session, message: WebhookMessage, *, by: str, at: datetime) -> None:
    """Send a dead letter for another 72 hours.

    Raises
    ------
    ConflictError
        It is delivered, or still being tried.

    """
    if message.state is not MessageState.DEAD:
        raise ConflictError(N_("Only a message that was given up can be sent again; this one is on its way or has arrived."))
    message.state, message.ended_at, message.since, message.attempts = MessageState.WAITING, None, at, 0
    message.rounds += 1
    _plan(session, message, run_at=at)
    record(session, "webhook_message_sent_again", of=message, by=by, at=at, event=message.event)


def get_message(session: Session, message_id: uuid.UUID) -> WebhookMessage:
    """Return a message."""
    message = session.get(WebhookMessage, message_id)
    if message is None:
        raise NotFoundError
    return message


def latest_messages(session: Session) -> Sequence[WebhookMessage]:
    """Return the newest messages, dead letters first."""
    statement = select(WebhookMessage).order_by(
        (col(WebhookMessage.state) == MessageState.DEAD).desc(), col(WebhookMessage.id).desc()
    )
    return session.exec(statement.limit(SHOWN)).all()


def _plan(session: Session, message: WebhookMessage, *, run_at: datetime) -> None:
    message.next_at = run_at
    session.add(message)
    key = f"{DELIVER}:{message.id}:{message.rounds}:{message.attempts}"
    enqueue(session, DELIVER, {"message_id": str(message.id)}, key=key, run_at=run_at)
