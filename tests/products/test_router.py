import pytest
from starlette.testclient import TestClient

from service.accounts.models import Role
from service.database import Database
from service.suppliers.models import SupplierType
from tests import builders
from tests.conftest import SignIn

JSON = {"accept": "application/json"}


@pytest.fixture
def fields(database: Database) -> dict[str, object]:
    with database.writing() as session:
        plant = builders.a_plant(session)
        supplier = builders.a_supplier(session, supplier_type=SupplierType.COKE)
    return {
        "plant_id": str(plant.id),
        "grade": "AG-350",
        "name_zh": "粉",
        "name_en": "Powder",
        "furnace": "box",
        "toll_share": 0.5,
        "recipe": {"milling_yield": 0.9},
        "inputs": [{"flow": "green_petroleum_coke", "supplier_id": str(supplier.id), "share": 1}],
    }


def test_a_product_is_made_with_recipe_and_suppliers_at_once(
    client: TestClient, sign_in: SignIn, fields: dict[str, object]
) -> None:
    sign_in(Role.ENGINEER)

    made = client.post("/api/v1/products", json=fields, headers=JSON)
    read = client.get(made.headers["location"], headers=JSON).json()

    assert made.status_code == 201
    assert read == made.json()
    assert {name: read[name] for name in ("recipe", "inputs", "toll_share", "cas")} == {
        "recipe": {"milling_yield": 0.9},
        "inputs": fields["inputs"],
        "toll_share": 0.5,
        "cas": "7782-42-5",
    }


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"recipe": {"milling_yield": 7}}, "milling_yield"),
        ({"recipe": {"furnace": 1}}, "furnace"),
        ({"furnace": "oven"}, "furnace"),
        ({"toll_share": 1.5}, "toll_share"),
        ({"cas": "1-1-1"}, "cas"),
        ({"colour": "black"}, "colour"),
    ],
)
def test_one_wrong_value_and_no_product_is_made(
    client: TestClient, sign_in: SignIn, fields: dict[str, object], changes: dict[str, object], field: str
) -> None:
    sign_in(Role.ENGINEER)

    answer = client.post("/api/v1/products", json=fields | changes, headers=JSON)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field
    assert client.get("/api/v1/products", headers=JSON).json()["items"] == []


@pytest.mark.parametrize(("role", "status"), [(Role.REVIEWER, 200), (Role.SALES, 403), (Role.PROCUREMENT, 403)])
def test_recipes_stay_with_those_who_need_them(
    client: TestClient, sign_in: SignIn, fields: dict[str, object], role: Role, status: int
) -> None:
    sign_in(Role.ENGINEER)
    address = client.post("/api/v1/products", json=fields, headers=JSON).headers["location"]
    sign_in(role)

    listed = client.get("/api/v1/products", headers=JSON).json()["items"]

    assert [item["grade"] for item in listed] == ["AG-350"]
    assert not {"recipe", "inputs", "furnace", "toll_share"} & listed[0].keys()
    assert client.get(address, headers=JSON).status_code == status
