"""The addresses of partners' systems answer over TLS only: no data, no token, not even a redirect without it."""

from starlette.types import ASGIApp, Receive, Scope, Send

from service.exchange.errors import InsecureTransportError, answer_partner, belongs_here
from service.settings import Settings


class SecureTransport:
    """Refuse what partners send without TLS.

    Behind a proxy that ends TLS the scheme comes from its `X-Forwarded-Proto`, which is believed of the addresses in
    `ANODEPRINT_FORWARDED_ALLOW_IPS` alone. Only tests may have a base URL without TLS that is answered.
    """

    def __init__(self, app: ASGIApp, *, settings: Settings) -> None:
        self._app = app
        self._may_be_plain = settings.env == "test" and not settings.is_https

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one ASGI event stream."""
        if scope["type"] == "http" and scope["scheme"] != "https" and not self._may_be_plain and belongs_here(scope["path"]):
            await answer_partner(scope["path"], InsecureTransportError())(scope, receive, send)
            return
        await self._app(scope, receive, send)
