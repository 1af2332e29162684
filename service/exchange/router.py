"""The PACT v3 server: tokens, discovery, the two reads and the events, for partners' systems."""

import uuid
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from fastapi import APIRouter, Request
from pydantic_core import to_json
from sqlalchemy import false
from sqlmodel import col, select
from starlette.responses import Response

from service.accounts.access import PUBLIC
from service.accounts.limits import Limit
from service.errors import N_, NotFoundError
from service.exchange import description
from service.exchange.access import PARTNER, PartnerContext, exchange_endpoint
from service.exchange.cursors import read_cursor, write_cursor
from service.exchange.errors import DISCOVERY_PATH, KEYS_PATH, TOKEN_PATH, BadExchangeError, InvalidClientError
from service.exchange.filters import ListQuery, read_query
from service.exchange.incoming import Event, is_uuid, read_event, take_event
from service.exchange.models import Partner
from service.exchange.partners import secret_matches
from service.exchange.queries import find_partner
from service.exchange.token_requests import Credentials, TokenRequest, read_token_request
from service.exchange.tokens import ALGORITHM, LIFETIME, issue_token, public_keys
from service.exchange.visibility import visible_to
from service.product_footprints.documents import pact_document
from service.product_footprints.models import ProductFootprint
from service.product_footprints.queries import Position, find_listed

router = APIRouter()

MISSES: Final = Limit(name="exchange-token", tries=120, per_s=60, misses_only=True)
"""Wrong credentials by address; at this rate nobody guesses a secret, and nobody locks a partner out for longer than a minute."""
SCOPES: Final = ("footprint:list", "footprint:read")


@router.post(TOKEN_PATH)
@exchange_endpoint(PUBLIC, misses=MISSES, prepare=read_token_request)
def hand_out_token(context: PartnerContext, asked: TokenRequest) -> Response:
    """Hand out an access token (OAuth 2.0, client credentials)."""
    partner = next((one for spelling in asked.spellings if (one := _authenticated(context, spelling)) is not None), None)
    if partner is None:
        raise InvalidClientError
    answer: dict[str, Any] = {
        "access_token": issue_token(context.settings, partner, secret=context.secret, at=context.at),
        "token_type": "Bearer",
        "expires_in": int(LIFETIME.total_seconds()),
    }
    if asked.has_scope:
        answer["scope"] = " ".join(SCOPES)
    return _json(answer, {"Cache-Control": "no-store", "Pragma": "no-cache"})


@router.get(DISCOVERY_PATH)
@exchange_endpoint(PUBLIC)
def discover(context: PartnerContext) -> Mapping[str, Any]:
    """Tell where tokens are handed out (OpenID provider configuration)."""
    base = context.settings.base_url
    return {
        "issuer": base,
        "token_endpoint": base + TOKEN_PATH,
        "jwks_uri": base + KEYS_PATH,
        "grant_types_supported": ["client_credentials"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "response_types_supported": ["token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [ALGORITHM],
        "scopes_supported": list(SCOPES),
    }


@router.get(KEYS_PATH)
@exchange_endpoint(PUBLIC)
def show_keys(context: PartnerContext) -> Mapping[str, Any]:
    """Hand out the public keys of access tokens (RFC 7517)."""
    return public_keys(context.settings)


@router.get("/3/openapi.json")
@exchange_endpoint(PUBLIC)
def describe(context: PartnerContext) -> Mapping[str, Any]:
    """Describe these addresses (OpenAPI 3.1)."""
    return description.describe_exchange(context.settings.base_url)


@router.get("/3/footprints/")
@router.get("/3/footprints")
@exchange_endpoint(PARTNER)
def list_footprints(context: PartnerContext) -> Response:
    """List the footprints that the partner may see, the latest first (ListFootprints)."""
    query = read_query(context.request.query_params.multi_items())
    after = _place(context, query)
    visible = false() if query.asks_for_nothing else visible_to(context.partner)
    found = find_listed(context.session, query.wanted, visible=visible, after=after, limit=query.page_size + 1)
    page = found[: query.page_size]
    headers = {}
    if len(found) > len(page):
        headers["Link"] = f'<{_next_address(context, query, page[-1] if page else None)}>; rel="next"'
    return _json({"data": [pact_document(footprint) for footprint in page]}, headers)


@router.get("/3/footprints/{pf_id}")
@exchange_endpoint(PARTNER)
def get_footprint(context: PartnerContext, pf_id: str) -> Mapping[str, Any]:
    """Hand out one footprint that the partner may see, deprecated ones too (GetFootprint)."""
    if not is_uuid(pf_id):
        raise BadExchangeError(N_("The id of a footprint is a UUID, such as 6f0c1c52-6d0b-4b1a-9a51-1f7d6a0e2b10."))
    wanted = select(ProductFootprint).where(col(ProductFootprint.id) == uuid.UUID(pf_id), visible_to(context.partner))
    footprint = context.session.exec(wanted).first()
    if footprint is None:
        raise NotFoundError
    return {"data": pact_document(footprint)}


@router.post("/3/events")
@exchange_endpoint(PARTNER, writes=True, prepare=read_event)
def take(context: PartnerContext, event: Event) -> Response:
    """Take an event; what it asks for happens after the answer (Events)."""
    take_event(context.session, context.partner, event, at=context.at)
    return Response(status_code=200)


def _authenticated(context: PartnerContext, given: Credentials) -> Partner | None:
    partner = find_partner(context.session, given.client_id)
    known = partner is not None and secret_matches(context.secret, partner, given.client_secret)
    return partner if known and partner is not None and partner.is_active else None


def _place(context: PartnerContext, query: ListQuery) -> Position | None:
    if query.cursor is None:
        return None
    return read_cursor(context.secret, query.cursor, partner_id=context.partner.id, filters=query.fingerprint)


def _next_address(context: PartnerContext, query: ListQuery, last: ProductFootprint | None) -> str:
    """Return the address of the next page: on the host that was asked, as PACT demands, below the path of the base URL."""
    kept = [(name, value) for name, value in context.request.query_params.multi_items() if name.lower() != "cursor"]
    if last is not None:
        place = Position(declared_at=last.declared_at, id=last.id)
        kept.append(("cursor", write_cursor(context.secret, place, partner_id=context.partner.id, filters=query.fingerprint)))
    elif query.cursor is not None:
        kept.append(("cursor", query.cursor))
    return f"{_origin(context.request)}{urlsplit(context.settings.base_url).path}/3/footprints?{urlencode(kept)}"


def _origin(request: Request) -> str:
    return f"{request.url.scheme}://{request.url.netloc}"


def _json(content: object, headers: Mapping[str, str]) -> Response:
    return Response(to_json(content), media_type="application/json", headers=dict(headers))
