import csv
import html
import re

import pytest
from starlette.testclient import TestClient

from lca_models.model import load_model, shipped_tables
from service.accounts.models import Role
from service.database import Database
from tests.conftest import SignIn
from tests.console.browsing import words
from tests.modelling.builders import a_draft, with_more_utilities

MODEL = load_model()
PAGES = (
    "/console/model",
    "/console/model/parameters",
    "/console/model/parameters/milling_yield",
    "/console/model/factors",
    "/console/model/method",
    "/console/model/versions",
    "/console/model/processes/P1_milling_shaping",
)


@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize("path", PAGES)
def test_auditors_read_every_page_in_both_languages(client: TestClient, sign_in: SignIn, path: str, language: str) -> None:
    sign_in(Role.AUDITOR)

    page = client.get(path, params={"lang": language})

    assert page.status_code == 200
    assert f'lang="{language}"' in page.text


def test_the_map_leads_to_every_process_of_the_route_and_every_variant(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.ENGINEER)

    page = client.get("/console/model").text

    drawn = {html.unescape(path).partition("?")[0] for path in re.findall(r'href="/console/model/processes/([^"]+)"', page)}
    assert drawn == set(MODEL.processes)
    assert "12.5 kg CO₂e/kg" in page
    assert client.get("/console/model?furnace=box").text.count("9.85 kg CO₂e/kg") == 1


def test_the_map_can_be_read_without_the_drawing(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.ENGINEER)

    page = client.get("/console/model").text
    listed = page[page.index('<ol class="map-list') :]

    assert all(f"/console/model/processes/{name}" in html.unescape(listed) for name in MODEL.processes)
    assert "13.0 kWh" in listed


def test_an_unknown_furnace_in_the_address_shows_the_default(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.ENGINEER)

    assert "12.5 kg CO₂e/kg" in client.get("/console/model?furnace=oven").text


def test_a_process_page_shows_amount_formula_range_source_and_confidence(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.ENGINEER)

    page = words(client.get("/console/model/processes/P3_graphitisation:box"))

    # 9.5 kWh x 0.5777 x 0.985 x 1.015 = 5.49
    assert re.search(
        r"Electricity Goes in graphitization_electricity_kwh_per_kg 9\.500 kWh 7\.50 – 11\.5 triangular 5\.49 expert .* Low", page
    )
    assert "Only with another allocation" in page


@pytest.mark.parametrize("path", ["processes/P9_nothing", "parameters/nothing", "?version=nothing"])
def test_what_is_not_in_the_model_is_not_found(client: TestClient, sign_in: SignIn, path: str) -> None:
    sign_in(Role.ENGINEER)

    address = f"/console/model{path}" if path.startswith("?") else f"/console/model/{path}"
    assert client.get(address).status_code == 404


def test_parameters_are_found_by_words_and_group(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.ENGINEER)

    found = client.get("/console/model/parameters?q=crucible+worn").text
    none = client.get("/console/model/parameters?q=nothing+like+that").text
    group = client.get("/console/model/parameters?group=milling").text

    assert set(re.findall(r'/console/model/parameters/(\w+)"', found)) == {"graphite_crucible_kg_per_kg"}
    assert "No parameter fits these filters" in none
    assert set(re.findall(r'/console/model/parameters/(\w+)"', group)) == {
        one.name for one in MODEL.parameters if one.group == "milling"
    }


def test_a_parameter_page_shows_alternatives_with_reason_and_every_use(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.ENGINEER)

    page = words(client.get("/console/model/parameters/green_petroleum_coke_kg_co2e_per_kg"))

    assert "desnz_2025 0.4026 official open value for petroleum coke sold as fuel, energy allocation" in page
    assert "crushing, milling and shaping Green petroleum coke factor of the flow, times" in page


def test_a_factor_shows_licence_and_says_when_nobody_has_verified_it(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.ENGINEER)

    page = words(client.get("/console/model/factors?q=needle_coke_calcined_coal"))
    doubtful = client.get("/console/model/factors?confidence=memory").text

    assert "From practice, not verified" in page
    assert "Licence: CC0-1.0" in page
    rows = [
        row
        for file in ("upstream_factors.csv", "electricity_cn.csv")
        for row in csv.DictReader(shipped_tables()[file].decode().splitlines())
    ]
    assert doubtful.count("From practice, not verified</span>") == sum(row["confidence"] == "memory" for row in rows) > 0


def test_direct_and_life_cycle_factors_are_told_apart_in_words(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.ENGINEER)

    direct = words(client.get("/console/model/factors?kind=direct_co2"))

    assert "Direct CO₂ only, not for product footprints" in direct
    assert "Coal tar pitch" not in direct


def test_the_method_page_prints_matrix_equations_and_choices(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.ENGINEER)

    page = words(client.get("/console/model/method"))

    assert "Coke fines = (1 ÷ milling_yield − 1) × milling_fines_recovered_share = 0.1350 kg" in page
    assert "Direct CO₂ (packing_coke) =" in page
    assert "subdivision, substitution, economic, mass, none" in page
    assert "Result 12.48" in page


def test_the_pages_show_a_draft_by_its_id(client: TestClient, sign_in: SignIn, database: Database) -> None:
    sign_in(Role.ENGINEER)
    with database.writing() as session:
        draft = with_more_utilities(session, a_draft(session))

    page = client.get(f"/console/model/parameters/utilities_electricity_kwh_per_kg?version={draft.id}")

    assert "0.4000 kWh/kg" in words(page)
    assert f"This page shows version {draft.label}" in words(page)
    assert "0.3000 kWh/kg" in words(client.get("/console/model/parameters/utilities_electricity_kwh_per_kg"))


@pytest.mark.parametrize("path", PAGES)
def test_suppliers_never_see_the_model(client: TestClient, sign_in: SignIn, path: str) -> None:
    sign_in(Role.SUPPLIER)

    assert client.get(path).status_code == 404
