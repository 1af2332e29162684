"""The page on messages to partners: which are on their way, which were given up."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import Context, endpoint, roles
from service.accounts.models import Role
from service.accounts.pages import render_page, see_other
from service.console.exchange_words import DELIVERY_WORDS, EVENT_WORDS, Toned, toned
from service.errors import N_
from service.exchange import outbox
from service.exchange.delivery_queries import LISTED, find_deliveries, get_delivery
from service.exchange.models import DeliveryState, OutgoingEvent
from service.exchange.request_queries import partner_names
from service.exchange.told import explain_told
from service.i18n import translate

router = APIRouter()

READERS = roles(Role.ENGINEER, Role.REVIEWER, Role.AUDITOR, Role.ADMIN)
WRITERS = roles(Role.ENGINEER, Role.ADMIN)
LIST: Final = "/console/exchange/deliveries"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryLine:
    """A message, what it is, and how its last attempt ended."""

    event: OutgoingEvent
    partner: str
    kind: str
    state: Toned
    problem: str
    is_dead: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveriesPage:
    """The latest messages, those given up first."""

    lines: Sequence[DeliveryLine]
    limit: int
    may_send: bool


@router.get("/console/exchange/deliveries")
@endpoint(READERS)
def show_exchange_deliveries(context: Context) -> Response:
    """List messages to partners."""
    names, locale = partner_names(context.session, context.locale), context.locale
    lines = [
        DeliveryLine(
            event=one,
            partner=names[one.partner_id],
            kind=translate(locale, EVENT_WORDS[one.type]),
            state=toned(DELIVERY_WORDS[one.state], locale),
            problem=explain_told(locale, one.problem) if one.problem else "",
            is_dead=one.state is DeliveryState.DEAD,
        )
        for one in find_deliveries(context.session)
    ]
    page = DeliveriesPage(lines=lines, limit=LISTED, may_send=context.asking.has(Role.ENGINEER, Role.ADMIN))
    return render_page(context, "console/exchange_deliveries.html", page)


@router.post("/console/exchange/deliveries/{delivery_id}/send-again")
@endpoint(WRITERS)
def send_event_again(context: Context, delivery_id: uuid.UUID) -> Response:
    """Send what was given up for another 72 hours."""
    outbox.send_again(context.session, get_delivery(context.session, delivery_id), by=context.asking.actor, at=context.at)
    return see_other(context, LIST, N_("It is being sent again."))
