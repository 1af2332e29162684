"""The measuring tools measure what they say."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from service.bench.load import Load, apply_load, best_of
from service.bench.report import Figure, Goal, Report, publish


class _Answering(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        status = 500 if self.path == "/broken" else 200
        self.send_response(status)
        self.send_header("Content-Length", "5")
        self.end_headers()
        self.wfile.write(b"hello")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def port() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Answering)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


def get(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode()


def test_answers_are_counted_and_timed(port: int) -> None:
    load = apply_load(port, lambda _: get("/"), expected=frozenset({200}), connections=2, seconds=0.3)

    assert load.per_s > 10
    assert load.errors == 0
    assert 0 < load.p50_ms <= load.p99_ms < 300


def test_another_status_is_an_error_and_no_answer(port: int) -> None:
    load = apply_load(port, lambda _: get("/broken"), expected=frozenset({200}), connections=1, seconds=0.1)

    assert load.errors > 0
    assert load.per_s == 0


def test_the_best_run_is_the_one_with_the_most_answers() -> None:
    runs = [Load(per_s=speed, p50_ms=1, p99_ms=1, errors=0) for speed in (5.0, 9.0, 7.0)]

    assert best_of(runs).per_s == 9.0


@pytest.mark.parametrize(
    ("value", "goal", "errors", "holds"),
    [
        (400, Goal(floor=400, target=1000), 0, True),
        (399, Goal(floor=400, target=1000), 0, False),
        (1.4, Goal(floor=1.5, target=0.6, more_is_better=False), 0, True),
        (1.6, Goal(floor=1.5, target=0.6, more_is_better=False), 0, False),
        (900, Goal(floor=400, target=1000), 1, False),
        (1, None, 0, None),
    ],
)
def test_a_figure_holds_on_the_right_side_of_its_floor_without_errors(
    value: float, goal: Goal | None, errors: int, *, holds: bool | None
) -> None:
    assert Figure(name="x", value=value, unit="1/s", goal=goal, errors=errors).holds is holds


def test_a_report_is_a_table_and_json(tmp_path: Path) -> None:
    figure = Figure(name="list of 20", value=399.0, unit="1/s", goal=Goal(floor=400, target=1000), p99_ms=12.3)
    report = Report(figures=[figure], notes=["2 workers"])
    file = tmp_path / "http.json"

    table = publish(report, as_json=False, output=file)

    assert "list of 20  399 1/s   12 ms  400    1000            BELOW THE FLOOR" in table
    written = json.loads(file.read_text())
    assert written["figures"][0]["holds"] is False
    assert written["notes"] == ["2 workers"]
