"""A request of a partner's system: who asks, in one thread hop and one transaction, as `accounts.access` does it for people."""

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import Depends, Request
from pydantic_core import to_json
from sqlmodel import Session
from starlette.responses import Response

from service.accounts import limits
from service.accounts.access import Policy
from service.accounts.limits import Limit
from service.exchange import queries
from service.exchange.errors import InvalidClientError, NoTokenError, TokenEndedError
from service.exchange.models import Partner
from service.exchange.partners import is_due, note_seen
from service.exchange.tokens import Claims, InvalidTokenError, credentials_mark, read_token
from service.settings import Settings
from service.web.middleware import SAFE_METHODS

PARTNER: Final = Policy(name="partner", roles=frozenset())
"""For partners' systems with an access token; no person has a role that opens it."""

Handler = Callable[..., Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerContext:
    """What a handler of the exchange needs.

    Attributes
    ----------
    body
        As it came; empty for methods that have none.

    """

    session: Session
    request: Request
    caller: Partner | None
    at: datetime
    settings: Settings
    secret: bytes
    body: bytes

    @property
    def partner(self) -> Partner:
        """The partner that asks, on a route that is not public."""
        if self.caller is None:
            raise NoTokenError
        return self.caller


@dataclass(frozen=True, slots=True, kw_only=True)
class _Route:
    handler: Handler
    policy: Policy
    writes: bool
    misses: Limit | None
    prepare: Callable[[Request, bytes], object] | None


def exchange_endpoint(
    policy: Policy,
    *,
    writes: bool = False,
    misses: Limit | None = None,
    prepare: Callable[[Request, bytes], object] | None = None,
) -> Callable[[Handler], Handler]:
    """Turn a handler of a `PartnerContext` into an endpoint.

    Parameters
    ----------
    writes
        Whether the handler's transaction writes; a token is handed out in one that does not.
    misses
        How often an address may send credentials that are none.
    prepare
        Reads the body before the writers' queue is entered, once the partner is known; the handler gets what it returns as well.

    """

    def decorate(handler: Handler) -> Handler:
        route = _Route(handler=handler, policy=policy, writes=writes, misses=misses, prepare=prepare)

        @functools.wraps(handler)
        def handle(request: Request, body: bytes, **arguments: object) -> Response:
            return _handle(route, request=request, body=body, arguments=arguments)

        handle.__signature__ = _signature_for_fastapi(route)  # type: ignore[attr-defined] # read by inspect.signature
        handle.policy = policy  # type: ignore[attr-defined] # read by the start-up check and the tests
        return handle

    return decorate


async def read_body(request: Request) -> bytes:
    """Read the body on the event loop, which costs no thread hop."""
    return b"" if request.method in SAFE_METHODS else await request.body()


def _handle(route: _Route, *, request: Request, body: bytes, arguments: dict[str, object]) -> Response:
    state = request.app.state
    at: datetime = state.clock()
    claims = _read_claims(request, state.settings) if route.policy is PARTNER else None  # forged ones cost no look-up
    prepared = _prepared(route, claims, request=request, body=body, at=at)
    try:
        with state.database.transaction(write=route.writes) as session:
            context = _open_context(session, route, claims, request=request, body=body, at=at)
            response = _as_response(route.handler(context, *prepared, **arguments))
            unseen = context.caller.id if context.caller is not None and is_due(context.caller, at=at) else None
    except InvalidClientError:
        if route.misses is not None:
            limits.spend(state.database, route.misses, request=request, form=None, at=at)
        raise
    if unseen is not None:
        with state.database.writing() as session:
            note_seen(session, unseen, at=at)
    return response


def _prepared(route: _Route, claims: Claims | None, *, request: Request, body: bytes, at: datetime) -> tuple[object, ...]:
    if route.prepare is None:
        return ()
    with request.app.state.database.reading() as session:
        _open_context(session, route, claims, request=request, body=body, at=at)
    return (route.prepare(request, body),)


def _open_context(
    session: Session, route: _Route, claims: Claims | None, *, request: Request, body: bytes, at: datetime
) -> PartnerContext:
    state = request.app.state
    if route.misses is not None:
        limits.check(session, route.misses, request=request, form=None, at=at)
    return PartnerContext(
        session=session,
        request=request,
        caller=None if claims is None else _live_partner(session, claims, secret=state.secret, at=at),
        at=at,
        settings=state.settings,
        secret=state.secret,
        body=body,
    )


def _read_claims(request: Request, settings: Settings) -> Claims:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise NoTokenError
    try:
        return read_token(settings, token.strip())
    except InvalidTokenError as error:
        raise NoTokenError from error


def _live_partner(session: Session, claims: Claims, *, secret: bytes, at: datetime) -> Partner:
    """Return the token's partner as it stands now: switched off or with another secret, its tokens have ended."""
    partner = queries.find_partner(session, claims.client_id)
    if at >= claims.ends_at or partner is None or not partner.is_active or credentials_mark(secret, partner) != claims.credentials:
        raise TokenEndedError
    return partner


def _as_response(result: object) -> Response:
    return result if isinstance(result, Response) else Response(to_json(result), media_type="application/json")


def _signature_for_fastapi(route: _Route) -> inspect.Signature:
    signature = inspect.signature(route.handler, eval_str=True)
    given_by_us = 1 if route.prepare is None else 2
    keyword = inspect.Parameter.KEYWORD_ONLY
    own = [parameter.replace(kind=keyword) for parameter in list(signature.parameters.values())[given_by_us:]]
    request = inspect.Parameter("request", keyword, annotation=Request)
    body = inspect.Parameter("body", keyword, annotation=Annotated[bytes, Depends(read_body)])
    return signature.replace(parameters=[request, body, *own], return_annotation=inspect.Signature.empty)
