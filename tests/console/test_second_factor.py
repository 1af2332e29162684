"""The second factor: set up, asked for, used once."""

from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from service.accounts.models import Role, User
from service.database import Database
from service.main import create_app
from service.settings import Settings
from tests.accounts.builders import TOTP_SECRET, a_person
from tests.conftest import MovableClock
from tests.console.browsing import TOKEN, submit, words
from tests.console.signing_in import COOKIE, code, enter, enter_again


@pytest.fixture
def sales(sqlite_database: Database) -> User:
    """Somebody who needs no second factor."""
    with sqlite_database.writing() as session:
        return a_person(session)


@pytest.fixture
def engineer(sqlite_database: Database) -> User:
    """Somebody with a second factor."""
    with sqlite_database.writing() as session:
        return a_person(session, roles=[Role.ENGINEER], totp_secret=TOTP_SECRET)


def test_the_password_alone_opens_nothing_where_there_is_a_second_factor(client: TestClient, engineer: User) -> None:
    answer = enter(client, engineer.email, page="/sign-in?next=/console/search")

    assert answer.headers["location"] == "/sign-in/code?next=%2Fconsole%2Fsearch"
    assert client.get("/console").status_code == 303
    assert client.get("/api/v1/me", headers={"accept": "application/json"}).status_code == 401


def test_password_and_code_open_the_console_with_a_new_token(client: TestClient, engineer: User, clock: MovableClock) -> None:
    location = enter(client, engineer.email, page="/sign-in?next=/console/search").headers["location"]
    pending = client.cookies[COOKIE]

    answer = submit(client, location, {"code": code(clock)})

    assert answer.headers["location"] == "/console/search"
    assert client.cookies[COOKIE] != pending
    assert client.get("/console").status_code == 200


def test_a_code_works_once(client: TestClient, engineer: User, clock: MovableClock) -> None:
    enter(client, engineer.email)
    assert submit(client, "/sign-in/code", {"code": code(clock)}).status_code == 303
    client.cookies.clear()
    enter(client, engineer.email)

    spaced = f" {code(clock)[:3]} {code(clock)[3:]} "
    replayed = [submit(client, "/sign-in/code", {"code": typed}) for typed in (code(clock), spaced)]

    assert [answer.status_code for answer in replayed] == [422, 422]
    assert "was used before" in words(replayed[0])
    clock.move(timedelta(seconds=30))
    assert submit(client, "/sign-in/code", {"code": code(clock)}).status_code == 303


def test_the_sixth_code_for_an_account_is_refused_from_whichever_session(
    client: TestClient, engineer: User, clock: MovableClock
) -> None:
    for _ in range(5):
        client.cookies.clear()
        enter(client, engineer.email)
        assert submit(client, "/sign-in/code", {"code": "000000"}).status_code == 422

    assert submit(client, "/sign-in/code", {"code": code(clock)}).status_code == 429


def test_a_made_up_account_mark_does_not_open_another_count(client: TestClient, engineer: User, clock: MovableClock) -> None:
    enter(client, engineer.email)

    answer = submit(client, "/sign-in/code", {"code": code(clock), "account": "another count"})

    assert answer.status_code == 422


def test_a_half_signed_in_session_lasts_ten_minutes(client: TestClient, engineer: User, clock: MovableClock) -> None:
    enter(client, engineer.email)
    clock.move(timedelta(minutes=10, seconds=1))

    assert client.get("/sign-in/code").headers["location"] == "/sign-in"


def test_who_owes_no_code_is_sent_to_the_start(client: TestClient, sales: User) -> None:
    assert client.get("/sign-in/code").headers["location"] == "/sign-in"
    enter(client, sales.email)
    assert client.get("/sign-in/code").headers["location"] == "/sign-in"
    assert client.get("/sign-in/second-factor").headers["location"] == "/sign-in"


def test_a_deciding_role_sets_up_a_second_factor_before_anything_else(
    client: TestClient, sqlite_database: Database, clock: MovableClock
) -> None:
    with sqlite_database.writing() as session:
        reviewer = a_person(session, roles=[Role.REVIEWER])
    assert enter(client, reviewer.email).headers["location"] == "/sign-in/second-factor"
    assert client.get("/console").status_code == 303
    page = client.get("/sign-in/second-factor")
    assert "data:image/svg+xml" in page.text
    secret = page.text.partition('<code class="breakable">')[2].partition("<")[0]

    assert submit(client, "/sign-in/second-factor", {"code": "000000"}).status_code == 422
    answer = submit(client, "/sign-in/second-factor", {"code": code(clock, secret)})

    assert answer.headers["location"] == "/console"
    assert client.get("/console").status_code == 200
    clock.move(timedelta(minutes=5))
    assert enter_again(client, reviewer.email).headers["location"] == "/sign-in/code"
    assert submit(client, "/sign-in/code", {"code": code(clock, secret)}).status_code == 303


def test_a_second_factor_that_exists_is_not_replaced_by_whoever_knows_the_password(
    client: TestClient, engineer: User, sqlite_database: Database
) -> None:
    enter(client, engineer.email)

    assert client.get("/sign-in/second-factor").headers["location"] == "/sign-in"
    token = TOKEN.search(client.get("/sign-in/code").text)
    assert token is not None
    data = {"csrf_token": token[1], "code": "000000", "account": "x"}
    assert client.post("/sign-in/second-factor", data=data).headers["location"] == "/sign-in"
    with sqlite_database.reading() as session:
        assert session.get_one(User, engineer.id).totp_secret == TOTP_SECRET


def test_a_sample_person_gets_in_without_a_phone_and_is_told_so(client: TestClient, sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        sample = a_person(session, roles=[Role.ADMIN], is_sample=True)

    assert enter(client, sample.email).headers["location"] == "/console"

    assert "Sample log-in without a second factor" in words(client.get("/console"))
    assert "Sample log-in without a second factor" in words(client.get("/account"))


def test_the_setting_lets_everybody_in_without_a_second_factor(
    settings: Settings, sqlite_database: Database, clock: MovableClock
) -> None:
    with sqlite_database.writing() as session:
        admin = a_person(session, roles=[Role.ADMIN])
    app = create_app(settings.model_copy(update={"require_totp": False}), database=sqlite_database, clock=clock)
    with TestClient(app, base_url="http://127.0.0.1:8000", follow_redirects=False) as client:
        assert enter(client, admin.email).headers["location"] == "/console"
