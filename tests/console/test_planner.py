"""The planner's page: who reads it, who asks by it, and what comes back when something is wrong."""

from collections.abc import Callable

import pytest
from fastapi import FastAPI
from sqlmodel import select
from starlette.testclient import TestClient

from service.accounts.models import Role
from service.products.models import Product, Production
from service.submissions.models import Submission, SubmissionStatus
from tests import builders
from tests.builders import PERIOD
from tests.conftest import SignIn
from tests.footprints.builders import a_record, a_toll_product, a_toll_supplier

Form = Callable[..., dict[str, str]]
DATES = {"period_start": "2025-01-01", "period_end": "2025-12-31", "deadline": "2026-12-20"}


@pytest.fixture
def product(app: FastAPI) -> Product:
    """A product of one silent toll plant, calculated."""
    with app.state.database.writing() as session:
        supplier = a_toll_supplier(session)
        product = a_toll_product(session, builders.a_product(session, grade="AG-9"), supplier)
        session.add(Production(product_id=product.id, period_start=PERIOD[0], period_end=PERIOD[1], output_t=10.0))
        a_record(session, product)
        session.refresh(product)
        session.expunge_all()
    return product


def chosen(client: TestClient) -> str:
    """Return the first question that can be chosen on the page."""
    page = client.get("/console/planner").text
    return page.split('name="ask" value="', 1)[1].split('"', 1)[0]


@pytest.mark.parametrize("role", [Role.ENGINEER, Role.REVIEWER, Role.AUDITOR])
def test_the_footprint_team_reads_the_plan(client: TestClient, sign_in: SignIn, product: Product, role: Role) -> None:
    sign_in(role)

    everything, one = client.get("/console/planner"), client.get(f"/console/planner?product_id={product.id}")

    assert (everything.status_code, one.status_code) == (200, 200)
    assert "Mengtan Toll" in everything.text
    assert "Electricity of the furnaces" in one.text
    assert ('name="ask"' in one.text) == (role is Role.ENGINEER)


@pytest.mark.parametrize("role", [Role.PROCUREMENT, Role.SALES])
def test_who_must_not_see_what_goes_in_does_not_see_the_plan(client: TestClient, sign_in: SignIn, role: Role) -> None:
    sign_in(role)

    assert client.get("/console/planner").status_code == 403


def test_a_chosen_row_becomes_a_planned_request(
    app: FastAPI, client: TestClient, sign_in: SignIn, form: Form, product: Product
) -> None:
    del product
    sign_in(Role.ENGINEER)

    answer = client.post("/console/planner", data=form(**DATES, ask=chosen(client)))

    assert answer.status_code == 303
    assert answer.headers["location"] == "/console/requests?status=planned"
    with app.state.database.reading() as session:
        made = session.exec(select(Submission)).one()
        assert made.status is SubmissionStatus.PLANNED
        assert "matter most" in (made.message or "")


def test_a_second_request_for_the_same_period_is_refused_with_the_reason(
    client: TestClient, sign_in: SignIn, form: Form, product: Product
) -> None:
    del product
    sign_in(Role.ENGINEER)
    values = form(**DATES, ask=chosen(client))
    client.post("/console/planner", data=values)

    again = client.get(client.post("/console/planner", data=values).headers["location"])

    assert "0 requests are planned" in again.text
    assert "There is an open request" in again.text


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"ask": ""}, "Choose at least one question"),
        ({"deadline": "2020-01-01"}, "has passed"),
        ({"ask": "nobody:kwh"}, "is no question of this page"),
        ({"period_end": "soon"}, "is not a date"),
    ],
)
@pytest.mark.usefixtures("product")
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    client: TestClient, sign_in: SignIn, form: Form, changed: dict[str, str], words: str
) -> None:
    sign_in(Role.ENGINEER)

    question = chosen(client)
    answer = client.post("/console/planner", data=form(**{**DATES, "ask": question, **changed}))

    assert answer.status_code == 422
    assert words in answer.text
    assert f'value="{changed.get("deadline", DATES["deadline"])}"' in answer.text
    assert (f'value="{question}" checked' in answer.text) == ("ask" not in changed)


def test_an_unknown_product_is_not_there(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.ENGINEER)

    assert client.get("/console/planner?product_id=01a20550-699f-72f5-9eaf-9ddd8d2e8f5c").status_code == 404


def test_without_footprints_the_page_says_what_to_do(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.ENGINEER)

    assert "Calculate a footprint first" in client.get("/console/planner").text
