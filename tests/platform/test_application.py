import io
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog
from fastapi import FastAPI
from starlette.testclient import TestClient

from service import logs
from service.accounts.access import PUBLIC, Context, endpoint
from service.database import Database
from service.main import UndeclaredAccessError, _check_policies, create_app
from service.settings import Settings


def test_a_route_without_a_policy_stops_the_start(settings: Settings, sqlite_database: Database) -> None:
    app = create_app(settings, database=sqlite_database)
    app.get("/open-to-whom")(lambda: "hello")

    with pytest.raises(UndeclaredAccessError, match="/open-to-whom"):
        _check_policies(app)


def test_the_process_says_that_it_lives_without_asking_the_database(client: TestClient, app: FastAPI) -> None:
    app.state.database = None

    assert client.get("/livez").text == "ok\n"


def test_the_process_is_ready_when_the_database_takes_writes(client: TestClient) -> None:
    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json() == {
        "ready": True,
        "checks": {"database schema": "ok", "database write": "ok", "disk": "ok"},
    }


def test_the_process_is_not_ready_on_tables_of_another_version(client: TestClient, sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        session.connection().exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["checks"]["database schema"] == "failed"


LogLines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def log_lines(settings: Settings) -> Iterator[LogLines]:
    before = structlog.get_config()
    stream = io.StringIO()
    logs.configure(settings, stream=stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    structlog.configure(**before)


def test_a_request_leaves_one_line_with_its_route_and_without_its_query_or_path_values(app: FastAPI, log_lines: LogLines) -> None:
    @app.get("/thing/{secret}")
    @endpoint(PUBLIC)
    def thing(context: Context, secret: str) -> dict[str, str]:
        del context
        return {"secret": secret}

    with TestClient(app) as client:
        client.get("/thing/canary-1?token=canary-2")

    [line] = [line for line in log_lines() if line["event"] == "request"]
    assert (line["method"], line["route"], line["status"]) == ("GET", "/thing/{secret}", 200)
    assert line["ms"] > 0
    assert len(line["request_id"]) == 16
    assert "canary" not in json.dumps(log_lines())


def test_an_unforeseen_error_is_a_500_with_a_request_id_and_its_traceback_in_the_log_only(
    app: FastAPI, log_lines: LogLines
) -> None:
    @app.get("/api/v1/broken")
    @endpoint(PUBLIC)
    def broken(context: Context) -> dict[str, str]:
        del context
        raise ZeroDivisionError("canary")

    with TestClient(app, raise_server_exceptions=False) as client:
        answer = client.get("/api/v1/broken")

    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert "canary" not in answer.text
    [failed] = [line for line in log_lines() if line["event"] == "unexpected_error"]
    assert failed["request_id"] == answer.json()["request_id"]
    assert "ZeroDivisionError: canary" in str(failed["exception"])
