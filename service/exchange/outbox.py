"""Events on their way to partners: written with what they tell of, sent by a job until they are taken or 72 hours have passed.

Every failure is tried again, answers of the kind 4xx too: the specification exempts none, and what
refuses us today, such as a registration that is not complete, may be put right by a person tomorrow.
"""

import uuid
from datetime import datetime
from typing import Final

from sqlmodel import Session

from service.audit.operations import record
from service.errors import N_, ConflictError, ServiceError
from service.exchange.events_out import Envelope
from service.exchange.models import DeliveryState, OutgoingEvent, Partner
from service.exchange.told import told
from service.jobs.operations import enqueue
from service.outgoing.backoff import next_attempt

DELIVER: Final = "deliver_event"


def put(session: Session, partner: Partner, envelope: Envelope, *, at: datetime) -> OutgoingEvent:
    """Put an event into the outbox, in the caller's transaction; a job sends it once that has committed."""
    event = OutgoingEvent(
        id=uuid.UUID(envelope["id"]), partner_id=partner.id, type=envelope["type"], body=envelope, created_at=at, since=at
    )
    session.add(event)
    session.flush()  # the job refers to it
    plan_attempt(session, event, run_at=at)
    return event


def plan_attempt(session: Session, event: OutgoingEvent, *, run_at: datetime) -> None:
    """Ask for the next attempt; the same attempt is never asked for twice."""
    event.next_at = run_at
    session.add(event)
    payload = {"event_id": str(event.id)}
    key = f"{DELIVER}:{event.id}:{event.rounds}:{event.attempts}"
    enqueue(session, DELIVER, payload, key=key, run_at=run_at)


def note_delivered(session: Session, event: OutgoingEvent, *, at: datetime) -> None:
    """Note that the partner has taken an event."""
    event.attempts += 1
    event.state, event.ended_at, event.next_at, event.problem = DeliveryState.DELIVERED, at, None, None
    session.add(event)


def note_failed(session: Session, event: OutgoingEvent, error: ServiceError, *, at: datetime) -> None:
    """Plan the next attempt after one that failed; after 72 hours the event is a dead letter, which people see."""
    event.attempts += 1
    event.problem = dict(told(error))
    session.add(event)
    run_at = next_attempt(event.attempts, event.since, at, seed=str(event.id))
    if run_at is not None:
        plan_attempt(session, event, run_at=run_at)
        return
    _give_up(session, event, at=at)


def send_again(session: Session, event: OutgoingEvent, *, by: str, at: datetime) -> None:
    """Send a dead letter for another 72 hours.

    Raises
    ------
    ConflictError
        It is delivered, or still being tried.

    """
    if event.state is not DeliveryState.DEAD:
        raise ConflictError(N_("Only a message that was given up can be sent again; this one is on its way or has arrived."))
    event.state, event.ended_at, event.since, event.attempts = DeliveryState.WAITING, None, at, 0
    event.rounds += 1
    plan_attempt(session, event, run_at=at)
    record(session, "exchange_event_sent_again", of=event, by=by, at=at, type=event.type)


def _give_up(session: Session, event: OutgoingEvent, *, at: datetime) -> None:
    event.state, event.ended_at, event.next_at = DeliveryState.DEAD, at, None
    record(session, "exchange_event_given_up", of=event, by="system", at=at, type=event.type, attempts=event.attempts)
