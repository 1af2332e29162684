import re
import uuid
from datetime import timedelta

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from service.submissions import operations
from service.submissions.answers import Entry
from service.submissions.models import Depth
from service.submissions.questionnaire import groups_for
from service.suppliers.models import SupplierType
from tests.conftest import MovableClock
from tests.portal.visits import Invited, answer_everything, enter, invite, send, words
from tests.submissions.builders import NOW, REVIEWER, an_accepted

FURNACE = {"furnace_type": "box", "product_out": "960", "product_out_unit": "t"}


@pytest.fixture
def invited(app: FastAPI, client: TestClient) -> Invited:
    found = invite(app)
    enter(client, found)
    return found


def test_the_task_list_shows_progress_time_left_and_the_contact(client: TestClient, invited: Invited) -> None:
    text = words(client.get(invited.home))

    assert "0 of 12 answered" in text  # of 15 questions three may be left out
    assert "About 24 minutes are left." in text
    assert "Chen Yu" in text
    assert text.count("Not started") == 7  # six screens and the evidence files

    send(client, f"{invited.home}/fuels", {"natural_gas": "0", "natural_gas_unit": "Nm3"})

    text = words(client.get(invited.home))
    assert "1 of 12 answered" in text
    assert "Done" in text


def test_a_figure_is_saved_and_shown_converted(client: TestClient, invited: Invited) -> None:
    response = send(client, f"{invited.home}/electricity", {"furnace_electricity": "1,235.5", "furnace_electricity_unit": "万kWh"})

    assert (response.status_code, response.headers["location"]) == (303, f"{invited.home}/electricity")
    page = client.get(f"{invited.home}/electricity")
    assert 'value="1,235.5"' in page.text
    assert "= 12,355,000 kWh" in words(page)
    assert "Saved 2026-11-22 10:00" in words(page)


def test_each_unit_carries_its_exact_factor_for_the_page_to_convert_while_typing(client: TestClient, invited: Invited) -> None:
    page = client.get(f"{invited.home}/electricity").text

    # 万kWh is 10 000 kWh; kWh itself is what the value is kept in, so there is nothing to convert.
    assert re.search(r'<option value="万kWh"[^>]* data-factor="10000" data-unit="kWh"', page)
    assert re.search(r'<option value="kWh"(?![^>]*data-factor)', page)


def test_a_page_that_could_not_be_stored_says_so_to_the_script(client: TestClient, invited: Invited) -> None:
    path = f"{invited.home}/electricity"

    refused = send(client, path, {"furnace_electricity": "1" * 201, "furnace_electricity_unit": "kWh"})

    assert refused.status_code == 422
    assert "data-unsaved" in refused.text
    assert "data-unsaved" not in client.get(path).text


def test_save_and_continue_leads_through_all_screens_to_the_evidence(client: TestClient, invited: Invited) -> None:
    path, seen = f"{invited.home}/site", []
    while not path.endswith("/evidence"):
        seen.append(path.rpartition("/")[2])
        path = send(client, path, {"then": "next"}).headers["location"]

    assert seen == [group.key for group in groups_for("TOLL", Depth.FIRST)]


def test_what_cannot_be_read_is_kept_with_its_message_beside_it(client: TestClient, invited: Invited) -> None:
    response = send(client, f"{invited.home}/furnace", {"charge_in": "12,5 or so", "charge_in_unit": "t", "then": "next"})

    assert response.headers["location"] == f"{invited.home}/furnace"  # not on to the next screen
    page = client.get(f"{invited.home}/furnace")
    assert 'value="12,5 or so"' in page.text
    assert 'id="error-charge_in"' in page.text
    assert 'href="#field-charge_in"' in page.text


def test_what_cannot_even_be_stored_comes_back_as_typed(client: TestClient, invited: Invited) -> None:
    response = send(client, f"{invited.home}/furnace", {"charge_in": "1" * 201, "product_out": "950", "product_out_unit": "kg"})

    assert response.status_code == 422
    assert "1" * 201 in response.text
    assert 'value="950"' in response.text
    assert "At most 200 characters" in words(response)


def test_a_doubt_stands_beside_its_field_with_the_arithmetic(client: TestClient, invited: Invited) -> None:
    send(client, f"{invited.home}/furnace", {"furnace_type": "box", "product_out": "80", "product_out_unit": "t"})
    send(client, f"{invited.home}/electricity", {"furnace_electricity": "1,250,000", "furnace_electricity_unit": "kWh"})

    english = words(client.get(f"{invited.home}/electricity"))
    chinese = words(client.get(f"{invited.home}/electricity?lang=zh-CN"))

    assert "1,250,000 kWh over Material returned 80 t is 15,625 kWh/t, outside the 7,500–11,500 kWh/t" in english
    assert "1,250,000 kWh 除以出料量 80 t 为 15,625 kWh/t，超出该炉型（箱体炉）7,500–11,500 kWh/t 的范围" in chinese


def test_not_knowing_needs_a_reason_and_is_then_an_answer(client: TestClient, invited: Invited) -> None:
    unknown = {"natural_gas": "", "natural_gas_absent": "unknown"}
    send(client, f"{invited.home}/fuels", unknown)
    without_reason = words(client.get(f"{invited.home}/fuels"))
    send(
        client,
        f"{invited.home}/fuels",
        {**unknown, "natural_gas_note": "The landlord pays"},
    )
    with_reason = words(client.get(f"{invited.home}/fuels"))

    assert "Say in the note why there is no value." in without_reason
    assert "Say in the note" not in with_reason
    assert "The landlord pays" in with_reason


def test_two_people_in_one_draft_lose_nothing(app: FastAPI, client: TestClient, invited: Invited) -> None:
    page = f"{invited.home}/furnace"
    shown = client.get(page)
    stamp = shown.text.split('name="charge_in_stamp" value="')[1].split('"')[0]
    with app.state.database.writing() as session:
        submission = session.get_one(operations.Submission, invited.submission.id)
        operations.save_draft(session, submission, {"charge_in": Entry(entered="100", unit="t")}, by=f"user:{uuid.uuid4()}", at=NOW)

    response = send(client, page, {"charge_in": "200", "charge_in_unit": "t", "charge_in_stamp": stamp})

    text = words(client.get(response.headers["location"]))
    assert "Somebody else had just changed this: Material received" in text
    assert "Two people answered differently. Which is right? 200 t Somebody with the link, 2026-11-22 10:00 100 t" in text
    assert "Two people answered differently" in words(client.get(invited.home))


def test_the_period_before_is_shown_beside_the_box(app: FastAPI, client: TestClient) -> None:
    invited = invite(app)
    with app.state.database.writing() as session:
        an_accepted(session, supplier=session.merge(invited.supplier), year=2024)
    enter(client, invited)

    text = words(client.get(f"{invited.home}/electricity"))

    assert "Last period: 9,120,000 kWh" in text
    assert "Last period: Provincial grid only" in text


def test_answers_handed_in_are_no_longer_typed_but_can_be_read(client: TestClient, invited: Invited) -> None:
    answer_everything(client, invited)
    send(client, f"{invited.home}/check", {})

    assert client.get(f"{invited.home}/site").status_code == 409
    overview = words(client.get(invited.home))
    assert "Thank you, your answers have arrived" in overview
    assert "Save and continue" not in overview


def test_the_reviewers_words_stand_on_top_and_beside_their_fields(app: FastAPI, client: TestClient, invited: Invited) -> None:
    answer_everything(client, invited)
    send(client, f"{invited.home}/check", {})
    with app.state.database.writing() as session:
        submission = session.get_one(operations.Submission, invited.submission.id)
        operations.start_review(session, submission, by=REVIEWER, at=NOW)
        comments = {"charge_in": "Is this dry mass?"}
        operations.return_to_supplier(session, submission, comments=comments, version=submission.version, by=REVIEWER, at=NOW)

    overview = client.get(invited.home)

    assert "Your contact has questions" in words(overview)
    assert f'href="{invited.home}/furnace#field-charge_in"' in overview.text
    assert "Your contact asks: Is this dry mass?" in words(client.get(f"{invited.home}/furnace"))


def test_a_question_of_the_reviewer_is_the_next_step_until_its_field_is_typed_again(
    app: FastAPI, client: TestClient, clock: MovableClock, invited: Invited
) -> None:
    answer_everything(client, invited)
    send(client, f"{invited.home}/check", {})
    with app.state.database.writing() as session:
        submission = session.get_one(operations.Submission, invited.submission.id)
        operations.start_review(session, submission, by=REVIEWER, at=NOW)
        comments = {"charge_in": "Is this dry mass?"}
        operations.return_to_supplier(session, submission, comments=comments, version=submission.version, by=REVIEWER, at=NOW)
    clock.move(timedelta(minutes=5))

    before = client.get(invited.home)
    send(client, f"{invited.home}/furnace", {"charge_in": "990", "charge_in_unit": "t", **FURNACE})
    after = client.get(invited.home)

    assert f'href="{invited.home}/furnace">Continue' in before.text
    assert words(before).count("Returned") == 2  # the questionnaire and the screen
    assert f'href="{invited.home}/check">Check and hand in' in after.text
    assert words(after).count("Returned") == 1


def test_declining_asks_why_and_closes_the_questionnaire(client: TestClient, invited: Invited) -> None:
    without_reason = send(client, f"{invited.home}/decline", {"reason": ""})
    with_reason = send(client, f"{invited.home}/decline", {"reason": "We are closing the plant"})

    assert without_reason.status_code == 422
    assert "Please say why" in words(without_reason)
    assert with_reason.headers["location"] == "/portal/return"
    assert client.get(invited.home).status_code == 303


@pytest.mark.parametrize("supplier_type", SupplierType)
def test_no_screen_has_the_address_of_another_page(supplier_type: SupplierType) -> None:
    fixed = {"check", "reasons", "receipt", "evidence", "decline"}

    assert fixed.isdisjoint(group.key for group in groups_for(supplier_type, Depth.FULL))


@pytest.mark.parametrize("lang", ["en", "zh-CN"])
@pytest.mark.parametrize("supplier_type", SupplierType)
def test_every_screen_of_every_supplier_type_can_be_shown(
    app: FastAPI, client: TestClient, supplier_type: SupplierType, lang: str
) -> None:
    invited = invite(app)
    with app.state.database.writing() as session:
        submission = session.get_one(operations.Submission, invited.submission.id)
        submission.supplier_type, submission.depth = supplier_type, Depth.FULL
    enter(client, invited)

    for group in groups_for(supplier_type, Depth.FULL):
        assert client.get(f"{invited.home}/{group.key}?lang={lang}").status_code == 200
