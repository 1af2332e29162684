"""Another supplier's questionnaire does not exist, whatever the address and whoever asks."""

import re
import uuid
from collections.abc import Callable

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from sqlmodel import select
from starlette.testclient import TestClient

from service.accounts.models import Organisation, Role, User
from service.submissions.models import Evidence, Submission, WorkbookUpload
from supplier_portal.router import router as portal
from tests import builders
from tests.portal.visits import HIDDEN, Invited, enter, invite

PDF = b"%PDF-1.7 secret"
# Routes that name no object of a supplier; the link's own are tested in test_links.
WITHOUT_OBJECT = {
    "/portal",
    "/portal/export",
    "/portal/keys",
    "/portal/return",
    "/portal/score",
    "/portal/score/certificate",
    "/privacy",
    "/r/{token}",
    "/c/{token}",
    "/reminders/{reminder_token}",
}
GROUP = "furnace"


def routes() -> list[tuple[str, str]]:
    found = [context.original_route for context in iter_route_contexts(portal.routes)]
    return sorted((method, route.path) for route in found if isinstance(route, APIRoute) for method in route.methods)


def address(path: str, invited: Invited, evidence_id: uuid.UUID) -> str:
    values = {
        "submission_id": str(invited.submission.id),
        "evidence_id": str(evidence_id),
        "delegation_id": str(uuid.uuid4()),
        "upstream_id": str(uuid.uuid4()),
        "score_id": str(uuid.uuid4()),
        "action_id": str(uuid.uuid4()),
        "group_key": GROUP,
    }
    return re.sub(r"{(\w+)}", lambda found: values[found[1]], path)


def an_attached_file(app: FastAPI, client: TestClient, invited: Invited) -> uuid.UUID:
    enter(client, invited)
    form = dict(HIDDEN.findall(client.get(f"{invited.home}/evidence").text))
    client.post(f"{invited.home}/evidence", data=form, files=[("files", ("a.pdf", PDF, ""))])
    workbook = client.get(f"{invited.home}/workbook/file").content
    client.post(f"{invited.home}/workbook", data=form | {"idempotency_key": "w"}, files={"file": ("a.xlsx", workbook, "")})
    client.cookies.clear()
    return files_of(app, invited)[0]


def files_of(app: FastAPI, invited: Invited) -> list[uuid.UUID]:
    with app.state.database.reading() as session:
        statement = select(Evidence).where(Evidence.submission_id == invited.submission.id)
        return [one.id for one in session.exec(statement)]


def upload_of(app: FastAPI, invited: Invited) -> uuid.UUID:
    with app.state.database.reading() as session:
        return session.exec(select(WorkbookUpload).where(WorkbookUpload.submission_id == invited.submission.id)).one().id


def a_supplier_user(app: FastAPI) -> User:
    with app.state.database.writing() as session:
        supplier = builders.a_supplier(session, name_zh="别家", name_en="Other")
        organisation = session.get_one(Organisation, supplier.organisation_id)
        return builders.a_user(session, roles=[Role.SUPPLIER], organisation=organisation)


Trespass = Callable[[Invited, tuple[str, str]], None]


@pytest.fixture
def trespass(app: FastAPI, client: TestClient) -> Trespass:
    """Ask for a page of somebody else's questionnaire as whoever is signed in, and check that nothing is found or changed."""

    def ask(victim: Invited, route: tuple[str, str]) -> None:
        method, path = route
        evidence_id = files_of(app, victim)[0]
        path = path.replace("{upload_id}", str(upload_of(app, victim))).replace("{key_id}", str(uuid.uuid4()))
        token = client.headers["x-test-csrf"]
        data = {"csrf_token": token} if method == "POST" else None
        assert client.request(method, address(path, victim, evidence_id), data=data).status_code == 404
        with app.state.database.reading() as session:
            assert session.get_one(Submission, victim.submission.id).status == "opened"
        assert files_of(app, victim) == [evidence_id]

    return ask


@pytest.mark.parametrize("route", [route for route in routes() if route[1] not in WITHOUT_OBJECT])
def test_a_person_of_another_supplier_finds_nothing(
    app: FastAPI, client: TestClient, sign_in: Callable[..., User], trespass: Trespass, route: tuple[str, str]
) -> None:
    victim = invite(app)
    an_attached_file(app, client, victim)
    sign_in(user=a_supplier_user(app))

    trespass(victim, route)


@pytest.mark.parametrize("route", [route for route in routes() if route[1] not in WITHOUT_OBJECT])
def test_who_came_by_another_suppliers_link_finds_nothing(
    app: FastAPI, client: TestClient, trespass: Trespass, route: tuple[str, str]
) -> None:
    victim, own = invite(app), invite(app)
    an_attached_file(app, client, victim)
    enter(client, own)
    client.headers["x-test-csrf"] = dict(HIDDEN.findall(client.get(f"{own.home}/decline").text))["csrf_token"]

    trespass(victim, route)


def test_a_file_is_not_found_below_ones_own_questionnaire_either(app: FastAPI, client: TestClient) -> None:
    victim = invite(app)
    evidence_id = an_attached_file(app, client, victim)
    own = invite(app)
    enter(client, own)

    assert client.get(f"{own.home}/evidence/{evidence_id}").status_code == 404


def test_a_file_of_the_year_before_cannot_be_removed_through_this_years_questionnaire(
    app: FastAPI, client: TestClient, sign_in: Callable[..., User]
) -> None:
    before = invite(app, year=2024)
    evidence_id = an_attached_file(app, client, before)
    now = invite(app, supplier=before.supplier)
    with app.state.database.writing() as session:
        organisation = session.get_one(Organisation, before.supplier.organisation_id)
        person = builders.a_user(session, roles=[Role.SUPPLIER], organisation=organisation)
    sign_in(user=person)

    response = client.post(f"{now.home}/evidence/{evidence_id}/remove", data={"csrf_token": client.headers["x-test-csrf"]})

    assert response.status_code == 404
    assert client.get(f"{before.home}/evidence/{evidence_id}").status_code == 200


def test_a_link_does_not_open_the_same_suppliers_other_questionnaire(app: FastAPI, client: TestClient) -> None:
    before = invite(app, year=2024)
    now = invite(app, supplier=before.supplier)
    enter(client, now)

    assert client.get(now.home).status_code == 200
    assert client.get(before.home).status_code == 404


def test_a_supplier_with_an_account_sees_its_list(app: FastAPI, client: TestClient, sign_in: Callable[..., User]) -> None:
    own, other = invite(app), invite(app)
    with app.state.database.writing() as session:
        organisation = session.get_one(Organisation, own.supplier.organisation_id)
        person = builders.a_user(session, roles=[Role.SUPPLIER], organisation=organisation)
    sign_in(user=person)

    page = client.get("/portal").text

    assert own.home in page
    assert other.home not in page


def test_staff_pages_do_not_exist_for_a_supplier_and_the_portal_is_not_for_staff(
    app: FastAPI, client: TestClient, sign_in: Callable[..., User]
) -> None:
    invited = invite(app)
    sign_in(Role.REVIEWER)

    assert client.get(invited.home).status_code == 403
