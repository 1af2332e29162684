"""The administrator's page of other systems."""

import re
from collections.abc import Callable

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from service.accounts.models import Role
from service.audit.models import AuditEvent
from service.database import Database
from service.integrations import messages, webhooks
from service.integrations.models import MessageState, SystemToken, WebhookMessage
from tests.conftest import SignIn
from tests.console.browsing import words

Form = Callable[..., dict[str, str]]
LIST = "/console/systems"


@pytest.fixture(autouse=True)
def administrator(sign_in: SignIn) -> None:
    sign_in(Role.ADMIN)


def test_a_key_is_shown_once_and_opens_what_was_chosen(client: TestClient, form: Form) -> None:
    made = client.post(f"{LIST}/tokens", data={**form(name="ERP", days="90"), "scopes": "footprints:read"})
    found = re.search(r"aps_[\w-]+", made.text)
    assert found is not None
    headers = {"authorization": f"Bearer {found[0]}", "accept": "application/json"}

    assert client.get("/api/v1/systems/footprints", headers=headers).status_code == 200
    assert client.get("/api/v1/systems/certificates", headers=headers).status_code == 403
    assert found[0] not in client.get(LIST).text


def test_a_revoked_key_is_shown_as_ended(client: TestClient, form: Form, sqlite_database: Database) -> None:
    client.post(f"{LIST}/tokens", data={**form(name="ERP", days="90"), "scopes": "footprints:read"})
    with sqlite_database.reading() as session:
        token_id = session.exec(select(SystemToken.id)).one()

    assert client.post(f"{LIST}/tokens/{token_id}/revoke", data=form()).status_code == 303

    page = words(client.get(LIST))
    assert "Ended" in page
    with sqlite_database.reading() as session:
        assert session.exec(select(AuditEvent.action)).all() == ["system_token_created", "system_token_revoked"]


def test_what_was_typed_stays_when_a_key_is_refused(client: TestClient, form: Form) -> None:
    refused = client.post(f"{LIST}/tokens", data=form(name="ERP 7", days="9999"))

    assert refused.status_code == 422
    assert 'value="ERP 7"' in refused.text
    assert "Choose at least one thing that the system may do." in words(refused)
    assert "A key lives from 1 to 730 days" in words(refused)


def test_an_address_is_registered_tested_switched_off_and_on(client: TestClient, form: Form, sqlite_database: Database) -> None:
    fields = {**form(name="MES", url="https://mes.example/hooks"), "events": "certificate.issued"}
    made = client.post(f"{LIST}/webhooks", data=fields)
    assert re.search(r"whs_[\w-]+", made.text)
    with sqlite_database.reading() as session:
        webhook_id = webhooks.all_webhooks(session)[0].id

    for action in ("test", "off", "on"):
        assert client.post(f"{LIST}/webhooks/{webhook_id}/{action}", data=form()).status_code == 303

    page = words(client.get(LIST))
    assert "Test message" in page
    assert "on its way" in page


def test_a_private_address_is_refused_beside_its_field(client: TestClient, form: Form) -> None:
    fields = {**form(name="MES", url="https://127.0.0.1/hooks"), "events": "certificate.issued"}

    refused = client.post(f"{LIST}/webhooks", data=fields)

    assert refused.status_code == 422
    assert 'value="https://127.0.0.1/hooks"' in refused.text
    assert "not on the public network" in words(refused)


def test_a_dead_letter_shows_its_problem_and_is_sent_again(client: TestClient, form: Form, sqlite_database: Database) -> None:
    fields = {**form(name="MES", url="https://mes.example/hooks"), "events": "certificate.issued"}
    client.post(f"{LIST}/webhooks", data=fields)
    with sqlite_database.reading() as session:
        webhook_id = webhooks.all_webhooks(session)[0].id
    client.post(f"{LIST}/webhooks/{webhook_id}/test", data=form())
    with sqlite_database.writing() as session:
        [message] = messages.latest_messages(session)
        message.state, message.problem = MessageState.DEAD, "mes.example answered 500"
        session.add(message)
        message_id = message.id
    assert "mes.example answered 500" in words(client.get(LIST))

    assert client.post(f"{LIST}/messages/{message_id}/again", data=form()).status_code == 303

    with sqlite_database.reading() as session:
        assert session.exec(select(WebhookMessage.state)).all() == [MessageState.WAITING]


@pytest.mark.parametrize("role", [Role.ENGINEER, Role.AUDITOR, Role.SALES])
def test_only_administrators_see_the_page(client: TestClient, sign_in: SignIn, role: Role) -> None:
    sign_in(role)

    assert client.get(LIST).status_code == 403
