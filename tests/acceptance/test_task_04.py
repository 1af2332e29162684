"""Plan, task 4: energy by carrier and site, and a planner of switches to cleaner carriers."""

import html
import re

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from service.accounts.models import Role
from service.company_inventory.inventories import inventory_of
from tests.company_inventory.builders import a_graphitising_plant
from tests.conftest import SignIn
from tests.monitoring.builders import NOW

GJ_PER_TCE = 29.3076


def test_energy_totals_in_tce_and_gj_reconcile(app: FastAPI, client: TestClient, sign_in: SignIn) -> None:
    # 12 GWh · 3.6 = 43,200 GJ; 120,000 Nm3 · 0.038931 = 4,671.72; 12 t · 42.652 = 511.824: 48,383.544 GJ
    # 1,474.8 + 159.6 + 17.4852 = 1,651.8852 tce · 29.3076 = 48,412.8 GJ: 0.06 % apart
    with app.state.database.writing() as session:
        a_graphitising_plant(session)
        inventory = inventory_of(session, 2023, at=NOW)
    sign_in(Role.COMMITTEE)

    answer = client.get("/api/v1/inventories/2023").json()

    assert answer["energy_gj"] == pytest.approx(48_383.544)
    assert answer["energy_tce"] * GJ_PER_TCE == pytest.approx(answer["energy_gj"], rel=0.02)
    assert sum(one.tce for one in inventory.energy) == pytest.approx(answer["energy_tce"])
    assert "48,413" in _text(client, "/console/plan/energy?year=2023")


def test_switch_changes_scope_1_and_2_as_expected(app: FastAPI, client: TestClient, sign_in: SignIn) -> None:
    # 100,000 Nm3 of gas at 60 % by electricity at 90 %: 720,944 kWh; −216.2 t direct, +467.1 t by the grid of Inner Mongolia 2023
    with app.state.database.writing() as session:
        plant_id = a_graphitising_plant(session).id
    sign_in(Role.ENGINEER)
    asked = (
        f"/console/plan/energy?year=2023&site={plant_id}&carrier=natural_gas&new_carrier=electricity_purchased"
        "&amount=100000&efficiency=60&new_efficiency=90"
    )

    text = _text(client, asked)

    assert "720,940 kWh of Purchased electricity take the place of Natural gas" in text
    assert "Direct emissions (Scope 1), t CO₂ 216.22 0 −216.2" in text
    assert "Scope 2 by the grid of the province, t CO₂ 0 467.10 467.1" in text


def test_a_switch_becomes_a_measure_with_what_was_calculated(app: FastAPI, client: TestClient, sign_in: SignIn) -> None:
    with app.state.database.writing() as session:
        plant_id = a_graphitising_plant(session).id
    sign_in(Role.ENGINEER)
    asked = f"/console/plan/energy?year=2023&site={plant_id}&carrier=natural_gas&new_carrier=electricity_purchased&amount=100000"
    link = re.search(r'href="(/console/plan/measures/new[^"]+)"', client.get(asked).text)
    assert link is not None

    form = client.get(html.unescape(link[1])).text

    assert 'value="Purchased electricity instead of Natural gas"' in form
    assert "100000 Nm3; " in form


def _text(client: TestClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))
