"""A server of ours in a process of its own, with its own data and the sample company, as `make run` starts it."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.ports import free_port

START_TIMEOUT_S = 240.0
STOP_TIMEOUT_S = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleServer:
    """Where the sample company is served, and the one password of its people.

    Attributes
    ----------
    sessions
        The session cookie of everybody who has signed in, by name: who tries too often is refused.

    """

    url: str
    password: str
    log: Path
    sessions: dict[str, str] = field(default_factory=dict)


@contextmanager
def sample_server(folder: Path) -> Iterator[SampleServer]:
    """Serve a fresh sample company, background jobs included, until the block ends."""
    port, log = free_port(), folder / "server.log"
    command = [sys.executable, "-m", "service.cli", "serve", "--with-sample", "--port", str(port)]
    environment = {"PATH": os.environ["PATH"], "ANODEPRINT_DATA_DIR": str(folder / "data"), "ANODEPRINT_LOG_LEVEL": "WARNING"}
    with log.open("wb") as stream:
        process = subprocess.Popen(command, env=environment, stdout=stream, stderr=stream)
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_until_ready(url, process, log)
        yield SampleServer(url=url, password=_password(log), log=log)
    finally:
        process.terminate()
        process.wait(STOP_TIMEOUT_S)


def _wait_until_ready(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while not _is_ready(url):
        assert process.poll() is None, f"the server ended by itself:\n{log.read_text(encoding='utf-8')}"
        assert time.monotonic() < deadline, f"the server did not start:\n{log.read_text(encoding='utf-8')}"
        time.sleep(0.1)


def _is_ready(url: str) -> bool:
    try:
        return httpx.get(url + "/readyz", timeout=2, trust_env=False).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False


def _password(log: Path) -> str:
    found = re.search(r"^ *password +(\S+)$", log.read_text(encoding="utf-8"), re.MULTILINE)
    assert found is not None, "the server did not say how to sign in"
    return found[1]
