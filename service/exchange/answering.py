"""Answers to partners' requests: each gets exactly one, from a person or at once where all that it asks for is shared already."""

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from sqlmodel import Session

from service.audit.operations import record
from service.database import new_id
from service.errors import N_, ConflictError, FieldError, InvalidInputError, StaleVersionError
from service.exchange import outbox
from service.exchange.events_out import RejectionCode, fulfilled, rejected
from service.exchange.models import IncomingRequest, Partner, ReceivedEvent, RequestState
from service.exchange.partners import grant_products
from service.exchange.queries import granted_products
from service.exchange.request_queries import incoming_of_event, matches_of
from service.product_footprints.documents import pact_document
from service.product_footprints.models import ProductFootprint
from service.settings import Settings
from service.submissions.parsing import clean_text

LONGEST_REASON: Final = 500


def take_request(
    session: Session, received: ReceivedEvent, partner: Partner, *, settings: Settings, at: datetime
) -> IncomingRequest:
    """Put a request into the inbox, once; answer it at once if the partner may see all that matches, and something does."""
    present = incoming_of_event(session, partner.id, received.event_id)
    if present is not None:
        return present
    data = received.body["data"]
    request = IncomingRequest(
        partner_id=partner.id,
        event_id=received.event_id,
        wanted={name: value for name, value in data.items() if name != "comment"},
        comment=data.get("comment"),
        received_at=received.received_at,
    )
    session.add(request)
    session.flush()  # the audit event refers to it
    record(session, "footprint_request_received", of=request, by="system", at=at, organisation_id=partner.organisation_id)
    found = matches_of(session, request, partner)
    if found.shared and not found.unshared and partner.callback_client_id is not None:
        _fulfil(session, request, partner, found.shared, settings=settings, by="system", at=at)
    return request


def fulfil(
    session: Session,
    request: IncomingRequest,
    partner: Partner,
    *,
    footprint_ids: Collection[uuid.UUID],
    version: int,
    settings: Settings,
    by: str,
    at: datetime,
) -> None:
    """Answer with some of what matches; products of footprints that the partner may not see yet are shared with it from now on.

    Raises
    ------
    InvalidInputError
        No footprint was chosen, or one that does not match.
    ConflictError
        The request has its answer already, or the partner can't be reached.

    """
    _claim(request, partner, version)
    found = matches_of(session, request, partner)
    by_id = {one.id: one for one in (*found.shared, *found.unshared)}
    chosen = [by_id[one] for one in by_id if one in set(footprint_ids)]
    if not chosen or len(chosen) != len(set(footprint_ids)):
        raise InvalidInputError({"footprint_ids": FieldError(N_("Choose at least one of the footprints that match."))})
    fresh = {one.product_id for one in found.unshared if one in chosen}
    if fresh:
        wider = granted_products(session, partner) | fresh
        grant_products(session, partner, wider, version=partner.version, by=by, at=at)
    _fulfil(session, request, partner, chosen, settings=settings, by=by, at=at)


def reject(
    session: Session,
    request: IncomingRequest,
    partner: Partner,
    *,
    reason: str,
    version: int,
    settings: Settings,
    by: str,
    at: datetime,
) -> None:
    """Answer that the partner gets no footprint, and why in words for its people; errors as `fulfil`."""
    _claim(request, partner, version)
    words = clean_text(reason)
    if not 1 <= len(words) <= LONGEST_REASON:
        problem = FieldError(N_("Write the partner in 1 to %(max)s characters why it gets no footprint."), max=LONGEST_REASON)
        raise InvalidInputError({"reason": problem})
    envelope = rejected(new_id(), request.event_id, code=RejectionCode.NOT_FOUND, message=words, settings=settings, at=at)
    outbox.put(session, partner, envelope, at=at)
    request.reason = words
    _close(session, request, partner, RequestState.REJECTED, by=by, at=at)


def _claim(request: IncomingRequest, partner: Partner, version: int) -> None:
    if request.state is not RequestState.OPEN:
        raise ConflictError(N_("This request has its answer already; a partner gets exactly one."))
    if request.version != version:
        raise StaleVersionError
    if partner.callback_client_id is None or not partner.is_active:
        raise ConflictError(N_("This partner can't be answered: it is switched off, or has given us no client ID for its system."))
    request.version += 1


def _fulfil(
    session: Session,
    request: IncomingRequest,
    partner: Partner,
    chosen: Sequence[ProductFootprint],
    *,
    settings: Settings,
    by: str,
    at: datetime,
) -> None:
    documents = [pact_document(one) for one in chosen]
    outbox.put(session, partner, fulfilled(new_id(), request.event_id, documents, settings=settings, at=at), at=at)
    _close(session, request, partner, RequestState.FULFILLED, by=by, at=at)


def _close(session: Session, request: IncomingRequest, partner: Partner, state: RequestState, *, by: str, at: datetime) -> None:
    request.state, request.answered_at, request.answered_by = state, at, by
    session.add(request)
    record(session, f"footprint_request_{state}", of=request, by=by, at=at, organisation_id=partner.organisation_id)
