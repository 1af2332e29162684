"""Background work of the exchange: what may wait for another system is done outside of every transaction."""

import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from sqlmodel import Session, col, select

from service.errors import N_, ServiceError
from service.exchange import answering, asking, outbox, publishing
from service.exchange.credentials import callback_of
from service.exchange.incoming import CREATED, FULFILLED, PUBLISHED, REJECTED
from service.exchange.models import DeliveryState, OutgoingEvent, OutgoingRequest, Partner, ReceivedEvent, RequestState
from service.exchange.partner_system import Document, conversation
from service.exchange.receiving import Haul, UnreadableFootprintError, read_all, receive
from service.exchange.request_queries import open_requests
from service.jobs.work import GiveUpError, Work
from service.outgoing.errors import OutgoingError, RefusedAnswerError

LATE: Final = timedelta(hours=1)
"""So long after its time an attempt is asked for again, as when the process died in an unlucky moment."""
NOT_FOUND: Final = 404
LONGEST_PROBLEM: Final = 500
SEVERAL: Final = 200


class NoWayBackError(OutgoingError):
    """A partner that has given us no credentials for its system, or is switched off."""

    code = "partner-not-reachable"
    status = 409

    def __init__(self) -> None:
        super().__init__(N_("The partner can't be asked: it is switched off, or has given us no client ID for its system."))


def announce_published(work: Work) -> None:
    """Tell partners of footprints that were declared or deprecated."""
    ids = [uuid.UUID(one) for one in work.payload["footprint_ids"]]
    with work.finishing() as session:
        publishing.announce(session, ids, settings=work.settings, at=work.at)


def deliver_event(work: Work) -> None:
    """Make one attempt to send an event; how it ended decides on the next."""
    event_id = uuid.UUID(work.payload["event_id"])
    with work.database.reading() as session:
        event = _got(session, OutgoingEvent, event_id)
        partner = _got(session, Partner, event.partner_id)
        session.expunge_all()  # they are read after the transaction
    error = _try_to_send(work, event, partner) if event.state is DeliveryState.WAITING else None
    with work.finishing() as session:
        sent = _got(session, OutgoingEvent, event_id)
        if sent.state is not DeliveryState.WAITING:
            return
        if error is None:
            outbox.note_delivered(session, sent, at=work.clock())
        else:
            outbox.note_failed(session, sent, error, at=work.clock())


def send_late_events(work: Work) -> None:
    """Once an hour: ask again for attempts whose time has passed without anything having happened."""
    with work.finishing() as session:
        late = select(OutgoingEvent).where(
            OutgoingEvent.state == DeliveryState.WAITING, col(OutgoingEvent.next_at) < work.at - LATE
        )
        for event in session.exec(late.order_by(col(OutgoingEvent.id)).limit(SEVERAL)).all():
            event.rounds += 1  # the earlier attempt's key is taken
            outbox.plan_attempt(session, event, run_at=work.at)


def look_for_footprints(work: Work) -> None:
    """Read a partner's list for what one of our requests asks for."""
    request_id = uuid.UUID(work.payload["request_id"])
    with work.database.reading() as session:
        request = _got(session, OutgoingRequest, request_id)
        partner = _got(session, Partner, request.partner_id)
        session.expunge_all()  # they are read after the transaction
    found = _try_to_list(work, request, partner) if request.state is RequestState.OPEN else Haul()
    with work.finishing() as session:
        asked, of_whom = _got(session, OutgoingRequest, request_id), _got(session, Partner, partner.id)
        if asked.state is not RequestState.OPEN:
            return
        if isinstance(found, ServiceError):
            asking.note_look_failed(session, asked, found, at=work.clock())
        else:
            asking.take_found(session, asked, of_whom, found, by="system", at=work.clock())


def poll_open_requests(work: Work) -> None:
    """Once a day: look whether partners share by now what we have asked them for."""
    with work.finishing() as session:
        for request in open_requests(session):
            asking.look(session, request, at=work.at)


def handle_event(work: Work) -> None:
    """Do what an event that we have acknowledged asks for, once."""
    event_id = uuid.UUID(work.payload["event_id"])
    with work.database.reading() as session:
        received = _got(session, ReceivedEvent, event_id)
        partner = _got(session, Partner, received.partner_id)
        session.expunge_all()  # they are read after the transaction
    haul = Haul() if received.handled_at else _haul_of(work, received, partner)
    with work.finishing() as session:
        event, sender = _got(session, ReceivedEvent, event_id), _got(session, Partner, partner.id)
        if event.handled_at is not None:
            return
        problems = [*haul.problems, *_EFFECTS[event.type](work, session, event, sender, haul)]
        event.handled_at = work.clock()
        event.problem = "; ".join(str(one) for one in problems)[:LONGEST_PROBLEM] or None
        session.add(event)


def _haul_of(work: Work, received: ReceivedEvent, partner: Partner) -> Haul:
    """Return the footprints that an event brings or names, read before the transaction that keeps them."""
    if received.type == FULFILLED:
        return read_all(received.body["data"]["pfs"])
    return _fetch_published(work, received, partner) if received.type == PUBLISHED else Haul()


def _take_request(work: Work, session: Session, event: ReceivedEvent, partner: Partner, _: Haul) -> Sequence[ServiceError]:
    answering.take_request(session, event, partner, settings=work.settings, at=work.clock())
    return []


def _take_answer(work: Work, session: Session, event: ReceivedEvent, partner: Partner, haul: Haul) -> Sequence[ServiceError]:
    """Match an answer to our own open request to the same partner; others' and closed ones it does not touch."""
    request = _own_open_request(session, event.body["data"]["requestEventId"], partner)
    if request is None:
        return [UnreadableFootprintError(N_("It answers no open request of ours to this partner."))]
    if event.type == REJECTED:
        asking.take_rejection(session, request, event, at=work.clock())
    else:
        asking.take_found(session, request, partner, haul, by="system", at=work.clock())
    return []


def _own_open_request(session: Session, request_event_id: str, partner: Partner) -> OutgoingRequest | None:
    try:
        request = session.get(OutgoingRequest, uuid.UUID(request_event_id))
    except ValueError:
        return None
    is_open = request is not None and request.partner_id == partner.id and request.state is RequestState.OPEN
    return request if is_open else None


def _take_published(work: Work, session: Session, _: ReceivedEvent, partner: Partner, haul: Haul) -> Sequence[ServiceError]:
    for found in haul.footprints:
        receive(session, found, partner=partner, supplier_id=partner.supplier_id, by="system", at=work.clock())
    return []


_EFFECTS: Final = {CREATED: _take_request, FULFILLED: _take_answer, REJECTED: _take_answer, PUBLISHED: _take_published}


def _fetch_published(work: Work, received: ReceivedEvent, partner: Partner) -> Haul:
    """Fetch each footprint from the registered address of the partner, never from one in the event.

    What can't be fetched is tried again with the job; the last attempt keeps what there is.
    """
    callback = callback_of(partner, settings=work.settings) if partner.is_active else None
    if callback is None:
        return Haul(problems=[NoWayBackError()])
    documents: list[Document] = []
    problems: list[ServiceError] = []
    with conversation(callback, allow_private=work.settings.exchange_allow_private_addresses, clock=work.clock) as system:
        for one in dict.fromkeys(received.body["data"]["pfIds"]):
            try:
                documents.append(system.get_footprint(uuid.UUID(one)))
            except OutgoingError as error:
                if not work.is_last_attempt and not _is_not_there(error):
                    raise
                problems.append(error)
    return read_all(documents, problems)


def _is_not_there(error: OutgoingError) -> bool:
    return isinstance(error, RefusedAnswerError) and error.answer_status == NOT_FOUND


def _try_to_send(work: Work, event: OutgoingEvent, partner: Partner) -> ServiceError | None:
    try:
        callback = callback_of(partner, settings=work.settings) if partner.is_active else None
        if callback is None:
            return NoWayBackError()
        with conversation(callback, allow_private=work.settings.exchange_allow_private_addresses, clock=work.clock) as system:
            system.send_event(event.body)
    except ServiceError as error:
        return error
    return None


def _try_to_list(work: Work, request: OutgoingRequest, partner: Partner) -> Haul | ServiceError:
    try:
        callback = callback_of(partner, settings=work.settings) if partner.is_active else None
        if callback is None:
            return NoWayBackError()
        with conversation(callback, allow_private=work.settings.exchange_allow_private_addresses, clock=work.clock) as system:
            return read_all(system.list_footprints(asking.query_of(request.wanted)))
    except ServiceError as error:
        return error


def _got(session: Session, kind: type[Any], identity: uuid.UUID) -> Any:  # noqa: ANN401 - a row of any of our tables
    found = session.get(kind, identity)
    if found is None:
        raise GiveUpError(f"{kind.__name__} {identity} is not there")
    return found
