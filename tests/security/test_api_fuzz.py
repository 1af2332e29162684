"""Schemathesis sends what the API's own description allows, and what it forbids, as everybody: never a server error."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

import httpx
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis.errors import Unsatisfiable
from hypothesis.strategies import SearchStrategy
from schemathesis import Case
from schemathesis.generation import GenerationMode

from tests.security.browsing import Browser
from tests.security.world import Actor

ACTORS = ("admin", "engineer", "reviewer", "procurement", "sales", "auditor", "supplier A", "link B", "anonymous")
SHORT, LONG = 2, 80
"""Cases per operation and actor."""


@pytest.mark.parametrize("name", ["engineer", "reviewer", "procurement", "sales", "supplier A"])
def test_a_few_generated_requests_are_no_server_error(browser: Browser, name: str) -> None:
    tried, wrong = _fuzz(browser, browser.world.actors[name], examples=SHORT)

    assert tried > 40
    assert wrong == []


@pytest.mark.long
@pytest.mark.parametrize("name", ACTORS)
def test_many_generated_requests_are_no_server_error(browser: Browser, name: str) -> None:
    tried, wrong = _fuzz(browser, browser.world.actors[name], examples=LONG)

    assert tried > 2000
    assert wrong == []


def _fuzz(browser: Browser, actor: Actor, *, examples: int) -> tuple[int, list[str]]:
    """Send generated requests of every operation; return how many, and the server errors."""
    wrong: list[str] = []
    tried = 0
    for result in schemathesis.openapi.from_dict(browser.world.app.openapi()).get_all_operations():
        for case in _cases(result.ok(), browser.world.objects, examples=examples):
            tried += 1
            answer = _send(browser, actor, case)
            if answer.status_code >= 500:
                wrong.append(f"{case.method} {case.formatted_path} {case.body!r}: {answer.status_code} {answer.text[:300]}")
    return tried, wrong


def _cases(operation: Any, objects: Mapping[str, str], *, examples: int) -> Sequence[Case]:
    """Generate cases that keep to the description, on objects that exist, and cases that do not."""
    own = {name: objects[name] for name in objects if f"{{{name}}}" in operation.path}
    allowed = _generated(operation.as_strategy(generation_mode=GenerationMode.POSITIVE, path_parameters=own or None), examples)
    for case in allowed:
        if isinstance(case.body, dict):
            case.body.update({name: objects[name] for name in case.body if name in objects})
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


def _send(browser: Browser, actor: Actor, case: Case) -> httpx.Response:
    prepared = requests.Request(**case.as_transport_kwargs(base_url="http://127.0.0.1:8000")).prepare()
    body = prepared.body.encode() if isinstance(prepared.body, str) else prepared.body
    kept = {name: value for name, value in prepared.headers.items() if name.lower() in {"content-type", "idempotency-key"}}
    return browser.send(actor, str(prepared.method), str(prepared.path_url), content=body, headers=kept)
