"""Pages and API of targets, of why figures moved, of neutrality and of carbon assets."""

import html
from collections.abc import Callable

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from service.accounts.models import Role
from service.database import Database
from service.settings import Settings
from service.targets.models import AssetUse, CarbonAsset, SettlementStatus, TargetDefinition, TargetSettlement
from tests.conftest import SignIn
from tests.targets.company import a_plan, a_settled_company

Form = Callable[..., dict[str, str]]
LIST = "/console/plan/targets"


@pytest.fixture
def company(sqlite_database: Database, settings: Settings) -> None:
    """Two closed years and a plan for 2030."""
    with sqlite_database.writing() as session:
        product = a_settled_company(session, settings)
        a_plan(session, product, 2030, (1_400, 1_600, 2_000))


def text_of(client: TestClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return " ".join(html.unescape(answer.text).split())


def test_without_a_base_year_the_page_says_what_to_enter_and_invents_nothing(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.COMMITTEE)

    page = text_of(client, LIST)

    assert "The base year is missing" in page
    assert "No year is closed." in page
    assert "Where the figures of 2021 come from" in page  # among what the plan does not define


@pytest.mark.usefixtures("company")
def test_the_page_shows_standing_path_forecast_and_what_prices_hide(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.COMMITTEE)

    page = text_of(client, f"{LIST}?basis=per_tonne&path=geometric")

    assert "2025, Energy: met per tonne of anode material, not per 10 000 yuan at current prices." in page
    assert "Interim target of 2026:" in page
    assert "−2.60" in page
    assert "8.84" in page
    assert "Nothing is entered on the coming grid factor" in page
    assert 'class="path-band"' in page
    # Nobody has said how much is graphitized by others, so no figure pretends to include it.
    assert "Graphitizing done by others is not known" in text_of(client, f"{LIST}?toll=1")


@pytest.mark.usefixtures("company")
def test_a_filter_that_is_none_says_so_and_shows_the_page(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.AUDITOR)

    assert "“per_yuan” is not one of the choices" in text_of(client, f"{LIST}?basis=per_yuan")
    assert client.get(f"{LIST}/2026").status_code == 404
    assert client.get(f"{LIST}/definitions/colour").status_code == 403  # an auditor proposes nothing


@pytest.mark.usefixtures("company")
def test_a_statement_is_drawn_up_by_one_and_approved_by_another(
    client: TestClient, sign_in: SignIn, form: Form, sqlite_database: Database
) -> None:
    sign_in(Role.ENGINEER, Role.REVIEWER)
    drafted = client.post(f"{LIST}/2025/draft", data=form())
    own = client.post(f"{LIST}/2025/approve", data=form(version="1"))
    sign_in(Role.COMMITTEE)
    stale = client.post(f"{LIST}/2025/approve", data=form(version="7"))
    approved = client.post(f"{LIST}/2025/approve", data=form(version="1"))

    assert (drafted.status_code, own.status_code, stale.status_code, approved.status_code) == (303, 409, 409, 303)
    assert "another person approves it" in html.unescape(own.text)
    with sqlite_database.reading() as session:
        assert session.exec(select(TargetSettlement.status)).one() is SettlementStatus.APPROVED
    assert "Approve the statement" not in text_of(client, f"{LIST}/2025")


@pytest.mark.usefixtures("company")
def test_the_api_tells_standing_statement_and_trajectory(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.ENGINEER)

    standings = client.get("/api/v1/targets").json()
    statement = client.get("/api/v1/targets/2025/settlement").json()
    path = client.get("/api/v1/targets/2030/trajectory?path=stepwise&basis=per_tonne").json()

    assert {one["target"] for one in standings["items"]} == {2025, 2030, 2040, 2060}
    assert "peak_year" in standings["not_defined_in_the_plan"]
    assert (statement["status"], statement["content"]["price_decides"]) == ("not_drafted", ["energy", "co2"])
    assert {one["year"]: one["ratio"] for one in path["points"]} == {
        **dict.fromkeys(range(2021, 2025), 1.0),
        **dict.fromkeys(range(2025, 2030), 0.9),
        2030: 0.7,
    }
    assert path["points"][-1]["forecast"]["p10"] <= path["points"][-1]["forecast"]["p90"]
    assert client.get("/api/v1/targets/2026/settlement").status_code == 404
    assert client.get("/api/v1/targets/2040/settlement").status_code == 409


@pytest.mark.usefixtures("company")
def test_why_it_changed_is_one_sentence_a_waterfall_and_a_table(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.REVIEWER)

    page = text_of(client, "/console/plan/changes?first=2021&last=2025")

    assert "From 2021 to 2025:" in page
    assert "Raised most by: Prices and amount made" in page
    assert "Natural gas" in page
    assert "This can't be explained yet" not in page


def test_a_definition_is_proposed_with_evidence_and_approved_by_another(
    client: TestClient, sign_in: SignIn, form: Form, sqlite_database: Database
) -> None:
    sign_in(Role.ENGINEER)
    bare = client.post(f"{LIST}/definitions/peak_year", data=form(value="2019", evidence="minutes, item 2"))
    client.post(f"{LIST}/definitions/peak_year", data=form(value="2028", evidence="minutes, item 2"))
    with sqlite_database.reading() as session:
        proposal_id = session.exec(select(TargetDefinition.id)).one()
    sign_in(Role.COMMITTEE)
    approved = client.post(f"{LIST}/definitions/proposals/{proposal_id}/approve", data=form(version="1"))

    assert bare.status_code == 422
    assert 'value="2019"' in bare.text
    assert approved.status_code == 303
    assert "<strong>2028</strong>" in text_of(client, f"{LIST}/definitions")


def test_units_are_used_once_and_listed_apart_on_the_page_of_neutrality(
    client: TestClient, sign_in: SignIn, form: Form, sqlite_database: Database
) -> None:
    sign_in(Role.ENGINEER)
    fields = {
        "kind": "biochar",
        "registry_name": "Registry",
        "serial": "BC-7",
        "amount_t_co2e": "12",
        "vintage": "2024",
        "source": "contract",
    }
    client.post("/console/plan/carbon-assets", data=form(**fields))
    with sqlite_database.reading() as session:
        asset_id = session.exec(select(CarbonAsset.id)).one()
    address = f"/console/plan/carbon-assets/{asset_id}/use"
    use = {"for_year": "2025", "purpose": "Pilot", "cancelled_on": "2026-04-01", "proof": "confirmation 5"}

    first, second = (client.post(address, data=form(**use)) for _ in range(2))

    assert (first.status_code, second.status_code) == (303, 409)
    assert "BC-7 was used for 2025" in html.unescape(second.text)
    with sqlite_database.reading() as session:
        assert len(session.exec(select(AssetUse)).all()) == 1
    page = text_of(client, "/console/plan/neutrality")
    assert "BC-7" in page
    assert "lower neither the inventory nor the footprint of any product" in page


@pytest.mark.parametrize("role", [Role.PROCUREMENT, Role.SALES, Role.ADMIN])
def test_targets_are_for_those_who_carry_the_plan(client: TestClient, sign_in: SignIn, role: Role) -> None:
    sign_in(role)

    for path in (LIST, f"{LIST}/2025", "/console/plan/changes", "/console/plan/neutrality", "/api/v1/targets"):
        assert client.get(path).status_code == 403, path


def test_an_employee_does_not_learn_of_them(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.EMPLOYEE)

    assert {client.get(path).status_code for path in (LIST, "/console/plan/neutrality", "/api/v1/targets")} == {404}
