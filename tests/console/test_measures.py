"""The pages on measures, through the real application: what is typed comes back, who may approve, what each page says."""

import uuid
from collections.abc import Callable

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from service.accounts.models import Role
from service.measures.models import MeasureStatus
from service.measures.operations import move_measure
from service.measures.queries import get_measure, measures_of
from tests.builders import NOW
from tests.conftest import RunJobs, SignIn
from tests.measures.builders import ENGINEER, YEAR, a_made_product, a_measure

PATH = "/console/plan/measures"
Form = Callable[..., dict[str, str]]


@pytest.fixture
def measure_id(app: FastAPI) -> uuid.UUID:
    """A measure of somebody else on a product, assessed."""
    with app.state.database.writing() as session:
        measure = a_measure(
            session,
            a_made_product(session),
            name_en="Better insulation",
            plan_items=["task_02"],
            capex_cny={YEAR: 12e6},
            savings_cny=1.5e6,
        )
        move_measure(session, measure.id, MeasureStatus.ASSESSED, version=1, by=ENGINEER, at=NOW)
        return measure.id


def typed(product_id: object, **fields: str) -> dict[str, str]:
    return {
        "name_zh": "连续炉",
        "name_en": "Continuous furnaces",
        "reasoning": "Trial of 2025",
        "evidence": "Offer A-17",
        "lever": "furnace",
        "product_ids": str(product_id),
        "parameters": "furnace = continuous",
        "begins": "2027",
        "earliest": "2027",
        "lifetime_years": "12",
        "trl": "8",
        "curve": "linear",
        "uptake_years": "3",
        "capex_cny": "2027 = 12000000\n2028 = 3000000",
        **fields,
    }


def test_a_measure_is_typed_in_and_shown_with_its_effect(app: FastAPI, client: TestClient, sign_in: SignIn, form: Form) -> None:
    with app.state.database.writing() as session:
        product = a_made_product(session).id
    sign_in(Role.ENGINEER)

    made = client.post(PATH, data=form(**typed(product)))

    assert made.status_code == 303
    page = client.get(made.headers["location"].partition("?")[0] + "?year=2028").text
    assert "Continuous furnaces" in page
    assert "furnace" in page
    with app.state.database.reading() as session:
        (measure,) = measures_of(session)
        assert measure.content.capex_cny == {2027: 12e6, 2028: 3e6}
        assert measure.content.parameters == {"furnace": "continuous"}


def test_a_form_that_is_refused_gives_back_everything_typed(app: FastAPI, client: TestClient, sign_in: SignIn, form: Form) -> None:
    with app.state.database.writing() as session:
        product = a_made_product(session).id
    sign_in(Role.ENGINEER)
    refusals = [
        ("parameters", "furnace continuous", "not of the form"),
        ("parameters", "no_such_thing = 3", "no_such_thing"),
        ("capex_cny", "soon = 12", "not a year with a number"),
        ("trl", "12", "at most 9"),
    ]
    for name, value, message in refusals:
        answer = client.post(PATH, data=form(**typed(product, **{name: value})))

        assert answer.status_code == 422
        assert message in answer.text
        assert "Trial of 2025" in answer.text
        assert f'value="{product}" checked' in answer.text
        assert value in answer.text


def test_the_list_says_what_all_measures_avoid_together(client: TestClient, sign_in: SignIn, measure_id: uuid.UUID) -> None:
    sign_in(Role.COMMITTEE)

    page = client.get(f"{PATH}?year={YEAR}").text

    assert "Avoided together" in page
    assert "Better insulation" in page
    assert f"{PATH}/{measure_id}" in page


def test_the_committee_approves_and_an_engineer_does_not(
    app: FastAPI, client: TestClient, sign_in: SignIn, form: Form, measure_id: uuid.UUID
) -> None:
    sign_in(Role.ENGINEER)
    refused = client.post(f"{PATH}/{measure_id}/move", data=form(status="approved", version="1"))
    forbidden = client.post(f"{PATH}/{measure_id}/approve", data=form(status="approved", version="1"))
    sign_in(Role.COMMITTEE)
    approved = client.post(f"{PATH}/{measure_id}/approve", data=form(status="approved", version="1"))

    assert (refused.status_code, forbidden.status_code, approved.status_code) == (409, 403, 303)
    with app.state.database.reading() as session:
        assert get_measure(session, measure_id).status is MeasureStatus.APPROVED


def test_the_cost_curve_ranks_a_measure_that_pays_by_its_worth(
    app: FastAPI, client: TestClient, sign_in: SignIn, measure_id: uuid.UUID
) -> None:
    with app.state.database.writing() as session:
        product = get_measure(session, measure_id).content.product_ids[0]
        a_measure(session, lever="furnace", product_ids=[product], parameters={"furnace": "continuous"}, savings_cny=1e6)
    sign_in(Role.AUDITOR)

    page = client.get(f"{PATH}/macc?year={YEAR}").text

    assert "Net present value" in page
    assert "Cost of a tonne" in page
    assert "<rect" in page


def test_a_plan_is_asked_for_and_answered(
    client: TestClient, sign_in: SignIn, form: Form, measure_id: uuid.UUID, run_jobs: RunJobs
) -> None:
    sign_in(Role.ENGINEER)
    asked = client.post(
        f"{PATH}/plan",
        data=form(
            first_year=str(YEAR), last_year=str(YEAR + 4), required_t=f"{YEAR} = 1", budget_cny=f"{YEAR} = 20000000", rate="0.08"
        ),
    )
    waiting = client.get(asked.headers["location"].partition("?")[0]).text
    run_jobs()
    answered = client.get(asked.headers["location"].partition("?")[0]).text

    assert "being worked out" in waiting
    assert "All targets are met at least cost" in answered
    assert f"{PATH}/{measure_id}" in answered


def test_a_question_that_is_refused_gives_back_what_was_typed(client: TestClient, sign_in: SignIn, form: Form) -> None:
    sign_in(Role.ENGINEER)

    answer = client.post(
        f"{PATH}/plan", data=form(first_year="2027", last_year="2030", required_t="2045 = 7000", budget_cny="x", rate="0.08")
    )

    assert answer.status_code == 422
    assert "2045 = 7000" in answer.text


def test_only_approvers_set_the_carbon_price(client: TestClient, sign_in: SignIn, form: Form) -> None:
    sign_in(Role.ENGINEER)
    price = {"steps": "2026 = 100\n2030 = 200", "discount_rate": "0.07", "source": "Minutes of the committee"}
    forbidden = client.post(f"{PATH}/investments/prices", data=form(**price))
    sign_in(Role.COMMITTEE)
    unset = client.get(f"{PATH}/investments").text
    done = client.post(f"{PATH}/investments/prices", data=form(**price))

    assert (forbidden.status_code, done.status_code) == (403, 303)
    assert "Not defined in the plan" in unset
    assert "Minutes of the committee" in client.get(f"{PATH}/investments").text


def test_every_page_stands_empty(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.ENGINEER)

    answers = {
        page: client.get(f"{PATH}{page}").status_code for page in ("", "/new", "/macc", "/plan", "/investments", "/technology")
    }

    assert set(answers.values()) == {200}


def test_who_does_not_read_the_plan_sees_no_measure(client: TestClient, sign_in: SignIn, measure_id: uuid.UUID) -> None:
    for role in (Role.PROCUREMENT, Role.SALES, Role.SUPPLIER, Role.EMPLOYEE):
        sign_in(role)

        assert client.get(f"{PATH}/{measure_id}").status_code in {403, 404}
