import re
from datetime import timedelta

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from service.accounts.models import Role, User
from service.audit.operations import record
from service.console.events import title_of
from service.database import Database
from tests import builders
from tests.builders import NOW
from tests.conftest import SignIn
from tests.console.browsing import words


def some_events(session: Session, *, count: int, by: str) -> None:
    submission = builders.a_submission(session)
    for number in range(count):
        at = NOW + timedelta(minutes=number)
        record(session, "submission_accepted", of=submission, by=by, at=at, note=f"event{number:03}")


@pytest.fixture
def auditor(sign_in: SignIn, sqlite_database: Database) -> User:
    user = sign_in(Role.AUDITOR)
    with sqlite_database.writing() as session:
        some_events(session, count=150, by=f"user:{user.id}")
    return user


@pytest.mark.usefixtures("auditor")
def test_the_trail_is_paged_newest_first_without_gaps(client: TestClient) -> None:
    first = client.get("/console/audit")
    older = re.search(r'href="(/console/audit\?before=[^"]+)"', first.text)
    assert older is not None
    second = client.get(older[1].replace("&amp;", "&"))

    shown = re.findall(r"event(\d{3})", words(first)) + re.findall(r"event(\d{3})", words(second))
    assert [int(number) for number in shown] == list(range(149, -1, -1))


def test_events_read_in_words_with_names(client: TestClient, auditor: User) -> None:
    page = words(client.get("/console/audit"))
    assert f"Submission: accepted {auditor.name} submission" in page

    assert "填报：已采纳" in words(client.get("/console/audit", headers={"accept-language": "zh-CN"}))


def test_the_events_of_one_object_can_be_shown(client: TestClient, sqlite_database: Database, auditor: User) -> None:
    with sqlite_database.writing() as session:
        record(session, "user_enabled", of=session.get_one(User, auditor.id), by="system", at=NOW)

    page = words(client.get("/console/audit", params={"object_id": str(auditor.id)}))

    assert "Person: enabled the system" in page
    assert "Submission: accepted" not in page


@pytest.mark.parametrize("query", ["before=0", "before=-1", "before=9223372036854775808", "before=x", f"object_id={'x' * 65}"])
@pytest.mark.usefixtures("auditor")
def test_a_broken_address_is_refused_politely(client: TestClient, query: str) -> None:
    assert client.get(f"/console/audit?{query}").status_code == 422


@pytest.mark.parametrize("role", [Role.ENGINEER, Role.REVIEWER, Role.PROCUREMENT, Role.SALES])
def test_other_roles_don_t_read_the_trail(client: TestClient, sign_in: SignIn, role: Role) -> None:
    sign_in(role)

    assert client.get("/console/audit").status_code == 403


def test_an_action_without_words_is_shown_by_its_code() -> None:
    assert title_of("something_happened", "en") == "something_happened"
    assert title_of("product_recipe_changed", "en") == "Recipe: changed"
    assert title_of("production_deleted", "en") == "Production: deleted"
