"""User and role administration."""

import re
import uuid

import pytest
from sqlmodel import col, select
from starlette.testclient import TestClient

from service.accounts.models import STAFF_ROLES, LoginSession, OrganisationKind, Role, User
from service.accounts.sign_in import start_login
from service.audit.models import AuditEvent
from service.database import Database
from service.mail.models import MailMessage
from tests import builders
from tests.accounts.builders import TOTP_SECRET, a_person
from tests.conftest import MovableClock, SignIn
from tests.console.browsing import submit, words

OUTSIDERS = {Role.SUPPLIER: OrganisationKind.SUPPLIER, Role.VERIFIER: OrganisationKind.VERIFIER}


@pytest.fixture
def admin(sign_in: SignIn) -> User:
    return sign_in(Role.ADMIN)


@pytest.fixture
def somebody(sqlite_database: Database) -> User:
    with sqlite_database.writing() as session:
        return a_person(session, totp_secret=TOTP_SECRET, name="Wang Fang")


def new_person(admin: User, **values: object) -> dict[str, object]:
    return {
        "name": "Zhao Min",
        "email": "Zhao.Min@sample.example",
        "organisation": str(admin.organisation_id),
        "roles": ["sales", "auditor"],
        **values,
    }


def test_a_person_is_added_with_a_mailed_and_copyable_link(client: TestClient, admin: User, sqlite_database: Database) -> None:
    answer = submit(client, "/console/people/new", new_person(admin), action="/console/people")

    page = client.get(answer.headers["location"])
    assert "Zhao Min is added" in words(page)
    assert "Invited" in words(page)
    shown = re.search(r'value="(http://127\.0\.0\.1:8000/welcome/[0-9a-f]{64})"', page.text)
    assert shown is not None
    with sqlite_database.reading() as session:
        user = session.exec(select(User).where(User.email == "zhao.min@sample.example")).one()
        mail = session.exec(select(MailMessage)).one()
        events = session.exec(select(AuditEvent.action, AuditEvent.actor).where(AuditEvent.object_id == str(user.id))).all()
        assert user.roles == ["auditor", "sales"]
        assert (mail.recipient, shown[1] in mail.body) == ("zhao.min@sample.example", True)
    assert [tuple(event) for event in events] == [
        ("user_created", f"user:{admin.id}"),
        ("user_invited", f"user:{admin.id}"),
    ]
    client.cookies.clear()
    assert client.get(shown[1].removeprefix("http://127.0.0.1:8000")).status_code == 200


def test_sending_the_form_twice_adds_one_person(client: TestClient, admin: User, sqlite_database: Database) -> None:
    values = new_person(admin, idempotency_key=str(uuid.uuid4()))

    answers = [submit(client, "/console/people/new", values, action="/console/people") for _ in range(2)]

    assert answers[0].headers["location"] == answers[1].headers["location"]
    with sqlite_database.reading() as session:
        assert len(session.exec(select(MailMessage)).all()) == 1


def test_a_supplier_s_person_gets_the_supplier_role(client: TestClient, admin: User, sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        organisation = builders.an_organisation(session, kind=OrganisationKind.SUPPLIER, name_en="Mengtan Toll")
    assert "Mengtan Toll" in words(client.get("/console/people/new"))

    values = new_person(admin, organisation=str(organisation.id), roles=["supplier"])
    assert submit(client, "/console/people/new", values, action="/console/people").status_code == 303


@pytest.mark.parametrize(
    ("wrong", "field", "message"),
    [
        ({"email": "zhao"}, "email", "is no e-mail address"),
        ({"name": ""}, "name", "Please fill this in."),
        ({"name": "Zhao\u202eMin"}, "name", "can't be stored"),
        ({"roles": []}, "roles", "Choose at least one role."),
        ({"roles": ["supplier"]}, "roles", "People of a supplier"),
        ({"organisation": str(uuid.uuid4())}, "organisation", "not in the list"),
    ],
)
def test_a_wrong_value_is_named_and_nothing_typed_is_lost(
    client: TestClient, admin: User, wrong: dict[str, object], field: str, message: str
) -> None:
    answer = submit(client, "/console/people/new", new_person(admin, **wrong), action="/console/people")

    assert answer.status_code == 422
    assert message in words(answer)
    assert f'href="#field-{field}"' in answer.text
    if field != "email":
        assert 'value="Zhao.Min@sample.example"' in answer.text
    if field != "roles":
        assert answer.text.count(" checked") == 2


def test_an_address_in_use_is_refused(client: TestClient, admin: User, somebody: User) -> None:
    values = new_person(admin, email=somebody.email.upper())

    answer = submit(client, "/console/people/new", values, action="/console/people")

    assert "has an account already" in words(answer)


def test_an_unknown_role_or_field_is_refused(client: TestClient, admin: User) -> None:
    for wrong in ({"roles": ["root"]}, {"is_sample": "true"}, {"password_hash": "x"}):
        assert submit(client, "/console/people/new", new_person(admin, **wrong), action="/console/people").status_code == 422


@pytest.mark.usefixtures("admin")
def test_name_and_roles_are_changed_and_recorded(client: TestClient, somebody: User, sqlite_database: Database) -> None:
    page = f"/console/people/{somebody.id}"

    answer = submit(client, page, {"name": "Wang Fangfang", "roles": ["reviewer", "sales"]})

    assert answer.headers["location"] == page
    shown = words(client.get(page))
    assert "Wang Fangfang" in shown
    assert "Person: roles changed" in shown
    with sqlite_database.reading() as session:
        details = session.exec(select(AuditEvent.details).where(AuditEvent.action == "user_roles_changed")).one()
    assert details == {"before": "sales", "after": "reviewer sales"}


@pytest.mark.usefixtures("admin")
def test_a_person_without_roles_is_refused(client: TestClient, somebody: User) -> None:
    answer = submit(client, f"/console/people/{somebody.id}", {"name": "Wang Fang"})

    assert answer.status_code == 422
    assert "Choose at least one role." in words(answer)


@pytest.mark.usefixtures("admin")
def test_disabling_ends_sessions_and_enabling_lets_in_again(
    client: TestClient, somebody: User, sqlite_database: Database, clock: MovableClock
) -> None:
    page = f"/console/people/{somebody.id}"
    with sqlite_database.writing() as session:
        start_login(session, session.get_one(User, somebody.id), at=clock())

    submit(client, page, {}, action=f"{page}/disable")

    assert "Wang Fang is signed out everywhere" in words(client.get(page))
    with sqlite_database.reading() as session:
        assert session.exec(select(LoginSession).where(LoginSession.user_id == somebody.id)).all() == []
    submit(client, page, {}, action=f"{page}/enable")
    assert "can sign in again" in words(client.get(page))


@pytest.mark.usefixtures("admin")
def test_a_lost_phone_is_forgotten(client: TestClient, somebody: User, sqlite_database: Database) -> None:
    page = f"/console/people/{somebody.id}"

    submit(client, page, {}, action=f"{page}/remove-second-factor")

    with sqlite_database.reading() as session:
        assert session.get_one(User, somebody.id).totp_secret is None
    assert "second factor removed" in words(client.get(page))


def test_the_last_administrator_cannot_leave(client: TestClient, admin: User) -> None:
    page = f"/console/people/{admin.id}"

    assert submit(client, page, {}, action=f"{page}/disable").status_code == 409
    assert "last active administrator" in words(submit(client, page, {"name": "Li Wei", "roles": ["sales"]}))
    assert "Disable and sign out" not in words(client.get(page))


@pytest.mark.usefixtures("admin")
def test_a_new_link_goes_only_to_who_has_no_password(client: TestClient, somebody: User, sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        invited = a_person(session, password=None, name="Sun Li")
    page = f"/console/people/{invited.id}"
    assert "The link has run out" in words(client.get(page))

    submit(client, page, {}, action=f"{page}/invite")

    assert "/welcome/" in client.get(page).text
    refused = submit(client, page, {}, action=f"/console/people/{somebody.id}/invite")
    assert refused.status_code == 404


@pytest.mark.usefixtures("admin")
def test_the_list_is_filtered_and_paged_without_losing_anybody(client: TestClient, sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        for number in range(60):
            a_person(session, name=f"Person {number:02}")
        a_person(session, name="100% Zhang_Wei")

    first = client.get("/console/people")
    older = re.search(r'href="(/console/people\?[^"]+)"', first.text)
    assert older is not None
    second = client.get(older[1].replace("&amp;", "&"))

    names = re.findall(r"Person \d\d", words(first)) + re.findall(r"Person \d\d", words(second))
    assert sorted(names) == [f"Person {number:02}" for number in range(60)]
    assert "Zhang_Wei" in words(client.get("/console/people", params={"q": "0% zhang_w"}))
    assert "Nobody found" in words(client.get("/console/people", params={"q": "%"})).replace("100% Zhang_Wei", "Nobody found")
    assert "Nobody found" in words(client.get("/console/people", params={"q": "no such person"}))


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
def test_only_administrators_come_here(client: TestClient, sign_in: SignIn, sqlite_database: Database, role: Role) -> None:
    with sqlite_database.writing() as session:
        kind = OUTSIDERS.get(role, OrganisationKind.MAKER)
        organisation = builders.a_maker(session) if kind is OrganisationKind.MAKER else builders.an_organisation(session, kind=kind)
        user = a_person(session, roles=[role], organisation=organisation)
        victim = a_person(session)
    sign_in(user=user)
    expected = 404 if role not in STAFF_ROLES else 403
    token = {"csrf_token": client.headers["x-test-csrf"]}
    page = f"/console/people/{victim.id}"

    looked = [client.get(path).status_code for path in ("/console/people", "/console/people/new", page)]
    tried = [
        client.post(path, data=token).status_code
        for path in (
            "/console/people",
            page,
            *(f"{page}/{what}" for what in ("invite", "disable", "enable", "remove-second-factor")),
        )
    ]

    assert set(looked + tried) == {expected}
    with sqlite_database.reading() as session:
        assert session.exec(select(AuditEvent).order_by(col(AuditEvent.id))).all() == []


def test_an_unknown_person_is_not_found(client: TestClient, admin: User) -> None:
    assert client.get(f"/console/people/{uuid.uuid4()}").status_code == 404
    assert client.get(f"/console/people/{admin.id}").status_code == 200
