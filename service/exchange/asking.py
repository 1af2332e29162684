"""Our requests for partners' footprints: by an event that the partner answers, or by a look into what it shares already."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from pydantic import Field
from sqlmodel import Session

from service.audit.operations import record
from service.database import new_id
from service.errors import N_, ConflictError, FieldError, InvalidInputError, ServiceError
from service.exchange import outbox
from service.exchange.events_out import created
from service.exchange.models import OutgoingRequest, Partner, ReceivedEvent, RequestState
from service.exchange.receiving import Haul, receive
from service.exchange.told import told
from service.jobs.operations import enqueue
from service.settings import Settings
from service.submissions.parsing import clean_text
from service.web.forms import FormInput

LOOK: Final = "look_for_footprints"
LONGEST_REASON: Final = 500
LIST_FILTERS: Final = ("productId", "companyId", "geography", "classification")


class AskInput(FormInput):
    """What a person asks a partner for; identifiers stand one a line."""

    partner_id: uuid.UUID
    flow: str | None = Field(default=None, max_length=60)
    product_ids: str | None = Field(default=None, max_length=4000)
    classifications: str | None = Field(default=None, max_length=4000)
    valid_on: date | None = None
    comment: str | None = Field(default=None, max_length=2000)
    sends_event: bool = False


def ask(
    session: Session, partner: Partner, fields: AskInput, *, flows: Sequence[str], settings: Settings, by: str, at: datetime
) -> OutgoingRequest:
    """Ask a partner for footprints, and look at once whether it shares them already.

    Parameters
    ----------
    flows
        What the partner's company may deliver.

    Raises
    ------
    InvalidInputError
        For `flow`, or for `product_ids` if an event would ask for nothing in particular.
    ConflictError
        The partner is switched off or has given us no credentials.

    """
    _check_reachable(partner)
    wanted = _wanted(fields)
    problems: dict[str, ServiceError] = {}
    if fields.flow is not None and fields.flow not in flows:
        problems["flow"] = FieldError(N_("Choose one of the materials that this supplier delivers."))
    if fields.sends_event and not wanted:
        problems["product_ids"] = FieldError(N_("Say what you ask for: at least one product number, class or day."))
    if problems:
        raise InvalidInputError(problems)
    request = OutgoingRequest(
        id=new_id(),
        partner_id=partner.id,
        flow=fields.flow,
        wanted=wanted,
        comment=clean_text(fields.comment) if fields.comment else None,
        sends_event=fields.sends_event,
        asked_by=by,
        asked_at=at,
    )
    session.add(request)
    session.flush()  # the audit event refers to it
    record(session, "footprint_requested", of=request, by=by, at=at, organisation_id=partner.organisation_id, flow=fields.flow)
    if fields.sends_event:
        outbox.put(session, partner, created(request.id, wanted, comment=request.comment, settings=settings, at=at), at=at)
    look(session, request, at=at)
    return request


def look(session: Session, request: OutgoingRequest, *, at: datetime) -> None:
    """Have the partner's list read for what a request asks for."""
    if request.state is not RequestState.OPEN:
        raise ConflictError(N_("This request is closed; make another one to ask again."))
    enqueue(session, LOOK, {"request_id": str(request.id)}, key=f"{LOOK}:{request.id}:{at.isoformat()}", run_at=at)


def withdraw(session: Session, request: OutgoingRequest, *, by: str, at: datetime) -> None:
    """Close a request of ours; what its partner still sends in answer has no effect."""
    if request.state is not RequestState.OPEN:
        raise ConflictError(N_("This request is closed; make another one to ask again."))
    _close(session, request, RequestState.WITHDRAWN, by=by, at=at)


def take_found(session: Session, request: OutgoingRequest, partner: Partner, haul: Haul, *, by: str, at: datetime) -> None:
    """Keep what a partner has given for a request, and close it if that was something."""
    for found in haul.footprints:
        receive(session, found, partner=partner, supplier_id=partner.supplier_id, request=request, by=by, at=at)
    request.looked_at = at
    request.problem = dict(told(haul.problems[0])) if haul.problems else None
    session.add(request)
    if haul.footprints and request.state is RequestState.OPEN:
        _close(session, request, RequestState.FULFILLED, by=by, at=at)


def note_look_failed(session: Session, request: OutgoingRequest, error: ServiceError, *, at: datetime) -> None:
    """Note why the partner's list could not be read; tomorrow it is tried again."""
    request.looked_at, request.problem = at, dict(told(error))
    session.add(request)


def take_rejection(session: Session, request: OutgoingRequest, received: ReceivedEvent, *, at: datetime) -> None:
    """Close a request that the partner rejects, with its words."""
    error = received.body["data"]["error"]
    request.reason = clean_text(f"{error['code']}: {error['message']}")[:LONGEST_REASON]
    _close(session, request, RequestState.REJECTED, by="system", at=at)


def _close(session: Session, request: OutgoingRequest, state: RequestState, *, by: str, at: datetime) -> None:
    request.state, request.answered_at = state, at
    session.add(request)
    record(session, f"footprint_request_{state}", of=request, by=by, at=at)


def _check_reachable(partner: Partner) -> None:
    if partner.callback_client_id is None or not partner.is_active:
        raise ConflictError(N_("This partner can't be asked: it is switched off, or has given us no client ID for its system."))


def _wanted(fields: AskInput) -> dict[str, Any]:
    """Return the filters as an event's data and the list's query name them."""
    lists = {"productId": _lines(fields.product_ids), "classification": _lines(fields.classifications)}
    days = {} if fields.valid_on is None else {"validOn": f"{fields.valid_on.isoformat()}T00:00:00Z"}
    return {**{name: values for name, values in lists.items() if values}, **days}


def _lines(text: str | None) -> list[str]:
    return list(dict.fromkeys(line.strip() for line in (text or "").splitlines() if line.strip()))


def query_of(wanted: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
    """Return the filters of a request as the query of a list."""
    return [(name, value) for name, values in wanted.items() for value in (values if isinstance(values, list) else [values])]
