"""Machines of others: some answer, some misbehave, some must never hear from us."""

import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

Conversation = Callable[[socket.socket], None]


class Machine:
    """A listening socket that holds one conversation with whoever connects."""

    def __init__(self, conversation: Conversation) -> None:
        self._conversation = conversation
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self.heard = 0
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.heard += 1
            with connection:
                connection.settimeout(20)
                try:
                    self._conversation(connection)
                except OSError:  # the other side hung up, as it should
                    continue

    def stop(self) -> None:
        """Stop listening."""
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(30)


@contextmanager
def machine(conversation: Conversation) -> Iterator[Machine]:
    """Run a machine."""
    running = Machine(conversation)
    try:
        yield running
    finally:
        running.stop()


def read_request(connection: socket.socket) -> bytes:
    """Read a request without a body."""
    found = b""
    while b"\r\n\r\n" not in found:
        part = connection.recv(4096)
        if not part:
            raise OSError("nobody there")
        found += part
    return found


def answering(*parts: bytes) -> Conversation:
    """Return a conversation that reads a request and sends some bytes."""

    def converse(connection: socket.socket) -> None:
        read_request(connection)
        for part in parts:
            connection.sendall(part)

    return converse


def http(body: bytes, *, status: str = "200 OK", headers: Sequence[str] = ()) -> bytes:
    """Return an HTTP answer."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body
