"""A request of another system of the maker: whose token, good for what, in one thread hop and one transaction."""

import functools
import hashlib
import inspect
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import Depends, Request
from pydantic_core import to_json
from sqlmodel import Session
from starlette.responses import Response

from service.accounts import idempotency
from service.accounts.access import Policy
from service.accounts.arriving import Arrived, receive
from service.errors import N_, ForbiddenError, NotSignedInError
from service.integrations import tokens
from service.integrations.models import SystemToken
from service.integrations.tokens import Scope
from service.settings import Settings
from service.web.middleware import SAFE_METHODS

Handler = Callable[..., Any]
PATH: Final = "/api/v1/systems"


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemContext:
    """What a handler for other systems needs."""

    session: Session
    request: Request
    token_id: uuid.UUID
    at: datetime
    settings: Settings

    @property
    def actor(self) -> str:
        """How audit events name the system."""
        return f"token:{self.token_id}"


def system_endpoint(scope: Scope) -> Callable[[Handler], Handler]:
    """Turn a handler of a `SystemContext` into an endpoint that a token with this scope opens, and nothing else does.

    Writing requests may carry an `Idempotency-Key`: sent again with the same content they get their first answer.
    """
    policy = Policy(name=f"system {scope}", roles=frozenset())  # no person has a role that opens it

    def decorate(handler: Handler) -> Handler:
        @functools.wraps(handler)
        def handle(request: Request, arrived: Arrived, **arguments: object) -> Response:
            return _handle(functools.partial(handler, **arguments), scope, request=request, arrived=arrived)

        handle.__signature__ = _signature_for_fastapi(handler)  # type: ignore[attr-defined] # read by inspect.signature
        handle.policy = policy  # type: ignore[attr-defined] # read by the start-up check and the tests
        return handle

    return decorate


def _handle(answer: Handler, scope: Scope, *, request: Request, arrived: Arrived) -> Response:
    state = request.app.state
    at: datetime = state.clock()
    with state.database.transaction(write=request.method not in SAFE_METHODS) as session:
        token = _live_token(session, request, scope, at=at)
        token_id, last_used_at = token.id, token.last_used_at
        context = SystemContext(session=session, request=request, token_id=token_id, at=at, settings=state.settings)
        response = _answered_once(functools.partial(answer, context), context, arrived)
    if last_used_at is None or at - last_used_at > tokens.TOUCH_INTERVAL:
        with state.database.writing() as session:
            tokens.note_used(session, token_id, at=at)
    return response


def _live_token(session: Session, request: Request, scope: Scope, *, at: datetime) -> SystemToken:
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    token = tokens.find_live_token(session, secret.strip(), at=at) if scheme.lower() == "bearer" else None
    if token is None:
        raise NotSignedInError(
            N_("Send the token of a registered system as “Authorization: Bearer”; this one is none, or has ended.")
        )
    if scope not in token.scopes:
        raise ForbiddenError(N_("This token is not good for that; it lacks “%(scope)s”."), scope=scope)
    return token


def _answered_once(answer: Callable[[], object], context: SystemContext, arrived: Arrived) -> Response:
    key = context.request.headers.get("idempotency-key", "")
    if not key or context.request.method in SAFE_METHODS:
        return _as_response(answer())
    route = f"{context.actor} {context.request.method} {context.request.url.path}"
    scope = hashlib.sha256(route.encode()).hexdigest()
    earlier = idempotency.find_answer(context.session, scope=scope, key=key, body_sha256=arrived.body_sha256)
    if earlier is not None:
        return earlier
    response = _as_response(answer())
    idempotency.store_answer(
        context.session, scope=scope, key=key, body_sha256=arrived.body_sha256, response=response, at=context.at
    )
    return response


def _as_response(result: object) -> Response:
    return result if isinstance(result, Response) else Response(to_json(result), media_type="application/json")


def _signature_for_fastapi(handler: Handler) -> inspect.Signature:
    signature = inspect.signature(handler, eval_str=True)
    keyword = inspect.Parameter.KEYWORD_ONLY
    own = [parameter.replace(kind=keyword) for parameter in list(signature.parameters.values())[1:]]
    request = inspect.Parameter("request", keyword, annotation=Request)
    arrived = inspect.Parameter("arrived", keyword, annotation=Annotated[Arrived, Depends(receive)])
    return signature.replace(parameters=[request, arrived, *own], return_annotation=inspect.Signature.empty)
