"""A colleague by link: sees and answers what was sent, and nothing else exists for them."""

import re
import uuid

import pytest
from fastapi import FastAPI
from sqlmodel import select
from starlette.testclient import TestClient

from service.audit.queries import find_events
from service.submissions import operations, queries
from service.submissions.delegation_queries import delegations_of
from service.submissions.models import Delegation, Submission
from tests.portal.visits import PIN, Invited, answer_everything, enter, invite, send, words
from tests.submissions.builders import NOW

LINK = re.compile(r'id="colleague-link" type="text" value="[^"]*(/c/[^"]+)"')
DENIED = ("check", "receipt", "evidence", "decline", "colleagues", "workbook", "electricity")


@pytest.fixture
def invited(app: FastAPI, client: TestClient) -> Invited:
    found = invite(app)
    enter(client, found)
    return found


def ask(client: TestClient, invited: Invited, *parts: str, name: str = "Li Na") -> str:
    """Send parts of a questionnaire to a colleague and return the link without the host."""
    values = {"fields": list(parts), "colleague": name, "message": "You have the gas bill"}
    page = send(client, f"{invited.home}/colleagues", values)  # type: ignore[arg-type] # several fields of one name
    found = LINK.search(page.text)
    assert found is not None, words(page)
    return found[1]


def come(client: TestClient, link: str, pin: str = PIN) -> None:
    """Come as the colleague, at another browser."""
    client.cookies.clear()
    assert send(client, link, {"pin": pin}).status_code == 303


def stored(app: FastAPI, invited: Invited, field: str) -> tuple[str, str]:
    with app.state.database.reading() as session:
        answer = queries.answers_of(session, invited.submission.id)[field]
        return answer.entered, answer.typed_by


def test_a_colleague_sees_and_answers_the_part_that_was_sent(app: FastAPI, client: TestClient, invited: Invited) -> None:
    link = ask(client, invited, "group:fuels")
    client.cookies.clear()

    preview = words(client.get(link))
    come(client, link)
    home = client.get(invited.home)
    response = send(client, f"{invited.home}/fuels", {"natural_gas": "7", "natural_gas_unit": "万Nm3", "then": "next"})

    assert "You have the gas bill" in preview
    assert "Natural gas" in preview
    assert f"{invited.home}/fuels" in home.text
    assert f"{invited.home}/site" not in home.text
    assert response.headers["location"] == invited.home
    assert "these are all the questions sent to you" in words(client.get(invited.home))
    entered, typed_by = stored(app, invited, "natural_gas")
    assert (entered, typed_by.partition(":")[0]) == ("7", "delegation")


@pytest.mark.parametrize("page", DENIED)
def test_nothing_else_of_the_questionnaire_exists_for_a_colleague(client: TestClient, invited: Invited, page: str) -> None:
    come(client, ask(client, invited, "group:fuels"))

    assert client.get(f"{invited.home}/{page}").status_code == 404


def test_a_colleague_can_neither_hand_in_nor_use_the_programs_door(app: FastAPI, client: TestClient, invited: Invited) -> None:
    answer_everything(client, invited)
    come(client, ask(client, invited, "group:fuels"))
    token = client.get(invited.home).text.split('name="csrf_token" value="')[1].split('"')[0]

    assert client.post(f"{invited.home}/check", data={"csrf_token": token}).status_code == 404
    assert client.get(f"/api/v1/submissions/{invited.submission.id}").status_code == 404
    with app.state.database.reading() as session:
        assert session.get_one(Submission, invited.submission.id).status == "in_progress"


def test_a_colleague_learns_no_figure_of_others_from_a_doubt(client: TestClient, invited: Invited) -> None:
    send(client, f"{invited.home}/furnace", {"furnace_type": "box", "product_out": "80", "product_out_unit": "t"})
    electricity = {"furnace_electricity": "1,250,000", "furnace_electricity_unit": "kWh"}
    send(client, f"{invited.home}/electricity", electricity)
    for_the_sender = words(client.get(f"{invited.home}/electricity"))

    come(client, ask(client, invited, "group:electricity"))

    assert "80 t" in for_the_sender
    assert "80 t" not in words(client.get(f"{invited.home}/electricity"))


def test_one_question_alone_can_be_sent(client: TestClient, invited: Invited) -> None:
    come(client, ask(client, invited, "field:charge_in"))

    page = client.get(f"{invited.home}/furnace")

    assert 'name="charge_in"' in page.text
    assert 'name="product_out"' not in page.text


def test_what_was_not_sent_cannot_be_written_either(app: FastAPI, client: TestClient, invited: Invited) -> None:
    come(client, ask(client, invited, "field:charge_in"))

    both = {"charge_in": "990", "charge_in_unit": "t", "product_out": "1", "product_out_unit": "t"}
    send(client, f"{invited.home}/furnace", both)

    with app.state.database.reading() as session:
        assert set(queries.answers_of(session, invited.submission.id)) == {"charge_in"}


def test_the_sender_sees_who_answered_what(client: TestClient, invited: Invited) -> None:
    link = ask(client, invited, "group:fuels")
    come(client, link)
    send(client, f"{invited.home}/fuels", {"natural_gas": "7", "natural_gas_unit": "万Nm3"})
    client.cookies.clear()
    enter(client, invited)

    colleagues, field = words(client.get(f"{invited.home}/colleagues")), words(client.get(f"{invited.home}/fuels"))

    assert "Li Na Natural gas 1 of 1 answered" in colleagues
    assert "answered by Li Na: 1" in colleagues
    assert "Answered by Li Na" in field


def test_an_ended_link_opens_nothing_and_its_session_is_over(client: TestClient, app: FastAPI, invited: Invited) -> None:
    link = ask(client, invited, "group:fuels")
    come(client, link)
    at_the_colleagues = dict(client.cookies)
    client.cookies.clear()
    enter(client, invited)
    with app.state.database.reading() as session:
        [sent] = [one.id for one in delegations_of(session, invited.submission.id)]
    send(client, f"{invited.home}/colleagues", {}, action=f"{invited.home}/colleagues/{sent}/revoke")

    assert client.get(link).status_code == 404
    assert "Li Na" not in words(client.get(f"{invited.home}/colleagues"))
    client.cookies.clear()
    client.cookies.update(at_the_colleagues)
    assert client.get(f"{invited.home}/fuels").status_code in {303, 401}


def test_declining_ends_the_links_of_colleagues_too(app: FastAPI, client: TestClient, invited: Invited) -> None:
    link = ask(client, invited, "group:fuels")
    with app.state.database.writing() as session:
        submission = session.get_one(Submission, invited.submission.id)
        operations.decline(session, submission, reason="Closed", by="user:someone", at=NOW)

    assert client.get(link).status_code == 404


def test_another_suppliers_delegation_cannot_be_ended(app: FastAPI, client: TestClient, invited: Invited) -> None:
    ask(client, invited, "group:fuels")
    with app.state.database.reading() as session:
        [sent] = [one.id for one in delegations_of(session, invited.submission.id)]
    own = invite(app)
    client.cookies.clear()
    enter(client, own)

    response = send(client, f"{own.home}/colleagues", {}, action=f"{own.home}/colleagues/{sent}/revoke")

    assert response.status_code == 404
    with app.state.database.reading() as session:
        assert len(delegations_of(session, invited.submission.id)) == 1


def test_the_link_is_stored_only_as_a_hash_and_each_step_is_on_record(app: FastAPI, client: TestClient, invited: Invited) -> None:
    link = ask(client, invited, "group:fuels")
    come(client, link)

    with app.state.database.reading() as session:
        [sent] = session.exec(select(Delegation)).all()
        events = {event.action for event in find_events(session, object_type="delegation", object_id=sent.id, limit=9)}
    assert link.rpartition("/")[2] not in repr(sent.model_dump())
    assert events == {"delegation_issued", "delegation_entered"}


def test_a_wrong_pin_does_not_open_a_colleagues_link(client: TestClient, invited: Invited) -> None:
    link = ask(client, invited, "group:fuels")
    come(client, link)
    client.cookies.clear()

    response = send(client, link, {"pin": "739105"})

    assert response.status_code == 422
    assert "739105" not in response.text
    assert client.get(invited.home).status_code == 303


def test_sending_nothing_or_to_nobody_says_what_is_missing(client: TestClient, invited: Invited) -> None:
    response = send(client, f"{invited.home}/colleagues", {"fields": f"field:{uuid.uuid4()}", "colleague": " ", "message": "Kept"})

    assert response.status_code == 422
    assert "Choose at least one question." in words(response)
    assert "Say who this is for" in words(response)
    assert "Kept" in response.text
