import json
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from service.accounts.models import Role
from service.openapi import describe_api
from tests.conftest import SignIn

ADDRESS = "/api/v1/openapi.json"


@pytest.fixture
def described(app: FastAPI) -> dict[str, Any]:
    return describe_api(app)


def operations(described: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in described["paths"].items():
        for method, operation in item.items():
            yield method, path, operation


@pytest.mark.parametrize("role", [Role.SUPPLIER, Role.SALES])
def test_whoever_is_signed_in_reads_the_description(client: TestClient, sign_in: SignIn, role: Role) -> None:
    sign_in(role)

    answer = client.get(ADDRESS)

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.json()["openapi"].startswith("3.1.")


def test_who_is_not_signed_in_gets_a_problem_document(client: TestClient) -> None:
    answer = client.get(ADDRESS)

    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"


def test_only_the_api_is_described_and_no_other_host_is_named(described: dict[str, Any]) -> None:
    assert {"/api/v1/me", "/api/v1/certificates", "/api/v1/verify/{public_id}", ADDRESS} <= set(described["paths"])
    assert all(path.startswith("/api/v1/") for path in described["paths"])
    assert "://" not in json.dumps(described)


@pytest.mark.parametrize("address", ["/docs", "/redoc", "/openapi.json"])
def test_there_is_no_page_of_a_third_party(client: TestClient, address: str) -> None:
    assert client.get(address).status_code == 404


def test_every_error_is_described_as_problem_document_and_as_nothing_else(described: dict[str, Any]) -> None:
    for method, path, operation in operations(described):
        assert operation["responses"].keys() <= {"200", "201", "default"}, (method, path)
        assert operation["responses"]["default"] == {"$ref": "#/components/responses/Problem"}, (method, path)
    assert not described["components"]["schemas"].keys() & {"HTTPValidationError", "ValidationError"}


def test_real_errors_are_as_described(client: TestClient, sign_in: SignIn, described: dict[str, Any]) -> None:
    schema = described["components"]["schemas"]["Problem"]
    anonymous = client.get("/api/v1/me")
    sign_in(Role.SALES)
    errors = [
        anonymous,
        client.get("/api/v1/nothing"),
        client.get("/api/v1/certificates?limit=0"),
        client.post("/api/v1/certificates", json={"part_no": 1}),
    ]

    assert [answer.status_code for answer in errors] == [401, 404, 422, 422]
    for answer in errors:
        assert set(schema["required"]) <= answer.json().keys() <= schema["properties"].keys()
        code = answer.json()["type"].removeprefix("urn:anodeprint:problem:")
        assert f"{code} ({answer.status_code})" in schema["properties"]["type"]["description"]


def test_access_is_described_as_it_is_checked(described: dict[str, Any]) -> None:
    access = {(method, path): (one["x-access"], one["security"]) for method, path, one in operations(described)}

    assert access["get", "/api/v1/verify/{public_id}"] == ("public", [])
    assert access["get", "/api/v1/me"] == ("signed-in", [{"session": []}, {"key": []}])
    assert access["post", "/api/v1/certificates"] == ("sales", [{"session": []}])
    assert described["components"]["securitySchemes"]["session"]["name"] == "anodeprint_session"


def test_writing_requests_and_only_they_take_an_idempotency_key(described: dict[str, Any]) -> None:
    takes = {
        (method, any(parameter["name"] == "Idempotency-Key" for parameter in one.get("parameters", ())))
        for method, _, one in operations(described)
    }

    assert takes == {("get", False), ("post", True), ("put", True), ("delete", True)}


def test_every_reference_leads_somewhere(described: dict[str, Any]) -> None:
    for reference in set(references(described)):
        place: Any = described
        for step in reference.removeprefix("#/").split("/"):
            place = place[step]
        assert place, reference


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for inner in value.values():
            yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)
