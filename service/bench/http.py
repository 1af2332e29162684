"""Whole requests against `anodeprint serve --workers 2`, on both engines."""

import http.client
import json
import os
import random
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from service.accounts.access import session_cookie
from service.bench.load import Load, RequestMaker, apply_load, best_of
from service.bench.report import Figure, Goal, Report
from service.bench.stage import Stage, postgres_settings, set_up, sqlite_settings
from service.postgres import NoPostgresError
from service.settings import Settings

WORKERS = 2
CONNECTIONS = 16
ROUNDS = 3
START_TIMEOUT_S = 60.0
SETTLING_S = 12.0
"""For what the server loads in the background after its start."""

# Floors and targets for two shared cores, the generator included.
GOALS: Mapping[str, Goal] = {
    "SQLite: list of 20": Goal(floor=400, target=1000),
    "SQLite: detail": Goal(floor=700, target=1200),
    "SQLite: page of 50 rows": Goal(floor=300, target=600),
    "SQLite: durable write": Goal(floor=150, target=600),
    "SQLite: verification page": Goal(floor=800, target=3000),
    "PostgreSQL: list of 20": Goal(floor=250, target=500),
    "PostgreSQL: durable write": Goal(floor=150, target=600),
}
READ_ALONE = Goal(floor=10, target=3, more_is_better=False)
WRITE_ALONE = Goal(floor=10, target=5, more_is_better=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of request."""

    name: str
    make: RequestMaker
    expected: frozenset[int] = frozenset({200})


def measure(*, seconds: float) -> Report:
    """Measure every kind of request on SQLite, and lists and writes on PostgreSQL where its programs are installed."""
    figures: list[Figure] = []
    notes = [f"{WORKERS} workers, {CONNECTIONS} connections, best of {ROUNDS} runs of {seconds:g} s"]
    with sqlite_settings() as settings:
        figures += _measure_engine("SQLite", settings, seconds=seconds, everything=True)
    try:
        with postgres_settings() as settings:
            figures += _measure_engine("PostgreSQL", settings, seconds=seconds, everything=False)
    except NoPostgresError as error:
        notes.append(f"PostgreSQL was not measured: {error}")
    return Report(figures=figures, notes=notes)


def _measure_engine(engine: str, settings: Settings, *, seconds: float, everything: bool) -> Iterator[Figure]:
    stage = set_up(settings)
    kinds = _kinds(stage)
    wanted = kinds if everything else [kind for kind in kinds if f"{engine}: {kind.name}" in GOALS]
    with serving(settings) as port:
        time.sleep(SETTLING_S)
        for kind in wanted:
            yield _throughput(f"{engine}: {kind.name}", kind, port, seconds=seconds)
        if everything:
            for kind, goal in ((kinds[1], READ_ALONE), (kinds[3], WRITE_ALONE)):
                alone = _runs(kind, port, connections=1, seconds=seconds)
                name = f"{engine}: {kind.name}, one client, p50"
                yield Figure(name=name, value=alone.p50_ms, unit="ms", goal=goal, p99_ms=alone.p99_ms, errors=alone.errors)


def _throughput(name: str, kind: Kind, port: int, *, seconds: float) -> Figure:
    load = _runs(kind, port, connections=CONNECTIONS, seconds=seconds)
    return Figure(name=name, value=load.per_s, unit="1/s", goal=GOALS.get(name), p99_ms=load.p99_ms, errors=load.errors)


def _runs(kind: Kind, port: int, *, connections: int, seconds: float) -> Load:
    runs = [apply_load(port, kind.make, expected=kind.expected, connections=connections, seconds=seconds) for _ in range(ROUNDS)]
    return best_of(runs)


def _kinds(stage: Stage) -> Sequence[Kind]:
    drawn = random.Random(1)  # noqa: S311 - which rows to read
    cookie = session_cookie(stage.settings)
    staff, supplier = (f"Cookie: {cookie}={token}\r\n" for token in (stage.staff, stage.supplier))

    def write(number: int) -> bytes:
        submission = drawn.choice(stage.open_submissions)
        body = json.dumps({"answers": {"product_output": {"entered": str(8000 + number % 1000), "unit": "t"}}}).encode()
        key = f"Idempotency-Key: {uuid.UUID(int=drawn.getrandbits(128))}\r\n"
        return request("PUT", f"/api/v1/submissions/{submission}/answers", supplier + key, body)

    return (
        Kind(name="list of 20", make=lambda _: request("GET", "/api/v1/submissions?limit=20", staff)),
        Kind(name="detail", make=lambda _: request("GET", f"/api/v1/submissions/{drawn.choice(stage.submissions)}", staff)),
        Kind(name="page of 50 rows", make=lambda _: request("GET", "/console/requests", staff + "Accept: text/html\r\n")),
        Kind(name="durable write", make=write),
        Kind(name="verification page", make=lambda number: _visit(stage.certificate, number)),
    )


def _visit(public_id: str, number: int) -> bytes:
    """Let many people look at one certificate: each comes from an address of its own."""
    address = f"X-Forwarded-For: 10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}\r\n"
    return request("GET", f"/verify/{public_id}", address + "Accept: text/html\r\n")


def request(method: str, path: str, headers: str, body: bytes = b"") -> bytes:
    """Return the bytes of a request; `headers` are lines that end in CRLF."""
    length = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n" if body else ""
    return f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{headers}{length}\r\n".encode() + body


@contextmanager
def serving(settings: Settings, *, workers: int = WORKERS) -> Iterator[int]:
    """Run the real server as a process of its own; yields its port once it answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    command = [sys.executable, "-m", "service.cli", "serve", "--port", str(port), "--workers", str(workers)]
    server = subprocess.Popen(command, env=_environment(settings), stdout=subprocess.DEVNULL)  # noqa: S603 - our own words
    try:
        _wait_until_ready(port, server)
        yield port
    finally:
        server.terminate()
        server.wait()


def _environment(settings: Settings) -> Mapping[str, str]:
    return os.environ | {
        "ANODEPRINT_DATA_DIR": str(settings.data_dir),
        "ANODEPRINT_DATABASE_URL": settings.effective_database_url,
        "ANODEPRINT_LOG_LEVEL": settings.log_level,
        "ANODEPRINT_FORWARDED_ALLOW_IPS": settings.forwarded_allow_ips,
    }


def _wait_until_ready(port: int, server: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline and server.poll() is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
        try:
            connection.request("GET", "/readyz")
            if connection.getresponse().status == http.HTTPStatus.OK:
                return
        except OSError:
            time.sleep(0.1)
        finally:
            connection.close()
    raise RuntimeError(f"the server did not start (exit code {server.poll()})")
