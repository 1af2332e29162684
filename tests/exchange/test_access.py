"""Who gets in, what a partner sees of others, and what ends its access."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, OKPKey
from sqlmodel import Session, select
from starlette.testclient import TestClient

from service.accounts.models import Role
from service.exchange.models import Partner
from service.exchange.partners import (
    SEEN_INTERVAL,
    grant_products,
    rotate_secret,
    set_partner_active,
)
from service.exchange.tokens import rotate_keys
from service.product_footprints.models import ProductFootprint
from tests.builders import NOW
from tests.exchange.conftest import World
from tests.exchange.server import BY, SECRET, Program, a_declared, a_partner, a_request, basic

OPEN = ("/3/footprints", "/3/footprints/{first}", "/3/footprints?limit=1", "/3/footprints?geography=CN-SC")


def partner_of(session: Session, program: Program) -> Partner:
    return session.exec(select(Partner).where(Partner.client_id == program.client_id)).one()


def change(world: World, program: Program, how: Any, **values: Any) -> Any:
    """Let an administrator do something to a partner."""
    with world.app.state.database.writing() as session:
        return how(session, partner_of(session, program), by=BY, at=NOW, **values)


@pytest.mark.parametrize("role", [Role.ADMIN, Role.ENGINEER, Role.SALES, Role.SUPPLIER, Role.VERIFIER])
def test_no_role_of_a_person_opens_what_partners_use(client: TestClient, sign_in: Any, role: Role) -> None:
    sign_in(role)

    answers = [client.get("/3/footprints"), client.get(f"/3/footprints/{NOW.timestamp()}"), client.post("/3/events", json={})]
    assert [answer.status_code for answer in answers] == [401, 401, 401]
    assert {answer.json()["code"] for answer in answers} == {"BadRequest"}


@pytest.mark.parametrize("path", OPEN)
def test_a_partner_sees_nothing_that_is_not_shared(program: Program, stranger: Program, ids: Mapping[str, str], path: str) -> None:
    seen, hidden = program.get(path.format(**ids)), stranger.get(path.format(**ids))

    assert seen.status_code == 200
    assert seen.json()["data"]
    assert "link" not in hidden.headers
    assert hidden.status_code == (404 if "{first}" in path else 200)
    assert hidden.json().get("data", []) == []


def test_what_is_hidden_answers_word_for_word_like_what_does_not_exist(stranger: Program, ids: Mapping[str, str]) -> None:
    hidden, nothing = (
        stranger.get(f"/3/footprints/{ids['first']}"),
        stranger.get(f"/3/footprints/{NOW.year:08}-0000-4000-8000-000000000000"),
    )

    assert hidden.status_code == nothing.status_code == 404
    assert hidden.content == nothing.content


def test_a_granted_product_is_seen_and_no_other(own_world: World) -> None:
    with own_world.app.state.database.reading() as session:
        product_id = session.exec(select(ProductFootprint.product_id).where(ProductFootprint.valid_until < NOW)).one()

    change(own_world, own_world.stranger, grant_products, product_ids=[product_id], version=1)
    assert own_world.stranger.listed() == {own_world.ids["second"]}
    assert own_world.stranger.get(f"/3/footprints/{own_world.ids['second']}").status_code == 200
    assert own_world.stranger.get(f"/3/footprints/{own_world.ids['first']}").status_code == 404

    change(own_world, own_world.stranger, grant_products, product_ids=[], version=2)
    assert own_world.stranger.listed() == set()


def test_pages_count_only_what_is_seen(own_world: World) -> None:
    with own_world.app.state.database.writing() as session:
        own = a_declared(session)
        for _ in range(3):
            a_declared(session)
    change(own_world, own_world.stranger, grant_products, product_ids=[own.product_id], version=1)

    answer = own_world.stranger.get("/3/footprints", limit=1)
    assert [footprint["id"] for footprint in answer.json()["data"]] == [str(own.id)]
    assert "link" not in answer.headers


def test_switching_a_partner_off_ends_its_tokens_at_once(own_world: World) -> None:
    program = own_world.program
    assert program.get("/3/footprints").status_code == 200

    change(own_world, program, set_partner_active, active=False)
    ended = [program.get("/3/footprints"), program.send(a_request())]
    assert [(answer.status_code, answer.json()["code"]) for answer in ended] == [(401, "TokenExpired")] * 2
    assert program.ask_token().status_code == 401

    change(own_world, program, set_partner_active, active=True)
    assert program.get("/3/footprints").status_code == 200


def test_a_new_secret_ends_the_old_one_and_its_tokens(own_world: World) -> None:
    program = own_world.program
    program.sign_in()

    fresh = change(own_world, program, rotate_secret, secret=own_world.app.state.secret)

    assert program.get("/3/footprints").json()["code"] == "TokenExpired"
    assert program.ask_token().status_code == 401
    assert program.ask_token(secret=fresh).status_code == 200


def test_tokens_outlive_one_change_of_the_signing_key_and_not_two(own_world: World) -> None:
    program, folder = own_world.program, own_world.app.state.settings.data_dir
    program.sign_in()

    rotate_keys(folder)
    assert program.get("/3/footprints").status_code == 200
    rotate_keys(folder)
    assert program.get("/3/footprints").status_code == 401
    program.sign_in()
    assert program.get("/3/footprints").status_code == 200


def test_a_token_is_what_it_says_and_checks_with_the_published_key(shared_world: World) -> None:
    program = shared_world.program
    token = program.bearer["authorization"].removeprefix("Bearer ")
    keys = program.client.get("/.well-known/jwks.json").json()

    read = jwt.decode(token, KeySet.import_key_set(keys), algorithms=["Ed25519"])

    assert (read.header["alg"], read.header["typ"]) == ("Ed25519", "at+jwt")
    assert read.claims["iss"] == read.claims["aud"] == "http://127.0.0.1:8000"
    assert read.claims["exp"] - read.claims["iat"] == 3600
    assert all("d" not in key and key["use"] == "sig" for key in keys["keys"])


@pytest.mark.parametrize("trick", ["none", "other key", "symmetric", "other type", "other audience", "changed"])
def test_a_forged_token_opens_nothing(shared_world: World, trick: str) -> None:
    program = shared_world.program
    token = program.bearer["authorization"].removeprefix("Bearer ")
    keys = program.client.get("/.well-known/jwks.json").json()["keys"]
    claims = jwt.decode(token, KeySet.import_key_set({"keys": keys}), algorithms=["Ed25519"]).claims
    header, content, seal = token.split(".")
    kid = keys[-1]["kid"]
    forged = {
        "none": lambda: f"eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0.{content}.",
        "other key": lambda: jwt.encode(
            {"alg": "Ed25519", "typ": "at+jwt", "kid": kid}, claims, OKPKey.generate_key("Ed25519"), algorithms=["Ed25519"]
        ),
        "symmetric": lambda: jwt.encode(
            {"alg": "HS256", "typ": "at+jwt", "kid": kid}, claims, OctKey.import_key(keys[-1]["x"] + "=" * 10), algorithms=["HS256"]
        ),
        "other type": lambda: _signed_by_us(shared_world, claims, kind="JWT"),
        "other audience": lambda: _signed_by_us(shared_world, {**claims, "aud": "https://elsewhere.example"}, kind="at+jwt"),
        "changed": lambda: f"{header}.{content[:-4]}AAAA.{seal}",
    }[trick]()

    answer = program.client.get("/3/footprints", headers={"authorization": f"Bearer {forged}"})
    assert (answer.status_code, answer.json()["code"]) == (401, "BadRequest")


def _signed_by_us(world: World, claims: Mapping[str, Any], *, kind: str) -> str:
    path = max((world.app.state.settings.data_dir / "keys" / "exchange").glob("*.pem"))
    key = OKPKey.import_key(path.read_bytes())
    return jwt.encode({"alg": "Ed25519", "typ": kind, "kid": key.thumbprint()}, dict(claims), key, algorithms=["Ed25519"])


@pytest.mark.parametrize(
    ("form", "headers", "status", "error"),
    [
        ({}, {}, 400, "invalid_request"),
        ({"grant_type": "client_credentials"}, {}, 401, "invalid_client"),
        ({"grant_type": "password"}, {"authorization": "KNOWN"}, 400, "unsupported_grant_type"),
        ({"scope": "footprint:read"}, {"authorization": "KNOWN"}, 400, "invalid_request"),
        ({"grant_type": ["client_credentials"] * 2}, {"authorization": "KNOWN"}, 400, "invalid_request"),
        ({"grant_type": "client_credentials", "client_secret": SECRET}, {"authorization": "KNOWN"}, 400, "invalid_request"),
        ({"grant_type": "client_credentials"}, {"authorization": "Bearer x"}, 401, "invalid_client"),
        ({"grant_type": "client_credentials"}, {"authorization": "Basic %%%"}, 401, "invalid_client"),
        ({"grant_type": "client_credentials"}, {"authorization": "Basic /w=="}, 401, "invalid_client"),
        (
            {"grant_type": "client_credentials"},
            {"authorization": "KNOWN", "content-type": "application/json"},
            400,
            "invalid_request",
        ),
    ],
)
def test_a_token_request_is_refused_in_the_words_of_the_standard(
    program: Program, form: Mapping[str, Any], headers: Mapping[str, str], status: int, error: str
) -> None:
    known = {name: value.replace("KNOWN", basic(program.client_id, SECRET)) for name, value in headers.items()}
    answer = program.client.post("/auth/token", data=dict(form), headers=known)

    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert answer.headers["cache-control"] == "no-store"
    assert ("www-authenticate" in answer.headers) is (status == 401)


def test_credentials_in_the_form_and_encoded_ones_are_taken_too(own_world: World) -> None:
    with own_world.app.state.database.writing() as session:
        partner = a_partner(session, client_id="urn/odd+name%")
    program = Program(own_world.app, partner.client_id)
    form = {"grant_type": "client_credentials", "client_id": partner.client_id, "client_secret": SECRET}

    assert program.client.post("/auth/token", data=form).status_code == 200
    assert program.ask_token().status_code == 200
    assert program.ask_token(client_id="urn%2Fodd%2Bname%25").status_code == 200


def test_scopes_asked_for_are_answered(program: Program) -> None:
    assert program.ask_token(scope="footprint:list api").json()["scope"] == "footprint:list footprint:read"


def test_guessing_secrets_ends_in_a_pause(own_world: World) -> None:
    program = own_world.program
    statuses = [program.ask_token(secret=f"guess-{number}").status_code for number in range(121)]

    assert statuses == [401] * 120 + [429]
    answer = program.ask_token()
    assert (answer.status_code, answer.json()["error"]) == (429, "invalid_request")
    assert int(answer.headers["retry-after"]) > 0
    own_world.clock.move(timedelta(seconds=60))
    assert program.ask_token().status_code == 200


def test_when_a_partner_was_last_there_is_noted_now_and_then(own_world: World) -> None:
    program = own_world.program

    def seen() -> Any:
        with own_world.app.state.database.reading() as session:
            return partner_of(session, program).last_seen_at

    assert seen() is None
    program.get("/3/footprints")
    assert seen() == NOW
    own_world.clock.move(timedelta(minutes=1))
    program.get("/3/footprints")
    assert seen() == NOW
    own_world.clock.move(SEEN_INTERVAL)
    program.get("/3/footprints")
    assert seen() == NOW + timedelta(minutes=1) + SEEN_INTERVAL


def test_the_secret_is_nowhere_in_the_database(own_world: World) -> None:
    with own_world.app.state.database.reading() as session:
        partner = partner_of(session, own_world.program)

        assert SECRET not in str(partner.model_dump())
        assert len(partner.secret_hash) == 64


def test_a_database_without_the_deployments_key_tells_nothing_of_secrets(app: FastAPI) -> None:
    with app.state.database.writing() as session:
        one = a_partner(session, client_id="one", deployment_secret=b"1" * 64)
        other = a_partner(session, client_id="two", deployment_secret=b"1" * 64)
        elsewhere = a_partner(session, client_id="three", deployment_secret=b"2" * 64)

    assert len({one.secret_hash, other.secret_hash, elsewhere.secret_hash}) == 3
