"""Pages on requests for footprints: what partners ask of us, and what we ask of them."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from service.accounts.access import Context, endpoint, roles
from service.accounts.models import Role
from service.accounts.pages import render_page, see_other
from service.accounts.queries import names_of_actors
from service.console.choices import Options, flow_label, flow_options
from service.console.exchange_words import EVENT_WORDS, REQUEST_WORDS, Toned, toned, wanted_lines
from service.database import new_id
from service.errors import N_, ServiceError
from service.exchange import answering, asking
from service.exchange import request_queries as queries
from service.exchange.asking import AskInput
from service.exchange.models import IncomingRequest, OutgoingRequest, Partner, RequestState
from service.exchange.queries import get_partner
from service.exchange.told import explain_told
from service.i18n import translate
from service.product_footprints.models import ProductFootprint
from service.suppliers.flows import flows_of_type
from service.suppliers.models import Supplier
from service.web.forms import FormInput, FormState, parse_form, rejected

router = APIRouter()

READERS = roles(Role.ENGINEER, Role.REVIEWER, Role.AUDITOR)
WRITERS = roles(Role.ENGINEER)
LIST: Final = "/console/exchange/requests"
EVENTS_SHOWN: Final = 20


class FulfilForm(FormInput):
    """The footprints that a partner gets."""

    footprint_ids: list[uuid.UUID] = Field(default_factory=list, max_length=queries.MOST_MATCHES)
    version: int


class RejectForm(FormInput):
    """Why a partner gets none."""

    reason: str = Field(default="", max_length=2000)
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestLine:
    """A request in a list."""

    id: uuid.UUID
    partner: str
    subject: str
    at: datetime
    state: Toned


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestsPage:
    """Both lists, and events that had no effect as (partner, kind, when, why)."""

    incoming: Sequence[RequestLine]
    outgoing: Sequence[RequestLine]
    ineffective: Sequence[tuple[str, str, datetime, str]]
    may_ask: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingPage:
    """One request of a partner; `matches` are (id, name, period, kg CO2e, whether the partner may see it now)."""

    request: IncomingRequest
    partner: str
    state: Toned
    wanted: Sequence[tuple[str, str]]
    matches: Sequence[tuple[uuid.UUID, str, str, str, bool]]
    chosen: Sequence[str]
    answered_by: str
    form: FormState
    may_answer: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingPage:
    """One request of ours."""

    request: OutgoingRequest
    partner: str
    flow: str
    state: Toned
    wanted: Sequence[tuple[str, str]]
    asked_by: str
    problem: str
    is_open: bool
    may_write: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AskPage:
    """The form; without a partner, the choice of one."""

    partner_id: str
    partners: Options
    flows: Options
    form: FormState
    idempotency_key: str


@router.get("/console/exchange/requests")
@endpoint(READERS)
def show_requests(context: Context) -> Response:
    """List requests of both directions, open ones first."""
    session, locale = context.session, context.locale
    names = queries.partner_names(session, locale)
    page = RequestsPage(
        incoming=[
            RequestLine(
                id=one.id,
                partner=names[one.partner_id],
                subject=_subject(context, one.wanted),
                at=one.received_at,
                state=toned(REQUEST_WORDS[one.state], locale),
            )
            for one in queries.find_incoming(session)
        ],
        outgoing=[
            RequestLine(
                id=one.id,
                partner=names[one.partner_id],
                subject=flow_label(one.flow, locale) if one.flow else _subject(context, one.wanted),
                at=one.asked_at,
                state=toned(REQUEST_WORDS[one.state], locale),
            )
            for one in queries.find_outgoing(session)
        ],
        ineffective=[
            (names[one.partner_id], translate(locale, EVENT_WORDS[one.type]), one.received_at, one.problem or "")
            for one in queries.ineffective_events(session, limit=EVENTS_SHOWN)
        ],
        may_ask=context.asking.has(Role.ENGINEER),
    )
    return render_page(context, "console/exchange_requests.html", page)


@router.get("/console/exchange/requests/new")
@endpoint(WRITERS)
def new_request(context: Context) -> Response:
    """Show the form; the address may name the partner."""
    return _show_ask(context, FormState(values={"sends_event": "true"}), context.request.query_params.get("partner_id", ""))


@router.post("/console/exchange/requests")
@endpoint(WRITERS)
def ask_partner(context: Context) -> Response:
    """Ask a partner for footprints."""
    chosen = str(context.form.get("partner_id") or "")
    try:
        fields = parse_form(AskInput, context.form)
        partner = get_partner(context.session, fields.partner_id)
        flows = [key for key, _ in _flows(context, partner)]
        request = asking.ask(
            context.session, partner, fields, flows=flows, settings=context.settings, by=context.asking.actor, at=context.at
        )
    except ServiceError as error:
        return _show_ask(context, rejected(context.form, error, context.locale), chosen, status=error.status)
    return see_other(context, f"{LIST}/{request.id}", N_("Asked. What comes appears under received footprints."))


@router.get("/console/exchange/requests/{outgoing_request_id}")
@endpoint(READERS)
def show_outgoing_request(context: Context, outgoing_request_id: uuid.UUID) -> Response:
    """Show a request of ours and how far it is."""
    request = queries.get_outgoing(context.session, outgoing_request_id)
    page = OutgoingPage(
        request=request,
        partner=queries.partner_names(context.session, context.locale)[request.partner_id],
        flow=flow_label(request.flow, context.locale) if request.flow else "",
        state=toned(REQUEST_WORDS[request.state], context.locale),
        wanted=wanted_lines(request.wanted, context.locale),
        asked_by=names_of_actors(context.session, [request.asked_by]).get(request.asked_by, request.asked_by),
        problem=explain_told(context.locale, request.problem) if request.problem else "",
        is_open=request.state is RequestState.OPEN,
        may_write=context.asking.has(Role.ENGINEER),
    )
    return render_page(context, "console/exchange_outgoing.html", page)


@router.post("/console/exchange/requests/{outgoing_request_id}/look")
@endpoint(WRITERS)
def look_now(context: Context, outgoing_request_id: uuid.UUID) -> Response:
    """Have the partner's list read now."""
    asking.look(context.session, queries.get_outgoing(context.session, outgoing_request_id), at=context.at)
    return see_other(context, f"{LIST}/{outgoing_request_id}", N_("The partner's list is being read; look again in a minute."))


@router.post("/console/exchange/requests/{outgoing_request_id}/withdraw")
@endpoint(WRITERS)
def withdraw_outgoing_request(context: Context, outgoing_request_id: uuid.UUID) -> Response:
    """Close a request of ours."""
    request = queries.get_outgoing(context.session, outgoing_request_id)
    asking.withdraw(context.session, request, by=context.asking.actor, at=context.at)
    return see_other(context, f"{LIST}/{outgoing_request_id}", N_("Request taken back."))


@router.get("/console/exchange/requests/incoming/{incoming_request_id}")
@endpoint(READERS)
def show_incoming_request(context: Context, incoming_request_id: uuid.UUID) -> Response:
    """Show what a partner asks for, and what matches."""
    return _show_incoming(context, queries.get_incoming(context.session, incoming_request_id), FormState())


@router.post("/console/exchange/requests/incoming/{incoming_request_id}/fulfil")
@endpoint(WRITERS)
def fulfil_request(context: Context, incoming_request_id: uuid.UUID) -> Response:
    """Answer with footprints."""
    request = queries.get_incoming(context.session, incoming_request_id)
    partner = get_partner(context.session, request.partner_id)
    try:
        fields = parse_form(FulfilForm, context.form, many=frozenset({"footprint_ids"}))
        answering.fulfil(
            context.session,
            request,
            partner,
            footprint_ids=fields.footprint_ids,
            version=fields.version,
            settings=context.settings,
            by=context.asking.actor,
            at=context.at,
        )
    except ServiceError as error:
        return _show_incoming(context, request, rejected(context.form, error, context.locale), status=error.status)
    return see_other(context, LIST, N_("Answered; the footprints are on their way."))


@router.post("/console/exchange/requests/incoming/{incoming_request_id}/reject")
@endpoint(WRITERS)
def reject_request(context: Context, incoming_request_id: uuid.UUID) -> Response:
    """Answer that the partner gets none."""
    request = queries.get_incoming(context.session, incoming_request_id)
    partner = get_partner(context.session, request.partner_id)
    try:
        fields = parse_form(RejectForm, context.form)
        answering.reject(
            context.session,
            request,
            partner,
            reason=fields.reason,
            version=fields.version,
            settings=context.settings,
            by=context.asking.actor,
            at=context.at,
        )
    except ServiceError as error:
        return _show_incoming(context, request, rejected(context.form, error, context.locale), status=error.status)
    return see_other(context, LIST, N_("Answered; the partner is told why."))


def _show_incoming(context: Context, request: IncomingRequest, form: FormState, *, status: int = 200) -> Response:
    partner = get_partner(context.session, request.partner_id)
    found = queries.matches_of(context.session, request, partner)
    by = request.answered_by or ""
    page = IncomingPage(
        request=request,
        partner=queries.partner_names(context.session, context.locale)[request.partner_id],
        state=toned(REQUEST_WORDS[request.state], context.locale),
        wanted=wanted_lines(request.wanted, context.locale),
        matches=[*(_match(one, shared=True) for one in found.shared), *(_match(one, shared=False) for one in found.unshared)],
        chosen=[str(one) for one in context.form.getlist("footprint_ids")] or [str(one.id) for one in found.shared],
        answered_by=names_of_actors(context.session, [by]).get(by, by),
        form=form,
        may_answer=context.asking.has(Role.ENGINEER) and request.state is RequestState.OPEN,
    )
    return render_page(context, "console/exchange_incoming.html", page, status=status)


def _match(footprint: ProductFootprint, *, shared: bool) -> tuple[uuid.UUID, str, str, str, bool]:
    document, pcf = footprint.document, footprint.document["pcf"]
    period = f"{footprint.period_start} – {footprint.period_end}"
    return footprint.id, document["productNameCompany"], period, pcf["pcfExcludingBiogenicUptake"], shared


def _show_ask(context: Context, form: FormState, partner_id: str, *, status: int = 200) -> Response:
    names = queries.partner_names(context.session, context.locale)
    partners = [(str(one.id), names[one.id]) for one in queries.reachable_partners(context.session)]
    chosen = partner_id if partner_id in dict(partners) else ""
    flows = _flows(context, get_partner(context.session, uuid.UUID(chosen))) if chosen else []
    page = AskPage(partner_id=chosen, partners=partners, flows=flows, form=form, idempotency_key=str(new_id()))
    return render_page(context, "console/exchange_ask.html", page, status=status)


def _flows(context: Context, partner: Partner) -> Options:
    supplier = context.session.get(Supplier, partner.supplier_id) if partner.supplier_id else None
    return flow_options(context.locale, flows_of_type(supplier.supplier_type)) if supplier else []


def _subject(context: Context, wanted: object) -> str:
    lines = wanted_lines(wanted if isinstance(wanted, dict) else {}, context.locale)
    return "; ".join(f"{label}: {value}" for label, value in lines)[:200]
