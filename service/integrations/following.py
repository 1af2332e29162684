"""Asks for messages to webhooks when an event of the audit trail is one that they can hear of.

The audit trail already has every business event exactly once and in the transaction that made it. So no domain needs to know
of webhooks: a listener on the trail asks for the job in the same transaction, and only where a webhook is registered.
"""

from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.orm import Mapper, Session, SessionTransaction, object_session
from sqlmodel import Session as ServiceSession

from service.audit.models import AuditEvent
from service.integrations import webhooks
from service.jobs.operations import enqueue

TELL = "tell_webhooks"
PENDING = "webhook_events"


@event.listens_for(AuditEvent, "after_insert")
def _note_event(mapper: Mapper[Any], connection: Connection, target: AuditEvent) -> None:
    del mapper, connection
    session = object_session(target)
    if session is not None and target.action in webhooks.TOLD:
        session.info.setdefault(PENDING, {})[target.id] = target


@event.listens_for(Session, "before_commit")
def _ask_for_messages(session: Session) -> None:
    if session.in_nested_transaction() or not isinstance(session, ServiceSession):
        return
    session.flush()
    for event_id, told in session.info.pop(PENDING, {}).items():
        if webhooks.listeners(session, webhooks.TOLD[told.action]):
            enqueue(session, TELL, {"event_id": event_id}, key=f"{TELL}:{event_id}", run_at=told.at)


@event.listens_for(Session, "after_soft_rollback")
def _forget_events(session: Session, ended: SessionTransaction) -> None:
    if ended.parent is None:
        session.info.pop(PENDING, None)
