"""Signing in and out through the browser: sessions, second factor, limits, languages, where one lands."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from argon2 import PasswordHasher
from sqlmodel import select
from starlette.testclient import TestClient

from service.accounts.models import LoginSession, OrganisationKind, Role, User
from service.accounts.operations import disable
from service.accounts.tokens import hash_token
from service.database import Database
from service.main import create_app
from service.settings import Settings
from tests import builders
from tests.accounts.builders import PASSWORD, a_person
from tests.conftest import MovableClock, SignIn
from tests.console.browsing import TOKEN, submit, words
from tests.console.signing_in import COOKIE, enter, enter_again


@pytest.fixture
def sales(sqlite_database: Database) -> User:
    """Somebody who needs no second factor."""
    with sqlite_database.writing() as session:
        return a_person(session)


def test_who_is_not_signed_in_is_led_to_the_sign_in_page_and_back(client: TestClient, sales: User) -> None:
    assert client.get("/").headers["location"] == "/sign-in"
    asked = client.get("/account?x=1")
    assert asked.headers["location"] == "/sign-in?next=%2Faccount%3Fx%3D1"

    assert enter(client, sales.email, page=asked.headers["location"]).headers["location"] == "/account?x=1"


def test_staff_land_in_the_console_and_suppliers_in_the_portal(client: TestClient, sales: User, sqlite_database: Database) -> None:
    assert enter(client, f" {sales.email.upper()} ").headers["location"] == "/console"
    assert client.get("/").headers["location"] == "/console"
    assert client.get("/sign-in").headers["location"] == "/"

    client.cookies.clear()
    with sqlite_database.writing() as session:
        organisation = builders.an_organisation(session, kind=OrganisationKind.SUPPLIER)
        supplier = a_person(session, roles=[Role.SUPPLIER], organisation=organisation)
    assert enter(client, supplier.email).headers["location"] == "/portal"
    assert client.get("/").headers["location"] == "/portal"
    assert client.get("/console").status_code == 404


def test_unknown_disabled_unfinished_and_mistyped_look_the_same(client: TestClient, sales: User, sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        disabled, unfinished = a_person(session, is_active=False), a_person(session, password=None)
        shut = builders.an_organisation(session, kind=OrganisationKind.SUPPLIER)
        shut.is_active = False
        of_shut = a_person(session, roles=[Role.SUPPLIER], organisation=shut)
    tries = [
        (sales.email, "not this password"),
        ("nobody@sample.example", PASSWORD),
        (disabled.email, PASSWORD),
        (unfinished.email, PASSWORD),
        (of_shut.email, PASSWORD),
    ]

    answers = [enter(client, email, password) for email, password in tries]

    assert {answer.status_code for answer in answers} == {422}
    assert len({answer.text.replace(email, "E") for answer, (email, _) in zip(answers, tries, strict=True)}) == 1
    assert all(COOKIE not in answer.headers.get("set-cookie", "") for answer in answers)
    assert "don't belong together" in words(answers[0])


def test_the_address_typed_is_kept_and_the_password_is_not(client: TestClient) -> None:
    answer = enter(client, "li@sample.example", "my wrong secret")

    assert 'value="li@sample.example"' in answer.text
    assert "my wrong secret" not in answer.text


def test_an_empty_form_says_what_is_missing(client: TestClient) -> None:
    answer = submit(client, "/sign-in", {})

    assert answer.status_code == 422
    assert answer.text.count("Please fill this in.") >= 2


def test_the_token_is_new_at_each_sign_in_and_a_planted_one_never_counts(
    client: TestClient, sales: User, sqlite_database: Database
) -> None:
    client.cookies.set(COOKIE, "planted-by-somebody-else")
    first = enter(client, sales.email).cookies[COOKIE]
    client.cookies.clear()
    client.cookies.set(COOKIE, first)
    token = TOKEN.search(client.get("/account").text)
    assert token is not None
    data = {"csrf_token": token[1], "email": sales.email, "password": PASSWORD}
    second = client.post("/sign-in", data=data).cookies[COOKIE]

    assert len({"planted-by-somebody-else", first, second}) == 3
    with sqlite_database.reading() as session:
        assert session.exec(select(LoginSession.token_hash)).all() == [hash_token(second)]  # the first has ended


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(client: TestClient, sales: User) -> None:
    cookie = enter(client, sales.email).headers["set-cookie"].lower()

    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "path=/" in cookie
    assert "domain=" not in cookie


def test_over_tls_the_cookie_has_the_host_prefix_and_is_secure(settings: Settings, sqlite_database: Database, sales: User) -> None:
    app = create_app(settings.model_copy(update={"base_url": "https://pcf.sample.example"}), database=sqlite_database)
    with TestClient(app, base_url="https://pcf.sample.example", follow_redirects=False) as client:
        cookie = enter(client, sales.email).headers["set-cookie"]

    assert cookie.startswith("__Host-anodeprint=")
    assert "Secure" in cookie


def test_signing_out_ends_the_session_on_the_server(client: TestClient, sales: User) -> None:
    enter(client, sales.email)
    stolen = client.cookies[COOKIE]

    answer = submit(client, "/account", {}, action="/sign-out")

    assert answer.headers["location"] == "/sign-in"
    client.cookies.set(COOKIE, stolen)
    assert client.get("/account").status_code == 303
    assert "You have signed out." in words(client.get("/sign-in"))


def test_a_session_ends_after_30_idle_minutes_and_lives_on_while_used(client: TestClient, sales: User, clock: MovableClock) -> None:
    enter(client, sales.email)
    for _ in range(3):
        clock.move(timedelta(minutes=29))
        assert client.get("/account").status_code == 200

    clock.move(timedelta(minutes=30, seconds=1))

    assert client.get("/account").status_code == 303


def test_a_session_ends_after_12_hours_however_busy(client: TestClient, sales: User, clock: MovableClock) -> None:
    enter(client, sales.email)
    for _ in range(36):
        clock.move(timedelta(minutes=20))
        assert client.get("/account").status_code == 200

    clock.move(timedelta(seconds=1))  # 36 x 20 min = 12 h are over

    assert client.get("/account").status_code == 303


def test_a_disabled_person_is_out_at_the_next_click(
    client: TestClient, sales: User, sqlite_database: Database, clock: MovableClock
) -> None:
    enter(client, sales.email)
    with sqlite_database.writing() as session:
        disable(session, session.get_one(User, sales.id), by="system", at=clock())

    assert client.get("/account").status_code == 303


def test_a_changed_role_counts_at_the_next_click(client: TestClient, sales: User, sqlite_database: Database) -> None:
    enter(client, sales.email)
    assert client.get("/console/audit").status_code == 403
    with sqlite_database.writing() as session:
        session.get_one(User, sales.id).roles = [Role.AUDITOR]

    assert client.get("/console/audit").status_code == 200


def test_the_eleventh_try_for_an_account_is_refused_even_with_the_right_password(
    client: TestClient, sales: User, clock: MovableClock
) -> None:
    for _ in range(10):
        assert enter(client, sales.email, "not this password").status_code == 422

    refused = enter(client, sales.email)

    assert refused.status_code == 429
    assert 0 < int(refused.headers["retry-after"]) <= 15 * 60
    clock.move(timedelta(minutes=15))
    assert enter(client, sales.email).status_code == 303


def test_naming_the_account_twice_or_otherwise_gives_no_more_tries(client: TestClient, sales: User) -> None:
    spellings = [sales.email, sales.email.upper(), f" {sales.email}"]
    for number in range(10):
        data = {"email": [spellings[number % 3], f"other{number}@sample.example"], "password": "not this password"}
        assert submit(client, "/sign-in", data).status_code == 422

    assert enter(client, sales.email).status_code == 429


def test_the_tries_of_one_address_are_counted_over_accounts(client: TestClient) -> None:
    statuses = [submit(client, "/sign-in", {"email": f"nobody{number}@sample.example"}).status_code for number in range(101)]

    assert statuses == [422] * 100 + [429]


def test_a_weaker_hash_is_renewed_at_sign_in(client: TestClient, sales: User, sqlite_database: Database) -> None:
    weaker = PasswordHasher(memory_cost=19 * 1024, time_cost=2, parallelism=1).hash(PASSWORD)
    with sqlite_database.writing() as session:
        session.get_one(User, sales.id).password_hash = weaker

    assert enter(client, sales.email).status_code == 303

    with sqlite_database.reading() as session:
        assert "m=47104,t=1,p=1" in str(session.get_one(User, sales.id).password_hash)
    assert enter_again(client, sales.email).status_code == 303


def test_a_form_without_the_page_s_token_is_refused(client: TestClient, sales: User) -> None:
    client.get("/sign-in")

    answer = client.post("/sign-in", data={"email": sales.email, "password": PASSWORD})

    assert answer.status_code == 403
    assert client.post("/sign-out", data={"csrf_token": "made up"}).status_code == 403


def test_no_answer_of_a_sign_in_is_kept_for_its_idempotency_key(client: TestClient, sales: User) -> None:
    token = TOKEN.search(client.get("/sign-in").text)
    assert token is not None
    data = {"csrf_token": token[1], "email": sales.email, "password": PASSWORD}
    headers = {"Idempotency-Key": "one-key"}

    first = client.post("/sign-in", data=data, headers=headers).cookies[COOKIE]
    del client.cookies[COOKIE]
    second = client.post("/sign-in", data=data, headers=headers).cookies[COOKIE]

    assert first != second


ELSEWHERE = [
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https://evil.example",
    "https:evil.example",
    "javascript:alert(1)",
    "/\t/evil.example",
    "/\n/evil.example",
    "//[",
    "http://[",
    "evil.example",
    "/ok\\..\\evil",
    " //evil.example",
    "%2f%2fevil.example",
    "///evil.example",
    "",
]


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_nobody_is_led_to_another_site(client: TestClient, sales: User, wanted: str) -> None:
    answers = [
        client.get("/language/en", params={"next": wanted}),
        submit(client, "/sign-in", {"email": sales.email, "password": PASSWORD, "next": wanted}),
        client.get("/sign-in", params={"next": wanted}),
    ]

    for answer in answers:
        location = urlsplit(answer.headers["location"])
        assert answer.status_code == 303
        assert (location.scheme, location.netloc) == ("", "")
        assert location.path in {"/", "/console"}


def test_the_language_chosen_stays_with_browser_and_person(client: TestClient, sales: User, sqlite_database: Database) -> None:
    assert "Sign in" in words(client.get("/sign-in"))

    answer = client.get("/language/zh-CN?next=/sign-in")

    assert answer.headers["location"] == "/sign-in"
    page = client.get("/sign-in")
    assert "登录" in words(page)
    assert page.headers["content-language"] == "zh-CN"
    assert "邮箱与密码不匹配" in words(enter(client, sales.email, "not this password"))
    enter(client, sales.email)
    with sqlite_database.reading() as session:
        assert session.get_one(User, sales.id).locale == "zh-CN"


def test_an_unknown_language_is_not_found(client: TestClient) -> None:
    assert client.get("/language/fr").status_code == 404


def test_an_error_page_speaks_the_browser_s_language(client: TestClient) -> None:
    assert "Not found" in words(client.get("/nothing"))
    assert "未找到" in words(client.get("/nothing", headers={"accept-language": "zh-CN,zh;q=0.9"}))


def test_me_tells_a_program_whose_session_it_has(client: TestClient, sign_in: SignIn) -> None:
    user = sign_in(Role.SALES, Role.AUDITOR)

    body = client.get("/api/v1/me", headers={"accept": "application/json"}).json()

    assert body["user_id"] == str(user.id)
    assert body["roles"] == ["auditor", "sales"]
    assert body["organisation_kind"] == "maker"
    assert "password_hash" not in body
