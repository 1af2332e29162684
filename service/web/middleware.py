"""One pure ASGI layer around everything: size limits, same-origin proof, security headers, request id."""

import secrets
from collections.abc import Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.errors import CrossSiteError, ServiceError, TooLargeError
from service.settings import MIB, Settings
from service.web.problems import UnreadableRequestError

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


class Guard:
    """Refuse bodies over the limit and requests from other sites; add the headers that every answer carries.

    Parameters
    ----------
    answer
        Turns a refusal into the form that belongs to the address.

    """

    def __init__(self, app: ASGIApp, *, settings: Settings, answer: Callable[[Scope, ServiceError], Response]) -> None:
        self._app = app
        self._settings = settings
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one ASGI event stream."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = secrets.token_hex(8)
        scope.setdefault("state", {})["request_id"] = request_id
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        sender = self._sender(send, request_id)
        problem = self._refusal(scope)
        if problem is not None:
            await self._answer(scope, problem)(scope, receive, sender)
            return
        await self._app(scope, self._limited(scope, receive), sender)

    def _refusal(self, scope: Scope) -> ServiceError | None:
        headers = Headers(scope=scope)
        if scope["method"] not in SAFE_METHODS and not comes_from_here(headers):
            return CrossSiteError()
        if "\0" in scope["path"] or b"%00" in scope["query_string"]:  # PostgreSQL takes no such text, not even to compare
            return UnreadableRequestError()
        length = headers.get("content-length", "0")
        limit = self._limit(headers)
        if not length.isdigit() or int(length) > limit:
            return TooLargeError(limit_mib=limit / MIB)
        return None

    def _limit(self, headers: Headers) -> int:
        is_upload = headers.get("content-type", "").startswith("multipart/form-data")
        return self._settings.upload_max_bytes if is_upload else self._settings.json_max_bytes

    def _limited(self, scope: Scope, receive: Receive) -> Receive:
        limit = self._limit(Headers(scope=scope))
        seen = 0

        async def limited() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > limit:  # a chunked body names no length, so it is counted while it streams
                # FastAPI lets only its own kind of error through while it reads a body
                raise HTTPException(413, detail=f"{limit / MIB:g}")
            return message

        return limited

    def _sender(self, send: Send, request_id: str) -> Send:
        is_https = self._settings.is_https

        async def sender(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add_headers(message, request_id=request_id, is_https=is_https)
            await send(message)

        return sender


def comes_from_here(headers: Headers) -> bool:
    """Tell whether a browser says that a page of ours sent this; a program that is no browser says nothing and passes.

    Pages carry `Referrer-Policy: no-referrer`, for which browsers send `Origin: null` with forms: then the form token decides.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = headers.get("origin")
    return origin in {None, "null"} or urlsplit(origin or "").netloc == headers.get("host")


def _add_headers(message: MutableMapping[str, Any], *, request_id: str, is_https: bool) -> None:
    headers = MutableHeaders(scope=message)
    headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "no-referrer"
    headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["X-Request-ID"] = request_id
    headers.setdefault("Cache-Control", "no-store")
    if is_https:
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
