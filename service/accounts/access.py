"""Who is asking, and may they: the one place that decides, and the one hop in which a request is handled.

A handler is a plain function of a `Context`. `endpoint` turns it into what FastAPI calls: in one thread hop it opens the
transaction, resolves who asks, checks the declared policy, calls the handler, serialises the answer and commits, before
anything is sent.
"""

import functools
import hashlib
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import anyio
import anyio.to_thread
from fastapi import Request
from pydantic_core import to_json
from sqlalchemy import true
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Session, col
from starlette.datastructures import FormData
from starlette.responses import Response

from service.accounts import idempotency, limits, queries
from service.accounts.arriving import Arrived
from service.accounts.credentials import Touch, find_caller
from service.accounts.models import STAFF_ROLES, OrganisationKind, Role
from service.accounts.signatures import signature_for_fastapi
from service.accounts.tokens import csrf_token, tokens_match
from service.clock import day_at
from service.errors import CrossSiteError, ForbiddenError, NotFoundError, NotSignedInError
from service.i18n import LOCALES, Locale
from service.settings import Settings
from service.web.middleware import SAFE_METHODS

LOCALE_COOKIE = "anodeprint_locale"
ANONYMOUS_COOKIE = "anodeprint_form"


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """Who is asking: a person with roles, or somebody of a supplier who came by link and PIN for one submission.

    Attributes
    ----------
    api_key_id
        Set for a program: what it does counts as done by the person who made its key.
    may_hand_in
        Whether the answers may also be handed in, not only filled in.

    """

    user_id: uuid.UUID | None
    invitation_id: uuid.UUID | None
    submission_id: uuid.UUID | None
    organisation_id: uuid.UUID
    organisation_kind: OrganisationKind
    organisation_name_zh: str
    organisation_name_en: str
    name: str
    roles: frozenset[Role]
    locale: str | None
    session_hash: str
    delegation_id: uuid.UUID | None = None
    api_key_id: uuid.UUID | None = None
    may_hand_in: bool = True

    @property
    def actor(self) -> str:
        """How audit events, answers and decisions name this principal."""
        if self.delegation_id is not None:
            return f"delegation:{self.delegation_id}"
        return f"user:{self.user_id}" if self.user_id else f"invitation:{self.invitation_id}"

    @property
    def by_link(self) -> bool:
        """Whether somebody came by link and PIN, and so has no account."""
        return self.user_id is None

    @property
    def is_staff(self) -> bool:
        """Whether this is a person of the maker."""
        return self.organisation_kind is OrganisationKind.MAKER and bool(self.roles & STAFF_ROLES)

    def has(self, *roles: Role) -> bool:
        """Whether any of the roles is held; an administrator holds none but its own."""
        return bool(self.roles & set(roles))


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Who may use a route. `roles=None` lets anybody in; otherwise one of the roles is needed.

    Attributes
    ----------
    colleagues
        Whether it is also for colleagues to whom a supplier has sent a few questions; the route keeps the others from them.

    """

    name: str
    roles: frozenset[Role] | None
    colleagues: bool = False

    def check(self, principal: Principal | None) -> None:
        """Raise unless the principal may use the route; who is not staff learns nothing of staff pages."""
        if self.roles is None:
            return
        if principal is None:
            raise NotSignedInError
        if principal.delegation_id is not None and not self.colleagues:
            raise NotFoundError
        if not principal.roles & self.roles:
            raise ForbiddenError if principal.is_staff else NotFoundError

    def lets_in(self, principal: Principal | None) -> bool:
        """Tell whether the principal may use the route."""
        with suppress(NotSignedInError, ForbiddenError, NotFoundError):
            self.check(principal)
            return True
        return False


PUBLIC = Policy(name="public", roles=None)
STAFF = Policy(name="staff", roles=STAFF_ROLES)
SIGNED_IN = Policy(name="signed-in", roles=frozenset(Role))
SUPPLIER = Policy(name="supplier", roles=frozenset({Role.SUPPLIER}))
SUPPLIER_OR_COLLEAGUE = Policy(name="supplier-or-colleague", roles=frozenset({Role.SUPPLIER}), colleagues=True)
ADMIN = Policy(name="admin", roles=frozenset({Role.ADMIN}))


def roles(*wanted: Role) -> Policy:
    """Return the policy that asks for one of the roles given."""
    return Policy(name="|".join(sorted(wanted)), roles=frozenset(wanted))


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a handler needs: the open transaction, who asks, when, in which language.

    Attributes
    ----------
    noted
        What is written down of a look after the handler and before the answer is sent, because a GET itself never writes.

    """

    session: Session
    request: Request
    principal: Principal | None
    at: datetime
    locale: Locale
    settings: Settings
    secret: bytes
    form: FormData = field(default_factory=FormData)
    noted: list[Touch] = field(default_factory=list)

    @property
    def asking(self) -> Principal:
        """The principal of a route that is not public."""
        if self.principal is None:
            raise NotSignedInError
        return self.principal

    @property
    def today(self) -> date:
        """The day it is where the company is."""
        return day_at(self.at, self.settings.timezone)

    @property
    def csrf_token(self) -> str:
        """The token that forms of this browser carry."""
        return csrf_token(self.secret, browser_secret(self.request))


def visible_to(principal: Principal, organisation_id: Any) -> ColumnElement[bool]:  # noqa: ANN401 - a mapped column
    """Return the condition that keeps rows of other organisations out: staff see all, everybody else their own only."""
    return true() if principal.is_staff else col(organisation_id) == principal.organisation_id


Handler = Callable[..., Any]
# Password hashing waits for one of these on the event loop, so that a burst of log-ins leaves the other threads to readers.
SLOW_THREADS = anyio.CapacityLimiter(2)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Route:
    handler: Handler
    policy: Policy
    limited: tuple[limits.Limit, ...]
    prepare: Handler | None


def endpoint(
    policy: Policy, *, limited: tuple[limits.Limit, ...] = (), prepare: Handler | None = None
) -> Callable[[Handler], Handler]:
    """Turn a handler of a `Context` into an endpoint with a declared policy and, where given, rate limits.

    The handler may return a `Response`, or anything that Pydantic can serialise. An answer of status 400 or more rolls back.

    Parameters
    ----------
    prepare
        Slow work, such as checking a password, that must not hold the writers' queue: it gets the `Context` in a read-only
        transaction before the handler's own, and the handler gets what it returns as second argument. Rows don't survive it.

    """

    def decorate(handler: Handler) -> Handler:
        route = _Route(handler=handler, policy=policy, limited=limited, prepare=prepare)

        @functools.wraps(handler)
        def handle(request: Request, arrived: Arrived, **arguments: object) -> Response:
            return _handle(route, request=request, arrived=arrived, arguments=arguments)

        @functools.wraps(handler)
        async def handle_slowly(request: Request, arrived: Arrived, **arguments: object) -> Response:
            return await anyio.to_thread.run_sync(functools.partial(handle, request, arrived, **arguments), limiter=SLOW_THREADS)

        chosen: Handler = handle if prepare is None else handle_slowly
        chosen.__signature__ = signature_for_fastapi(handler, is_prepared=prepare is not None)  # type: ignore[attr-defined] # read by inspect.signature
        chosen.policy = policy  # type: ignore[attr-defined] # read by the start-up check and the tests
        return chosen

    return decorate


def browser_secret(request: Request) -> str:
    """Return the cookie that binds forms to a browser: the session's, or an anonymous one before sign-in."""
    settings: Settings = request.app.state.settings
    anonymous: str = getattr(request.state, "anonymous", "")
    return request.cookies.get(session_cookie(settings)) or request.cookies.get(ANONYMOUS_COOKIE) or anonymous


def session_cookie(settings: Settings) -> str:
    """Return the session cookie's name; browsers accept the `__Host-` prefix over TLS only."""
    return "__Host-anodeprint" if settings.is_https else "anodeprint_session"


class _Refused(Exception):  # noqa: N818 - no error: it carries a finished answer out of a transaction that must roll back
    def __init__(self, response: Response) -> None:
        self.response = response


def _handle(route: _Route, *, request: Request, arrived: Arrived, arguments: dict[str, object]) -> Response:
    state = request.app.state
    at: datetime = state.clock()
    _spend(route, request=request, arrived=arrived, at=at, misses=False)
    prepared = _prepared(route, request=request, arrived=arrived, at=at)
    try:
        with state.database.transaction(write=request.method not in SAFE_METHODS) as session:
            context, touch = _open_context(session, route, request=request, arrived=arrived, at=at)
            response = _kept(_answer_once(functools.partial(route.handler, context, *prepared, **arguments), context, arrived))
    except _Refused as refused:
        return refused.response
    except NotFoundError:
        _spend(route, request=request, arrived=arrived, at=at, misses=True)
        raise
    if notes := [note for note in (touch, *context.noted) if note is not None]:
        with state.database.writing() as session:
            for note in notes:
                note(session)
    return response


def check_access(request: Request) -> None:
    """Check a route's policy where values were refused before its handler ran: who may not use it learns nothing of its values."""
    policy: Policy | None = getattr(request.scope.get("endpoint"), "policy", None)
    if policy is None:
        return
    state = request.app.state
    with state.database.reading() as session:
        principal, _ = _principal(session, request=request, settings=state.settings, at=state.clock())
    policy.check(principal)


def _spend(route: _Route, *, request: Request, arrived: Arrived, at: datetime, misses: bool) -> None:
    for limit in route.limited:
        if limit.misses_only is misses:
            limits.spend(request.app.state.database, limit, request=request, form=arrived.form, at=at)


def _prepared(route: _Route, *, request: Request, arrived: Arrived, at: datetime) -> tuple[object, ...]:
    if route.prepare is None:
        return ()
    with request.app.state.database.reading() as session:
        context, _ = _open_context(session, route, request=request, arrived=arrived, at=at)
        return (route.prepare(context),)


def _kept(response: Response) -> Response:
    if response.status_code >= 400:  # noqa: PLR2004 - HTTP's own border
        raise _Refused(response)
    return response


def _open_context(
    session: Session, route: _Route, *, request: Request, arrived: Arrived, at: datetime
) -> tuple[Context, Touch | None]:
    state = request.app.state
    settings: Settings = state.settings
    for limit in route.limited:
        if limit.misses_only:
            limits.check(session, limit, request=request, form=arrived.form, at=at)
    principal, touch = _principal(session, request=request, settings=settings, at=at)
    context = Context(
        session=session,
        request=request,
        principal=principal,
        at=at,
        locale=reader_locale(request, principal, settings),
        settings=settings,
        secret=state.secret,
        form=arrived.form or FormData(),
    )
    route.policy.check(principal)
    _check_form_token(context, arrived)
    return context, touch


def _principal(session: Session, *, request: Request, settings: Settings, at: datetime) -> tuple[Principal | None, Touch | None]:
    """Return who asks, and what is to be noted about the session or key afterwards."""
    cookie = request.cookies.get(session_cookie(settings))
    login, touch = find_caller(session, request=request, cookie=cookie, settings=settings, at=at)
    return _principal_of(login) if login else None, touch


def _principal_of(login: "queries.FoundLogin") -> Principal:
    return Principal(
        user_id=login.user_id,
        invitation_id=login.invitation_id,
        submission_id=login.submission_id,
        organisation_id=login.organisation_id,
        organisation_kind=login.organisation_kind,
        organisation_name_zh=login.organisation_name_zh,
        organisation_name_en=login.organisation_name_en,
        name=login.user_name or "",
        roles=frozenset({Role.SUPPLIER}) if login.user_roles is None else frozenset(Role(name) for name in login.user_roles),
        locale=login.user_locale,
        session_hash=login.token_hash,
        delegation_id=login.delegation_id,
        api_key_id=login.api_key_id,
        may_hand_in=login.may_hand_in,
    )


def reader_locale(request: Request, principal: Principal | None, settings: Settings) -> Locale:
    """Return the language to answer in: asked for, chosen earlier, of the account, of the browser, of the deployment."""
    accepted = request.headers.get("accept-language", "")
    by_browser = "en" if accepted.lower().startswith("en") else "zh-CN" if accepted.lower().startswith("zh") else None
    own = principal.locale if principal else None
    wishes = (request.query_params.get("lang"), request.cookies.get(LOCALE_COOKIE), own, by_browser)
    return next((locale for wish in wishes for locale in LOCALES if wish == locale), settings.default_locale)


def _check_form_token(context: Context, arrived: Arrived) -> None:
    if context.principal is not None and context.principal.api_key_id is not None:
        return  # a browser never sends a key by itself, so no other site can make it send one
    if arrived.form is None:
        if context.request.method not in SAFE_METHODS and not _is_json(context.request):
            raise CrossSiteError
        return
    if not tokens_match(str(arrived.form.get("csrf_token", "")), context.csrf_token):
        raise CrossSiteError


def _is_json(request: Request) -> bool:
    return (
        request.headers.get("content-type", "").startswith("application/json") or request.headers.get("content-length", "0") == "0"
    )


def _answer_once(answer: Callable[[], object], context: Context, arrived: Arrived) -> Response:
    key = context.request.headers.get("idempotency-key") or str(context.form.get("idempotency_key", ""))
    if not key or context.principal is None or context.request.method in SAFE_METHODS:
        return _as_response(answer())  # of those not signed in no answer is kept: it may carry a new session
    route = f"{context.principal.actor} {context.request.method} {context.request.url.path}"
    scope = hashlib.sha256(route.encode()).hexdigest()  # a path may be longer than the column
    earlier = idempotency.find_answer(context.session, scope=scope, key=key, body_sha256=arrived.body_sha256)
    if earlier is not None:
        return earlier
    response = _as_response(answer())
    if response.status_code < 400:  # noqa: PLR2004 - a refusal may be tried again under its key
        idempotency.store_answer(
            context.session, scope=scope, key=key, body_sha256=arrived.body_sha256, response=response, at=context.at
        )
    return response


def _as_response(result: object) -> Response:
    if isinstance(result, Response):
        return result
    return Response(to_json(result), media_type="application/json")
