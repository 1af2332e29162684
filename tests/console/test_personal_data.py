import io
import json
import zipfile

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from service.accounts.models import Role, User
from service.audit.models import AuditEvent
from service.database import Database
from tests.builders import a_user
from tests.conftest import SignIn
from tests.console.browsing import submit, words

PAGE = "/console/personal-data"


@pytest.fixture
def person(sqlite_database: Database, sign_in: SignIn) -> User:
    """Somebody of sales; an administrator is signed in."""
    sign_in(Role.ADMIN)
    with sqlite_database.writing() as session:
        return a_user(session, roles=(Role.SALES,), name="Wang Xiaoming")


def test_looking_up_changes_nothing_and_says_what_would_happen(client: TestClient, person: User) -> None:
    page = words(client.get(f"{PAGE}?email={person.email}"))

    assert person.email in page
    assert "Erase for good" in page
    assert "mails are forgotten after 365 days" in page


def test_an_unknown_address_is_said_beside_the_field(client: TestClient, person: User) -> None:
    answer = client.get(f"{PAGE}?email=nobody@x.example")

    assert answer.status_code == 404
    assert "Nobody with the address “nobody@x.example” is known" in words(answer)
    del person


def test_everything_is_handed_over_and_that_is_recorded(client: TestClient, person: User, sqlite_database: Database) -> None:
    answer = submit(client, f"{PAGE}?email={person.email}", {"email": person.email}, action=f"{PAGE}/export")

    assert answer.headers["content-disposition"] == 'attachment; filename="personal-data.zip"'
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    assert json.loads(archive.read("personal-data.json"))["account"][0]["name"] == "Wang Xiaoming"
    with sqlite_database.reading() as session:
        assert session.exec(select(AuditEvent).where(AuditEvent.action == "personal_data_exported")).one()


def test_erasing_asks_for_the_address_once_more(client: TestClient, person: User, sqlite_database: Database) -> None:
    page = f"{PAGE}?email={person.email}"
    refused = submit(client, page, {"email": person.email, "confirmation": "wrong"}, action=f"{PAGE}/erase")
    done = submit(client, page, {"email": person.email, "confirmation": person.email.upper()}, action=f"{PAGE}/erase")

    assert refused.status_code == 422
    assert f"Type the address {person.email} to confirm" in words(refused)
    assert done.status_code == 303
    assert client.get(page).status_code == 404
    with sqlite_database.reading() as session:
        assert session.get_one(User, person.id).is_active is False


def test_an_administrator_is_told_why_it_can_not_erase_itself(client: TestClient, sign_in: SignIn) -> None:
    admin = sign_in(Role.ADMIN)

    page = words(client.get(f"{PAGE}?email={admin.email}"))

    assert "You can't erase yourself" in page
    assert "Erase for good" not in page


@pytest.mark.parametrize("role", [Role.ENGINEER, Role.REVIEWER, Role.AUDITOR, Role.SALES, Role.PROCUREMENT])
def test_it_is_for_administrators(client: TestClient, sign_in: SignIn, role: Role) -> None:
    sign_in(role)

    assert client.get(PAGE).status_code == 403
