"""Pages on declared footprints, their alerts, customers' part numbers and what customers are told of a product."""

import json
import uuid
from collections.abc import Callable

import pytest
from fastapi import FastAPI
from sqlmodel import select
from starlette.testclient import TestClient

from service.accounts.models import Role, User
from service.product_footprints.models import AlertKind, CustomerPartNumber, DeclaredStatus, FootprintAlert, ProductFootprint
from service.products.models import Product
from tests.builders import NOW, a_product, an_organisation
from tests.product_footprints.builders import a_declared

Form = Callable[..., dict[str, str]]
SignIn = Callable[..., User]


@pytest.fixture
def declared(app: FastAPI) -> ProductFootprint:
    with app.state.database.writing() as session:
        return a_declared(session)


def the_footprints(app: FastAPI) -> list[ProductFootprint]:
    with app.state.database.reading() as session:
        found = list(session.exec(select(ProductFootprint).order_by(ProductFootprint.declared_at)))
        session.expunge_all()
    return found


def test_the_page_shows_result_document_and_that_all_rules_hold(
    client: TestClient, sign_in: SignIn, declared: ProductFootprint
) -> None:
    sign_in(Role.SALES)

    page = client.get(f"/console/declared-footprints/{declared.id}").text

    assert "12.48 kg CO₂e/kg" in page
    assert "All rules hold" in page
    assert declared.document_sha256 in page
    assert "Declare again" not in page


def test_the_document_is_handed_out_as_partners_get_it(client: TestClient, sign_in: SignIn, declared: ProductFootprint) -> None:
    sign_in(Role.AUDITOR)

    answer = client.get(f"/console/declared-footprints/{declared.id}/document")

    assert json.loads(answer.content) == {**declared.document, "status": "Active"}
    assert answer.headers["content-disposition"].startswith("attachment")


@pytest.mark.parametrize("path", ["/console/declared-footprints", "/console/footprint-alerts", "/console/part-numbers"])
def test_buyers_see_no_four_digits(client: TestClient, sign_in: SignIn, path: str) -> None:
    sign_in(Role.PROCUREMENT)

    assert client.get(path).status_code == 403


def test_the_list_is_filtered_by_status(client: TestClient, sign_in: SignIn, declared: ProductFootprint) -> None:
    sign_in(Role.REVIEWER)

    assert str(declared.id) in client.get("/console/declared-footprints?status=Active").text
    assert str(declared.id) not in client.get("/console/declared-footprints?status=Deprecated").text


def test_a_second_person_declares_again_and_sees_what_changed(
    app: FastAPI, client: TestClient, sign_in: SignIn, form: Form, declared: ProductFootprint
) -> None:
    sign_in(Role.REVIEWER)
    with app.state.database.writing() as session:
        product = session.get_one(Product, declared.product_id)
        product.description_zh, product.description_en = "新说明", "New words"

    answer = client.post(f"/console/declared-footprints/{declared.id}/again", data=form(version="1", reason="A typo."))
    page = client.get(answer.headers["location"]).text

    assert [one.status for one in the_footprints(app)].count(DeclaredStatus.ACTIVE) == 1
    assert "/productDescription" in page
    assert "New words" in page


def test_a_refused_change_keeps_what_was_typed(client: TestClient, sign_in: SignIn, form: Form, declared: ProductFootprint) -> None:
    sign_in(Role.REVIEWER)
    typed = form(version="1", reason="Longer.", valid_until="2031-01-01")

    answer = client.post(f"/console/declared-footprints/{declared.id}/again", data=typed)

    assert answer.status_code == 422
    assert "Longer." in answer.text
    assert 'value="2031-01-01"' in answer.text


def test_a_deprecated_footprint_says_why(client: TestClient, sign_in: SignIn, form: Form, declared: ProductFootprint) -> None:
    sign_in(Role.REVIEWER)

    client.post(f"/console/declared-footprints/{declared.id}/deprecate", data=form(version="1", reason="Wrong by 100%."))

    assert "Wrong by 100%." in client.get(f"/console/declared-footprints/{declared.id}").text


def test_an_alert_is_closed_with_a_reason(
    app: FastAPI, client: TestClient, sign_in: SignIn, form: Form, declared: ProductFootprint
) -> None:
    sign_in(Role.ENGINEER)
    details = {"grade": "AG-1", "number": "F-2026-0001", "end": "2028-12-31", "percent": "+12"}
    with app.state.database.writing() as session:
        alert = FootprintAlert(footprint_id=declared.id, kind=AlertKind.CHANGED, reason="0" * 64, details=details, raised_at=NOW)
        session.add(alert)

    assert "+12 % off what was declared" in client.get("/console/footprint-alerts").text
    assert "Declared footprints that need a look" in client.get("/console").text
    client.post(f"/console/footprint-alerts/{alert.id}/close", data=form(reason="Known."))

    assert "Known." in client.get("/console/footprint-alerts").text
    assert "Declared footprints that need a look" not in client.get("/console").text


def test_a_customers_number_is_recorded_once_and_removed(app: FastAPI, client: TestClient, sign_in: SignIn, form: Form) -> None:
    sign_in(Role.SALES)
    with app.state.database.writing() as session:
        ids = {"product_id": str(a_product(session).id), "customer_id": str(an_organisation(session).id)}

    for number in ("P-1", "P-2"):
        client.post("/console/part-numbers", data=form(**ids, part_no=number))
    with app.state.database.reading() as session:
        (found,) = session.exec(select(CustomerPartNumber.id, CustomerPartNumber.part_no)).all()

    assert found.part_no == "P-2"
    client.post(f"/console/part-numbers/{found.id}/delete", data=form())
    assert "P-2" not in client.get("/console/part-numbers").text


def test_an_unknown_customer_is_refused_beside_the_field(app: FastAPI, client: TestClient, sign_in: SignIn, form: Form) -> None:
    sign_in(Role.SALES)
    with app.state.database.writing() as session:
        product_id = str(a_product(session).id)

    typed = form(product_id=product_id, customer_id=str(uuid.uuid4()), part_no="P-1")

    assert client.post("/console/part-numbers", data=typed).status_code == 422


def test_a_product_is_described_without_making_its_footprints_out_of_date(
    app: FastAPI, client: TestClient, sign_in: SignIn, form: Form
) -> None:
    sign_in(Role.ENGINEER)
    with app.state.database.writing() as session:
        product = a_product(session)
    typed = form(hs="3801.10", cpc="37990", others="urn:eclass:21051001", quality_d50="15,2", description_en="Powder")

    answer = client.post(f"/console/products/{product.id}/description", data=typed)

    assert answer.status_code == 303
    with app.state.database.reading() as session:
        found = session.get_one(Product, product.id)
        assert found.classifications == [
            "urn:pact:productclassification:un-cpc:37990",
            "urn:pact:productclassification:hs:380110",
            "urn:eclass:21051001",
        ]
        assert found.quality == {"d50": {"value": "15.2", "unit": "µm"}}
        assert found.version == product.version
    assert "15.2 µm" in client.get(f"/console/products/{product.id}").text


WRONG = {"hs": "38", "cpc": "abc", "others": "not a urn", "quality_first_capacity": "400", "quality_ph": "x"}


@pytest.mark.parametrize("name", WRONG)
def test_what_can_not_be_is_refused_beside_its_field(
    app: FastAPI, client: TestClient, sign_in: SignIn, form: Form, name: str
) -> None:
    sign_in(Role.ENGINEER)
    with app.state.database.writing() as session:
        product = a_product(session)

    answer = client.post(f"/console/products/{product.id}/description", data=form(**{name: WRONG[name]}))

    assert answer.status_code == 422
    assert f'href="#field-{name}"' in answer.text
    assert WRONG[name] in answer.text


def test_who_was_slower_is_told(app: FastAPI, client: TestClient, sign_in: SignIn, form: Form) -> None:
    sign_in(Role.ENGINEER)
    with app.state.database.writing() as session:
        product = a_product(session)

    answer = client.post(f"/console/products/{product.id}/description", data=form(hs="380110", seen="0" * 64))

    assert answer.status_code == 409
