"""The pages on partners: set up in one form, the secret shown once, nobody but an administrator."""

import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI
from sqlmodel import select
from starlette.testclient import TestClient

from service.accounts.models import Role
from service.audit.models import AuditEvent
from service.exchange.models import Partner
from tests.exchange.server import Program, a_declared, a_partner

NEW = {
    "name_zh": "电池厂",
    "name_en": "Cell maker",
    "client_id": "cell-maker",
    "base_url": "https://pact.cell.example/",
    "callback_client_id": "anode",
    "callback_client_secret": "their-secret-for-us",
}
Form = Callable[..., dict[str, str]]


def shown_secret(page: str) -> str:
    found = re.search(r'id="client-secret" type="text" value="([^"]+)"', page)
    assert found is not None
    return html.unescape(found[1])


@pytest.fixture
def partner(app: FastAPI) -> Partner:
    with app.state.database.writing() as session:
        return a_partner(session, client_id="cell-maker")


def test_a_partner_that_was_added_gets_a_token_with_the_secret_shown(
    app: FastAPI, client: TestClient, sign_in: Any, form: Form
) -> None:
    sign_in(Role.ADMIN)
    answer = client.post("/console/partners", data=form(**NEW))

    assert answer.status_code == 200
    assert Program(app, "cell-maker").ask_token(secret=shown_secret(answer.text)).status_code == 200
    with app.state.database.reading() as session:
        partner = session.exec(select(Partner)).one().model_dump()
    assert partner["base_url"] == "https://pact.cell.example"
    assert "their-secret" not in str(partner)
    shown_again = client.get(f"/console/partners/{partner['id']}").text
    assert "client-secret" not in shown_again
    assert "their-secret" not in shown_again


@pytest.mark.parametrize(
    ("mistake", "said"),
    [
        ({"base_url": "http://pact.cell.example"}, "https"),
        ({"base_url": "https://10.0.0.1"}, "may not be asked"),
        ({"base_url": "pact"}, "may not be asked"),
        ({"client_id": "two words"}, "without space or colon"),
        ({"callback_client_id": ""}, "belongs to this secret"),
        ({"callback_client_secret": ""}, "belongs to this client ID"),
    ],
)
def test_a_mistake_is_named_and_nothing_typed_is_lost_but_the_secret(
    client: TestClient, sign_in: Any, form: Form, mistake: dict[str, str], said: str
) -> None:
    sign_in(Role.ADMIN)
    answer = client.post("/console/partners", data=form(**{**NEW, **mistake}))

    assert answer.status_code == 422
    assert said in html.unescape(answer.text)
    assert 'value="电池厂"' in answer.text
    assert "their-secret" not in answer.text
    assert "Cell maker" not in client.get("/console/partners").text


def test_a_client_id_is_given_once(client: TestClient, sign_in: Any, form: Form, partner: Partner) -> None:
    sign_in(Role.ADMIN)

    answer = client.post("/console/partners", data=form(**NEW))

    assert answer.status_code == 409
    assert partner.client_id in answer.text


def test_the_page_shows_what_the_partner_sees_and_grants_change_it(
    app: FastAPI, client: TestClient, sign_in: Any, form: Form, partner: Partner
) -> None:
    with app.state.database.writing() as session:
        own, other = a_declared(session), a_declared(session)
    sign_in(Role.ADMIN)
    page = f"/console/partners/{partner.id}"
    assert str(own.id) not in client.get(page).text

    client.post(page + "/grants", data=form(product_ids=str(own.product_id), version="1"))
    text = client.get(page).text
    assert str(own.id) in text
    assert str(other.id) not in text

    assert client.post(page + "/grants", data=form(version="1")).status_code == 409  # somebody else changed it meanwhile
    client.post(page + "/grants", data=form(version="2"))
    assert str(own.id) not in client.get(page).text


def test_a_change_keeps_the_secret_on_file_and_is_refused_when_it_comes_late(
    app: FastAPI, client: TestClient, sign_in: Any, form: Form
) -> None:
    sign_in(Role.ADMIN)
    client.post("/console/partners", data=form(**NEW))
    with app.state.database.reading() as session:
        before = session.exec(select(Partner)).one().model_dump()
    changed = {name: value for name, value in NEW.items() if name not in {"client_id", "callback_client_secret"}}
    page = f"/console/partners/{before['id']}"

    answer = client.post(page, data=form(**{**changed, "name_en": "Cell maker AG", "shares_all": "true", "version": "1"}))
    assert answer.status_code == 303
    late = client.post(page, data=form(**{**changed, "version": "1"}))
    assert late.status_code == 409

    with app.state.database.reading() as session:
        after = session.exec(select(Partner)).one()
        assert (after.shares_all, after.callback_secret, after.version) == (True, before["callback_secret"], 2)


def test_a_new_secret_is_shown_once_and_switching_off_is_noted(
    app: FastAPI, client: TestClient, sign_in: Any, form: Form, partner: Partner
) -> None:
    sign_in(Role.ADMIN)
    page = f"/console/partners/{partner.id}"

    fresh = shown_secret(client.post(page + "/secret", data=form()).text)
    assert Program(app, partner.client_id).ask_token(secret=fresh).status_code == 200
    client.post(page + "/active", data=form(active="false"))
    assert Program(app, partner.client_id).ask_token(secret=fresh).status_code == 401

    with app.state.database.reading() as session:
        events = session.exec(select(AuditEvent).where(AuditEvent.object_type == "partner")).all()
        assert [event.action for event in events] == ["partner_created", "partner_secret_rotated", "partner_deactivated"]
        assert all(fresh not in str(event.details) for event in events)
    assert "Partner: new secret made" in client.get(page).text


@pytest.mark.parametrize("role", [Role.ENGINEER, Role.SALES, Role.AUDITOR])
def test_partners_are_the_administrators_business(client: TestClient, sign_in: Any, partner: Partner, role: Role) -> None:
    sign_in(role)

    assert client.get("/console/partners").status_code == 403
    assert client.get(f"/console/partners/{partner.id}").status_code == 403


def test_a_deployment_without_tls_says_that_no_partner_is_answered(client: TestClient, sign_in: Any) -> None:
    sign_in(Role.ADMIN)

    assert "No partner is answered at this address" in client.get("/console/partners").text
