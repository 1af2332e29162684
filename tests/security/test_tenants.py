"""Every route as everybody, with supplier A's objects and with ids of nothing: the declared policy decides, and nothing else."""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from tests.security.browsing import Browser, RouteUnderTest, routes_of
from tests.security.examples import example_bodies
from tests.security.world import Actor

FIXED_WORDS = frozenset({"supplier_type", "depth"})
"""Parameters that name no object of anybody, only one of a few words that everybody may know."""
IDS_OF_NOTHING = {
    "locale": "xx",
    "share_token": "no-such-link",
    "event_id": "999999999",
    "entry_kind": "certificate",
    "step": "withdraw",
    "token": "no-such-token",
    "public_id": "nosuchcertificate",
    "group_key": "no-such-screen",
    "year": "1999",
    "inventory_year": "1999",
    "file_format": "no-such-format",
    "slug": "no-such-article",
    "target": "1999",
    "definition": "no-such-question",
}

NOT_THERE = frozenset(
    {
        "/console/certificate-batches/{certificate_batch_id}/zip",  # its documents are not made in this world
        "/console/sales/{record_id:uuid}/issue",  # this footprint's answers have been replaced
        "/room/cases/{case_id}/answers/{submission_id}",  # these answers are not behind the footprints of the case
        "/room/cases/{case_id}/answers/{submission_id}/evidence/{evidence_id}",
        "/room/cases/{case_id}/footprints/{record_id}/log/{event_id}",  # an event of something else
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One request of the matrix and its answer."""

    route: RouteUnderTest
    actor: Actor
    objects: str
    response: httpx.Response

    def __str__(self) -> str:
        return f"{self.actor.name}: {self.route} with {self.objects} -> {self.response.status_code} {self.response.text[:300]!r}"


@pytest.fixture(scope="module")
def attempts(browser: Browser) -> list[Attempt]:
    bodies = example_bodies(browser.world)
    return [
        Attempt(route=route, actor=actor, objects=name, response=_try(browser, bodies, route, actor, ids))
        for route in routes_of(browser.world)
        for actor in browser.world.actors.values()
        for name, ids in _id_sets(browser, route, actor)
    ]


def _id_sets(browser: Browser, route: RouteUnderTest, actor: Actor) -> Iterator[tuple[str, Mapping[str, str]]]:
    ours, of_b = browser.world.objects, browser.world.objects_of_b
    nothing = {name: IDS_OF_NOTHING.get(name, str(uuid.uuid4())) for name in route.parameters}
    yield "A", {name: ours[name] for name in route.parameters}
    if route.parameters:
        yield "nothing", nothing
    # Its own questionnaire, but a file or screen of A's; of the maker's model, no supplier has anything.
    if actor.supplier == "B" and len(route.parameters) > 1 and route.parameters[0] in of_b:
        yield "mixed", {**{name: ours[name] for name in route.parameters}, route.parameters[0]: of_b[route.parameters[0]]}


def _try(
    browser: Browser, bodies: Mapping[str, Any], route: RouteUnderTest, actor: Actor, ids: Mapping[str, str]
) -> httpx.Response:
    path = route.address(ids)
    if route.is_api:
        body = bodies.get(str(route))
        return browser.send(actor, route.method, path, **({"json": body} if body is not None else {}))
    return browser.submit(actor, path, {}) if route.method == "POST" else browser.send(actor, route.method, path)


def names_an_object(attempt: Attempt) -> bool:
    return not set(attempt.route.parameters) <= FIXED_WORDS


def wrong(attempts: list[Attempt]) -> list[str]:
    return [str(attempt) for attempt in attempts]


def may(attempt: Attempt) -> bool:
    return attempt.route.policy.roles is None or bool(attempt.route.policy.roles & attempt.actor.roles)


def is_refused(attempt: Attempt) -> bool:
    """Tell whether a stranger was sent to sign in, or refused where there is nowhere to send them."""
    response = attempt.response
    if attempt.route.method == "GET" and not attempt.route.is_api:
        return response.status_code == 303 and response.headers["location"].startswith(("/sign-in?next=", "/portal/return?next="))
    return response.status_code == 401


def test_the_matrix_covers_every_parameter_and_everybody(browser: Browser, attempts: list[Attempt]) -> None:
    assert len(attempts) > 2 * len(routes_of(browser.world)) * 10 * 0.8
    assert {attempt.actor.name for attempt in attempts} == set(browser.world.actors)


def test_nothing_that_anybody_tries_is_a_server_error(attempts: list[Attempt]) -> None:
    assert wrong([attempt for attempt in attempts if attempt.response.status_code >= 500]) == []


def test_a_stranger_is_asked_to_sign_in_everywhere_but_on_public_routes(attempts: list[Attempt]) -> None:
    private = [one for one in attempts if one.actor.name == "anonymous" and one.route.policy.roles is not None]

    assert private
    assert wrong([one for one in private if not is_refused(one)]) == []


def test_staff_without_the_role_are_refused(attempts: list[Attempt]) -> None:
    lacking = [one for one in attempts if one.actor.token and not one.actor.is_outsider and not may(one)]

    assert lacking
    assert wrong([one for one in lacking if one.response.status_code != 403]) == []


def test_suppliers_and_verifiers_find_no_staff_route(attempts: list[Attempt]) -> None:
    hidden = [one for one in attempts if one.actor.is_outsider and not may(one)]

    assert {one.actor.name for one in hidden} >= {"supplier A", "supplier B", "verifier"}
    assert wrong([one for one in hidden if one.response.status_code != 404]) == []


def test_whoever_may_is_not_refused(attempts: list[Attempt]) -> None:
    allowed = [one for one in attempts if may(one) and one.objects == "A" and one.actor.supplier != "B"]
    # Who came by a link has no account to change.
    accountless = {str(one) for one in attempts if one.actor.by_link and one.route.path.startswith("/account")}
    refused = [one for one in allowed if one.response.status_code in {401, 403} and str(one) not in accountless]

    # The verifier's question is settled by the verifier's side.
    assert (
        wrong([one for one in refused if one.route.path != "/console/verification/{case_id:uuid}/questions/{comment_id}/settle"])
        == []
    )


def test_readers_find_what_is_theirs(attempts: list[Attempt]) -> None:
    reads = [one for one in attempts if may(one) and one.route.method == "GET" and one.objects == "A" and one.route.parameters]
    own = [one for one in reads if one.actor.supplier != "B" and one.route.policy.roles is not None]

    # A link opens the one request that it was sent for; scores take an account.
    of_accounts = [one for one in own if not (one.actor.name.startswith("link") and one.route.path.startswith("/portal/score"))]
    assert len(own) > 50
    assert wrong([one for one in of_accounts if one.response.status_code in {404, 422} and one.route.path not in NOT_THERE]) == []


def test_ids_of_nothing_are_not_found(attempts: list[Attempt]) -> None:
    nothing = [one for one in attempts if one.objects == "nothing" and names_an_object(one)]
    reads = [one for one in nothing if may(one) and one.route.method == "GET"]

    assert wrong([one for one in reads if one.response.status_code != 404]) == []


def test_supplier_b_gets_404_for_everything_of_supplier_a(attempts: list[Attempt]) -> None:
    of_a = [one for one in attempts if one.actor.supplier == "B" and one.objects in {"A", "mixed"} and one.route.parameters]
    private = [one for one in of_a if one.route.policy.roles is not None and names_an_object(one)]
    # A screen's name is no object of anybody: B opens its own.
    screens = [one for one in private if one.objects == "mixed" and one.route.parameters == ["submission_id", "group_key"]]
    asked = [one for one in private if one not in screens]

    assert len(asked) > 100
    assert wrong([one for one in asked if one.response.status_code != 404]) == []


def test_supplier_b_never_reads_a_word_of_supplier_a(browser: Browser, attempts: list[Attempt]) -> None:
    answers = [one for one in attempts if one.actor.supplier == "B" and one.route.policy.roles is not None]
    given = {mark for one in answers for mark in (one.route.address(browser.world.objects).split("/"))}

    def leaks(attempt: Attempt) -> set[str]:
        return {mark for mark in browser.world.marks_of_a - given if mark in attempt.response.text}

    assert answers
    assert [(str(one), leaks(one)) for one in answers if leaks(one)] == []


def test_a_method_that_a_route_does_not_have_is_405(browser: Browser) -> None:
    routes = routes_of(browser.world)
    admin = browser.world.actors["admin"]
    addresses = {route.address(browser.world.objects) for route in routes}
    there = {(route.address(browser.world.objects), route.method) for route in routes}

    answers = {
        (path, method): browser.send(admin, method, path, json={}).status_code
        for path in sorted(addresses)
        for method in ("TRACE", "PATCH", "DELETE")
        if (path, method) not in there
    }

    assert {key: status for key, status in answers.items() if status != 405} == {}
