"""Tokens that partners gave us, kept in memory until they end."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from service.exchange.credentials import Callback

MARGIN: Final = timedelta(seconds=30)
"""A token that ends sooner may end on its way."""


class HeldTokens:
    """One token for each set of credentials; a changed secret is another set."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._tokens: dict[Callback, tuple[str, datetime]] = {}

    def get(self, callback: Callback, *, at: datetime, fetch: Callable[[], tuple[str, timedelta]]) -> str:
        """Return a token that lasts a while yet, fetching one (with its lifetime) if need be."""
        with self._lock:
            held = self._tokens.get(callback)
        if held is not None and at < held[1]:
            return held[0]
        token, lifetime = fetch()
        with self._lock:
            self._tokens = {key: one for key, one in self._tokens.items() if one[1] > at}
            self._tokens[callback] = (token, at + lifetime - MARGIN)
        return token

    def drop(self, callback: Callback) -> None:
        """Forget a token that the partner does not accept."""
        with self._lock:
            self._tokens.pop(callback, None)
