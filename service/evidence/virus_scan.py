"""Asking ClamAV about a file, over the INSTREAM command of its daemon (clamd(8)): chunks with their length, then a zero."""

import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

import structlog

from service.evidence.models import Scan

logger = structlog.get_logger(__name__)

TIMEOUT_S: Final = 30.0
CHUNK: Final = 64 * 1024
LONGEST_REPLY: Final = 4096
DEFAULT_PORT: Final = 3310
_CLEAN: Final = b"OK"
_INFECTED: Final = b"FOUND"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanner:
    """Where the daemon listens: the path of a Unix socket, or `host:port`; None if there is no scanner."""

    address: str | None

    def scan(self, stream: BinaryIO) -> Scan:
        """Return what the daemon says; a file that it can't look at stays unscanned, which pages show."""
        if self.address is None:
            return Scan.UNSCANNED
        try:
            with _connected(self.address) as connection:
                return _verdict(_ask(connection, stream))
        except OSError as error:
            logger.warning("scanner_unreachable", address=self.address, error=str(error))
            return Scan.UNSCANNED


@contextmanager
def _connected(address: str) -> Iterator[socket.socket]:
    if address.startswith("/"):
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(TIMEOUT_S)
            connection.connect(str(Path(address)))
            yield connection
        return
    host, _, port = address.rpartition(":")
    with socket.create_connection((host.strip("[]") or address, int(port or DEFAULT_PORT)), timeout=TIMEOUT_S) as connection:
        yield connection


def _ask(connection: socket.socket, stream: BinaryIO) -> bytes:
    stream.seek(0)
    connection.sendall(b"zINSTREAM\0")
    while chunk := stream.read(CHUNK):
        connection.sendall(struct.pack("!I", len(chunk)) + chunk)
    connection.sendall(struct.pack("!I", 0))
    reply = b""
    while not reply.endswith(b"\0") and len(reply) < LONGEST_REPLY and (part := connection.recv(LONGEST_REPLY)):
        reply += part
    return reply.rstrip(b"\0").strip()


def _verdict(reply: bytes) -> Scan:
    """Read `stream: OK`, `stream: Eicar-Signature FOUND`, or an error such as a file over the daemon's own limit."""
    if reply.endswith(_INFECTED):
        return Scan.INFECTED
    if reply.endswith(_CLEAN):
        return Scan.CLEAN
    logger.warning("scanner_refused", reply=reply.decode("utf-8", "replace"))
    return Scan.UNSCANNED
