"""Connections that lead only where they may, and end when their time is up."""

import ssl
from collections.abc import Callable, Iterable
from typing import Any

import httpcore

from service.outgoing.addresses import Resolver, checked_addresses

Monotonic = Callable[[], float]


class Deadline:
    """When the present request must have ended, however busily the other side drips."""

    def __init__(self, *, seconds: float, monotonic: Monotonic) -> None:
        self._seconds = seconds
        self._monotonic = monotonic
        self._ends_at = monotonic() + seconds

    def restart(self) -> None:
        """Give the next request its whole time."""
        self._ends_at = self._monotonic() + self._seconds

    def at_most(self, seconds: float | None) -> float:
        """Return the shorter of `seconds` and what is left; raise a time-out if nothing is."""
        left = self._ends_at - self._monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("the time for this request is up")
        return left if seconds is None else min(seconds, left)


class _Stream(httpcore.NetworkStream):
    """A connection every step of which counts against the deadline."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._inner = inner
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._deadline.at_most(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._deadline.at_most(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        inner = self._inner.start_tls(ssl_context, server_hostname, self._deadline.at_most(timeout))
        return _Stream(inner, self._deadline)

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - the library's own type
        return self._inner.get_extra_info(info)


class GuardedBackend(httpcore.NetworkBackend):
    """Looks a host up once, checks every answer and connects to a checked address, so that a name can't change in between.

    TLS is still checked against the name of the host.
    """

    def __init__(self, *, resolve: Resolver, allow_private: bool, deadline: Deadline) -> None:
        self._resolve = resolve
        self._allow_private = allow_private
        self._deadline = deadline
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first checked address that answers."""
        addresses = checked_addresses(host, port, resolve=self._resolve, allow_private=self._allow_private)
        problem: Exception | None = None
        for address in addresses:
            try:
                inner = self._inner.connect_tcp(address, port, self._deadline.at_most(timeout), local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                problem = error
            else:
                return _Stream(inner, self._deadline)
        raise httpcore.ConnectError(str(problem)) from problem
