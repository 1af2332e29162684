from typing import Any

import pytest
from starlette.testclient import TestClient

from service.accounts.models import Role
from service.database import Database
from service.suppliers.models import SupplierType
from tests import builders
from tests.conftest import SignIn

JSON = {"accept": "application/json"}
SUPPLIER: dict[str, Any] = {"name_zh": "沪焦", "name_en": "Hu Coke", "supplier_type": "COKE", "province_code": "CN-SH"}


def purchase_of(supplier_id: str, **changes: object) -> dict[str, object]:
    fields = {
        "supplier_id": supplier_id,
        "flow": "green_petroleum_coke",
        "period_start": "2025-01-01",
        "period_end": "2025-12-31",
        "amount_t": 1200.5,
    }
    return {**fields, **changes}


def test_a_supplier_and_its_purchase_are_made_and_read_back(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.PROCUREMENT)

    supplier = client.post("/api/v1/suppliers", json=SUPPLIER, headers=JSON)
    purchase = client.post("/api/v1/purchases", json=purchase_of(supplier.json()["id"]), headers=JSON)

    assert (supplier.status_code, purchase.status_code) == (201, 201)
    assert client.get(supplier.headers["location"], headers=JSON).json() == supplier.json()
    assert client.get(purchase.headers["location"], headers=JSON).json() == purchase.json()
    assert client.get("/api/v1/purchases", headers=JSON).json() == {"items": [purchase.json()], "next_after": None}


def test_the_same_idempotency_key_makes_one_supplier(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.ENGINEER)

    answers = [client.post("/api/v1/suppliers", json=SUPPLIER, headers=JSON | {"idempotency-key": "k1"}) for _ in range(2)]

    assert answers[0].json() == answers[1].json()
    assert len(client.get("/api/v1/suppliers", headers=JSON).json()["items"]) == 1


def test_lists_are_read_to_the_end_page_by_page(client: TestClient, sign_in: SignIn, database: Database) -> None:
    with database.writing() as session:
        for number in range(5):
            builders.a_supplier(session, supplier_type=SupplierType.COKE, name_zh=f"焦{number}")
    sign_in(Role.AUDITOR)

    names, after = [], None
    for _ in range(3):
        params = {"limit": 2} | ({"after": after} if after else {})
        page = client.get("/api/v1/suppliers", params=params, headers=JSON).json()
        names += [item["name_zh"] for item in page["items"]]
        after = page["next_after"]

    assert names == ["焦0", "焦1", "焦2", "焦3", "焦4"]
    assert after is None


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"province_code": "CN-XX"}, "province_code", "“CN-XX” is not a province known here"),
        ({"supplier_type": "BREWERY"}, "supplier_type", "BREWERY"),
        ({"is_active": False}, "is_active", "not permitted"),
        ({"name_zh": ""}, "name_zh", "at least 1 character"),
        ({"version": 7}, "version", "not permitted"),
    ],
)
def test_what_can_not_be_used_is_named(
    client: TestClient, sign_in: SignIn, changes: dict[str, Any], field: str, words: str
) -> None:
    sign_in(Role.ENGINEER)

    answer = client.post("/api/v1/suppliers", json=SUPPLIER | changes, headers=JSON)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field
    assert words in answer.json()["errors"][0]["detail"]


@pytest.mark.parametrize("changes", [{"amount_t": -1}, {"amount_t": "NaN"}, {"flow": "gold"}, {"period_end": "2024-12-31"}])
def test_purchases_that_can_not_be_are_refused(client: TestClient, sign_in: SignIn, changes: dict[str, Any]) -> None:
    sign_in(Role.ENGINEER)
    supplier_id = client.post("/api/v1/suppliers", json=SUPPLIER, headers=JSON).json()["id"]

    answer = client.post("/api/v1/purchases", json=purchase_of(supplier_id, **changes), headers=JSON)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == next(iter(changes))


def test_sales_reads_suppliers_but_not_purchases_and_writes_neither(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.SALES)

    assert client.get("/api/v1/suppliers", headers=JSON).status_code == 200
    assert client.get("/api/v1/purchases", headers=JSON).status_code == 403
    assert client.post("/api/v1/suppliers", json=SUPPLIER, headers=JSON).status_code == 403


def test_an_unknown_page_size_or_cursor_is_an_error_and_not_a_guess(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.AUDITOR)
    unknown = "0190a0a0-0000-7000-8000-000000000000"

    assert client.get("/api/v1/suppliers?limit=201", headers=JSON).status_code == 422
    assert client.get("/api/v1/suppliers?after=first", headers=JSON).status_code == 422
    assert client.get(f"/api/v1/suppliers?after={unknown}", headers=JSON).status_code == 404
    assert client.get(f"/api/v1/suppliers/{unknown}", headers=JSON).status_code == 404
