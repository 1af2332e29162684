from datetime import timedelta

import pytest
from fastapi import FastAPI
from sqlmodel import select
from starlette.testclient import TestClient

from service.accounts.models import LoginSession
from service.audit.models import AuditEvent
from service.submissions import operations
from service.submissions.models import Invitation, Submission, SubmissionStatus
from tests.conftest import MovableClock
from tests.portal.visits import PIN, enter, invite, send, words
from tests.submissions.builders import NOW


def status_of(app: FastAPI, submission: Submission) -> SubmissionStatus:
    with app.state.database.reading() as session:
        return SubmissionStatus(session.get_one(Submission, submission.id).status)


def events(app: FastAPI) -> int:
    with app.state.database.reading() as session:
        return len(session.exec(select(AuditEvent)).all())


def another_browser(app: FastAPI) -> TestClient:
    return TestClient(
        app, base_url="http://127.0.0.1:8000", follow_redirects=False, headers={"accept": "text/html", "accept-language": "en"}
    )


def test_looking_at_a_link_says_who_asks_what_and_changes_nothing(app: FastAPI, client: TestClient) -> None:
    invited = invite(app)
    before = events(app)

    for _ in range(3):  # mail scanners look too
        page = client.get(invited.path)

    text = words(page)
    assert page.status_code == 200
    for expected in (
        "Mengtan Toll",
        "2025-01-01 to 2025-12-31",
        "2026-12-31",
        "Please help us",
        "Chen Yu",
        "15 questions",
        "24 minutes for the 12 answers that are needed",
    ):
        assert expected in text
    assert "Choose a PIN" in text
    assert status_of(app, invited.submission) is SubmissionStatus.INVITED
    assert events(app) == before


def test_the_first_opening_chooses_a_pin_and_starts(app: FastAPI, client: TestClient) -> None:
    invited = invite(app)

    response = enter(client, invited)

    assert (response.status_code, response.headers["location"]) == (303, invited.home)
    assert client.get(invited.home).status_code == 200
    assert status_of(app, invited.submission) is SubmissionStatus.OPENED


def test_the_pin_is_stored_as_argon2_and_the_token_as_a_hash(app: FastAPI, client: TestClient) -> None:
    invited = invite(app)
    enter(client, invited)

    with app.state.database.writing() as session:
        invitation = session.exec(select(Invitation)).one()
        login = session.exec(select(LoginSession)).one()
    assert (invitation.pin_hash or "").startswith("$argon2id$")
    assert invited.path.removeprefix("/r/") not in str(invitation)
    assert (login.invitation_id, login.submission_id, login.user_id) == (invitation.id, invited.submission.id, None)


@pytest.mark.parametrize("pin", ["123456", "000000", "12345", "", "abc", "qwertyuiop123"])
def test_an_obvious_pin_is_refused_beside_its_field(app: FastAPI, client: TestClient, pin: str) -> None:
    invited = invite(app)

    response = enter(client, invited, pin)

    assert response.status_code == 422
    assert 'id="error-pin"' in response.text
    assert "Choose a PIN" in words(response)
    assert client.get(invited.home).status_code == 303  # nobody is signed in


def test_link_and_pin_open_it_again_on_another_device(app: FastAPI, client: TestClient) -> None:
    invited = invite(app)
    enter(client, invited)

    with another_browser(app) as phone:
        wrong = enter(phone, invited, "482914")
        right = enter(phone, invited, PIN)

    assert wrong.status_code == 422
    assert "This is not the PIN" in words(wrong)
    assert "482914" not in wrong.text
    assert right.status_code == 303


def test_who_was_second_to_choose_a_pin_is_asked_for_the_first_ones(app: FastAPI, client: TestClient) -> None:
    invited = invite(app)
    with another_browser(app) as second:
        page = second.get(invited.path)  # sees "Choose a PIN"
        enter(client, invited)
        token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
        response = second.post(invited.path, data={"csrf_token": token, "link": invited.path.removeprefix("/r/"), "pin": "777123"})

    assert response.status_code == 422
    assert "Your PIN" in words(response)


def test_pins_cannot_be_tried_without_end(app: FastAPI, client: TestClient) -> None:
    invited = invite(app)
    enter(client, invited)

    with another_browser(app) as stranger:
        outcomes = [enter(stranger, invited, f"48291{i % 10}7").status_code for i in range(12)]

    assert outcomes == [422] * 9 + [429] * 3  # ten tries per link in a quarter of an hour, one was the owner's


def test_tries_are_counted_by_the_link_itself(app: FastAPI, client: TestClient) -> None:
    invited, other = invite(app), invite(app)
    enter(client, invited)

    response = send(client, invited.path, {"pin": PIN, "link": other.path.removeprefix("/r/")})

    assert response.status_code == 404


def test_unknown_and_revoked_links_look_the_same(app: FastAPI, client: TestClient) -> None:
    invited = invite(app)
    with app.state.database.writing() as session:
        operations.revoke(session, session.get_one(Submission, invited.submission.id), by="user:e", at=NOW)

    revoked, unknown = client.get(invited.path), client.get("/r/" + "x" * 43)

    assert revoked.status_code == unknown.status_code == 404
    assert words(revoked) == words(unknown)
    assert "ask for a new link" in words(revoked)


def test_revoking_a_link_ends_the_session_it_opened(app: FastAPI, client: TestClient) -> None:
    invited = invite(app)
    enter(client, invited)

    with app.state.database.writing() as session:
        operations.revoke(session, session.get_one(Submission, invited.submission.id), by="user:e", at=NOW)

    response = client.get(invited.home)
    assert (response.status_code, response.headers["location"].partition("?")[0]) == (303, "/portal/return")
    assert "Open the link" in words(client.get("/portal/return"))


def test_a_link_past_its_time_says_so_to_who_has_it(app: FastAPI, client: TestClient, clock: MovableClock) -> None:
    invited = invite(app)  # deadline 2026-12-31, so until 2027-01-14 23:59:59 in Shanghai

    clock.move(timedelta(days=53, hours=13, minutes=59))  # 2027-01-14 15:59 UTC
    last_minute = client.get(invited.path)
    clock.move(timedelta(minutes=2))
    too_late = client.get(invited.path)

    assert last_minute.status_code == 200
    assert too_late.status_code == 410
    assert "has expired" in words(too_late)


def test_a_session_by_link_leads_to_its_one_questionnaire(app: FastAPI, client: TestClient) -> None:
    invited = invite(app)
    enter(client, invited)

    assert client.get("/portal").headers["location"] == invited.home
    assert "Continue where you stopped" in words(client.get(invited.path))
    assert "/account" not in client.get(invited.home).text


def test_a_form_without_its_token_opens_nothing(app: FastAPI, client: TestClient) -> None:
    invited = invite(app)
    client.get(invited.path)

    response = client.post(invited.path, data={"link": invited.path.removeprefix("/r/"), "pin": PIN})

    assert response.status_code == 403
    assert status_of(app, invited.submission) is SubmissionStatus.INVITED


def test_the_page_speaks_chinese_to_a_chinese_browser(app: FastAPI, client: TestClient) -> None:
    invited = invite(app)

    text = words(client.get(invited.path, headers={"accept-language": "zh-CN"}))

    assert "设置 PIN" in text
    assert "蒙炭代工" in text
