import contextlib
import ssl
import time
from collections.abc import Iterator, Sequence
from typing import Final

import httpcore
import httpx

from service.errors import N_, FieldError
from service.outgoing.addresses import Resolver, resolve_by_system
from service.outgoing.errors import BlockedAddressError, OutgoingError, printable
from service.outgoing.network import Deadline, GuardedBackend, Monotonic

HTTPS_PORT: Final = 443
_FAILURES: Final = (
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.UnsupportedProtocol,
    ssl.SSLError,
    OSError,
)


def check_url(url: httpx.URL, *, allow_private: bool) -> None:
    """Raise `BlockedAddressError` for an address that can't be asked, whatever its host turns out to be."""
    host = printable(url.host) or "-"
    if url.scheme != "https" and not (url.scheme == "http" and allow_private):
        raise BlockedAddressError(host=host, reason=FieldError(N_("the address does not begin with https://")))
    if not url.host or url.userinfo:
        raise BlockedAddressError(host=host, reason=FieldError(N_("the address holds more than host, port and path")))


class GuardedTransport(httpx.BaseTransport):
    """Carries requests of `httpx` over guarded connections, built from the public parts of `httpcore` alone."""

    def __init__(
        self,
        *,
        allow_private: bool,
        registered: Sequence[str],
        seconds: float,
        ssl_context: ssl.SSLContext | None = None,
        resolve: Resolver = resolve_by_system,
        monotonic: Monotonic = time.monotonic,
    ) -> None:
        self._allow_private = allow_private
        self._ports = {HTTPS_PORT, *(_port_of(httpx.URL(address)) for address in registered)}
        self._deadline = Deadline(seconds=seconds, monotonic=monotonic)
        self._pool = httpcore.ConnectionPool(
            ssl_context=ssl_context or ssl.create_default_context(),
            max_connections=2,
            keepalive_expiry=5.0,
            network_backend=GuardedBackend(resolve=resolve, allow_private=allow_private, deadline=self._deadline),
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request whose address may be asked; the stream of the answer is guarded as well."""
        self._check(request.url)
        self._deadline.restart()
        url = httpcore.URL(
            scheme=request.url.raw_scheme, host=request.url.raw_host, port=request.url.port, target=request.url.raw_path
        )
        asked = httpcore.Request(
            request.method, url, headers=request.headers.raw, content=request.read(), extensions=request.extensions
        )
        with _failures_of(request.url.host):
            answer = self._pool.handle_request(asked)
        return httpx.Response(
            answer.status, headers=answer.headers, stream=_AnswerStream(answer, host=request.url.host), extensions=answer.extensions
        )

    def close(self) -> None:
        """Close every connection."""
        self._pool.close()

    def _check(self, url: httpx.URL) -> None:
        check_url(url, allow_private=self._allow_private)
        if _port_of(url) not in self._ports:
            raise BlockedAddressError(host=url.host, reason=FieldError(N_("its port is not the registered one")))


class _AnswerStream(httpx.SyncByteStream):
    def __init__(self, answer: httpcore.Response, *, host: str) -> None:
        self._answer = answer
        self._host = host

    def __iter__(self) -> Iterator[bytes]:
        with _failures_of(self._host):
            yield from self._answer.iter_stream()

    def close(self) -> None:
        with _failures_of(self._host):
            self._answer.close()


@contextlib.contextmanager
def _failures_of(host: str) -> Iterator[None]:
    try:
        yield
    except httpcore.TimeoutException as error:
        raise OutgoingError(host=host, reason=FieldError(N_("it did not answer in time"))) from error
    except _FAILURES as error:
        reason = printable(str(error)) or type(error).__name__
        raise OutgoingError(host=host, reason=reason) from error


def _port_of(url: httpx.URL) -> int:
    return url.port or (HTTPS_PORT if url.scheme == "https" else 80)
