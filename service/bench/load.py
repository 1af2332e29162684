"""A small load generator: so many connections, each sends its next request when the last one is answered."""

import asyncio
import itertools
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

RequestMaker = Callable[[int], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """How a server bore a load.

    Attributes
    ----------
    per_s
        Answers of the expected status per second.
    p50_ms, p99_ms
        From sending a request to its last byte.
    errors
        Answers of another status, and broken connections.

    """

    per_s: float
    p50_ms: float
    p99_ms: float
    errors: int


@dataclass(slots=True)
class _Tally:
    durations_s: list[float]
    errors: int = 0


def apply_load(port: int, make: RequestMaker, *, expected: frozenset[int], connections: int, seconds: float) -> Load:
    """Send requests to a server on this machine for some seconds.

    Parameters
    ----------
    make
        Returns the bytes of the n-th request.
    expected
        Statuses that count as answers.

    """
    return asyncio.run(_apply(port, make, expected=expected, connections=connections, seconds=seconds))


def best_of(runs: Sequence[Load]) -> Load:
    """Return the run with the most answers: other work on the machine only ever takes away."""
    return max(runs, key=lambda run: run.per_s)


async def _apply(port: int, make: RequestMaker, *, expected: frozenset[int], connections: int, seconds: float) -> Load:
    numbers = itertools.count()
    tally = _Tally([])
    started = time.perf_counter()
    end = started + seconds
    await asyncio.gather(
        *(_send_all(port, make, numbers=numbers, tally=tally, expected=expected, end=end) for _ in range(connections))
    )
    elapsed = time.perf_counter() - started
    ordered = sorted(tally.durations_s) or [float("inf")]
    return Load(
        per_s=len(tally.durations_s) / elapsed,
        p50_ms=ordered[len(ordered) // 2] * 1000,
        p99_ms=ordered[int(len(ordered) * 0.99)] * 1000,
        errors=tally.errors,
    )


async def _send_all(
    port: int, make: RequestMaker, *, numbers: "itertools.count[int]", tally: _Tally, expected: frozenset[int], end: float
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while time.perf_counter() < end:
        began = time.perf_counter()
        writer.write(make(next(numbers)))
        try:
            status = await _read_answer(reader)
        except (asyncio.IncompleteReadError, ConnectionError):
            tally.errors += 1
            writer.close()
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            continue
        if status in expected:
            tally.durations_s.append(time.perf_counter() - began)
        else:
            tally.errors += 1
    writer.close()
    await writer.wait_closed()


async def _read_answer(reader: asyncio.StreamReader) -> int:
    head = await reader.readuntil(b"\r\n\r\n")
    status = int(head[9:12])
    length = 0
    for line in head.split(b"\r\n")[1:]:
        if line[:15].lower() == b"content-length:":
            length = int(line[15:])
    if length:
        await reader.readexactly(length)
    return status
