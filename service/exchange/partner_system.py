"""A partner's system as we ask it: token, list, one footprint, events (PACT v3, chapter on the HTTP API)."""

import re
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from typing import Any, Final, TypeVar
from urllib.parse import urljoin, urlsplit

from service.clock import Clock
from service.errors import N_, FieldError
from service.exchange.credentials import Callback
from service.exchange.tokens_held import HeldTokens
from service.outgoing.client import LARGEST_LIST, Answer, Client, get_json, open_client, post_form, post_json
from service.outgoing.errors import RefusedAnswerError, UnreadableAnswerError

MOST_PAGES: Final = 100
MOST_FOOTPRINTS: Final = 2000
"""Of one look into a partner's list; who shares more is asked with filters."""
SHORT_LIFETIME: Final = timedelta(minutes=5)
"""Of a token whose answer does not say how long it lasts."""
LONGEST_LIFETIME: Final = timedelta(hours=24)
LONGEST_TOKEN: Final = 8192
EVENT_TYPE: Final = "application/cloudevents+json; charset=UTF-8"
_NEXT: Final = re.compile(r"<([^<>]*)>[^,<]*;\s*rel=\"?next\"?(?=[\s;,]|$)", re.IGNORECASE)
_HELD: Final = HeldTokens()
_Found = TypeVar("_Found")
Document = Mapping[str, Any]  # JSON of others


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerSystem:
    """A partner's system, open for one conversation; use `conversation`."""

    callback: Callback
    client: Client
    clock: Clock
    tokens: HeldTokens = field(default=_HELD)

    def list_footprints(self, filters: Sequence[tuple[str, str]] = ()) -> Iterator[Document]:
        """Yield what the partner shares with us, page by page.

        Raises
        ------
        OutgoingError
            The partner was not reached, refused, or answered with something else than a list; also when there are more pages than
            `MOST_PAGES` or more footprints than `MOST_FOOTPRINTS`.

        """
        url, query, seen = f"{self.callback.base_url}/3/footprints", filters, 0
        for _ in range(MOST_PAGES):
            answer = self._get(url, query=query, limit_bytes=LARGEST_LIST)
            page = self._data_of(answer, list)
            seen += len(page)
            if seen > MOST_FOOTPRINTS:
                break
            yield from page
            following = next_link(answer.headers.get("link", ""))
            if following is None:
                return
            url, query = self._same_origin(urljoin(url, following)), ()
        raise self._unreadable(FieldError(N_("it has more footprints than are read at once; ask for fewer by a filter")))

    def get_footprint(self, footprint_id: uuid.UUID) -> Document:
        """Return one footprint; errors as `list_footprints`."""
        answer = self._get(f"{self.callback.base_url}/3/footprints/{footprint_id}")
        return self._data_of(answer, dict)

    def send_event(self, envelope: Document) -> None:
        """Send an event; it is taken when this returns."""
        url = f"{self.callback.base_url}/3/events"
        self._with_token(lambda token: post_json(self.client, url, envelope, token=token, media_type=EVENT_TYPE))

    def _get(self, url: str, *, query: Sequence[tuple[str, str]] = (), limit_bytes: int = LARGEST_LIST) -> Answer:
        return self._with_token(lambda token: get_json(self.client, url, token=token, query=query, limit_bytes=limit_bytes))

    def _with_token(self, ask: Callable[[str], Answer]) -> Answer:
        """Ask with the token at hand, and once more with a fresh one if that is not accepted any more."""
        try:
            return ask(self._token())
        except RefusedAnswerError as error:
            if error.answer_status != HTTPStatus.UNAUTHORIZED:
                raise
        self.tokens.drop(self.callback)
        return ask(self._token())

    def _token(self) -> str:
        return self.tokens.get(self.callback, at=self.clock(), fetch=self._fetch_token)

    def _fetch_token(self) -> tuple[str, timedelta]:
        credentials = (self.callback.client_id, self.callback.client_secret)
        answer = post_form(self.client, self._token_endpoint(), {"grant_type": "client_credentials"}, basic=credentials)
        document = answer.document
        token = document.get("access_token") if isinstance(document, dict) else None
        if not isinstance(token, str) or not token.isascii() or not token.isprintable() or not 0 < len(token) <= LONGEST_TOKEN:
            raise self._unreadable(FieldError(N_("it gave no access token")))
        return token, _lifetime(document.get("expires_in"))

    def _token_endpoint(self) -> str:
        """Return what the discovery document names, else the address of the specification."""
        usual = f"{self.callback.auth_base_url}/auth/token"
        try:
            answer = get_json(self.client, f"{self.callback.auth_base_url}/.well-known/openid-configuration")
        except (RefusedAnswerError, UnreadableAnswerError):  # discovery is only recommended
            return usual
        named = answer.document.get("token_endpoint") if isinstance(answer.document, dict) else None
        return named if isinstance(named, str) and named else usual

    def _data_of(self, answer: Answer, kind: type[_Found]) -> _Found:
        found = answer.document.get("data") if isinstance(answer.document, dict) else None
        items = found if isinstance(found, list) else [found]
        if not isinstance(found, kind) or not all(isinstance(one, dict) for one in items):
            raise self._unreadable(FieldError(N_("it does not hold footprints as the specification says")))
        return found

    def _same_origin(self, url: str) -> str:
        """Refuse a next page on another machine, which would be handed our token."""
        there, here = urlsplit(url), urlsplit(self.callback.base_url)
        if (there.scheme, there.netloc.lower()) != (here.scheme, here.netloc.lower()):
            raise self._unreadable(FieldError(N_("its next page lies on another machine")))
        return url

    def _unreadable(self, reason: FieldError) -> UnreadableAnswerError:
        return UnreadableAnswerError(host=urlsplit(self.callback.base_url).hostname or "-", reason=reason)


@contextmanager
def conversation(callback: Callback, *, allow_private: bool, clock: Clock) -> Iterator[PartnerSystem]:
    """Open a conversation with a partner's system over the guarded client."""
    registered = (callback.base_url, callback.auth_base_url)
    with open_client(allow_private=allow_private, registered=registered) as client:
        yield PartnerSystem(callback=callback, client=client, clock=clock)


def next_link(header: str) -> str | None:
    """Return the address with the relation `next` in a `Link` header (RFC 8288); None on the last page."""
    found = _NEXT.search(header)
    return found[1] if found else None


def _lifetime(stated: object) -> timedelta:
    if isinstance(stated, str) and stated.isdecimal():  # seen in the wild
        stated = int(stated[:9])
    if isinstance(stated, bool) or not isinstance(stated, int | float) or stated <= 0:
        return SHORT_LIFETIME
    return min(timedelta(seconds=min(stated, LONGEST_LIFETIME.total_seconds())), LONGEST_LIFETIME)
