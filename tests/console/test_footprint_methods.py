"""The pages on the methods of a footprint and on the flows left out."""

import uuid
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from service.accounts.models import Role
from service.database import Database
from service.exemptions.operations import set_exemption
from service.exemptions.queries import rows_in_force
from service.exemptions.schemas import ExemptionInput
from tests.builders import NOW, a_product
from tests.conftest import SignIn
from tests.console.browsing import submit, words
from tests.footprints.builders import RELEASER, a_record

Form = Callable[..., dict[str, str]]
ENTRY = {"flow": "samples", "name": "Samples", "kg_co2e_per_kg": "0.02", "reason": "Small", "evidence": "Counted in 2025"}


@pytest.fixture
def record_id(database: Database) -> uuid.UUID:
    """A footprint of the model's default route."""
    with database.writing() as session:
        return a_record(session, a_product(session)).id


def test_the_page_shows_choices_alternatives_ledger_quality_and_guard(
    client: TestClient, sign_in: SignIn, record_id: uuid.UUID
) -> None:
    sign_in(Role.ENGINEER)

    page = words(client.get(f"/console/footprints/{record_id}/methods"))

    assert "The guard has nothing against a release" in page
    assert "Subdivision: net use and all furnace power Chosen 12.48 0" in page
    assert "By mass 9.128 −3.35" in page
    assert "No allocation: the product carries all 13.83 +1.35" in page
    assert "IPCC AR6 Chosen" in page
    assert "Biogenic uptake −0.0327 kg CO₂e/kg" in page
    assert "Together 1.13 % of the result by estimate; at most 3.00 % are allowed" in page
    assert "Total 0 % 3.03" in page
    assert "Carbon of the whole chain 99.88 %" in page


def test_the_page_is_in_chinese_too(client: TestClient, sign_in: SignIn, record_id: uuid.UUID) -> None:
    sign_in(Role.AUDITOR)
    client.cookies.set("locale", "zh-CN")

    page = words(client.get(f"/console/footprints/{record_id}/methods", headers={"accept-language": "zh-CN"}))

    assert "发布检查未发现问题" in page
    assert "外售石墨化焦（增碳剂）" in page


@pytest.mark.parametrize("role", [Role.SALES, Role.PROCUREMENT, Role.ADMIN])
def test_methods_are_for_those_who_may_see_what_went_in(
    client: TestClient, sign_in: SignIn, record_id: uuid.UUID, role: Role
) -> None:
    sign_in(role)

    assert client.get(f"/console/footprints/{record_id}/methods").status_code == 403
    assert client.get(f"/api/v1/footprints/{record_id}/methods").status_code == 403


def test_the_api_gives_the_same(client: TestClient, sign_in: SignIn, record_id: uuid.UUID) -> None:
    sign_in(Role.REVIEWER)

    found = client.get(f"/api/v1/footprints/{record_id}/methods").json()

    totals = {(one["topic"], one["choice"]): one["total_kg_co2e"] for one in found["alternatives"]}
    assert totals["packing_coke", "economic"] == pytest.approx(12.51, abs=0.005)
    carbon = found["carbon"]
    assert carbon["pcf_including_biogenic_uptake"] == pytest.approx(
        carbon["pcf_excluding_biogenic_uptake"] + carbon["biogenic_co2_uptake"]
    )
    assert (found["exemption_limit"], found["obstacles"], found["primary_data_share"]) == (0.03, [], 0.0)


def test_a_refused_release_leads_to_the_list(client: TestClient, sign_in: SignIn, form: Form, database: Database) -> None:
    with database.writing() as session:
        product = a_product(session)
        product.recipe = {"milling_fines_recovered_share": 0.2}
        record = a_record(session, product)
    sign_in(Role.REVIEWER)

    answer = client.post(f"/console/footprints/{record.id}/release", data=form(version="1"))

    assert answer.headers["location"] == f"/console/footprints/{record.id}/methods"
    page = words(client.get(answer.headers["location"]))
    assert "F-2026-0001 can't be released yet" in page
    assert "The guard refuses a release: 2 points" in page
    assert "The mass balance of P1_milling_shaping is open" in page


def test_the_api_lists_every_point_of_a_refusal(client: TestClient, sign_in: SignIn, database: Database) -> None:
    with database.writing() as session:
        product = a_product(session)
        product.recipe = {"milling_fines_recovered_share": 0.2}
        record = a_record(session, product)
    sign_in(Role.REVIEWER)
    headers = {"x-csrf-token": client.headers["x-test-csrf"], "accept": "application/json"}

    answer = client.post(f"/api/v1/footprints/{record.id}/release", json={"version": 1}, headers=headers)

    problem = answer.json()
    assert (answer.status_code, problem["type"]) == (409, "urn:anodeprint:problem:footprint-release-refused")
    assert [one["detail"].split(" is open")[0] for one in problem["errors"]] == [
        "The carbon balance of the chain",
        "The mass balance of P1_milling_shaping",
    ]


def test_an_engineer_leaves_a_flow_out_and_takes_it_back(client: TestClient, sign_in: SignIn, database: Database) -> None:
    sign_in(Role.ENGINEER)

    added = submit(client, "/console/exemptions/new", ENTRY, action="/console/exemptions")

    assert added.headers["location"] == "/console/exemptions"
    page = client.get("/console/exemptions")
    assert "Samples Own estimate" in words(page)
    with database.reading() as session:
        (row_id,) = (row.id for row in rows_in_force(session))
    submit(client, "/console/exemptions", {}, action=f"/console/exemptions/{row_id}/withdraw")
    assert "Samples" not in words(client.get("/console/exemptions"))


def test_what_was_typed_comes_back_beside_what_is_wrong(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.ENGINEER)

    answer = submit(
        client, "/console/exemptions/new", ENTRY | {"flow": "Waste Water", "kg_co2e_per_kg": "-1"}, action="/console/exemptions"
    )

    assert answer.status_code == 422
    assert "-1 is too small; it must be at least 0." in words(answer)
    assert "“Waste Water” does not have the form expected" in words(answer)
    assert 'value="Waste Water"' in answer.text


def test_the_form_begins_with_what_the_ledger_says(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.ENGINEER)

    page = client.get("/console/exemptions/new?flow=waste_water").text

    assert 'value="waste_water"' in page
    assert 'value="0.0005"' in page


def test_reviewers_and_auditors_look_only(client: TestClient, sign_in: SignIn, form: Form, database: Database) -> None:
    with database.writing() as session:
        row = set_exemption(session, ExemptionInput.model_validate(ENTRY), by=RELEASER, at=NOW)
    sign_in(Role.REVIEWER)

    page = client.get("/console/exemptions")

    assert page.status_code == 200
    assert "/withdraw" not in page.text
    assert client.post("/console/exemptions", data=form(**ENTRY)).status_code == 403
    assert client.post(f"/console/exemptions/{row.id}/withdraw", data=form()).status_code == 403


def test_a_recipe_offers_the_allocations_and_keeps_the_choice(
    client: TestClient, sign_in: SignIn, form: Form, database: Database
) -> None:
    with database.writing() as session:
        product = a_product(session)
    sign_in(Role.ENGINEER)

    page = client.get(f"/console/products/{product.id}/recipe").text
    assert '<option value="mass">By mass</option>' in page
    version = str(product.version)
    saved = client.post(
        f"/console/products/{product.id}/recipe", data=form(version=version, packing_coke_allocation="mass", milling_yield="0.9")
    )

    assert saved.status_code == 303
    shown = words(client.get(f"/console/products/{product.id}"))
    assert "By mass Subdivision: net use and all furnace power" in shown
    again = client.get(f"/console/products/{product.id}/recipe").text
    assert '<option value="mass" selected>By mass</option>' in again
    wrong = client.post(f"/console/products/{product.id}/recipe", data=form(version="2", packing_coke_allocation="volume"))
    assert wrong.status_code == 422
    assert "packing_coke_allocation can't be “volume”" in words(wrong)
