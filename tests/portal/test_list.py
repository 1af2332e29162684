"""What a supplier with an account sees first."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from service.accounts.models import Organisation, Role, User
from service.submissions.models import Submission, SubmissionStatus
from service.submissions.rules import SEEN_BY_SUPPLIER
from supplier_portal.requests import NEXT_STEPS
from tests import builders
from tests.portal.visits import Invited, invite


@pytest.fixture
def invited(app: FastAPI, sign_in: Callable[..., User]) -> Invited:
    """A request to a toll plant whose clerk is signed in; its deadline is 2026-12-31."""
    invited = invite(app)
    with app.state.database.writing() as session:
        organisation = session.get_one(Organisation, invited.supplier.organisation_id)
        person = builders.a_user(session, roles=[Role.SUPPLIER], organisation=organisation)
    sign_in(user=person)
    return invited


def line(client: TestClient) -> str:
    found = re.search(r"<ol class=\"task-list\">.*</ol>", client.get("/portal").text, re.DOTALL)
    assert found is not None
    return " ".join(re.sub(r"<[^>]+>", " ", found[0]).split())


def move_to(app: FastAPI, invited: Invited, status: SubmissionStatus) -> None:
    with app.state.database.writing() as session:
        session.get_one(Submission, invited.submission.id).status = status


def test_a_request_is_listed_with_type_period_deadline_status_and_next_step(client: TestClient, invited: Invited) -> None:
    text = line(client)

    assert text.startswith("Toll graphitization · 2025-01-01 – 2025-12-31 Open it and start")
    assert f"{invited.submission.number} · answer by 2026-12-31" in text
    assert text.endswith("Invited")


@pytest.mark.parametrize("status", sorted(SEEN_BY_SUPPLIER))
def test_every_state_that_a_supplier_sees_has_a_next_step(
    app: FastAPI, client: TestClient, invited: Invited, status: SubmissionStatus
) -> None:
    move_to(app, invited, status)

    assert NEXT_STEPS[status] in line(client)


@pytest.mark.parametrize(
    ("deadline", "words"),
    [(date(2026, 11, 22), "answer by 2026-11-22"), (date(2026, 11, 21), "deadline 2026-11-21 has passed, you can still answer")],
)
def test_a_deadline_is_over_when_its_day_is_over(
    app: FastAPI, client: TestClient, invited: Invited, deadline: date, words: str
) -> None:
    with app.state.database.writing() as session:
        session.get_one(Submission, invited.submission.id).deadline = deadline

    assert words in line(client)


def test_a_closed_request_presses_for_nothing(app: FastAPI, client: TestClient, invited: Invited) -> None:
    move_to(app, invited, SubmissionStatus.ACCEPTED)

    assert "· deadline 2026-12-31" in line(client)
    assert "answer by" not in line(client)


def test_the_head_names_the_role_in_the_readers_language(client: TestClient, invited: Invited) -> None:
    client.cookies.set("anodeprint_locale", "zh-CN")

    page = client.get("/portal").text

    assert invited.submission.number in page
    assert re.search(r"·\s*供应商", page)
    assert "supplier" not in re.sub(r"<[^>]+>", " ", page)
