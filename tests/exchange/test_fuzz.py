"""Schemathesis sends what the description of the exchange allows, and what it forbids: never an error of the server."""

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import pytest
import requests
import schemathesis
from httpx2 import Response
from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis.errors import Unsatisfiable
from hypothesis.strategies import SearchStrategy
from schemathesis import Case
from schemathesis.generation import GenerationMode

from tests.exchange.conftest import World
from tests.exchange.server import SECRET, basic

BASE = "http://127.0.0.1:8000"
SHORT, LONG = 3, 150
"""Cases per operation, of each kind."""


def test_the_description_is_served_to_anybody_and_names_every_address(shared_world: World) -> None:
    described = shared_world.program.client.get("/3/openapi.json").json()

    assert described["servers"] == [{"url": BASE}]
    assert {"/3/footprints", "/3/footprints/{id}", "/3/events", "/auth/token"} <= set(described["paths"])
    assert "ProductFootprint" in described["components"]["schemas"]


def test_a_few_generated_requests_are_no_server_error(shared_world: World) -> None:
    ends, wrong = _fuzz(shared_world, examples=SHORT)

    assert wrong == []
    assert {("/3/footprints", 200), ("/3/footprints", 401), ("/3/footprints/{id}", 404), ("/3/events", 400)} <= set(ends)


@pytest.mark.long
def test_many_generated_requests_are_no_server_error(shared_world: World) -> None:
    ends, wrong = _fuzz(shared_world, examples=LONG)

    assert wrong == []
    assert ends.total() > 1000


def _fuzz(world: World, *, examples: int) -> tuple[Counter[tuple[str, int]], list[str]]:
    """Send generated requests of every operation, with a token and without; return how they ended, and the server errors."""
    described = world.program.client.get("/3/openapi.json").json()
    known, nobody = dict(world.program.bearer), {"authorization": basic("nobody", SECRET)}
    wrong: list[str] = []
    ends: Counter[tuple[str, int]] = Counter()
    for result in schemathesis.openapi.from_dict(described).get_all_operations():
        operation = result.ok()
        for case in _cases(operation, examples=examples):
            for headers in (known, nobody):
                answer = _send(world, case, headers)
                ends[operation.path, answer.status_code] += 1
                if answer.status_code >= 500:
                    wrong.append(f"{case.method} {case.formatted_path} {case.body!r}: {answer.status_code} {answer.text[:300]}")
    return ends, wrong


def _cases(operation: Any, *, examples: int) -> Sequence[Case]:
    allowed = _generated(operation.as_strategy(generation_mode=GenerationMode.POSITIVE), examples)
    with suppress(Unsatisfiable):  # what takes no parameter forbids nothing
        return [*allowed, *_generated(operation.as_strategy(generation_mode=GenerationMode.NEGATIVE), examples)]
    return allowed


def _generated(strategy: SearchStrategy[Case], examples: int) -> list[Case]:
    found: list[Case] = []

    @seed(2026)
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        verbosity=Verbosity.quiet,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=strategy)
    def collect(case: Case) -> None:
        found.append(case)

    collect()
    return found


def _send(world: World, case: Case, headers: dict[str, str]) -> Response:
    prepared = requests.Request(**case.as_transport_kwargs(base_url=BASE)).prepare()
    body = prepared.body.encode() if isinstance(prepared.body, str) else prepared.body
    kept = {name: value for name, value in prepared.headers.items() if name.lower() == "content-type"}
    return world.program.client.request(str(prepared.method), str(prepared.path_url), content=body, headers={**kept, **headers})
