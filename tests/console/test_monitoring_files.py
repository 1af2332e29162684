"""The bill behind a monthly figure, in the browser."""

import html
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import httpx
import pytest
from fastapi import FastAPI
from sqlmodel import select
from starlette.testclient import TestClient

from service.accounts.models import Role
from service.evidence.models import AttachedFile, Scan
from service.monitoring.closing import close_year
from tests import builders
from tests.conftest import SignIn
from tests.monitoring.builders import NOW, a_source, an_entry

FormOf = Callable[..., dict[str, str]]
PDF = b"%PDF-1.7 electricity bill"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure of May 2025, by what a browser does to it."""

    client: TestClient
    form: FormOf
    path: str

    def attach(self, *files: tuple[str, bytes, str]) -> int:
        """Send files; return the status."""
        return self.client.post(f"{self.path}/files", data=self.form(), files=[("files", one) for one in files]).status_code

    def remove(self, file_id: uuid.UUID, reason: str) -> httpx.Response:
        """Take a file off."""
        return self.client.post(f"{self.path}/files/remove", data=self.form(file_id=str(file_id), removal_reason=reason))

    def page(self) -> str:
        """Return its page."""
        return self.client.get(self.path).text


@pytest.fixture
def figure(app: FastAPI, client: TestClient, form: FormOf) -> Figure:
    with app.state.database.writing() as session:
        entry = an_entry(session, a_source(session, builders.a_plant(session), "diesel"), date(2025, 5, 1), 12.0)
        return Figure(client=client, form=form, path=f"/console/plan/monitoring/entries/{entry.id}")


def rows(app: FastAPI) -> list[AttachedFile]:
    with app.state.database.writing() as session:
        return list(session.exec(select(AttachedFile).order_by(AttachedFile.name)))


def test_an_engineer_attaches_the_bill_and_every_reader_of_the_plan_saves_it_under_its_own_name(
    app: FastAPI, client: TestClient, sign_in: SignIn, figure: Figure
) -> None:
    sign_in(Role.ENGINEER)
    assert figure.attach(("电费单.pdf", PDF, "text/html"), ("meter.csv", b"day,kWh\n1,2\n", "")) == 303
    bill = rows(app)[1]

    for role in (Role.ENGINEER, Role.REVIEWER, Role.AUDITOR, Role.COMMITTEE):
        sign_in(role)
        page = figure.page()
        assert f'href="{figure.path}/files/{bill.id}"' in page
        assert ("电费单.pdf" in page, bill.sha256[:16] in page) == (True, True)
        assert ("Not scanned for viruses" in page, f'action="{figure.path}/files"' in page) == (True, role is Role.ENGINEER)
        response = client.get(f"{figure.path}/files/{bill.id}")
        assert response.content == PDF
        assert response.headers["content-type"] == "application/pdf"
        assert response.headers["content-security-policy"] == "sandbox; default-src 'none'"
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["content-disposition"].startswith("attachment; filename*=utf-8''%E7%94%B5")


@pytest.mark.parametrize(
    "hostile",
    [
        ("bill.pdf", b"<html><script>alert(1)</script></html>", "application/pdf"),
        ("bill.xlsm", b"PK\x03\x04junk", ""),
        ("bill.exe", b"MZ\x90\x00", "application/octet-stream"),
        ("bill.csv", b"", "text/csv"),
    ],
    ids=lambda one: one[0],
)
def test_the_content_decides_not_the_name(app: FastAPI, sign_in: SignIn, figure: Figure, hostile: tuple[str, bytes, str]) -> None:
    sign_in(Role.ENGINEER)

    assert figure.attach(hostile) == 422
    assert rows(app) == []


def test_a_file_larger_than_allowed_is_refused(app: FastAPI, sign_in: SignIn, figure: Figure) -> None:
    sign_in(Role.ENGINEER)

    assert figure.attach(("big.pdf", PDF + b"0" * app.state.settings.upload_max_bytes, "")) == 413
    assert rows(app) == []


def test_a_form_without_a_file_says_so(client: TestClient, sign_in: SignIn, figure: Figure) -> None:
    sign_in(Role.ENGINEER)

    response = client.post(f"{figure.path}/files", data=figure.form())

    assert response.status_code == 422
    assert "Choose a file first." in response.text


def test_who_only_reads_attaches_and_removes_nothing_and_others_see_nothing(
    app: FastAPI, client: TestClient, sign_in: SignIn, figure: Figure
) -> None:
    sign_in(Role.ENGINEER)
    figure.attach(("a.pdf", PDF, ""))
    (file,) = rows(app)

    for role in (Role.REVIEWER, Role.AUDITOR, Role.COMMITTEE):
        sign_in(role)
        assert figure.attach(("b.pdf", PDF + b"2", "")) == 403
        assert figure.remove(file.id, "not mine").status_code == 403
    for role, status in ((Role.PROCUREMENT, 403), (Role.SALES, 403), (Role.EMPLOYEE, 404), (Role.SUPPLIER, 404)):
        sign_in(role)
        assert client.get(f"{figure.path}/files/{file.id}").status_code == status, role
    assert [one.removed_at for one in rows(app)] == [None]


def test_a_file_of_nothing_is_not_found(client: TestClient, sign_in: SignIn, figure: Figure) -> None:
    sign_in(Role.ENGINEER)
    figure.attach(("a.pdf", PDF, ""))

    assert client.get(f"{figure.path}/files/{uuid.uuid4()}").status_code == 404
    assert figure.remove(uuid.uuid4(), "not there").status_code == 404
    nothing = f"/console/plan/monitoring/entries/{uuid.uuid4()}/files"
    assert client.post(nothing, data=figure.form(), files=[("files", ("a.pdf", PDF, ""))]).status_code == 404


def test_an_infected_file_is_named_and_not_handed_out(app: FastAPI, client: TestClient, sign_in: SignIn, figure: Figure) -> None:
    sign_in(Role.ENGINEER)
    figure.attach(("a.pdf", PDF, ""))
    with app.state.database.writing() as session:
        file = session.exec(select(AttachedFile)).one()
        file.scan = Scan.INFECTED
        address = f"{figure.path}/files/{file.id}"

    page = figure.page()

    assert "Virus found" in page
    assert address not in page
    assert client.get(address).status_code == 409


def test_a_file_is_removed_with_a_reason_that_the_page_shows(
    app: FastAPI, client: TestClient, sign_in: SignIn, figure: Figure
) -> None:
    sign_in(Role.ENGINEER)
    figure.attach(("a.pdf", PDF, ""))
    (file,) = rows(app)

    refused = figure.remove(file.id, "")
    done = figure.remove(file.id, "bill of another site")

    assert (refused.status_code, done.status_code) == (422, 303)
    assert f'<option value="{file.id}" selected' in refused.text  # nothing chosen is lost
    page = figure.page()
    assert "bill of another site" in page
    assert f"{figure.path}/files/{file.id}" not in page
    assert client.get(f"{figure.path}/files/{file.id}").status_code == 404


def test_the_files_of_a_closed_year_stay(app: FastAPI, client: TestClient, sign_in: SignIn, figure: Figure) -> None:
    sign_in(Role.ENGINEER)
    figure.attach(("a.pdf", PDF, ""))
    (file,) = rows(app)
    with app.state.database.writing() as session:
        close_year(session, 2025, by="user:1", at=NOW)

    response = figure.remove(file.id, "wrong bill")

    assert response.status_code == 409
    assert "The year 2025 is closed" in html.unescape(response.text)
    page = figure.page()
    assert "The year is closed, so its files stay." in page
    assert "files/remove" not in page
    assert client.get(f"{figure.path}/files/{file.id}").status_code == 200


def test_the_source_and_the_inventory_show_behind_which_figures_a_file_stands(
    client: TestClient, sign_in: SignIn, figure: Figure
) -> None:
    sign_in(Role.ENGINEER)
    before = client.get("/console/plan/inventory/2025").text
    figure.attach(("a.pdf", PDF, ""))

    inventory = client.get("/console/plan/inventory/2025").text

    assert "A file stands behind 0 of 1 monthly figures" in before
    assert "A file stands behind 1 of 1 monthly figures" in inventory
    assert ("1 with a file" in before, "1 with a file" in inventory) == (False, True)
    source_path = figure.page().partition('href="/console/plan/monitoring/sources/')[2].partition('"')[0]
    row = client.get(f"/console/plan/monitoring/sources/{source_path}").text.partition(figure.path)[2].partition("</tr>")[0]
    assert '<td class="number">1</td>' in row
