"""Note every host name that this process looks up or connects to."""

import socket
import sys

_EVENTS = ("socket.getaddrinfo", "socket.gethostbyname", "socket.connect", "socket.sendto")


def watch() -> list[str]:
    """Return a list that grows with every look-up and connection."""
    seen: list[str] = []

    def note(event: str, arguments: tuple[object, ...]) -> None:
        if event in _EVENTS:
            seen.append(f"{event} {arguments!r}")

    sys.addaudithook(note)
    return seen


def works(seen: list[str]) -> bool:
    """Tell whether a look-up that needs no network is noted, so that an empty list means something."""
    before = len(seen)
    socket.getaddrinfo("127.0.0.1", 80)
    return len(seen) == before + 1
