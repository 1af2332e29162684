"""What PACT's own conformance service asks of a host system, case by case, and what the text of the specification adds."""

import json
import uuid
from collections.abc import Mapping
from datetime import timedelta
from functools import lru_cache
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from service.conformance.shapes import schema_of
from tests.exchange.conftest import World
from tests.exchange.server import EVENTS, SECRET, Program, a_declared, a_request, an_event, basic

NEVER_A_TOKEN = {"authorization": "Bearer very-invalid-access-token-8n2k"}


@lru_cache
def schema(name: str) -> Draft202012Validator:
    """Return the validator of a data type of the official OpenAPI document."""
    return Draft202012Validator({"$ref": f"#/components/schemas/{name}", **schema_of("pact-model-3.0.4.json")})


def assert_error(answer: Any, status: int, code: str) -> None:
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert answer.headers["content-type"] == "application/json"
    schema("Error").validate(answer.json())


def test_1_a_token_is_handed_out_for_valid_credentials(program: Program) -> None:
    answer = program.ask_token()

    assert answer.status_code == 200
    assert set(answer.json()) == {"access_token", "token_type", "expires_in"}
    assert (answer.json()["token_type"], answer.json()["expires_in"]) == ("Bearer", 3600)
    assert (answer.headers["cache-control"], answer.headers["pragma"]) == ("no-store", "no-cache")


@pytest.mark.parametrize(("client_id", "secret"), [(None, "wrong-secret-of-length"), ("nobody", SECRET), (None, "")])
def test_2_wrong_credentials_get_no_token(program: Program, client_id: str | None, secret: str) -> None:
    answer = program.ask_token(client_id=client_id, secret=secret)

    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert answer.headers["www-authenticate"].startswith("Basic ")


def test_3_a_footprint_is_handed_out_by_its_id(program: Program, ids: Mapping[str, str]) -> None:
    answer = program.get(f"/3/footprints/{ids['first']}")

    assert answer.status_code == 200
    assert answer.json()["data"]["id"] == ids["first"]
    schema("ProductFootprint").validate(answer.json()["data"])


def test_3_decimals_travel_as_the_texts_that_were_declared(program: Program, ids: Mapping[str, str]) -> None:
    pcf = program.get(f"/3/footprints/{ids['first']}").json()["data"]["pcf"]

    assert pcf["pcfExcludingBiogenicUptake"] == "9.840"


def test_3_a_deprecated_footprint_is_still_handed_out(program: Program, ids: Mapping[str, str]) -> None:
    assert program.get(f"/3/footprints/{ids['deprecated']}").json()["data"]["status"] == "Deprecated"


@pytest.mark.parametrize("path", ["/3/footprints", "/3/footprints/"])
def test_4_all_footprints_are_listed(program: Program, ids: Mapping[str, str], path: str) -> None:
    answer = program.get(path)

    assert answer.status_code == 200
    assert "link" not in answer.headers
    assert {footprint["id"] for footprint in answer.json()["data"]} == set(ids.values())
    for footprint in answer.json()["data"]:
        schema("ProductFootprint").validate(footprint)


def test_4_an_empty_list_is_an_empty_array(stranger: Program) -> None:
    assert stranger.get("/3/footprints").text == '{"data":[]}'


def test_5_pages_are_linked_until_everything_was_listed_once(program: Program, ids: Mapping[str, str]) -> None:
    answer = program.get("/3/footprints", limit=1)
    seen = []
    while True:
        assert len(answer.json()["data"]) == 1
        seen += [footprint["id"] for footprint in answer.json()["data"]]
        if "link" not in answer.headers:
            break
        address, rel = answer.headers["link"].split(">; ")
        assert rel == 'rel="next"'
        assert address.startswith("<http://127.0.0.1:8000/3/footprints?")
        assert program.get(address[1:]).json() == program.get(address[1:]).json()  # a link may be called more than once
        answer = program.get(address[1:])

    assert sorted(seen) == sorted(ids.values())


def test_5_links_lead_to_the_host_that_was_asked(shared_world: World) -> None:
    elsewhere = Program(shared_world.app, shared_world.program.client_id, base_url="http://pact.anode.example:8443")

    assert elsewhere.get("/3/footprints", limit=1).headers["link"].startswith("<http://pact.anode.example:8443/3/footprints?")


def test_5_pages_stay_right_while_footprints_are_added(own_world: World) -> None:
    program, ids = own_world.program, own_world.ids
    first = program.get("/3/footprints", limit=2)
    with own_world.app.state.database.writing() as session:
        a_declared(session)
    second = program.get(first.headers["link"].split(">")[0][1:])

    listed = [footprint["id"] for page in (first, second) for footprint in page.json()["data"]]
    assert sorted(listed) == sorted(ids.values())


@pytest.mark.parametrize("path", ["/3/footprints", "/3/footprints/01a206d4-6ab7-75ef-b70f-eba7254c2f74"])
def test_6_7_an_invalid_token_opens_nothing(program: Program, path: str) -> None:
    answer = program.client.get(path, headers=NEVER_A_TOKEN)

    assert_error(answer, 401, "BadRequest")
    assert answer.headers["www-authenticate"] == 'Bearer realm="pact", error="invalid_token"'


@pytest.mark.parametrize("headers", [{}, {"authorization": basic("partner", SECRET)}, {"authorization": "Bearer "}])
def test_6_7_no_token_opens_nothing(program: Program, headers: Mapping[str, str]) -> None:
    assert_error(program.client.get("/3/footprints", headers=dict(headers)), 401, "BadRequest")


@pytest.mark.parametrize("wanted", [uuid.UUID(int=0), uuid.uuid4()])
def test_8_a_footprint_that_does_not_exist_is_not_found(program: Program, wanted: uuid.UUID) -> None:
    assert_error(program.get(f"/3/footprints/{wanted}"), 404, "NotFound")


@pytest.mark.parametrize("wanted", ["1", "urn:gtin:4712345060507", "0" * 32, "%7B91715e5e-fd0b-4d1c-8fab-76290c46e6ed%7D"])
def test_8_an_id_that_is_none_is_a_bad_request(program: Program, wanted: str) -> None:
    assert_error(program.get(f"/3/footprints/{wanted}"), 400, "BadRequest")


@pytest.mark.parametrize(
    "event",
    [
        an_event(
            "RequestCreatedEvent", {"productId": ["urn:gtin:4712345060507"], "comment": "Please send PCF data for this year."}
        ),
        an_event("RequestCreatedEvent", {"productId": ["urn:pact:null"]}, source="https://unknown.example/3/events"),
        an_event("PublishedEvent", {"pfIds": ["3a6c14a7-4deb-498a-b5ea-16ce2535b576"]}),
        an_event("RequestRejectedEvent", {"requestEventId": "1", "error": {"code": "NotFound", "message": "No such product."}}),
    ],
    ids=["request", "request in vain", "publication", "rejection"],
)
def test_12_14_15_events_are_taken_with_an_empty_answer(program: Program, event: Mapping[str, Any]) -> None:
    answer = program.send(event)

    assert (answer.status_code, answer.content) == (200, b"")


def test_13_a_fulfilled_request_is_taken_with_its_footprints(program: Program, ids: Mapping[str, str]) -> None:
    footprint = program.get(f"/3/footprints/{ids['first']}").json()["data"]
    event = an_event("RequestFulfilledEvent", {"requestEventId": "1", "pfs": [footprint]})
    schema("RequestFulfilledEvent").validate(event)

    assert program.send(event).status_code == 200


def test_16_an_event_with_an_invalid_token_is_refused(program: Program) -> None:
    answer = program.client.post("/3/events", content=json.dumps(a_request()), headers={**NEVER_A_TOKEN, "content-type": EVENTS})

    assert_error(answer, 401, "BadRequest")


def test_18_the_token_endpoint_is_found_by_discovery(program: Program) -> None:
    found = program.client.get("/.well-known/openid-configuration").json()
    answer = program.client.post(
        found["token_endpoint"],
        data={"grant_type": "client_credentials"},
        headers={"authorization": basic(program.client_id, SECRET)},
    )

    assert found["issuer"] == "http://127.0.0.1:8000"
    assert answer.status_code == 200


def test_19_discovery_helps_nobody_with_wrong_credentials(program: Program) -> None:
    found = program.client.get("/.well-known/openid-configuration").json()
    answer = program.client.post(
        found["token_endpoint"], data={"grant_type": "client_credentials"}, headers={"authorization": basic("x", "y")}
    )

    assert answer.status_code == 401


OWN_PRODUCT = "urn:pact:anode.example:supplier-id:AG-300"
OWN_COMPANY = "urn:pact:anode.example:company-id:001"
OTHER_PRODUCT = "urn:gtin:4712345060507"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"productId": OWN_PRODUCT}, {"first", "deprecated"}),
        ({"companyId": OWN_COMPANY}, {"first", "deprecated"}),
        ({"geography": "CN-SC"}, {"first", "deprecated"}),
        ({"geography": "CN"}, {"first", "second", "deprecated"}),
        ({"classification": "urn:eclass:28070000"}, {"second"}),
        ({"validOn": "2024-06-01T00:00:00Z"}, {"second"}),
        ({"validOn": "2025-01-01T00:00:00Z"}, {"second"}),
        ({"validAfter": "2025-12-31T00:00:00Z"}, {"first", "deprecated"}),
        ({"validAfter": "2026-01-01T00:00:00Z"}, set()),
        ({"validBefore": "2025-01-02T00:00:00Z"}, {"second"}),
        ({"validBefore": "2025-01-01T00:00:00Z"}, set()),
        ({"status": "Active"}, {"first", "second"}),
        ({"status": "deprecated"}, {"deprecated"}),
        ({"status": "Active", "productId": OWN_PRODUCT}, {"first"}),
        ({"companyId": [OWN_COMPANY, "x", "y"]}, {"first", "deprecated"}),
        ({"productId": [OWN_PRODUCT.upper(), OTHER_PRODUCT]}, {"first", "second", "deprecated"}),
        ({"productId": [OWN_PRODUCT, OTHER_PRODUCT], "geography": ["CN-NM", "DE"]}, {"second"}),
        ({"PRODUCTID": OWN_PRODUCT, "validon": "2026-06-01T00:00Z"}, {"first", "deprecated"}),
        ({"geography": "", "classification": ""}, {"first", "second", "deprecated"}),
        ({"validOn": "2024-06-01T08:00:00 08:00"}, {"second"}),
        ({"utm_source": "mail"}, {"first", "second", "deprecated"}),
    ],
)
def test_20_to_29_filters_join_values_by_or_and_criteria_by_and(
    program: Program, ids: Mapping[str, str], query: Mapping[str, Any], expected: set[str]
) -> None:
    assert program.listed(**query) == {ids[name] for name in expected}


@pytest.mark.parametrize(
    "query",
    [
        {"productId": "urn:bogus:product:k3j4"},
        {"companyId": "urn:bogus:company:k3j4"},
        {"geography": "XX"},
        {"classification": "urn:bogus:classification:k3j4"},
        {"validOn": "1900-01-01T00:00:00Z"},
        {"validAfter": "2099-12-31T23:59:59Z"},
        {"validBefore": "1900-01-01T00:00:00Z"},
        {"status": "BogusStatus"},
        {"companyId": "urn:bogus:company:a", "productId": OWN_PRODUCT},
        {"companyId": ["urn:bogus:company:a", "urn:bogus:company:b"]},
    ],
)
def test_30_to_39_what_nothing_matches_is_an_empty_list(program: Program, query: Mapping[str, Any]) -> None:
    assert program.get("/3/footprints", **query).text == '{"data":[]}'


def test_40_a_malformed_publication_is_a_bad_request(program: Program) -> None:
    assert_error(program.send(an_event("PublishedEvent", {"pfIds": ["urn:gtin:4712345060507"]})), 400, "BadRequest")


@pytest.mark.parametrize(
    "query",
    [
        {"limit": "-1"},
        {"limit": "ten"},
        {"limit": "1.5"},
        {"limit": ["1", "2"]},
        {"limit": "9" * 30},
        {"validOn": "yesterday"},
        {"validOn": "2026-02-30T00:00:00Z"},
        {"validOn": "2026-01-01T00:00:00"},
        {"validAfter": "0001-01-01T00:00:00+14:00"},
        {"validBefore": ["2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"]},
        {"cursor": "AAAA.0000"},
        {"cursor": "%ff"},
        {"$filter": "created ge 2022-03-01T00:00:00.000Z"},
    ],
)
def test_what_can_not_be_read_is_a_bad_request(program: Program, query: Mapping[str, Any]) -> None:
    assert_error(program.get("/3/footprints", **query), 400, "BadRequest")


def test_a_limit_is_never_passed(program: Program) -> None:
    answers = [program.get("/3/footprints", limit=limit) for limit in (0, 1, 2, 3)]
    assert [len(answer.json()["data"]) for answer in answers] == [0, 1, 2, 3]
    assert ["link" in answer.headers for answer in answers] == [True, True, True, False]


def test_a_link_of_changed_filters_is_refused(program: Program) -> None:
    link = program.get("/3/footprints", limit=1).headers["link"].split(">")[0][1:]

    assert_error(program.get(link + "&geography=CN-NM"), 400, "BadRequest")
    assert_error(program.get(link[:-1] + ("0" if link[-1] != "0" else "1")), 400, "BadRequest")


def test_a_link_of_one_partner_is_none_for_another(program: Program, stranger: Program) -> None:
    link = program.get("/3/footprints", limit=1).headers["link"].split(">")[0][1:]

    assert_error(stranger.get(link), 400, "BadRequest")


def test_an_ended_token_says_so(own_world: World) -> None:
    program, clock = own_world.program, own_world.clock
    program.sign_in()
    clock.move(timedelta(seconds=3599))
    assert program.get("/3/footprints").status_code == 200
    clock.move(timedelta(seconds=1))

    assert_error(program.get("/3/footprints"), 401, "TokenExpired")


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/3/nothing", 404, "NotFound"),
        ("GET", "/3", 404, "NotFound"),
        ("GET", "/3/events", 405, "BadRequest"),
        ("DELETE", "/3/footprints", 405, "BadRequest"),
    ],
)
def test_errors_of_the_framework_have_the_specified_body(program: Program, method: str, path: str, status: int, code: str) -> None:
    assert_error(program.client.request(method, path, headers=dict(program.bearer)), status, code)


def test_a_body_over_the_limit_is_refused_in_the_specified_form(program: Program) -> None:
    headers = {**program.bearer, "content-type": EVENTS}

    assert_error(program.client.post("/3/events", content=b" " * (1024 * 1024 + 1), headers=headers), 413, "BadRequest")
    chunks = (b" " * 65536 for _ in range(17))
    assert_error(program.client.post("/3/events", content=chunks, headers=headers), 413, "BadRequest")


def test_a_request_from_a_page_of_another_site_is_refused_in_the_specified_form(program: Program) -> None:
    headers = {**program.bearer, "content-type": EVENTS, "origin": "https://evil.example"}

    assert_error(program.client.post("/3/events", content=b"{}", headers=headers), 403, "AccessDenied")
