"""A supplier asks its own supplier through the portal; neither learns anything of the other."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from sqlmodel import select
from starlette.testclient import TestClient

from service.accounts.models import Role
from service.submissions.models import Submission, UpstreamRequest
from tests.cascade.builders import accept_answers
from tests.conftest import SignIn
from tests.portal.visits import PIN, Invited, enter, invite, send, words

NAME = "Hidden Coke Ltd"


@pytest.fixture
def first(app: FastAPI, client: TestClient) -> Invited:
    """A toll plant that has entered its portal."""
    invited = invite(app)
    enter(client, invited)
    return invited


@pytest.fixture
def other_client(app: FastAPI) -> Iterator[TestClient]:
    """The browser of the supplier's supplier."""
    with TestClient(app, base_url="http://127.0.0.1:8000", follow_redirects=False) as found:
        yield found


def ask(client: TestClient, first: Invited, **changes: str) -> str:
    values = {"flow": "packing_coke_net", "name": NAME, "email": "", **changes}
    answer = send(client, f"{first.home}/suppliers", values)
    assert answer.status_code == 303, answer.text
    page = client.get(f"{first.home}/suppliers").text
    return page.partition("/r/")[2].partition("<")[0]


def upstream(app: FastAPI) -> UpstreamRequest:
    with app.state.database.reading() as session:
        found: UpstreamRequest = session.exec(select(UpstreamRequest)).one()
        session.expunge(found)
        return found


def test_the_task_list_leads_to_it(client: TestClient, first: Invited) -> None:
    assert f'href="{first.home}/suppliers"' in client.get(first.home).text


def test_the_link_opens_a_questionnaire_of_its_own(
    app: FastAPI, client: TestClient, other_client: TestClient, first: Invited
) -> None:
    token = ask(client, first)

    answer = send(other_client, f"/r/{token}", {"pin": PIN})

    assert answer.headers["location"] == f"/portal/submissions/{upstream(app).upstream_submission_id}"
    page = words(other_client.get(answer.headers["location"]))
    assert "on behalf of your customer Mengtan Toll" in page
    assert "Ask your supplier" not in page


def test_neither_opens_a_page_of_the_other(app: FastAPI, client: TestClient, other_client: TestClient, first: Invited) -> None:
    token = ask(client, first)
    send(other_client, f"/r/{token}", {"pin": PIN})
    request = upstream(app)
    theirs = f"/portal/submissions/{request.upstream_submission_id}"

    for path in ("", "/check", "/evidence", "/receipt", "/suppliers", "/site"):
        assert client.get(theirs + path).status_code == 404
        assert other_client.get(first.home + path).status_code == 404
    for page in (client, other_client):
        listed = page.get("/api/v1/submissions").json()["items"]
        assert len(listed) == 1
    assert other_client.get(f"{theirs}/suppliers").status_code == 404  # asked itself, so it asks nobody


def test_who_asked_sees_state_and_a_rounded_footprint_only(app: FastAPI, client: TestClient, first: Invited) -> None:
    ask(client, first)
    with app.state.database.writing() as session:
        request = session.exec(select(UpstreamRequest)).one()
        accept_answers(session, request)
        request.kg_co2e_per_kg, request.own_share = 1.5584, 0.973
        session.add(request)

    page = words(client.get(f"{first.home}/suppliers"))

    assert NAME in page
    # A tenth of 1.5584 is 0.156: half of 0.5 is 0.25, half of 0.2 only 0.1.
    assert "about 1.5 (rounded to 0.5)" in page
    assert "100 %" in page
    assert "1.5584" not in page
    assert "/r/" not in page
    assert not {"75", "0.7"} & set(page.split())


@pytest.mark.parametrize("role", [Role.ENGINEER, Role.REVIEWER, Role.PROCUREMENT, Role.AUDITOR, Role.ADMIN])
def test_the_makers_people_are_not_told_the_name(
    app: FastAPI, client: TestClient, first: Invited, sign_in: SignIn, role: Role
) -> None:
    ask(client, first)
    other_id = upstream(app).upstream_submission_id
    with app.state.database.reading() as session:
        supplier_id = session.get_one(Submission, other_id).supplier_id
    client.cookies.clear()
    sign_in(role)

    pages = [
        client.get(path).text
        for path in (
            "/console/suppliers",
            f"/console/suppliers/{supplier_id}",
            f"/console/requests/{other_id}",
            "/console/requests",
            f"/console/review/{other_id}",
            f"/console/search?q={NAME.split(maxsplit=1)[0]}",
        )
    ]

    assert "A supplier of Mengtan Toll" in pages[0]
    assert not [page for page in pages if NAME in page]


def test_an_error_keeps_what_was_typed(client: TestClient, first: Invited) -> None:
    values = {"flow": "packing_coke_net", "name": "Typed Ltd", "email": "nobody"}
    answer = send(client, f"{first.home}/suppliers", values)

    assert answer.status_code == 422
    assert 'value="Typed Ltd"' in answer.text
    assert "“nobody” is no e-mail address" in words(answer)


def test_what_was_taken_back_opens_nothing(app: FastAPI, client: TestClient, other_client: TestClient, first: Invited) -> None:
    token = ask(client, first)

    answer = send(client, f"{first.home}/suppliers", {}, action=f"{first.home}/suppliers/{upstream(app).id}/take-back")

    assert answer.status_code == 303
    assert other_client.get(f"/r/{token}").status_code == 404
    assert NAME not in client.get(f"{first.home}/suppliers").text


def test_another_suppliers_question_can_not_be_taken_back(
    app: FastAPI, client: TestClient, other_client: TestClient, first: Invited
) -> None:
    ask(client, first)
    second = invite(app)
    enter(other_client, second)

    answer = send(other_client, f"{second.home}/suppliers", {}, action=f"{second.home}/suppliers/{upstream(app).id}/take-back")

    assert answer.status_code == 404
    assert upstream(app).name == NAME
