"""One log line per request: which route, how it ended, how long it took; never the query, the body or an identifier of a person."""

import time
from typing import Any

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = structlog.get_logger()

QUIET_PATHS = ("/static/", "/livez", "/readyz")


class RequestLog:
    """Outermost layer: measures from the first byte in to the last byte out."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one ASGI event stream."""
        if scope["type"] != "http" or scope["path"].startswith(QUIET_PATHS):
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        status = 500

        async def noting_status(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noting_status)
        finally:
            log.info(
                "request",
                method=scope["method"],
                route=_route(scope),
                status=status,
                ms=round((time.perf_counter() - started) * 1000, 1),
                request_id=scope.get("state", {}).get("request_id"),
            )


def _route(scope: Scope) -> str:
    """Return the route's pattern (`/r/{token}`): the path itself may hold a secret."""
    route: Any = scope.get("route")
    return getattr(route, "path_format", None) or "unmatched"
