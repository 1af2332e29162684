"""Partners are answered over TLS only; who ended TLS in front of us must be one whom we believe."""

import uuid
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from service.database import Database
from service.main import create_app
from service.settings import Settings
from tests.exchange.server import EVENTS, SECRET, Program, a_partner, basic

PATHS = (
    "/3/footprints",
    "/3/footprints/",
    f"/3/footprints/{uuid.UUID(int=1)}",
    "/3/events/",
    "/3/nothing",
    "/3/openapi.json",
    "/.well-known/openid-configuration",
    "/.well-known/jwks.json",
)


@pytest.fixture
def secure(sqlite_database: Database, tmp_path: Path) -> FastAPI:
    """An application whose address has TLS."""
    settings = Settings(
        env="test", data_dir=tmp_path, secret_key="0" * 64, jobs_in_web_process=False, base_url="https://anode.example"
    )
    with sqlite_database.writing() as session:
        a_partner(session, client_id="partner")
    return create_app(settings, database=sqlite_database)


def test_without_tls_nothing_is_answered_and_nobody_is_sent_on(secure: FastAPI) -> None:
    plain = TestClient(secure, base_url="http://anode.example", follow_redirects=False)
    answers = [plain.get(path) for path in PATHS]

    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(403, "AccessDenied")] * len(PATHS)
    assert not any("location" in answer.headers for answer in answers)


def test_without_tls_no_credentials_are_looked_at(secure: FastAPI) -> None:
    plain = TestClient(secure, base_url="http://anode.example", follow_redirects=False)
    form = {"grant_type": "client_credentials"}
    answers = [plain.post("/auth/token", data=form, headers={"authorization": basic("partner", one)}) for one in (SECRET, "wrong")]
    event = plain.post("/3/events", content=b"{}", headers={"content-type": EVENTS})

    assert answers[0].content == answers[1].content
    assert (answers[0].status_code, answers[0].json()["error"], event.status_code) == (403, "invalid_request", 403)


def test_with_tls_everything_is_answered(secure: FastAPI) -> None:
    program = Program(secure, "partner", base_url="https://anode.example")

    assert program.get("/3/footprints").status_code == 200
    assert program.client.get("/.well-known/openid-configuration").json()["issuer"] == "https://anode.example"


@pytest.mark.parametrize(("trusted", "status"), [("testclient", 200), ("10.0.0.1", 403)])
def test_only_a_proxy_that_is_believed_may_have_ended_tls(secure: FastAPI, trusted: str, status: int) -> None:
    behind = TestClient(ProxyHeadersMiddleware(secure, trusted_hosts=trusted), base_url="http://anode.example")  # type: ignore[arg-type] # both are ASGI

    answer = behind.get("/.well-known/openid-configuration", headers={"x-forwarded-proto": "https"})

    assert answer.status_code == status


def test_pages_for_people_are_left_as_they_are(secure: FastAPI) -> None:
    assert TestClient(secure, base_url="http://anode.example").get("/sign-in").status_code == 200


def test_a_deployment_for_people_without_tls_serves_no_partner(sqlite_database: Database, tmp_path: Path) -> None:
    settings = Settings(env="production", data_dir=tmp_path, secret_key="0" * 64, base_url="http://127.0.0.1:8000")
    app = create_app(settings, database=sqlite_database)

    assert TestClient(app, base_url="http://127.0.0.1:8000").get("/3/footprints").status_code == 403
