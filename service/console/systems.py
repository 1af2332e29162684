"""Other systems of the maker: their tokens, the addresses that hear of events, and the messages to them."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from service.accounts.access import ADMIN, Context, endpoint
from service.accounts.pages import render_page, see_other
from service.errors import N_, InvalidInputError
from service.i18n import translate
from service.integrations import messages, tokens, webhooks
from service.integrations.models import SystemToken, Webhook, WebhookMessage
from service.integrations.tokens import DAYS_MAX, Scope
from service.integrations.webhooks import WebhookEvent
from service.web.forms import FormInput, FormState, parse_form, rejected

router = APIRouter()

PATH: Final = "/console/systems"
DEFAULT_DAYS: Final = "365"
SCOPES: Final[Mapping[Scope, str]] = {
    Scope.WRITE_PURCHASES: N_("Send purchases"),
    Scope.WRITE_PRODUCTION: N_("Send production"),
    Scope.WRITE_ACTIVITY: N_("Send monthly figures of sources"),
    Scope.READ_FOOTPRINTS: N_("Fetch released footprints"),
    Scope.READ_CERTIFICATES: N_("Fetch certificates"),
}
EVENTS: Final[Mapping[WebhookEvent, str]] = {
    WebhookEvent.CERTIFICATE_ISSUED: N_("A certificate was issued"),
    WebhookEvent.CERTIFICATE_WITHDRAWN: N_("A certificate was withdrawn"),
    WebhookEvent.CERTIFICATE_SUPERSEDED: N_("A certificate was superseded"),
    WebhookEvent.FOOTPRINT_RELEASED: N_("A footprint was released"),
    WebhookEvent.FOOTPRINT_DEPRECATED: N_("A footprint was deprecated"),
    WebhookEvent.SUBMISSION_ACCEPTED: N_("A supplier's answers were accepted"),
}
STATES: Final[Mapping[str, tuple[str, str]]] = {
    "waiting": (N_("on its way"), "info"),
    "delivered": (N_("arrived"), "success"),
    "dead": (N_("given up"), "danger"),
}


class TokenForm(FormInput):
    """A new token: for which system, what it may do, for how long."""

    name: str = Field(min_length=1, max_length=100)
    scopes: list[Scope] = Field(default_factory=list)
    days: int


class WebhookForm(FormInput):
    """A new address: of which system, where, and what it hears of."""

    name: str = Field(min_length=1, max_length=100)
    url: str = Field(max_length=300)
    events: list[WebhookEvent] = Field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageLine:
    """One message as the list shows it."""

    message: WebhookMessage
    system: str
    event: str
    state: tuple[str, str]
    is_dead: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemsPage:
    """Context of the page.

    Attributes
    ----------
    secret
        The token or signing secret just made; shown this once.

    """

    tokens: Sequence[SystemToken]
    ended: frozenset[uuid.UUID]
    webhooks: Sequence[Webhook]
    messages: Sequence[MessageLine]
    scopes: Mapping[str, str]
    events: Mapping[str, str]
    token_form: FormState
    webhook_form: FormState
    chosen_scopes: Sequence[str]
    chosen_events: Sequence[str]
    secret: str | None
    days_max: int
    base_url: str


@router.get(PATH)
@endpoint(ADMIN)
def show_systems(context: Context) -> Response:
    """List tokens, addresses and messages, and offer to make new ones."""
    return _page(context)


@router.post(PATH + "/tokens")
@endpoint(ADMIN)
def create_token(context: Context) -> Response:
    """Make a token and show it, this once: no redirect and no repeated answer, because nothing may keep it."""
    try:
        fields = parse_form(TokenForm, context.form, many=frozenset({"scopes"}))
        secret = tokens.create_token(
            context.session,
            name=fields.name,
            scopes=fields.scopes,
            days=fields.days,
            by=context.asking.actor,
            at=context.at,
        )
    except InvalidInputError as error:
        return _page(context, token_form=rejected(context.form, error, context.locale), status=422)
    return _page(context, secret=secret)


@router.post(PATH + "/tokens/{token_id}/revoke")
@endpoint(ADMIN)
def revoke_token(context: Context, token_id: uuid.UUID) -> Response:
    """End a token at once."""
    tokens.revoke_token(context.session, token_id, by=context.asking.actor, at=context.at)
    return see_other(context, PATH, N_("The key is revoked; programs that use it get no answer any more."))


@router.post(PATH + "/webhooks")
@endpoint(ADMIN)
def create_webhook(context: Context) -> Response:
    """Register an address and show its signing secret, this once."""
    try:
        fields = parse_form(WebhookForm, context.form, many=frozenset({"events"}))
        secret = webhooks.add_webhook(
            context.session,
            name=fields.name,
            url=fields.url,
            events=fields.events,
            secret=context.secret,
            allow_private=context.settings.exchange_allow_private_addresses,
            by=context.asking.actor,
            at=context.at,
        )
    except InvalidInputError as error:
        return _page(context, webhook_form=rejected(context.form, error, context.locale), status=422)
    return _page(context, secret=secret)


@router.post(PATH + "/webhooks/{webhook_id}/on")
@endpoint(ADMIN)
def switch_on(context: Context, webhook_id: uuid.UUID) -> Response:
    """Let an address hear of events again."""
    webhooks.set_active(context.session, webhook_id, active=True, by=context.asking.actor, at=context.at)
    return see_other(context, PATH, N_("Saved."))


@router.post(PATH + "/webhooks/{webhook_id}/off")
@endpoint(ADMIN)
def switch_off(context: Context, webhook_id: uuid.UUID) -> Response:
    """Tell an address nothing more."""
    webhooks.set_active(context.session, webhook_id, active=False, by=context.asking.actor, at=context.at)
    return see_other(context, PATH, N_("Saved."))


@router.post(PATH + "/webhooks/{webhook_id}/test")
@endpoint(ADMIN)
def send_test(context: Context, webhook_id: uuid.UUID) -> Response:
    """Send a message that tells of nothing, to see whether it arrives."""
    webhook = webhooks.get_webhook(context.session, webhook_id)
    messages.put(context.session, webhook, WebhookEvent.TEST, {}, happened_at=context.at, at=context.at)
    return see_other(context, PATH, N_("A test message is on its way; its state is in the list below."))


@router.post(PATH + "/messages/{message_id}/again")
@endpoint(ADMIN)
def send_again(context: Context, message_id: uuid.UUID) -> Response:
    """Try a message that was given up once more."""
    message = messages.get_message(context.session, message_id)
    messages.send_again(context.session, message, by=context.asking.actor, at=context.at)
    return see_other(context, PATH, N_("The message is on its way again."))


def _page(
    context: Context,
    *,
    token_form: FormState | None = None,
    webhook_form: FormState | None = None,
    secret: str | None = None,
    status: int = 200,
) -> Response:
    locale = context.locale
    known, registered = tokens.all_tokens(context.session), webhooks.all_webhooks(context.session)
    page = SystemsPage(
        tokens=known,
        ended=frozenset(one.id for one in known if not tokens.is_live(one, at=context.at)),
        webhooks=registered,
        messages=_lines(context, {one.id: one.name for one in registered}),
        scopes={scope.value: translate(locale, words) for scope, words in SCOPES.items()},
        events={event.value: translate(locale, words) for event, words in EVENTS.items()},
        token_form=token_form or FormState(values={"days": DEFAULT_DAYS}),
        webhook_form=webhook_form or FormState(values={}),
        chosen_scopes=[str(one) for one in context.form.getlist("scopes")] if token_form else (),
        chosen_events=[str(one) for one in context.form.getlist("events")] if webhook_form else (),
        secret=secret,
        days_max=DAYS_MAX,
        base_url=context.settings.base_url,
    )
    return render_page(context, "console/systems.html", page, status=status)


def _lines(context: Context, names: Mapping[uuid.UUID, str]) -> Sequence[MessageLine]:
    locale = context.locale
    words = {**EVENTS, WebhookEvent.TEST: N_("Test message")}
    return [
        MessageLine(
            message=one,
            system=names[one.webhook_id],
            event=translate(locale, words[WebhookEvent(one.event)]),
            state=(translate(locale, STATES[one.state][0]), STATES[one.state][1]),
            is_dead=STATES[one.state][1] == "danger",
        )
        for one in messages.latest_messages(context.session)
    ]
