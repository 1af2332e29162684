"""The pages of the inventory: who may look, what is asked of whom, and the files."""

import io
import re
from collections.abc import Callable

import pytest
from fastapi import FastAPI
from openpyxl import load_workbook
from starlette.testclient import TestClient

from service.accounts.models import Role
from service.company_inventory.checks import CHECKS
from tests.company_inventory.builders import a_graphitising_plant
from tests.conftest import SignIn

YEAR = "/console/plan/inventory/2023"
Form = Callable[..., dict[str, str]]


@pytest.fixture(autouse=True)
def entered(app: FastAPI) -> None:
    """The year 2023 of one plant is entered."""
    with app.state.database.writing() as session:
        a_graphitising_plant(session)


def _text(client: TestClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


def _close(client: TestClient, sign_in: SignIn, form: Form) -> None:
    sign_in(Role.ENGINEER)
    client.post(f"{YEAR}/prepare", data=form(factor_set="gb_t_32151_34", version="0"))
    sign_in(Role.REVIEWER)
    client.post(f"{YEAR}/verify", data={**form(version="1"), "checks": list(CHECKS)})
    client.post(f"{YEAR}/close", data=form(version="2"))


@pytest.mark.parametrize("path", ["/console/plan/inventory", YEAR, "/console/plan/energy", "/console/plan/inventory/comparison"])
def test_buyers_and_sales_see_no_figure_of_the_company(client: TestClient, sign_in: SignIn, path: str) -> None:
    sign_in(Role.PROCUREMENT, Role.SALES)
    assert client.get(path).status_code == 403


def test_a_year_goes_from_draft_to_closed_and_open_again_by_different_people(
    client: TestClient, sign_in: SignIn, form: Form
) -> None:
    _close(client, sign_in, form)
    assert "Closed" in _text(client, YEAR)
    refused = client.post(f"{YEAR}/reopen", data=form(version="3", cause="error", reason="A meter was wrong."))
    assert refused.status_code == 409
    assert "ask another person" in refused.text
    sign_in(Role.COMMITTEE)
    client.post(f"{YEAR}/reopen", data=form(version="3", cause="error", reason="A meter was wrong."))
    assert "Draft" in _text(client, YEAR)


def test_what_was_typed_comes_back_with_the_reason_for_refusing_it(client: TestClient, sign_in: SignIn, form: Form) -> None:
    sign_in(Role.ENGINEER)
    client.post(f"{YEAR}/prepare", data=form(factor_set="gb_t_32151_34", version="0"))
    sign_in(Role.REVIEWER)
    answer = client.post(f"{YEAR}/findings", data=form(check="no such check", text="The bill of May is not kept."))
    assert answer.status_code == 422
    assert "The bill of May is not kept." in answer.text


def test_a_finding_is_noted_and_settled_on_the_page(client: TestClient, sign_in: SignIn, form: Form) -> None:
    sign_in(Role.ENGINEER, Role.REVIEWER)
    client.post(f"{YEAR}/prepare", data=form(factor_set="gb_t_32151_34", version="0"))
    client.post(f"{YEAR}/findings", data=form(check="evidence", text="The bill of May is not kept."))
    page = client.get(YEAR).text
    finding = re.search(r'<option value="([0-9a-f-]{36})"[^>]*>The bill of May', page)
    assert finding is not None
    client.post(f"{YEAR}/findings/resolve", data=form(finding_id=finding[1], resolution="Found in the archive."))
    assert "Found in the archive." in _text(client, YEAR)


def test_every_line_leads_to_its_entries(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.COMMITTEE)
    page = client.get(YEAR).text
    entries = set(re.findall(r'href="(/console/plan/monitoring/entries/[0-9a-f-]+)"', page))
    assert len(entries) == 7 * 12
    assert client.get(min(entries)).status_code == 200


def test_all_lines_come_as_a_workbook_without_formulas(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.COMMITTEE)
    book = load_workbook(io.BytesIO(client.get(f"{YEAR}/lines.xlsx").content))
    rows = list(book["排放 Emissions"].iter_rows(min_row=2, values_only=True))
    assert len(rows) == 8
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)


def test_the_api_says_what_an_open_year_lacks(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.AUDITOR)
    found = client.get("/api/v1/inventories").json()
    assert [(one["year"], one["status"], one["is_complete"]) for one in found] == [(2023, "draft", True)]
    assert found[0]["toll_graphitisation_t_co2e"] is None
    assert client.get("/api/v1/inventories/2022").json()["is_complete"] is False


def test_two_years_stand_side_by_side(client: TestClient, sign_in: SignIn, app: FastAPI) -> None:
    # The same furnace a year earlier: only the grid differs, 12 GWh · (0.6479 − 0.6849) = −444 t or −5.4 %
    with app.state.database.writing() as session:
        a_graphitising_plant(session, year=2022)
    sign_in(Role.COMMITTEE)
    text = _text(client, "/console/plan/inventory/comparison?first=2022&second=2023")
    assert "Scope 2 by the grid of the province t CO₂ 8,218.8 7,774.8 −5.40 %" in text


def test_a_planner_without_enough_says_which_field_is_wrong(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.ENGINEER)
    answer = client.get("/console/plan/energy?year=2023&carrier=anode_output&amount=5")
    assert answer.status_code == 422
    assert "anode_output" in answer.text
