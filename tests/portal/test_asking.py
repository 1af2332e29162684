"""Pages on which a supplier asks for time or stands by a figure, and the maker answers."""

from collections.abc import Callable

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from service.accounts.models import Role
from service.submissions import operations
from service.submissions.models import Submission
from tests.conftest import SignIn
from tests.portal.visits import Invited, answer_everything, enter, invite, send, words
from tests.submissions.builders import NOW, REVIEWER

Form = Callable[..., dict[str, str]]


@pytest.fixture
def invited(app: FastAPI, client: TestClient) -> Invited:
    found = invite(app)
    enter(client, found)
    return found


def test_a_wish_for_time_goes_to_the_maker_and_its_answer_back(
    client: TestClient, invited: Invited, sign_in: SignIn, form: Form
) -> None:
    page = f"{invited.home}/extension"
    late = send(client, page, {"wanted": "2026-12-01", "reason": "December bill"})
    assert late.status_code == 422
    assert "Choose a day after" in words(late)
    assert "December bill" in late.text
    assert send(client, page, {"wanted": "2027-01-20", "reason": "December bill"}).status_code == 303
    assert "You asked for time until 2027-01-20" in words(client.get(page))

    supplier_cookies = dict(client.cookies)
    client.cookies.clear()
    sign_in(Role.PROCUREMENT)
    console = f"/console/requests/{invited.submission.id}/extension"
    assert "December bill" in client.get(console).text
    assert client.post(console, data=form(granted="false")).status_code == 422
    assert client.post(console, data=form(granted="false", words="The audit is on 5 January")).status_code == 303

    client.cookies.clear()
    client.cookies.update(supplier_cookies)
    assert "The audit is on 5 January" in words(client.get(page))


def test_a_supplier_stands_by_what_was_returned(app: FastAPI, client: TestClient, invited: Invited) -> None:
    answer_everything(client, invited)
    send(client, f"{invited.home}/check", {})
    with app.state.database.writing() as session:
        submission = session.get_one(Submission, invited.submission.id)
        operations.start_review(session, submission, by=REVIEWER, at=NOW)
        comments = {"charge_in": "Is that all of it?"}
        operations.return_to_supplier(session, submission, comments=comments, version=submission.version, by=REVIEWER, at=NOW)

    page = f"{invited.home}/objection"
    assert "Is that all of it?" in words(client.get(page))
    assert send(client, page, {"objection.charge_in": " "}).status_code == 422
    assert send(client, page, {"objection.charge_in": "Yes, see the weighbridge record"}).status_code == 303
