"""What can be done where the figure is typed: save it alone, say how it is known, attach a bill, talk with the contact."""

import re

import httpx
import pytest
from fastapi import FastAPI
from sqlmodel import select
from starlette.testclient import TestClient

from service.submissions import queries
from service.submissions.models import EvidenceKind, Submission
from service.submissions.threads import comment
from tests.portal.visits import HIDDEN, Invited, enter, invite, send, words
from tests.submissions.builders import NOW, REVIEWER

PDF = b"%PDF-1.7 bill"
GAS = {"natural_gas": "7", "natural_gas_unit": "万Nm3"}


@pytest.fixture
def invited(app: FastAPI, client: TestClient) -> Invited:
    found = invite(app)
    enter(client, found)
    return found


def save(client: TestClient, page: str, values: dict[str, str]) -> httpx.Response:
    """Save single answers as the page's script does."""
    token = dict(HIDDEN.findall(client.get(page).text))["csrf_token"]
    return client.post(f"{page}/save", data={"csrf_token": token, **values}, headers={"accept": "application/json"})


def attach(client: TestClient, page: str, values: dict[str, str], **files: bytes) -> httpx.Response:
    hidden = dict(HIDDEN.findall(client.get(page).text))
    uploads = [(name, ("bill.pdf", content, "application/pdf")) for name, content in files.items()]
    return client.post(f"{page}/attach", data={**hidden, **values}, files=uploads)


def test_one_answer_is_saved_alone_and_comes_back_converted_with_a_new_stamp(client: TestClient, invited: Invited) -> None:
    saved = save(client, f"{invited.home}/fuels", GAS).json()

    assert saved["saved"] == "Saved 10:00"
    assert saved["progress"] == {"answered": 1, "label": "1 of 12 answered"}
    field = saved["fields"]["natural_gas"]
    assert (field["converted"], field["error"]) == ("= 70,000 Nm³".removeprefix("= "), None)
    assert f'name="natural_gas_stamp" value="{field["stamp"]}"' in client.get(f"{invited.home}/fuels").text


def test_an_answer_saved_alone_that_cannot_be_read_is_kept_with_its_message(client: TestClient, invited: Invited) -> None:
    saved = save(client, f"{invited.home}/fuels", {**GAS, "natural_gas": "12,5"}).json()

    assert "can be read in two ways" in saved["fields"]["natural_gas"]["error"]
    assert 'value="12,5"' in client.get(f"{invited.home}/fuels").text


def test_what_cannot_be_stored_is_refused_by_field_for_the_script_to_say_so(client: TestClient, invited: Invited) -> None:
    refused = save(client, f"{invited.home}/fuels", {**GAS, "natural_gas": "1" * 201})

    assert refused.status_code == 422
    assert [one["field"] for one in refused.json()["errors"]] == ["natural_gas"]


def test_an_ended_session_answers_a_script_in_its_own_words(client: TestClient, invited: Invited) -> None:
    client.cookies.clear()

    refused = client.post(f"{invited.home}/fuels/save", data=GAS, headers={"accept": "application/json"})

    assert refused.status_code in {401, 403}
    assert refused.headers["content-type"].startswith("application/problem+json")


def test_an_estimate_is_said_beside_not_knowing(app: FastAPI, client: TestClient, invited: Invited) -> None:
    page = f"{invited.home}/fuels"

    send(client, page, {**GAS, "natural_gas_absent": "estimated", "natural_gas_note": "From the burner's hours"})

    with app.state.database.reading() as session:
        answer = queries.answers_of(session, invited.submission.id)["natural_gas"]
        assert (answer.evidence_kind, answer.absent, answer.value) == (EvidenceKind.ESTIMATED, None, 70_000)
    assert re.search(r'name="natural_gas_absent" type="radio" value="estimated" checked', client.get(page).text)


def test_a_bill_is_attached_where_the_figure_is_typed_and_the_figure_is_saved_with_it(client: TestClient, invited: Invited) -> None:
    response = attach(client, f"{invited.home}/fuels", {**GAS, "attach": "natural_gas"}, natural_gas_files=PDF)

    assert response.headers["location"] == f"{invited.home}/fuels#field-natural_gas"
    page = client.get(f"{invited.home}/fuels")
    assert "Attached: bill.pdf" in words(page)
    assert 'value="7"' in page.text


def test_a_file_attached_before_can_back_another_figure_too(app: FastAPI, client: TestClient, invited: Invited) -> None:
    attach(client, f"{invited.home}/fuels", {"attach": "natural_gas"}, natural_gas_files=PDF)
    with app.state.database.reading() as session:
        [file_id] = [one.id for one in queries.evidence_of(session, invited.submission.id)]

    attach(client, f"{invited.home}/furnace", {"attach": "charge_in", "charge_in_attached": str(file_id)})

    assert "Attached: bill.pdf" in words(client.get(f"{invited.home}/furnace"))


def test_pressing_attach_without_a_file_loses_nothing(client: TestClient, invited: Invited) -> None:
    response = attach(client, f"{invited.home}/fuels", {**GAS, "attach": "natural_gas"})

    assert response.status_code == 422
    assert "Choose a file first." in words(response)
    assert 'value="7"' in response.text


def test_a_file_chosen_but_not_sent_is_mentioned(client: TestClient, invited: Invited) -> None:
    response = send(client, f"{invited.home}/fuels", {**GAS, "natural_gas_files": "bill.pdf", "then": "next"})

    assert response.headers["location"] == f"{invited.home}/fuels"
    assert "The file you chose is not attached yet" in words(client.get(f"{invited.home}/fuels"))


def test_a_question_to_the_contact_and_the_answer_stand_beside_the_field(
    app: FastAPI, client: TestClient, invited: Invited
) -> None:
    page = f"{invited.home}/fuels"
    send(client, page, {"natural_gas_comment": "Also the canteen?"})
    with app.state.database.writing() as session:
        submission = session.exec(select(Submission).where(Submission.id == invited.submission.id)).one()
        comment(session, submission, field="natural_gas", text="No, only the furnace", from_supplier=False, by=REVIEWER, at=NOW)

    text = words(client.get(page))

    assert "Your contact asks: No, only the furnace" in text
    assert "Also the canteen? Somebody with the link, 2026-11-22 10:00" in text
    with app.state.database.reading() as session:
        asked, answered = queries.comments_of(session, invited.submission.id)
        assert (asked.is_open, answered.is_open) == (False, True)


def test_the_same_words_sent_twice_are_said_once(app: FastAPI, client: TestClient, invited: Invited) -> None:
    for _ in range(2):
        send(client, f"{invited.home}/fuels", {"natural_gas_comment": "Also the canteen?"})

    with app.state.database.reading() as session:
        assert len(queries.comments_of(session, invited.submission.id)) == 1
