"""One-time links: the forgotten password, and the first one."""

import re
from datetime import timedelta

import httpx
import pyotp
import pytest
from sqlmodel import col, select
from starlette.testclient import TestClient

from service.accounts.models import OneTimeToken, Role, User
from service.accounts.sign_in import invite_user
from service.accounts.tokens import hash_token
from service.database import Database
from service.mail.models import MailMessage
from service.settings import Settings
from tests.accounts.builders import PASSWORD, TOTP_SECRET, a_person
from tests.conftest import MovableClock
from tests.console.browsing import submit, words

NEW = "a kettle by the window"


@pytest.fixture
def person(sqlite_database: Database) -> User:
    with sqlite_database.writing() as session:
        return a_person(session, roles=[Role.ENGINEER], totp_secret=TOTP_SECRET)


def mailed_path(database: Database) -> str:
    """Return the path of the link in the newest mail."""
    with database.reading() as session:
        body = session.exec(select(MailMessage.body).order_by(col(MailMessage.id).desc())).first()
    found = re.search(r"http://127\.0\.0\.1:8000(/\S+)", body or "")
    assert found is not None
    return found[1]


def choose(client: TestClient, path: str, password: str = NEW, repeated: str | None = None) -> httpx.Response:
    return submit(client, path, {"password": password, "repeated": repeated or password})


def test_the_answer_to_a_forgotten_password_is_the_same_for_known_and_unknown(
    client: TestClient, person: User, sqlite_database: Database
) -> None:
    with sqlite_database.writing() as session:
        disabled = a_person(session, is_active=False)

    answers = [submit(client, "/reset", {"email": email}) for email in (person.email, "nobody@sample.example", disabled.email)]

    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    with sqlite_database.reading() as session:
        assert session.exec(select(MailMessage.recipient)).all() == [person.email]


def test_an_address_that_is_none_comes_back_with_a_message(client: TestClient) -> None:
    answer = submit(client, "/reset", {"email": "li wei"})

    assert answer.status_code == 422
    assert 'value="li wei"' in answer.text
    assert "name@company.com" in words(answer)


def test_the_fourth_request_for_an_address_in_an_hour_is_refused(client: TestClient) -> None:
    statuses = [submit(client, "/reset", {"email": "nobody@sample.example"}).status_code for _ in range(4)]

    assert statuses == [200, 200, 200, 429]


def test_a_reset_ends_sessions_keeps_the_second_factor_and_signs_nobody_in(
    client: TestClient, person: User, sqlite_database: Database, clock: MovableClock
) -> None:
    submit(client, "/sign-in", {"email": person.email, "password": PASSWORD})
    submit(client, "/sign-in/code", {"code": pyotp.TOTP(TOTP_SECRET).at(clock())})
    elsewhere = dict(client.cookies)
    client.cookies.clear()
    submit(client, "/reset", {"email": person.email})

    answer = choose(client, mailed_path(sqlite_database))

    assert answer.headers["location"] == "/sign-in"
    assert "set-cookie" not in answer.headers or "anodeprint_session" not in answer.headers["set-cookie"]
    assert submit(client, "/sign-in", {"email": person.email, "password": PASSWORD}).status_code == 422
    accepted = submit(client, "/sign-in", {"email": person.email, "password": NEW})
    assert accepted.headers["location"] == "/sign-in/code"
    client.cookies.clear()
    client.cookies.update(elsewhere)
    assert client.get("/console").status_code == 303


def test_a_link_works_once_and_looking_at_it_spends_nothing(client: TestClient, person: User, sqlite_database: Database) -> None:
    submit(client, "/reset", {"email": person.email})
    path = mailed_path(sqlite_database)
    assert [client.get(path).status_code for _ in range(3)] == [200, 200, 200]
    assert client.head(path).status_code in {200, 405}

    assert choose(client, path).status_code == 303

    used = client.get(path)
    assert used.status_code == 404
    assert "This link has been used" in words(used)


def test_of_two_who_send_the_same_link_one_gets_through(client: TestClient, person: User, sqlite_database: Database) -> None:
    submit(client, "/reset", {"email": person.email})
    path = mailed_path(sqlite_database)
    shown = client.get(path)
    token = re.search(r'name="csrf_token" value="([^"]+)"', shown.text)
    assert token is not None
    data = {"csrf_token": token[1], "password": NEW, "repeated": NEW}

    assert [client.post(path, data=data).status_code for _ in range(2)] == [303, 404]


def test_a_reset_link_ends_after_30_minutes_and_with_a_newer_one(
    client: TestClient, person: User, sqlite_database: Database, clock: MovableClock
) -> None:
    submit(client, "/reset", {"email": person.email})
    first = mailed_path(sqlite_database)
    submit(client, "/reset", {"email": person.email})
    second = mailed_path(sqlite_database)

    assert client.get(first).status_code == 404
    assert client.get(second).status_code == 200
    clock.move(timedelta(minutes=30))
    assert client.get(second).status_code == 404


def test_a_guessed_link_is_not_found_and_hashes_nothing(client: TestClient, person: User, sqlite_database: Database) -> None:
    submit(client, "/reset", {"email": person.email})
    stored = hash_token(mailed_path(sqlite_database).rpartition("/")[2])

    assert client.get(f"/reset/{stored}").status_code == 404  # what the database holds opens nothing
    assert client.get("/reset/" + "x" * 43).status_code == 404
    assert client.get("/welcome/" + mailed_path(sqlite_database).rpartition("/")[2]).status_code == 404


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        (("short", "short"), "This password has 5 characters"),
        (("password1234", "password1234"), "guessers try"),
        ((NEW, NEW + "!"), "The two passwords differ"),
        (("Li Wei Li Wei", "Li Wei Li Wei"), "name or e-mail address"),
        (("", ""), "Please fill this in."),
    ],
)
def test_a_password_that_cannot_be_chosen_says_why_and_the_link_lives_on(
    client: TestClient, person: User, sqlite_database: Database, typed: tuple[str, str], message: str
) -> None:
    submit(client, "/reset", {"email": person.email})
    path = mailed_path(sqlite_database)

    refused = choose(client, path, *typed)

    assert refused.status_code == 422
    assert message in words(refused)
    assert choose(client, path).status_code == 303


def test_spaces_at_the_ends_of_a_password_count(client: TestClient, sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        person = a_person(session)
    submit(client, "/reset", {"email": person.email})
    choose(client, mailed_path(sqlite_database), f" {NEW} ")

    assert submit(client, "/sign-in", {"email": person.email, "password": NEW}).status_code == 422
    assert submit(client, "/sign-in", {"email": person.email, "password": f" {NEW} "}).status_code == 303


def test_an_invited_person_chooses_a_password_within_72_hours(
    client: TestClient, sqlite_database: Database, settings: Settings, clock: MovableClock
) -> None:
    with sqlite_database.writing() as session:
        person = a_person(session, password=None)
        link = invite_user(session, person, settings=settings, secret=b"s" * 32, by="system", at=clock())
    path = link.removeprefix(settings.base_url)
    clock.move(timedelta(hours=71, minutes=59))
    assert "Welcome, Li Wei" in words(client.get(path))

    assert choose(client, path).headers["location"] == "/sign-in"

    assert submit(client, "/sign-in", {"email": person.email, "password": NEW}).headers["location"] == "/console"
    with sqlite_database.reading() as session:
        assert session.exec(select(OneTimeToken.used_at)).all() == [clock()]


def test_a_set_up_link_of_somebody_disabled_is_dead(
    client: TestClient, sqlite_database: Database, settings: Settings, clock: MovableClock
) -> None:
    with sqlite_database.writing() as session:
        person = a_person(session, password=None)
        link = invite_user(session, person, settings=settings, secret=b"s" * 32, by="system", at=clock())
        person.is_active = False

    assert client.get(link.removeprefix(settings.base_url)).status_code == 404


def test_a_page_with_a_link_is_neither_kept_nor_passed_on(client: TestClient, person: User, sqlite_database: Database) -> None:
    submit(client, "/reset", {"email": person.email})
    shown = client.get(mailed_path(sqlite_database))

    assert shown.headers["cache-control"] == "no-store"
    assert shown.headers["referrer-policy"] == "no-referrer"
