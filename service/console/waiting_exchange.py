"""What waits between us and partners' systems: requests to answer, footprints to decide on, messages that were given up."""

from sqlmodel import col

from service.accounts.models import Role
from service.console.waiting_kinds import Asked, Counted, Waiting, count
from service.errors import N_
from service.exchange.models import (
    DeliveryState,
    IncomingRequest,
    OutgoingEvent,
    ReceivedFootprint,
    ReceivedState,
    RequestState,
)

ENGINEERS = frozenset({Role.ENGINEER})


def _to_answer(asked: Asked) -> Counted:
    is_open = col(IncomingRequest.state) == RequestState.OPEN
    return count(asked, IncomingRequest.id, IncomingRequest.received_at, is_open)


def _to_decide(asked: Asked) -> Counted:
    waits = col(ReceivedFootprint.state) == ReceivedState.RECEIVED
    return count(asked, ReceivedFootprint.id, ReceivedFootprint.received_at, waits)


def _given_up(asked: Asked) -> Counted:
    is_dead = col(OutgoingEvent.state) == DeliveryState.DEAD
    return count(asked, OutgoingEvent.id, OutgoingEvent.ended_at, is_dead)


EXCHANGE_KINDS = (
    Waiting(
        title=N_("Requests of partners to answer"),
        why=N_("Each partner is promised exactly one answer."),
        next_step=N_("Answer the partners"),
        href="/console/exchange/requests",
        roles=ENGINEERS,
        count=_to_answer,
    ),
    Waiting(
        title=N_("Received footprints to decide on"),
        why=N_("Nothing is calculated with them before they are handed in and reviewed."),
        next_step=N_("Look at them"),
        href="/console/exchange/received",
        roles=ENGINEERS,
        count=_to_decide,
    ),
    Waiting(
        title=N_("Messages to partners that were given up"),
        why=N_("The partner's system did not take them for 72 hours."),
        next_step=N_("Send again"),
        href="/console/exchange/deliveries",
        roles=ENGINEERS | {Role.ADMIN},
        count=_given_up,
    ),
)
