"""Registered addresses of the maker's own systems: who hears of what, and with which secret messages are signed."""

import hashlib
import hmac
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlmodel import Session, col, select

from service.accounts.tokens import new_token
from service.audit.operations import record
from service.errors import N_, FieldError, InvalidInputError, NotFoundError
from service.integrations.models import Webhook
from service.keys import seal, unseal
from service.outgoing.client import check_address
from service.outgoing.errors import BlockedAddressError

PURPOSE: Final = "webhook"
SECRET_PREFIX: Final = "whs_"  # noqa: S105 - what secrets begin with
SIGNATURE_HEADER: Final = "AnodePrint-Signature"


class WebhookEvent(StrEnum):
    """What a webhook can hear of."""

    CERTIFICATE_ISSUED = "certificate.issued"
    CERTIFICATE_WITHDRAWN = "certificate.withdrawn"
    CERTIFICATE_SUPERSEDED = "certificate.superseded"
    FOOTPRINT_RELEASED = "footprint.released"
    FOOTPRINT_DEPRECATED = "footprint.deprecated"
    SUBMISSION_ACCEPTED = "submission.accepted"
    TEST = "test"


TOLD: Final[Mapping[str, WebhookEvent]] = {
    "certificate_rendered": WebhookEvent.CERTIFICATE_ISSUED,  # only with its file is it valid
    "certificate_withdrawn": WebhookEvent.CERTIFICATE_WITHDRAWN,
    "certificate_superseded": WebhookEvent.CERTIFICATE_SUPERSEDED,
    "footprint_declared": WebhookEvent.FOOTPRINT_RELEASED,
    "footprint_deprecated": WebhookEvent.FOOTPRINT_DEPRECATED,
    "submission_accepted": WebhookEvent.SUBMISSION_ACCEPTED,
}
"""By the action of an audit event."""


def add_webhook(
    session: Session,
    *,
    name: str,
    url: str,
    events: Sequence[WebhookEvent],
    secret: bytes,
    allow_private: bool,
    by: str,
    at: datetime,
) -> str:
    """Register an address and return the secret that its messages are signed with; it can't be shown again.

    Parameters
    ----------
    secret
        The deployment's, which seals the webhook's own.

    """
    problems: dict[str, FieldError] = {}
    try:
        check_address(url, allow_private=allow_private)
    except BlockedAddressError as error:
        problems["url"] = FieldError(error.template, **error.values)
    if not events:
        problems["events"] = FieldError(N_("Choose at least one event."))
    if problems:
        raise InvalidInputError(problems)
    own = SECRET_PREFIX + new_token()
    webhook = Webhook(
        name=name,
        url=url,
        secret=seal(secret, PURPOSE, own),
        events=sorted(set(events)),
        created_by=by,
        created_at=at,
    )
    session.add(webhook)
    record(session, "webhook_created", of=webhook, by=by, at=at, events=" ".join(webhook.events))
    return own


def set_active(session: Session, webhook_id: uuid.UUID, *, active: bool, by: str, at: datetime) -> None:
    """Switch a webhook on or off; what happens while it is off is not told later."""
    webhook = get_webhook(session, webhook_id)
    if webhook.is_active != active:
        webhook.is_active = active
        webhook.version += 1
        session.add(webhook)
        record(session, "webhook_activated" if active else "webhook_deactivated", of=webhook, by=by, at=at)


def get_webhook(session: Session, webhook_id: uuid.UUID) -> Webhook:
    """Return a webhook."""
    webhook = session.get(Webhook, webhook_id)
    if webhook is None:
        raise NotFoundError
    return webhook


def all_webhooks(session: Session) -> Sequence[Webhook]:
    """Return all webhooks, the newest first."""
    return session.exec(select(Webhook).order_by(col(Webhook.id).desc())).all()


def listeners(session: Session, event: WebhookEvent) -> Sequence[Webhook]:
    """Return the webhooks that are on and hear of an event."""
    active = session.exec(select(Webhook).where(col(Webhook.is_active)).order_by(col(Webhook.id))).all()
    return [webhook for webhook in active if event in webhook.events]


def signature(webhook: Webhook, body: bytes, *, secret: bytes, at: datetime) -> str:
    """Return the header's value: `t=<seconds since 1970>,v1=<HMAC-SHA256 of "t.body" in hexadecimal>`."""
    seconds = int(at.timestamp())
    own = unseal(secret, PURPOSE, webhook.secret)
    digest = hmac.new(own.encode(), f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={seconds},v1={digest}"
