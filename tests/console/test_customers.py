from collections.abc import Callable

import pytest
from fastapi import FastAPI
from sqlmodel import select
from starlette.testclient import TestClient

from service.accounts.models import STAFF_ROLES, Organisation, OrganisationKind, Role, User
from service.audit.models import AuditEvent
from tests import builders as rows
from tests.certificates import builders

Form = Callable[..., dict[str, str]]
SignIn = Callable[..., User]
NAMES = {"name_zh": "某电芯公司", "name_en": "Some Cells Ltd.", "registration_no": "91440000XXXXXXXXX1"}


def customers(app: FastAPI) -> list[Organisation]:
    with app.state.database.reading() as session:
        found = list(session.exec(select(Organisation).where(Organisation.kind == OrganisationKind.CUSTOMER)))
        session.expunge_all()
    return found


def test_sales_add_and_correct_a_customer(app: FastAPI, client: TestClient, sign_in: SignIn, form: Form) -> None:
    sign_in(Role.SALES)

    address = client.post("/console/customers", data=form(**NAMES)).headers["location"]
    client.post(address, data=form(**{**NAMES, "name_en": "Other Cells Ltd."}))

    assert [one.name_en for one in customers(app)] == ["Other Cells Ltd."]
    assert "Other Cells Ltd." in client.get("/console/customers").text
    with app.state.database.reading() as session:
        assert set(session.exec(select(AuditEvent.action))) == {"organisation_created", "customer_changed"}


def test_a_number_that_another_customer_has_is_refused_and_all_stays_typed(
    app: FastAPI, client: TestClient, sign_in: SignIn, form: Form
) -> None:
    sign_in(Role.SALES)
    client.post("/console/customers", data=form(**NAMES))

    answer = client.post("/console/customers", data=form(**{**NAMES, "name_en": "Twin Ltd."}))

    assert answer.status_code == 422
    assert 'value="Twin Ltd."' in answer.text
    assert "already belongs" in answer.text
    assert len(customers(app)) == 1


@pytest.mark.parametrize("name", ["", "x" * 201, "Cells ༄"])
def test_names_that_can_not_be_printed_are_refused(client: TestClient, sign_in: SignIn, form: Form, name: str) -> None:
    sign_in(Role.SALES)

    assert client.post("/console/customers", data=form(**{**NAMES, "name_en": name})).status_code == 422


def test_a_switched_off_customer_is_not_offered(app: FastAPI, client: TestClient, sign_in: SignIn, form: Form) -> None:
    sign_in(Role.SALES)
    with app.state.database.writing() as session:
        builders.a_record(session)
        gone, kept = builders.a_customer(session, name_en="Gone Ltd."), builders.a_customer(session, name_en="Kept Ltd.")

    client.post(f"/console/customers/{gone.id}/active", data=form(active="false"))
    page = client.get("/console/certificates/new").text

    assert kept.name_en in page
    assert gone.name_en not in page
    assert gone.name_en in client.get("/console/customers").text


def test_a_supplier_is_no_customer(app: FastAPI, client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.SALES)
    with app.state.database.writing() as session:
        supplier = rows.a_supplier(session)

    assert client.get(f"/console/customers/{supplier.organisation_id}").status_code == 404


@pytest.mark.parametrize("role", sorted(STAFF_ROLES - {Role.SALES, Role.ADMIN}))
def test_others_see_customers_but_change_none(client: TestClient, sign_in: SignIn, form: Form, role: Role) -> None:
    sign_in(role)

    assert client.get("/console/customers").status_code == 200
    assert client.post("/console/customers", data=form(**NAMES)).status_code == 403


def test_pages_speak_chinese(app: FastAPI, client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.SALES)
    with app.state.database.writing() as session:
        customer = builders.a_customer(session)

    for path in ("", "/new", f"/{customer.id}"):
        assert "客户" in client.get(f"/console/customers{path}?lang=zh-CN").text
