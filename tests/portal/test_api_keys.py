"""Keys for programs: shown once, stored as a hash, opening the owner's requests through the API and nothing else."""

import re
from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlmodel import select
from starlette.testclient import TestClient

from service.accounts.models import ApiKey, Organisation, Role, User
from service.submissions import operations
from service.submissions.models import Submission
from tests import builders
from tests.conftest import MovableClock, SignIn
from tests.portal.visits import HIDDEN, Invited, enter, invite, send, words

KEY = re.compile(r'value="(apk_[\w-]+)"')


def a_person_of(app: FastAPI, invited: Invited) -> User:
    with app.state.database.writing() as session:
        organisation = session.get_one(Organisation, invited.supplier.organisation_id)
        return builders.a_user(session, roles=[Role.SUPPLIER], organisation=organisation)


def make_key(client: TestClient, **values: str) -> str:
    """Make a key at the page and return it, with the browser's cookies gone."""
    response = send(client, "/portal/keys", {"name": "ERP", "days": "30", **values})
    assert response.status_code == 200, words(response)
    found = KEY.search(response.text)
    assert found is not None
    client.cookies.clear()
    return found[1]


def ask(client: TestClient, key: str, path: str = "", *, method: str = "GET", body: Any = None) -> httpx.Response:
    headers = {"authorization": f"Bearer {key}", "accept": "application/json"}
    return client.request(method, f"/api/v1/submissions{path}", headers=headers, json=body)


@pytest.fixture
def own(app: FastAPI) -> Invited:
    return invite(app)


@pytest.fixture
def key(app: FastAPI, client: TestClient, own: Invited, sign_in: SignIn) -> str:
    sign_in(user=a_person_of(app, own))
    return make_key(client)


def test_a_key_is_shown_once_and_stored_as_its_hash(app: FastAPI, client: TestClient, own: Invited, sign_in: SignIn) -> None:
    person = a_person_of(app, own)
    sign_in(user=person)
    key = make_key(client)
    sign_in(user=person)

    assert key not in client.get("/portal/keys").text
    with app.state.database.reading() as session:
        stored = session.exec(select(ApiKey)).one().model_dump()
    assert key not in str(stored)
    assert len(stored["token_hash"]) == 64


def test_a_key_opens_the_own_requests_and_no_other_exists_for_it(app: FastAPI, client: TestClient, own: Invited, key: str) -> None:
    other = invite(app)

    assert [one["id"] for one in ask(client, key).json()["items"]] == [str(own.submission.id)]
    assert ask(client, key, f"/{own.submission.id}").status_code == 200
    for method, path, body in (
        ("GET", "", None),
        ("GET", "/questions", None),
        ("GET", "/comments", None),
        ("GET", "/evidence", None),
        ("GET", "/receipt", None),
        ("PUT", "/answers", {"answers": {}}),
        ("POST", "/comments", {"field": "charge_in", "text": "x"}),
        ("POST", "/submit", {}),
    ):
        assert ask(client, key, f"/{other.submission.id}{path}", method=method, body=body).status_code == 404, path


def test_a_key_opens_the_api_and_no_page(client: TestClient, own: Invited, key: str) -> None:
    headers = {"authorization": f"Bearer {key}", "accept": "text/html"}

    assert client.get(own.home, headers=headers, follow_redirects=False).status_code in {303, 401}
    assert client.get("/portal/keys", headers=headers, follow_redirects=False).status_code in {303, 401}


def test_a_key_and_a_session_together_are_refused(
    app: FastAPI, client: TestClient, own: Invited, key: str, sign_in: SignIn
) -> None:
    sign_in(user=a_person_of(app, own))

    response = ask(client, key)

    assert (response.status_code, response.json()["type"]) == (400, "urn:anodeprint:problem:two-credentials")


def test_a_key_is_not_staff_whoever_made_it(app: FastAPI, client: TestClient, own: Invited, sign_in: SignIn) -> None:
    with app.state.database.writing() as session:
        organisation = session.get_one(Organisation, own.supplier.organisation_id)
        person = builders.a_user(session, roles=[Role.SUPPLIER, Role.REVIEWER], organisation=organisation)
    sign_in(user=person)
    key = make_key(client)

    response = ask(client, key, f"/{own.submission.id}/accept", method="POST", body={"version": own.submission.version})

    assert response.status_code == 404


@pytest.mark.parametrize("wrong", ["", "apk_", "apk_wrong", "x" * 5000])
def test_a_wrong_key_is_nobody(client: TestClient, own: Invited, wrong: str) -> None:
    assert ask(client, wrong, f"/{own.submission.id}").status_code == 401


def test_a_revoked_key_ends_at_once(app: FastAPI, client: TestClient, own: Invited, sign_in: SignIn) -> None:
    person = a_person_of(app, own)
    sign_in(user=person)
    key = make_key(client)
    sign_in(user=person)
    action = re.search(r'action="(/portal/keys/[^"]+/revoke)"', client.get("/portal/keys").text)
    assert action is not None

    revoked = send(client, "/portal/keys", {}, action=action[1])
    client.cookies.clear()

    assert revoked.status_code == 303
    assert ask(client, key).status_code == 401


def test_a_key_ends_on_its_day_and_with_its_person(app: FastAPI, client: TestClient, clock: MovableClock, key: str) -> None:
    assert ask(client, key).status_code == 200
    with app.state.database.writing() as session:
        person = session.get_one(User, session.exec(select(ApiKey)).one().user_id)
        person.is_active = False
        session.add(person)
    assert ask(client, key).status_code == 401
    with app.state.database.writing() as session:
        person = session.get_one(User, session.exec(select(ApiKey)).one().user_id)
        person.is_active = True
        session.add(person)
    assert ask(client, key).status_code == 200

    clock.move(timedelta(days=30))

    assert ask(client, key).status_code == 401


def test_a_key_made_by_link_opens_one_request_and_ends_with_the_link(app: FastAPI, client: TestClient, own: Invited) -> None:
    before = invite(app, supplier=own.supplier, year=2024)
    enter(client, own)
    key = make_key(client)

    assert ask(client, key, f"/{own.submission.id}").status_code == 200
    assert ask(client, key, f"/{before.submission.id}").status_code == 404

    with app.state.database.writing() as session:
        submission = session.get_one(Submission, own.submission.id)
        operations.revoke(session, submission, by="user:engineer", at=app.state.clock())

    assert ask(client, key, f"/{own.submission.id}").status_code == 401


def test_the_page_tells_when_a_key_was_used(app: FastAPI, client: TestClient, clock: MovableClock, key: str) -> None:
    clock.move(timedelta(minutes=7))
    ask(client, key)

    with app.state.database.reading() as session:
        assert session.exec(select(ApiKey)).one().last_used_at == clock()


def test_a_key_fills_in_but_hands_in_only_if_it_may(
    app: FastAPI, client: TestClient, own: Invited, key: str, sign_in: SignIn
) -> None:
    sign_in(user=a_person_of(app, own))
    other = make_key(client, may_hand_in="true")

    assert ask(client, key, f"/{own.submission.id}/submit", method="POST", body={}).status_code == 403
    assert ask(client, other, f"/{own.submission.id}/submit", method="POST", body={}).status_code == 409  # nothing is answered yet


@pytest.mark.parametrize("values", [{"name": ""}, {"name": "x" * 101}, {"days": "0"}, {"days": "731"}, {"days": "soon"}])
def test_what_is_wrong_with_a_new_key_is_said_at_its_field(
    app: FastAPI, client: TestClient, own: Invited, sign_in: SignIn, values: dict[str, str]
) -> None:
    sign_in(user=a_person_of(app, own))

    response = send(client, "/portal/keys", {"name": "ERP", "days": "30", **values})

    assert response.status_code == 422
    assert 'id="error-summary"' in response.text
    assert HIDDEN.search(response.text)


def test_another_supplier_neither_sees_nor_revokes_a_key(app: FastAPI, client: TestClient, key: str, sign_in: SignIn) -> None:
    with app.state.database.reading() as session:
        made = session.exec(select(ApiKey)).one().id
    sign_in(user=a_person_of(app, invite(app)))

    page = client.get("/portal/keys")
    token = dict(HIDDEN.findall(page.text))["csrf_token"]

    assert "ERP</h" not in page.text
    assert client.post(f"/portal/keys/{made}/revoke", data={"csrf_token": token}).status_code == 404
    client.cookies.clear()
    assert ask(client, key).status_code == 200
