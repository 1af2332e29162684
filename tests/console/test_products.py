import html
import re
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from service.accounts.models import Role
from service.database import Database
from service.products import queries
from service.products.models import Product
from service.suppliers.models import Supplier, SupplierType
from tests import builders
from tests.conftest import SignIn

Form = Callable[..., dict[str, str]]
COKE = "green_petroleum_coke"


@pytest.fixture
def product(database: Database) -> Product:
    with database.writing() as session:
        return builders.a_product(session, grade="AG-350")


@pytest.fixture
def cokes(database: Database) -> tuple[Supplier, Supplier]:
    with database.writing() as session:
        return (
            builders.a_supplier(session, supplier_type=SupplierType.COKE, name_zh="甲焦", name_en="Coke One"),
            builders.a_supplier(session, supplier_type=SupplierType.COKE, name_zh="乙焦", name_en="Coke Two"),
        )


def recipe_of(database: Database, product: Product) -> dict[str, float]:
    with database.reading() as session:
        return dict(queries.get_product(session, product.id).recipe)


def test_an_engineer_sets_up_a_plant_and_a_product(client: TestClient, sign_in: SignIn, form: Form, database: Database) -> None:
    sign_in(Role.ENGINEER)

    plant = client.post("/console/plants", data=form(name_zh="粤厂", name_en="Guangdong plant", province_code="CN-GD"))
    with database.reading() as session:
        plant_id = str(queries.all_plants(session)[0].id)
    fields = {
        "plant_id": plant_id,
        "grade": "AG-350",
        "name_zh": "粉",
        "name_en": "Powder",
        "furnace": "box",
        "toll_percent": "62.5",
    }
    added = client.post("/console/products", data=form(**fields, cas="7782-42-5"))
    page = client.get(added.headers["location"]).text

    assert (plant.status_code, added.status_code) == (303, 303)
    assert "Box furnace" in page
    assert "62.5 %" in page
    assert "AG-350" in client.get("/console/products?q=350").text
    assert "Guangdong plant" in client.get("/console/plants").text


def test_a_product_form_that_comes_back_explains_each_problem(client: TestClient, sign_in: SignIn, form: Form) -> None:
    sign_in(Role.ENGINEER)

    answer = client.post("/console/products", data=form(grade="AG-1", cas="7782-42-4", furnace="oven", toll_percent="120"))
    text = html.unescape(answer.text)

    assert answer.status_code == 422
    assert 'value="AG-1"' in text
    assert "“7782-42-4” is not a CAS number" in text
    assert "“oven” is not a furnace of the model; use one of: acheson_crucible" in text
    assert "120 is too large; it must be at most 100.0" in text


def test_a_recipe_is_checked_against_the_model_and_keeps_what_was_typed(
    client: TestClient, sign_in: SignIn, form: Form, product: Product, database: Database
) -> None:
    sign_in(Role.ENGINEER)
    address = f"/console/products/{product.id}/recipe"

    wrong = client.post(address, data=form(version="1", milling_yield="1.2", milling_yield_unit="kg/kg"))
    right = client.post(address, data=form(version="1", milling_yield="0.98", milling_yield_unit="kg/kg", coating_yield=""))
    stale = client.post(address, data=form(version="1", milling_yield="0.8"))
    page = client.get(f"/console/products/{product.id}").text

    assert [answer.status_code for answer in (wrong, right, stale)] == [422, 303, 409]
    assert "milling_yield = 1.2 kg/kg is outside 0.3 to 1" in html.unescape(wrong.text)
    assert 'value="1.2"' in wrong.text
    assert recipe_of(database, product) == {"milling_yield": 0.98}
    assert "Outside" in page  # the usual range ends at 1/1.05 = 0.952


def test_suppliers_share_an_input(
    client: TestClient, sign_in: SignIn, form: Form, product: Product, cokes: tuple[Supplier, Supplier]
) -> None:
    sign_in(Role.ENGINEER)
    address = f"/console/products/{product.id}/suppliers"
    one, two = (f"{COKE}.{supplier.id}" for supplier in cokes)

    short = client.post(address, data=form(version="1", **{f"percent.{one}": "60", f"percent.{two}": "30"}))
    text = client.post(address, data=form(version="1", **{f"percent.{one}": "most"}))
    full = client.post(address, data=form(version="1", **{f"percent.{one}": "60", f"use.{two}": "yes", f"percent.{two}": "40"}))

    assert [answer.status_code for answer in (short, text, full)] == [422, 422, 303]
    assert "The shares add up to 90 percent instead of 100; change one by +10." in html.unescape(short.text)
    assert f'href="#field-{COKE}"' in short.text
    assert "“most” is not a number" in html.unescape(text.text)
    page = client.get(f"/console/products/{product.id}").text
    assert re.findall(r"([\d.]+ %)</td>", page) == ["60.0 %", "40.0 %"]


def test_suppliers_without_shares_go_by_purchases(
    client: TestClient, sign_in: SignIn, form: Form, product: Product, cokes: tuple[Supplier, Supplier]
) -> None:
    sign_in(Role.ENGINEER)
    chosen = {f"use.{COKE}.{supplier.id}": "yes" for supplier in cokes}

    client.post(f"/console/products/{product.id}/suppliers", data=form(version="1", **chosen))

    assert client.get(f"/console/products/{product.id}").text.count("by purchases") == 2
    assert client.get(f"/console/products/{product.id}/suppliers").text.count(" checked>") == 2


def test_unknown_flows_and_suppliers_in_a_forged_form_are_refused(
    client: TestClient, sign_in: SignIn, form: Form, product: Product
) -> None:
    sign_in(Role.ENGINEER)
    address = f"/console/products/{product.id}/suppliers"
    unknown = "0190a0a0-0000-7000-8000-000000000000"

    for name in (f"use.gold.{unknown}", f"use.{COKE}.{unknown}", f"use.{COKE}.nobody", "use..", "percent.x"):
        assert client.post(address, data=form(version="1", **{name: "yes"})).status_code == 422


SEES = {
    Role.ENGINEER: (200, True),
    Role.REVIEWER: (200, True),
    Role.AUDITOR: (200, True),
    Role.PROCUREMENT: (200, False),
    Role.SALES: (403, False),
}


@pytest.mark.parametrize("role", SEES)
def test_the_recipe_is_for_those_who_need_it(client: TestClient, sign_in: SignIn, form: Form, product: Product, role: Role) -> None:
    sign_in(Role.ENGINEER)
    client.post(f"/console/products/{product.id}/recipe", data=form(version="1", milling_yield="0.8765"))
    sign_in(role)

    answer = client.get(f"/console/products/{product.id}")

    assert (answer.status_code, "0.8765" in answer.text) == SEES[role]
    assert client.get("/console/products").status_code == 200


@pytest.mark.parametrize("role", [Role.PROCUREMENT, Role.REVIEWER, Role.SALES, Role.AUDITOR, Role.ADMIN])
def test_only_engineers_change_products(client: TestClient, sign_in: SignIn, form: Form, product: Product, role: Role) -> None:
    sign_in(role)

    for path in ("", "/active", "/recipe", "/suppliers", "/production"):
        assert client.post(f"/console/products/{product.id}{path}", data=form(version="1")).status_code == 403
    assert client.post("/console/plants", data=form()).status_code == 403


def test_production_is_entered_and_removed(
    client: TestClient, sign_in: SignIn, form: Form, product: Product, database: Database
) -> None:
    sign_in(Role.ENGINEER)
    address = f"/console/products/{product.id}/production"
    year = {"period_start": "2025-01-01", "period_end": "2025-12-31"}

    none = client.post(address, data=form(**year, output_t="0"))
    entered = client.post(address, data=form(**year, output_t="12000"))
    twice = client.post(address, data=form(**year, output_t="1"))
    page = client.get(f"/console/products/{product.id}").text
    delete = re.search(r'action="(/console/productions/[^"]+/delete)"', page)
    assert delete is not None
    client.post(delete[1], data=form())

    assert [answer.status_code for answer in (none, entered, twice)] == [422, 303, 409]
    assert "12,000" in page
    with database.reading() as session:
        assert queries.productions_of(session, product.id) == []
