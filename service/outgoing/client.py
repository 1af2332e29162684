"""What the rest of the service may do with the network; nobody else imports `httpx`."""

import json
import ssl
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import httpx

from service.errors import N_, FieldError
from service.outgoing.addresses import Resolver, check_literal, resolve_by_system
from service.outgoing.errors import (
    BlockedAddressError,
    OutgoingError,
    RefusedAnswerError,
    TooLargeAnswerError,
    UnreadableAnswerError,
    printable,
)
from service.outgoing.network import Monotonic
from service.outgoing.strict_json import StrictJsonError, read_json
from service.outgoing.transport import GuardedTransport, check_url

MIB: Final = 1024 * 1024
LARGEST_LIST: Final = 5 * MIB
LARGEST_ANSWER: Final = MIB
LARGEST_NOTE: Final = 64 * 1024
CONNECT_S: Final = 5.0
READ_S: Final = 15.0
TOTAL_S: Final = 60.0
"""For one request with its answer; a page of a list comes within it, a server that drips does not keep a worker."""
CREATED_ENOUGH: Final = range(200, 300)
Query = Sequence[tuple[str, str]]
Client = httpx.Client
"""Named here, so that others need not import the library."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A successful answer of another system.

    Attributes
    ----------
    document
        What its JSON says; None without a body, or where the body was not asked for.
    headers
        By name in lower case.

    """

    status: int
    headers: Mapping[str, str]
    document: Any  # JSON


def open_client(
    *,
    allow_private: bool,
    registered: Sequence[str] = (),
    seconds: float = TOTAL_S,
    ssl_context: ssl.SSLContext | None = None,
    resolve: Resolver = resolve_by_system,
    monotonic: Monotonic = time.monotonic,
) -> httpx.Client:
    """Return a client that reaches public machines over HTTPS only; use it in a `with` block.

    It follows no redirect, reads no proxy or password from the environment, asks no port but 443 and those of `registered`.
    Certificates are checked against the system's authorities (OpenSSL's `SSL_CERT_FILE` names others).

    Parameters
    ----------
    allow_private
        `settings.exchange_allow_private_addresses`: machines of one's own network may be asked, without TLS too.
    registered
        Addresses that a person has registered; their ports are allowed.
    seconds
        For one request with its whole answer.

    """
    transport = GuardedTransport(
        allow_private=allow_private,
        registered=registered,
        seconds=seconds,
        ssl_context=ssl_context,
        resolve=resolve,
        monotonic=monotonic,
    )
    return httpx.Client(
        transport=transport,
        follow_redirects=False,
        trust_env=False,
        timeout=httpx.Timeout(READ_S, connect=CONNECT_S),
        headers={"user-agent": "AnodePrint", "accept-encoding": "identity"},
    )


def check_address(address: str, *, allow_private: bool) -> None:
    """Raise `BlockedAddressError` unless an address may be registered; its name is looked up at every request, not here."""
    try:
        url = httpx.URL(address)
    except (httpx.InvalidURL, UnicodeError) as error:
        raise BlockedAddressError(host=printable(address), reason=FieldError(N_("it is no address"))) from error
    check_url(url, allow_private=allow_private)
    if url.query or url.fragment:
        raise BlockedAddressError(host=url.host, reason=FieldError(N_("the address holds more than host, port and path")))
    check_literal(url.host, allow_private=allow_private)


def get_json(
    client: httpx.Client, url: str, *, token: str | None = None, query: Query = (), limit_bytes: int = LARGEST_ANSWER
) -> Answer:
    """Ask for a JSON document.

    Raises
    ------
    OutgoingError
        `BlockedAddressError`, `RefusedAnswerError`, `TooLargeAnswerError`, `UnreadableAnswerError`, or itself where the other
        system was not reached.

    """
    # `params` would replace the query that a link of the other system has, even when it is empty.
    parameters = {"params": list(query)} if query else {}
    return _ask(client, "GET", url, reads=True, limit_bytes=limit_bytes, headers=_bearing(token), **parameters)


def post_form(client: httpx.Client, url: str, form: Mapping[str, str], *, basic: tuple[str, str]) -> Answer:
    """Send a form with a user name and password (HTTP Basic) and read the JSON answer; errors as `get_json`."""
    return _ask(client, "POST", url, reads=True, limit_bytes=LARGEST_NOTE, data=dict(form), auth=httpx.BasicAuth(*basic))


def post_json(
    client: httpx.Client,
    url: str,
    document: object,
    *,
    token: str | None = None,
    media_type: str = "application/json",
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """Send a JSON document; what the other system says besides its status is not read. Errors as `get_json`."""
    body = json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    return post_bytes(client, url, body, token=token, media_type=media_type, headers=headers)


def post_bytes(
    client: httpx.Client,
    url: str,
    body: bytes,
    *,
    token: str | None = None,
    media_type: str,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """Send exactly these bytes, as for a message whose signature is in a header; otherwise as `post_json`."""
    sent = {**_bearing(token), **(headers or {}), "content-type": media_type}
    return _ask(client, "POST", url, reads=False, limit_bytes=LARGEST_NOTE, headers=sent, content=body)


def post_for_bytes(client: httpx.Client, url: str, body: bytes, *, media_type: str, accept: str) -> bytes:
    """Send bytes and return those of the answer, for formats that are no JSON; errors as `get_json`."""
    headers = {"content-type": media_type, "accept": accept}
    with _named_failures(url), client.stream("POST", url, headers=headers, content=body) as response:
        _check_status(response)
        return _read(response, limit_bytes=LARGEST_NOTE)


def _bearing(token: str | None) -> dict[str, str]:
    return {"accept": "application/json"} | ({} if token is None else {"authorization": f"Bearer {token}"})


def _ask(
    client: httpx.Client,
    method: str,
    url: str,
    *,
    reads: bool,
    limit_bytes: int,
    **request: Any,  # noqa: ANN401 - passed on to the library
) -> Answer:
    with _named_failures(url), client.stream(method, url, **request) as response:
        return _answer_of(response, reads=reads, limit_bytes=limit_bytes)


@contextmanager
def _named_failures(url: str) -> Iterator[None]:
    """Raise what goes wrong on the way as an error of ours that names the address."""
    try:
        yield
    except (httpx.InvalidURL, UnicodeError) as error:
        raise BlockedAddressError(host=printable(url), reason=FieldError(N_("it is no address"))) from error
    except httpx.HTTPError as error:
        raise OutgoingError(host=printable(url), reason=printable(str(error)) or type(error).__name__) from error


def _answer_of(response: httpx.Response, *, reads: bool, limit_bytes: int) -> Answer:
    _check_status(response)
    host = response.request.url.host
    headers = {name.lower(): value for name, value in response.headers.items()}
    if not reads:
        return Answer(status=response.status_code, headers=headers, document=None)
    if headers.get("content-encoding", "identity").lower() != "identity":
        raise UnreadableAnswerError(host=host, reason="it is compressed, which was not asked for")
    content = _read(response, limit_bytes=limit_bytes)
    try:
        return Answer(status=response.status_code, headers=headers, document=read_json(content))
    except StrictJsonError as error:
        raise UnreadableAnswerError(host=host, reason=printable(str(error))) from error


def _check_status(response: httpx.Response) -> None:
    if response.status_code not in CREATED_ENOUGH:
        host = response.request.url.host
        raise RefusedAnswerError(host=host, answer_status=response.status_code, words=_words_of(response))


def _read(response: httpx.Response, *, limit_bytes: int) -> bytes:
    """Return the body as it comes over the wire: decompressing could make any number of bytes of it."""
    content = bytearray()
    for part in response.iter_raw():
        content += part
        if len(content) > limit_bytes:
            raise TooLargeAnswerError(host=response.request.url.host, limit_bytes=limit_bytes)
    return bytes(content)


def _words_of(response: httpx.Response) -> str:
    try:
        return next(response.iter_raw(chunk_size=1024), b"").decode("utf-8", errors="replace")
    except OutgoingError:  # the status alone says enough
        return ""
