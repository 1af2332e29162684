import re

import pytest
from fastapi import FastAPI
from sqlmodel import select
from starlette.testclient import TestClient

from service.submissions.models import Submission, SubmissionStatus
from tests.portal.visits import HIDDEN, Invited, answer_everything, enter, invite, send, words


@pytest.fixture
def invited(app: FastAPI, client: TestClient) -> Invited:
    found = invite(app)
    enter(client, found)
    return found


def submission_of(app: FastAPI) -> Submission:
    with app.state.database.writing() as session:
        return session.exec(select(Submission)).one()


def test_an_empty_questionnaire_says_what_is_missing_with_a_way_there(client: TestClient, invited: Invited) -> None:
    page = client.get(f"{invited.home}/check")

    assert f'href="{invited.home}/furnace#field-product_out"' in page.text
    assert "Correct the first one" in words(page)
    assert 'form="hand-in"' not in page.text


def test_the_next_step_is_the_first_screen_with_something_to_answer_and_then_the_check(
    client: TestClient, invited: Invited
) -> None:
    before = client.get(invited.home).text
    answer_everything(client, invited)
    send(client, f"{invited.home}/electricity", {"furnace_electricity": "1200", "furnace_electricity_unit": "万kWh"})
    after = client.get(invited.home).text

    assert f'class="button button-primary" href="{invited.home}/site">Start' in before
    assert f'class="button button-primary" href="{invited.home}/check">Check and hand in' in after  # a doubt is settled there


def test_handing_in_with_errors_changes_nothing(app: FastAPI, client: TestClient, invited: Invited) -> None:
    send(client, f"{invited.home}/fuels", {"natural_gas": "0", "natural_gas_unit": "Nm3"})

    response = send(client, f"{invited.home}/check", {})

    assert response.status_code == 422
    assert submission_of(app).status == SubmissionStatus.IN_PROGRESS


def test_plausible_answers_give_a_receipt_that_can_be_kept(app: FastAPI, client: TestClient, invited: Invited) -> None:
    answer_everything(client, invited)
    assert "Everything asked for is answered" in words(client.get(f"{invited.home}/check"))

    response = send(client, f"{invited.home}/check", {})

    assert response.headers["location"] == f"{invited.home}/receipt"
    submission = submission_of(app)
    text = words(client.get(f"{invited.home}/receipt"))
    for expected in (
        f"Receipt {submission.receipt_no}",
        submission.answers_sha256,
        "2026-11-22 10:00",
        "912 ×10⁴ kWh",
        "Box furnace",
    ):
        assert str(expected) in text


def test_sending_the_same_form_twice_hands_in_once(app: FastAPI, client: TestClient, invited: Invited) -> None:
    answer_everything(client, invited)
    form = dict(HIDDEN.findall(client.get(f"{invited.home}/check").text))

    first = client.post(f"{invited.home}/check", data=form)
    second = client.post(f"{invited.home}/check", data=form)

    assert first.headers["location"] == second.headers["location"]
    assert second.headers["idempotency-replayed"] == "true"
    assert (submission_of(app).receipt_no or "").endswith("-1")


def test_there_is_no_receipt_before_handing_in(client: TestClient, invited: Invited) -> None:
    assert client.get(f"{invited.home}/receipt").status_code == 404


def test_a_doubt_is_confirmed_with_a_reason(app: FastAPI, client: TestClient, invited: Invited) -> None:
    answer_everything(client, invited)
    send(client, f"{invited.home}/electricity", {"furnace_electricity": "1200", "furnace_electricity_unit": "万kWh"})
    name = "reason.furnace_electricity.outside_furnace_range"

    without = send(client, f"{invited.home}/check", {name: ""})
    assert without.status_code == 422
    assert "Say why this is right, or correct the figure." in words(without)

    response = send(client, f"{invited.home}/check", {name: "Old furnaces"})
    assert response.status_code == 303
    assert submission_of(app).status == SubmissionStatus.SUBMITTED


def test_reasons_survive_going_back_to_correct_something_else(client: TestClient, invited: Invited) -> None:
    answer_everything(client, invited)
    send(client, f"{invited.home}/electricity", {"furnace_electricity": "1200", "furnace_electricity_unit": "万kWh"})
    name = "reason.furnace_electricity.outside_furnace_range"

    send(client, f"{invited.home}/check", {name: "Old furnaces"}, action=f"{invited.home}/reasons")
    send(client, f"{invited.home}/site", {"product_output": "13,000", "product_output_unit": "t"})

    page = client.get(f"{invited.home}/check").text
    assert re.search(rf'name="{re.escape(name)}"[^>]*>\s*Old furnaces</textarea>', page)


def test_typed_reasons_come_back_when_handing_in_is_refused(client: TestClient, invited: Invited) -> None:
    answer_everything(client, invited)
    send(client, f"{invited.home}/electricity", {"furnace_electricity": "1200", "furnace_electricity_unit": "万kWh"})
    send(client, f"{invited.home}/fuels", {"natural_gas": ""})

    response = send(client, f"{invited.home}/check", {"reason.furnace_electricity.outside_furnace_range": "Old <furnaces>"})

    assert response.status_code == 422
    assert "Old &lt;furnaces&gt;" in response.text
