"""What people set for themselves."""

import pyotp
import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from service.accounts.models import LoginSession, OrganisationKind, Role, User
from service.accounts.sign_in import start_login
from service.database import Database
from tests import builders
from tests.accounts.builders import PASSWORD, TOTP_SECRET, a_person
from tests.conftest import MovableClock, SignIn
from tests.console.browsing import submit, words

NEW = "a kettle by the window"


@pytest.fixture
def person(sqlite_database: Database, sign_in: SignIn, clock: MovableClock) -> User:
    """Somebody of sales, signed in here and in one other browser."""
    with sqlite_database.writing() as session:
        user = a_person(session)
        start_login(session, user, at=clock())
    return sign_in(user=user)


def sessions(database: Database) -> int:
    with database.reading() as session:
        return len(session.exec(select(LoginSession)).all())


def change(client: TestClient, current: str, password: str = NEW) -> str:
    answer = submit(
        client, "/account", {"current": current, "password": password, "repeated": password}, action="/account/password"
    )
    return words(answer) if answer.status_code == 422 else answer.headers["location"]


def test_a_new_password_needs_the_present_one_and_ends_other_sessions(
    client: TestClient, person: User, sqlite_database: Database
) -> None:
    assert "not your present password" in change(client, "not this password")
    assert "This password has 5 characters" in change(client, PASSWORD, "short")
    assert sessions(sqlite_database) == 2

    assert change(client, PASSWORD) == "/account"

    assert sessions(sqlite_database) == 1
    assert "signed out everywhere else" in words(client.get("/account"))
    client.cookies.clear()
    assert submit(client, "/sign-in", {"email": person.email, "password": NEW}).status_code == 303


def test_other_browsers_can_be_signed_out(client: TestClient, person: User, sqlite_database: Database) -> None:
    submit(client, "/account", {}, action="/account/sessions/end")

    assert sessions(sqlite_database) == 1
    assert client.get("/account").status_code == 200
    assert person.email in words(client.get("/account"))


def test_a_second_factor_is_set_up_with_password_and_code_and_removed_with_the_password(
    client: TestClient, person: User, sqlite_database: Database, clock: MovableClock
) -> None:
    page = client.get("/account/second-factor")
    secret = page.text.partition('<code class="breakable">')[2].partition("<")[0]
    right, wrong = pyotp.TOTP(secret).at(clock()), "000000"

    answers = [
        submit(client, "/account/second-factor", {"code": code, "current": password})
        for code, password in ((wrong, PASSWORD), (right, "not this password"), (right, PASSWORD))
    ]

    assert [answer.status_code for answer in answers] == [422, 422, 303]
    with sqlite_database.reading() as session:
        assert session.get_one(User, person.id).totp_secret == secret
    removal = submit(client, "/account", {"current": PASSWORD}, action="/account/second-factor/remove")
    assert removal.headers["location"] == "/sign-in"
    assert client.get("/account").status_code == 303


def test_a_role_that_needs_the_second_factor_cannot_drop_it(client: TestClient, sqlite_database: Database, sign_in: SignIn) -> None:
    with sqlite_database.writing() as session:
        user = a_person(session, roles=[Role.REVIEWER], totp_secret=TOTP_SECRET)
    sign_in(user=user)

    assert "Remove the second factor" not in words(client.get("/account"))
    answer = submit(client, "/account", {"current": PASSWORD}, action="/account/second-factor/remove")

    assert answer.status_code == 409
    assert "Your roles need a second factor" in words(answer)


def test_the_language_is_kept_with_the_account(client: TestClient, person: User, sqlite_database: Database) -> None:
    submit(client, "/account", {"locale": "zh-CN"}, action="/account/language")

    with sqlite_database.reading() as session:
        assert session.get_one(User, person.id).locale == "zh-CN"
    assert "我的账户" in words(client.get("/account"))
    assert submit(client, "/account", {"locale": "fr"}, action="/account/language").status_code == 422


def test_guessing_the_password_in_an_open_browser_is_limited(client: TestClient, person: User) -> None:
    statuses = [
        submit(client, "/account", {"current": "guess"}, action="/account/second-factor/remove").status_code for _ in range(21)
    ]

    assert statuses == [422] * 20 + [429]
    assert person.is_active


def test_a_supplier_has_an_account_page_without_the_console(client: TestClient, sqlite_database: Database, sign_in: SignIn) -> None:
    with sqlite_database.writing() as session:
        organisation = builders.an_organisation(session, kind=OrganisationKind.SUPPLIER)
        supplier = a_person(session, roles=[Role.SUPPLIER], organisation=organisation)
    sign_in(user=supplier)

    page = client.get("/account")

    assert page.status_code == 200
    assert "/console" not in page.text


def test_who_came_by_a_link_has_no_account_page(client: TestClient, sqlite_database: Database, sign_in: SignIn) -> None:
    with sqlite_database.writing() as session:
        submission = builders.a_submission(session)
    person = sign_in(Role.SALES)
    with sqlite_database.writing() as session:
        login = session.exec(select(LoginSession).where(LoginSession.user_id == person.id)).one()
        login.user_id, login.invitation_id = None, submission.id
        login.submission_id, login.organisation_id = submission.id, submission.organisation_id

    assert client.get("/account").status_code == 404
