import pytest
from starlette.testclient import TestClient

from lca_models.model import load_model
from service.accounts.models import Role
from service.database import Database
from tests.conftest import SignIn
from tests.modelling.builders import a_draft, a_released_version


def test_the_model_in_use_tells_what_it_is(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.AUDITOR)

    found = client.get("/api/v1/model").json()

    assert found["model_version"] == load_model().model_version
    assert found["totals_kg_co2e"]["acheson_crucible"] == pytest.approx(12.48, abs=0.005)
    assert found["declared_unit"] == "1 kg"


def test_parameters_come_with_ranges_sources_and_alternatives(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.ENGINEER)

    found = {one["name"]: one for one in client.get("/api/v1/model/parameters").json()["items"]}

    assert set(found) == set(load_model().definitions)
    furnace = {one["furnace"]: one for one in found["graphitization_electricity_kwh_per_kg"]["defaults"]}
    assert (furnace["box"]["formula"], furnace["box"]["low"], furnace["box"]["high"]) == ("9.5", 7.5, 11.5)
    assert "desnz_2025" in {one["name"] for one in found["green_petroleum_coke_kg_co2e_per_kg"]["alternatives"]}


def test_factors_come_with_kind_source_and_use(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.ENGINEER)

    found = {(one["flow"], one["kind"]): one for one in client.get("/api/v1/model/factors").json()["items"]}

    pitch = found["coal_tar_pitch", "life_cycle"]
    assert (pitch["value"], pitch["unit"]) == (1.2, "kg")
    assert "P2_granulation_precarbonisation" in pitch["used_by"]


def test_versions_say_which_one_is_in_use(client: TestClient, sign_in: SignIn, database: Database) -> None:
    sign_in(Role.ENGINEER)
    with database.writing() as session:
        released = a_released_version(session)
        a_draft(session)

    answer = client.get("/api/v1/model/versions").json()

    assert answer["model_version"] == f"{released.label}+{released.content_hash[:12]}"
    assert {(one["label"], one["status"], one["is_in_use"]) for one in answer["items"]} == {
        (f"{load_model().version}.2", "draft", False),
        (f"{load_model().version}.1", "released", True),
        (load_model().version, "retired", False),
    }


@pytest.mark.parametrize("path", ["", "/parameters", "/factors", "/versions"])
def test_suppliers_learn_nothing_of_the_model(client: TestClient, sign_in: SignIn, path: str) -> None:
    sign_in(Role.SUPPLIER)

    assert client.get(f"/api/v1/model{path}").status_code == 404
