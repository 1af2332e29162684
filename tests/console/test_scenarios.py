import html
import re
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from service.accounts.models import Role
from service.database import Database
from service.footprints.models import FootprintRecord
from service.scenarios.queries import own_scenarios
from tests.builders import a_product
from tests.conftest import SignIn
from tests.footprints.builders import a_record

Form = Callable[..., dict[str, str]]
HEAD = {"name_zh": "箱体炉", "name_en": "Box", "reasoning": "A plan of the plant"}


@pytest.fixture
def record(database: Database) -> FootprintRecord:
    with database.writing() as session:
        return a_record(session, a_product(session, grade="AG-350"))


def texts(page: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", " ", page))


def test_the_library_names_groups_settings_and_assumptions(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.AUDITOR)

    page = texts(client.get("/console/scenarios").text)

    assert "Grid of 2040, slow change" in page
    assert "Assumption: the fossil share of 59.5 %" in page
    assert "Add a scenario" not in page


def test_an_engineer_adds_changes_and_switches_off_a_scenario(
    client: TestClient, sign_in: SignIn, form: Form, database: Database
) -> None:
    sign_in(Role.ENGINEER)

    added = client.post("/console/scenarios", data=form(**HEAD, **{"parameter.furnace": "box", "parameter.finishing_yield": ""}))
    with database.reading() as session:
        own, said = own_scenarios(session)[0]
        address, parameters = f"/console/scenarios/{own.id}", dict(said.parameters)
    form_page = client.get(f"{address}/edit").text
    changed = client.post(address, data=form(**HEAD, version="1", **{"parameter.milling_yield": "0.9"}))
    history = texts(client.get(f"{address}/edit").text)
    off = client.post(f"{address}/activity", data=form(version="2", active="false"))

    assert (added.status_code, changed.status_code, off.status_code) == (303, 303, 303)
    assert parameters == {"furnace": "box"}
    assert '<option value="box" selected>' in form_page
    assert "furnace = box" in history
    assert "milling_yield = 0.9" in history
    assert "Switched off" in texts(client.get("/console/scenarios").text)


def test_a_scenario_form_that_comes_back_keeps_everything_typed(client: TestClient, sign_in: SignIn, form: Form) -> None:
    sign_in(Role.ENGINEER)

    typed = {"parameter.finishing_yield": "1.4", "parameter.truck_kg_co2e_per_tkm": "camel", "name_zh": "某", "name_en": "Some"}
    answer = client.post("/console/scenarios", data=form(**typed))
    page = html.unescape(answer.text)

    assert answer.status_code == 422
    assert "Please fill this in" in page  # the reasoning
    again = client.post("/console/scenarios", data=form(**typed, reasoning="Because"))
    page = html.unescape(again.text)
    assert again.status_code == 422
    assert 'value="1.4"' in page
    assert 'value="camel"' in page
    assert "finishing_yield = 1.4 kg/kg is outside 0.3 to 1" in page
    assert "truck_kg_co2e_per_tkm = “camel” is not a finite number" in page


def test_the_difference_of_a_scenario_is_taken_apart(client: TestClient, sign_in: SignIn) -> None:
    """Box furnace over the default: 9.8465 - 12.4819 = -2.64, and the coal grid on top is a step of its own."""
    sign_in(Role.ENGINEER)

    page = texts(client.get("/console/scenarios/compare?scenario=furnace_box&scenario=grid_coal&together=yes").text)

    assert page.count("What makes the difference of") == 2 * 3  # a caption and the name of its table each
    assert "What makes the difference of \u22122.64?" in page
    assert "The bars add up to the difference exactly." in page


def test_scenarios_are_compared_over_a_footprint(client: TestClient, sign_in: SignIn, record: FootprintRecord) -> None:
    sign_in(Role.REVIEWER)

    keys = ["furnace_box", "grid_coal", "grid_2030_mid"]
    page = texts(
        client.get("/console/scenarios/compare", params={"base": str(record.id), "scenario": keys, "together": "yes"}).text
    )

    assert "AG-350" in page
    assert "9.85" in page  # box furnace
    assert "All together" in page
    assert "“Grid of 2030, middle change” (0.4953 kgCO2e/kWh) wins over “Coal power only” (0.9567 kgCO2e/kWh)" in page


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("", "Pick at least one scenario to compare"),
        ("?scenario=furnace_blast", "There is no scenario “furnace_blast”"),
        ("?scenario=furnace_box&base=nonsense", "“nonsense” is not one of the choices"),
    ],
)
def test_a_comparison_that_can_not_be_made_says_why(client: TestClient, sign_in: SignIn, query: str, message: str) -> None:
    sign_in(Role.ENGINEER)

    answer = client.get(f"/console/scenarios/compare{query}")

    assert answer.status_code == 422
    assert message in texts(answer.text)


def test_two_parameters_make_a_heat_table(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.ENGINEER)

    example = client.get("/console/scenarios/grid").text
    query = "x=finishing_yield&x_low=0.9&x_high=1&x_count=3&y=toll_share&y_low=0&y_high=1&y_count=2&scenario=furnace_box"
    chosen = client.get(f"/console/scenarios/grid?{query}").text

    assert example.count("heat-") == 36
    assert chosen.count("heat-") == 6
    assert "Box furnace" in texts(chosen)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"x_high": "1.5"}, "finishing_yield = 1.5 kg/kg is outside 0.3 to 1"),
        ({"x": "unheard_of"}, "There is no parameter “unheard_of”"),
        ({"x_count": "99"}, "99 is too large; it must be at most 25"),
        ({"x_low": "little"}, "“little” is not a number"),
        ({"y": "finishing_yield", "y_low": "0.9"}, "Pick another parameter than for the columns"),
    ],
)
def test_a_grid_that_can_not_be_calculated_keeps_what_was_typed(
    client: TestClient, sign_in: SignIn, changes: dict[str, str], message: str
) -> None:
    sign_in(Role.ENGINEER)
    right = {"x": "finishing_yield", "x_low": "0.9", "x_high": "1", "x_count": "3", "y": "toll_share", "y_low": "0.5"}

    answer = client.get("/console/scenarios/grid", params={**right, "y_high": "1", "y_count": "2", **changes})

    assert answer.status_code == 422
    assert message in texts(answer.text)
    assert 'value="0.9"' in answer.text or "x_low" in changes


def test_the_api_evaluates_combinations(client: TestClient, sign_in: SignIn, record: FootprintRecord) -> None:
    sign_in(Role.ENGINEER)
    headers = {"x-csrf-token": client.headers["x-test-csrf"]}

    made = client.post("/api/v1/scenarios", json={**HEAD, "parameters": {"milling_yield": 0.95}}, headers=headers).json()
    body = {"base": {"footprint_id": str(record.id)}, "combinations": [[made["key"]], ["furnace_box", made["key"]]]}
    found = client.post("/api/v1/scenarios/evaluate", json=body, headers=headers).json()

    assert [one["scenarios"] for one in found["results"]] == [[], [made["key"]], ["furnace_box", made["key"]]]
    assert found["results"][0]["total_kg_co2e"] == pytest.approx(record.total_kg_co2e_per_kg)
    assert found["results"][2]["difference_kg_co2e"] < found["results"][1]["difference_kg_co2e"] < 0
    assert sum(found["results"][2]["by_stage"].values()) == pytest.approx(found["results"][2]["total_kg_co2e"])
    assert made["key"] in {one["key"] for one in client.get("/api/v1/scenarios").json()["items"]}
