"""Tokens of other systems, and what they may push and pull."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from service.audit.models import AuditEvent
from service.database import Database
from service.integrations import tokens
from service.integrations.tokens import Scope
from service.products.models import Production
from service.suppliers.models import Purchase
from tests import builders
from tests.conftest import MovableClock
from tests.footprints.builders import a_toll_supplier
from tests.monitoring.builders import a_source, an_entry

PERIOD = {"period_start": "2025-01-01", "period_end": "2025-12-31"}
FLOW = "graphitised_powder"

Token = Callable[..., dict[str, str]]


@pytest.fixture
def token(sqlite_database: Database, clock: MovableClock) -> Token:
    """Return the headers of a new token with these scopes."""

    def make(*scopes: Scope, days: int = 30) -> dict[str, str]:
        with sqlite_database.writing() as session:
            secret = tokens.create_token(session, name="ERP", scopes=scopes, days=days, by="user:1", at=clock())
        return {"authorization": f"Bearer {secret}", "accept": "application/json"}

    return make


def supplier_of(database: Database) -> str:
    with database.writing() as session:
        return str(a_toll_supplier(session).id)


def purchase(supplier_id: str, **other: Any) -> dict[str, Any]:
    return {"supplier_id": supplier_id, "flow": FLOW, "amount_t": 120.5, **PERIOD, **other}


def push(client: TestClient, headers: dict[str, str], *rows: dict[str, Any], path: str = "purchases", key: str = "") -> Any:
    sent = headers | ({"idempotency-key": key} if key else {})
    return client.post(f"/api/v1/systems/{path}", json={"rows": list(rows)}, headers=sent)


def test_a_purchase_is_recorded_then_left_alone_then_corrected(client: TestClient, sqlite_database: Database, token: Token) -> None:
    supplier_id, headers = supplier_of(sqlite_database), token(Scope.WRITE_PURCHASES)

    answers = [
        push(client, headers, purchase(supplier_id)),
        push(client, headers, purchase(supplier_id)),
        push(client, headers, purchase(supplier_id, amount_t=130)),
    ]

    assert [answer.json()["rows"][0]["status"] for answer in answers] == ["recorded", "unchanged", "changed"]
    with sqlite_database.reading() as session:
        assert session.exec(select(Purchase.amount_t)).all() == [130]
        actions = session.exec(select(AuditEvent.action, AuditEvent.actor).where(AuditEvent.object_type == "purchase")).all()
    assert [action for action, _ in actions] == ["purchase_recorded", "purchase_changed"]
    assert all(actor.startswith("token:") for _, actor in actions)


def test_one_bad_row_is_explained_and_does_not_hold_up_the_others(
    client: TestClient, sqlite_database: Database, token: Token
) -> None:
    supplier_id, headers = supplier_of(sqlite_database), token(Scope.WRITE_PURCHASES)
    bad = (
        purchase(supplier_id, amount_t=-1),
        purchase(supplier_id, flow="no_such_flow"),
        {**purchase(supplier_id), "supplier_registration_no": "91"},
        {"flow": FLOW, "amount_t": 1, **PERIOD, "supplier_registration_no": "unknown"},
        purchase(supplier_id, colour="black"),
    )

    rows = push(client, headers, *bad, purchase(supplier_id)).json()["rows"]

    assert [row["status"] for row in rows] == ["refused"] * 5 + ["recorded"]
    assert [sorted(one["field"] for one in row["problems"]) for row in rows] == [
        ["amount_t"],
        ["flow"],
        [""],
        ["supplier_registration_no"],
        ["colour"],
        [],
    ]
    assert all(one["detail"] for row in rows for one in row["problems"])
    with sqlite_database.reading() as session:
        assert len(session.exec(select(Purchase)).all()) == 1


def test_production_is_pushed_by_grade(client: TestClient, sqlite_database: Database, token: Token) -> None:
    with sqlite_database.writing() as session:
        grade = builders.a_product(session).grade
    headers = token(Scope.WRITE_PRODUCTION)

    rows = [{"grade": grade, "output_t": amount, **PERIOD} for amount in (10, 10, 12)]
    taken = push(client, headers, *rows, {"grade": "none such", "output_t": 1, **PERIOD}, path="production").json()["rows"]

    assert [row["status"] for row in taken] == ["recorded", "unchanged", "changed", "refused"]
    with sqlite_database.reading() as session:
        assert session.exec(select(Production.output_t, Production.period_end)).all() == [(12, date(2025, 12, 31))]


def test_the_same_key_gives_the_same_answer_and_does_nothing_twice(
    client: TestClient, sqlite_database: Database, token: Token
) -> None:
    supplier_id, headers = supplier_of(sqlite_database), token(Scope.WRITE_PURCHASES)

    first = push(client, headers, purchase(supplier_id), key="batch 1")
    again = push(client, headers, purchase(supplier_id), key="batch 1")
    other = push(client, headers, purchase(supplier_id, amount_t=2), key="batch 1")

    assert first.json() == again.json()
    assert again.headers["idempotency-replayed"] == "true"
    assert other.status_code == 422


def test_a_token_opens_what_it_is_for_and_nothing_else(client: TestClient, token: Token) -> None:
    headers = token(Scope.READ_FOOTPRINTS)

    assert client.get("/api/v1/systems/footprints", headers=headers).json() == {"items": [], "next_after": None}
    refused = client.get("/api/v1/systems/certificates", headers=headers)
    assert (refused.status_code, refused.json()["type"]) == (403, "urn:anodeprint:problem:forbidden")
    assert "certificates:read" in refused.json()["detail"]
    assert push(client, headers, {}).status_code == 403
    assert client.get("/api/v1/me", headers=headers).status_code == 401
    assert client.get("/console", headers=headers).status_code != 200


def test_without_a_live_token_nothing_opens(
    client: TestClient, sqlite_database: Database, token: Token, clock: MovableClock
) -> None:
    headers, short = token(Scope.READ_CERTIFICATES), token(Scope.READ_CERTIFICATES, days=1)
    path = "/api/v1/systems/certificates"
    assert client.get(path, headers=headers).status_code == 200

    clock.move(timedelta(days=2))
    with sqlite_database.writing() as session:
        [first, *_] = [one for one in tokens.all_tokens(session) if one.expires_at > clock()]
        tokens.revoke_token(session, first.id, by="user:1", at=clock())

    for sent in (headers, short, {}, {"authorization": "Bearer aps_wrong"}, {"authorization": "Basic aps"}):
        assert client.get(path, headers={"accept": "application/json", **sent}).status_code == 401


def test_objects_that_are_not_there_are_not_found(client: TestClient, token: Token) -> None:
    headers = token(Scope.READ_FOOTPRINTS, Scope.READ_CERTIFICATES)
    nothing = "0190c0de-0000-7000-8000-000000000000"

    assert client.get(f"/api/v1/systems/footprints/{nothing}", headers=headers).status_code == 404
    assert client.get(f"/api/v1/systems/certificates/{nothing}/pdf", headers=headers).status_code == 404


def test_a_month_of_a_source_is_entered_left_alone_corrected_or_refused_with_its_arithmetic(
    client: TestClient, sqlite_database: Database, token: Token
) -> None:
    with sqlite_database.writing() as session:
        source = a_source(session, builders.a_plant(session), "natural_gas")
        for month in (1, 2, 3):
            an_entry(session, source, date(2026, month, 1), 100.0)
        code = source.code
    headers = token(Scope.WRITE_ACTIVITY)
    row = {"source_code": code, "month": "2026-04", "amount": 120, "unit": "Nm3", "evidence_number": "meter 7"}

    answers = [
        push(client, headers, row | changed, path="activity")
        for changed in ({}, {}, {"amount": "0.0125 万Nm3", "unit": None}, {"amount": 5000}, {"source_code": "none"})
    ]

    rows = [answer.json()["rows"][0] for answer in answers]
    assert [one["status"] for one in rows] == ["recorded", "unchanged", "changed", "refused", "refused"]
    assert rows[3]["problems"][0]["field"] == "reason"
    assert "5,000 Nm³ is 50 times 100 Nm³" in rows[3]["problems"][0]["detail"]
    assert rows[4]["problems"][0]["field"] == "source_code"
