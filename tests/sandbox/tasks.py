"""Functions for the child processes of the tests; they must be importable there."""

import ctypes
import os
import socket
import subprocess
import time
from pathlib import Path

from service.sandbox.child import allow_cpu_seconds


def double(value: float) -> float:
    return value * 2


def shout(text: str) -> bytes:
    print("a library that prints")  # noqa: T201 -- what is tested
    return text.upper().encode()


def fail(message: str) -> None:
    raise ValueError(message)


def sleep(seconds: float) -> None:
    time.sleep(seconds)


def burn_cpu_with_one_second_left() -> None:
    allow_cpu_seconds(1)
    while True:
        pass


def fill_memory(size: int) -> int:
    return len(bytearray(size))


def crash() -> None:
    ctypes.string_at(0)


def connect(port: int) -> None:
    socket.create_connection(("127.0.0.1", port), timeout=2)


def run_program() -> None:
    subprocess.run(["true"], check=True)


def environment() -> dict[str, str]:
    return dict(os.environ)


def process_id() -> int:
    return os.getpid()


def answer_with(value: str) -> Path:
    return Path(value)


def large_answer(size: int) -> bytes:
    return bytes(size)
