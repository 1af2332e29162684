"""What runs inside the child process; started by `process.ChildProcess`, never imported by the service itself."""

import importlib
import json
import os
import pickle
import resource
import sys
from collections.abc import Callable
from typing import Any, BinaryIO

from service.sandbox.process import FRAME

FORBIDDEN_EVENTS = (
    "socket.connect",
    "socket.bind",
    "socket.getaddrinfo",
    "socket.gethostbyname",
    "socket.sendto",
    "subprocess.Popen",
    "os.exec",
    "os.fork",
    "os.forkpty",
    "os.posix_spawn",
    "os.spawn",
    "os.system",
)


def main(memory_bytes: int, preload: list[str]) -> None:
    """Import what is needed, then answer tasks until the parent closes the pipe."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    # A library that prints must not write into the conversation.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    for module in preload:
        importlib.import_module(module)
    restrict(memory_bytes)
    send(answers, b"J", b"null")
    while task := receive(sys.stdin.buffer):
        function, arguments, seconds = pickle.loads(task)  # noqa: S301 -- from our own parent
        allow_cpu_seconds(seconds)
        send(answers, *answer(function, arguments))


def restrict(memory_bytes: int) -> None:
    """Give up network, other programs, core dumps and most of the memory, for good."""
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.addaudithook(refuse)


def refuse(event: str, _arguments: tuple[Any, ...]) -> None:
    """Raise when anything here tries to reach the network or to start a program; an audit hook can't be removed."""
    if event in FORBIDDEN_EVENTS:
        message = f"{event} is not allowed in a limited process"
        raise PermissionError(message)


def allow_cpu_seconds(seconds: float) -> None:
    """Let the process use so much CPU time from now on; the system ends it beyond that."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(usage.ru_utime + usage.ru_stime + seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))


def answer(function: str, arguments: tuple[Any, ...]) -> tuple[bytes, bytes]:
    """Call `module:name`; return the kind and content of the message that goes back."""
    try:
        result = resolve(function)(*arguments)
        return (b"B", result) if isinstance(result, bytes) else (b"J", json.dumps(result).encode())
    except Exception as error:  # noqa: BLE001 -- whatever it is, the parent must learn of it
        return b"E", json.dumps({"error_type": type(error).__name__, "detail": str(error)[:2000]}).encode()


def resolve(function: str) -> Callable[..., Any]:
    """Find a function by `module:name`."""
    module, name = function.split(":")
    found: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return found


def receive(stream: BinaryIO) -> bytes | None:
    """Read the next task; None when the parent has gone."""
    head = stream.read(FRAME.size)
    return stream.read(FRAME.unpack(head)[1]) if len(head) == FRAME.size else None


def send(stream: BinaryIO, kind: bytes, content: bytes) -> None:
    """Write a message."""
    stream.write(FRAME.pack(kind, len(content)) + content)
    stream.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
