"""How one request becomes one transaction: access, form tokens, idempotency, read-only GETs, problem documents."""

import uuid
from collections.abc import Iterator

import pytest
from fastapi import APIRouter, FastAPI
from sqlmodel import select
from starlette.responses import PlainTextResponse, Response
from starlette.testclient import TestClient

from service.accounts.access import ADMIN, PUBLIC, STAFF, Context, endpoint
from service.accounts.models import Organisation, OrganisationKind, Role
from service.database import Database
from service.errors import ConflictError
from service.web.forms import FormInput
from tests import builders
from tests.conftest import SignIn

router = APIRouter(prefix="/api/v1/trial")


class Weight(FormInput):
    mass_kg: float


@router.post("/weights")
@endpoint(STAFF)
def weigh(context: Context, body: Weight) -> Weight:
    builders.an_organisation(context.session, name_en=f"{body.mass_kg}")
    return body


@router.post("/refused")
@endpoint(STAFF)
def write_then_refuse(context: Context) -> Response:
    builders.an_organisation(context.session, name_en="refused")
    return PlainTextResponse("no", status_code=409)


@router.post("/failed")
@endpoint(STAFF)
def write_then_fail(context: Context) -> Response:
    builders.an_organisation(context.session, name_en="failed")
    message = "not now"
    raise ConflictError(message)


@router.get("/writes")
@endpoint(PUBLIC)
def write_in_a_get(context: Context) -> Response:
    builders.an_organisation(context.session, name_en="by GET")
    return PlainTextResponse("written")


@router.get("/admin")
@endpoint(ADMIN)
def only_admins(context: Context) -> Response:
    return PlainTextResponse(context.asking.actor)


@pytest.fixture
def api(app: FastAPI, client: TestClient) -> TestClient:
    app.include_router(router)
    client.headers["accept"] = "application/json"
    return client


def names(database: Database) -> set[str]:
    with database.reading() as session:
        return set(session.exec(select(Organisation.name_en).where(Organisation.kind == OrganisationKind.CUSTOMER)).all())


def test_an_unknown_address_is_a_problem_document_for_a_program(api: TestClient) -> None:
    response = api.get("/api/v1/nothing")

    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["type"] == "urn:anodeprint:problem:not-found"


def test_nobody_signed_in_is_401_and_a_wrong_role_403(api: TestClient, sign_in: SignIn) -> None:
    assert api.get("/api/v1/trial/admin").status_code == 401
    sign_in(Role.SALES)
    assert api.get("/api/v1/trial/admin").status_code == 403
    admin = sign_in(Role.ADMIN)
    assert api.get("/api/v1/trial/admin").text == f"user:{admin.id}"


def test_a_supplier_learns_nothing_of_a_staff_route(api: TestClient, sign_in: SignIn, sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        supplier = builders.an_organisation(session, kind=OrganisationKind.SUPPLIER)
        user = builders.a_user(session, roles=[Role.SUPPLIER], organisation=supplier)
    sign_in(user=user)

    assert api.get("/api/v1/trial/admin").status_code == 404


def test_an_answer_of_400_or_more_rolls_back(api: TestClient, sign_in: SignIn, sqlite_database: Database) -> None:
    sign_in(Role.ADMIN)

    assert api.post("/api/v1/trial/refused").status_code == 409
    assert api.post("/api/v1/trial/failed").json()["detail"] == "not now"
    assert names(sqlite_database) == set()


def test_the_database_itself_refuses_a_write_in_a_get(api: TestClient, sqlite_database: Database) -> None:
    assert api.get("/api/v1/trial/writes").status_code == 503
    assert names(sqlite_database) == set()


def test_the_same_key_and_body_create_once(api: TestClient, sign_in: SignIn, sqlite_database: Database) -> None:
    sign_in(Role.ADMIN)
    key = {"Idempotency-Key": str(uuid.uuid4())}

    first = api.post("/api/v1/trial/weights", json={"mass_kg": 2.5}, headers=key)
    again = api.post("/api/v1/trial/weights", json={"mass_kg": 2.5}, headers=key)
    other = api.post("/api/v1/trial/weights", json={"mass_kg": 3}, headers=key)

    assert (first.status_code, again.status_code, other.status_code) == (200, 200, 422)
    assert again.json() == first.json() == {"mass_kg": 2.5}
    assert again.headers["idempotency-replayed"] == "true"
    assert names(sqlite_database) == {"2.5"}


@pytest.mark.parametrize(
    "body",
    [
        '{"mass_kg": 1e400}',
        '{"mass_kg": NaN}',
        '{"mass_kg": Infinity}',
        '{"mass_kg": 1, "status": "accepted"}',
        "{",
        '"\\ud800"',
        "[]",
    ],
)
def test_values_that_cannot_be_used_are_refused_by_name(api: TestClient, sign_in: SignIn, body: str) -> None:
    sign_in(Role.ADMIN)

    response = api.post("/api/v1/trial/weights", content=body, headers={"content-type": "application/json"})

    assert response.status_code == 422
    assert response.json()["errors"]


def test_a_form_from_another_site_is_refused(api: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.ADMIN)
    form = {"content-type": "application/x-www-form-urlencoded"}

    without_token = api.post("/api/v1/trial/refused", content="a=1", headers=form)
    other_origin = api.post("/api/v1/trial/refused", json={}, headers={"origin": "https://elsewhere.example"})
    cross_site = api.post("/api/v1/trial/refused", json={}, headers={"sec-fetch-site": "cross-site"})

    assert {without_token.status_code, other_origin.status_code, cross_site.status_code} == {403}
    assert without_token.json()["type"].endswith("cross-site-request")


def test_a_body_over_the_limit_is_refused_with_or_without_a_length(api: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.ADMIN)
    too_much = b'{"mass_kg": 1' + b" " * (1024 * 1024) + b"}"

    def in_chunks() -> Iterator[bytes]:
        yield too_much[: 512 * 1024]
        yield too_much[512 * 1024 :]

    headers = {"content-type": "application/json"}
    assert api.post("/api/v1/trial/weights", content=too_much, headers=headers).status_code == 413
    assert api.post("/api/v1/trial/weights", content=in_chunks(), headers=headers).status_code == 413


def test_every_answer_carries_the_security_headers(api: TestClient) -> None:
    for response in (api.get("/api/v1/nothing"), api.get("/static/css/anodeprint.css")):
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["referrer-policy"] == "no-referrer"
        assert "frame-ancestors 'none'" in response.headers["content-security-policy"]
        assert "unsafe-inline" not in response.headers["content-security-policy"]
