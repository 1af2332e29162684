"""What happens with an error that nobody foresaw: the log gets all of it, the caller a request id and no details."""

from collections.abc import Callable

import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = structlog.get_logger()


class LastResort:
    """Innermost layer, so that even this answer passes through the layers that add headers and log lines.

    Parameters
    ----------
    raises_too
        Raise the error again after the answer, for tests that want to see it.

    """

    def __init__(self, app: ASGIApp, *, answer: Callable[[Request], Response], raises_too: bool) -> None:
        self._app = app
        self._answer = answer
        self._raises_too = raises_too

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one ASGI event stream."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        has_started = False

        async def noting_start(message: Message) -> None:
            nonlocal has_started
            has_started = True
            await send(message)

        try:
            await self._app(scope, receive, noting_start)
        except Exception as error:
            log.exception("unexpected_error", error=type(error).__name__)
            if has_started:  # half an answer is out: only breaking the connection tells the caller
                raise
            await self._answer(Request(scope))(scope, receive, send)
            if self._raises_too:
                raise
