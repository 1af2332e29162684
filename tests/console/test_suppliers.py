import re
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from service.accounts.models import Role
from service.database import Database
from service.suppliers import operations, queries
from service.suppliers.models import SupplierType
from service.suppliers.schemas import PurchaseInput
from tests import builders
from tests.builders import NOW, PERIOD
from tests.conftest import SignIn
from tests.material_flows.builders import a_source

Form = Callable[..., dict[str, str]]
FIELDS = {"name_zh": "蒙炭代工", "name_en": "Mengtan Toll", "supplier_type": "TOLL", "province_code": "CN-NM"}


def test_a_buyer_adds_a_supplier_and_finds_it_in_the_list(client: TestClient, sign_in: SignIn, form: Form) -> None:
    sign_in(Role.PROCUREMENT)

    added = client.post("/console/suppliers", data=form(**FIELDS))
    detail = client.get(added.headers["location"])
    found = client.get("/console/suppliers", params={"q": "meng", "supplier_type": "TOLL", "province_code": ""})

    assert added.status_code == 303
    assert "Mengtan Toll" in detail.text
    assert "Inner Mongolia" in detail.text
    assert added.headers["location"] in found.text


def test_a_form_that_comes_back_keeps_what_was_typed_and_names_each_problem(
    client: TestClient, sign_in: SignIn, form: Form
) -> None:
    sign_in(Role.ENGINEER)

    answer = client.post(
        "/console/suppliers", data=form(**FIELDS | {"name_zh": "", "contact_email": "wang at work", "city": "包头"})
    )

    assert answer.status_code == 422
    assert 'value="包头"' in answer.text
    assert 'href="#field-name_zh"' in answer.text
    assert "“wang at work” is not an e-mail address" in answer.text.replace("&#34;", '"')


@pytest.mark.parametrize("role", [Role.SALES, Role.REVIEWER, Role.AUDITOR, Role.ADMIN])
def test_other_roles_read_but_do_not_write(client: TestClient, sign_in: SignIn, form: Form, role: Role) -> None:
    sign_in(role)

    assert client.get("/console/suppliers").status_code == 200
    assert client.get("/console/suppliers/new").status_code == 403
    assert client.post("/console/suppliers", data=form(**FIELDS)).status_code == 403


def test_sales_does_not_see_what_is_bought(client: TestClient, sign_in: SignIn, database: Database) -> None:
    with database.writing() as session:
        supplier = builders.a_supplier(session)
        bought = PurchaseInput(
            supplier_id=supplier.id, flow="graphitised_powder", period_start=PERIOD[0], period_end=PERIOD[1], amount_t=4321
        )
        operations.record_purchase(session, bought, by="user:x", at=NOW)
    address = f"/console/suppliers/{supplier.id}"

    sign_in(Role.PROCUREMENT)
    assert "4,321" in client.get(address).text
    sign_in(Role.SALES)
    assert "4,321" not in client.get(address).text


def test_two_people_who_edit_at_once_do_not_overwrite_each_other(
    client: TestClient, sign_in: SignIn, form: Form, database: Database
) -> None:
    with database.writing() as session:
        supplier = builders.a_supplier(session)
    sign_in(Role.ENGINEER)
    address = f"/console/suppliers/{supplier.id}"

    first = client.post(address, data=form(**FIELDS, version="1", city="包头"))
    second = client.post(address, data=form(**FIELDS, version="1", city="呼和浩特"))

    assert (first.status_code, second.status_code) == (303, 409)
    assert 'value="呼和浩特"' in second.text
    with database.reading() as session:
        assert [row.city for row in queries.find_suppliers(session).rows] == ["包头"]


def test_a_supplier_is_switched_off_and_leaves_the_list(
    client: TestClient, sign_in: SignIn, form: Form, database: Database
) -> None:
    with database.writing() as session:
        supplier = builders.a_supplier(session)
    sign_in(Role.ENGINEER)

    client.post(f"/console/suppliers/{supplier.id}/active", data=form(active="false"))

    assert "Mengtan" not in client.get("/console/suppliers").text
    assert "Mengtan" in client.get("/console/suppliers?inactive=true").text


def test_long_lists_are_paged_with_their_filters_kept(client: TestClient, sign_in: SignIn, database: Database) -> None:
    with database.writing() as session:
        for number in range(60):
            builders.a_supplier(session, supplier_type=SupplierType.COKE, name_zh=f"焦{number:02}", name_en=f"Coke {number:02}")
    sign_in(Role.ENGINEER)

    first = client.get("/console/suppliers?supplier_type=COKE")
    following = re.search(r'rel="next" href="([^"]+)"', first.text)
    assert following is not None
    second = client.get(following[1].replace("&amp;", "&"))

    assert "1 to 50 of 60" in first.text
    assert "51 to 60 of 60" in second.text
    assert "Coke 59" in second.text


def test_a_filter_that_is_no_choice_is_explained(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.ENGINEER)

    answer = client.get("/console/suppliers?supplier_type=BREWERY")

    assert "“BREWERY” is not one of the choices" in answer.text


def test_an_empty_list_says_what_to_do(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.ENGINEER)

    assert 'href="/console/suppliers/new"' in client.get("/console/suppliers").text


def test_a_supplier_of_recycled_graphite_leads_those_who_may_read_it_to_its_sources(
    client: TestClient, sign_in: SignIn, database: Database
) -> None:
    with database.writing() as session:
        recycler = builders.a_supplier(session, supplier_type=SupplierType.RECYCLED)
        a_source(session, supplier_id=recycler.id, name_en="Some recycler")
        a_source(session, name_zh="厂内废料", name_en="Own scrap")
        toll = builders.a_supplier(session)
    href = f"/console/plan/recycled-sources?supplier_id={recycler.id}"

    sign_in(Role.ENGINEER)
    page, without = (client.get(f"/console/suppliers/{one.id}").text for one in (recycler, toll))
    listed = client.get(href).text
    sign_in(Role.PROCUREMENT)
    buyers_page = client.get(f"/console/suppliers/{recycler.id}").text

    assert f'<a href="{href}">Some recycler</a> · Valid until 2027-03-31' in page
    assert "Some recycler" in listed
    assert "Own scrap" not in listed
    assert "recycled-sources" not in re.sub(r"(?s)<nav.*?</nav>", "", without)
    assert "Some recycler" not in buyers_page
