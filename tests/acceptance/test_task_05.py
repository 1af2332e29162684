"""Plan, task 5: green power and its certificates in a ledger, read by location-based and market-based results."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from service.accounts.models import Role
from service.certificates.operations import issue
from service.certificates.rendering import certificate_html
from service.certificates.snapshot import canonical
from service.certificates.wording import document_of
from service.company_inventory.inventories import inventory_of
from service.database import Database
from service.errors import InvalidInputError
from service.products.models import Plant
from tests import builders
from tests.builders import a_plant, a_product
from tests.certificates.builders import ISSUER, NOW, a_customer, a_record, some_settings
from tests.certificates.sealed import log_proof
from tests.conftest import SignIn
from tests.footprints.builders import a_record as calculated
from tests.green_power.builders import YEAR, a_site_year, approved, certificates, code, proposed

JSON = {"accept": "application/json"}


def test_a_certificate_mwh_cannot_be_allocated_twice_or_outside_its_period(
    client: TestClient, sign_in: SignIn, database: Database
) -> None:
    with database.writing() as session:
        plant = a_plant(session)
        a_site_year(session, plant)
        a_site_year(session, plant, year=2024)
        certificates(session, plant)
        plant_id = str(plant.id)
    sign_in(Role.ENGINEER)
    body = {"plant_id": plant_id, "year": YEAR, "certificate_codes": [code(1)], "evidence": "proof C-1"}
    address = "/api/v1/green-certificates/allocate"

    outside = client.post(address, json=body | {"year": 2024}, headers=JSON)
    first = client.post(address, json=body, headers=JSON)
    twice = client.post(address, json=body, headers=JSON)

    assert (outside.status_code, first.status_code, twice.status_code) == (422, 201, 422)
    assert "was generated in 2025-03, outside the claim year 2024" in outside.text
    assert (first.json()["kwh"], first.json()["status"]) == (10_000.0, "proposed")
    assert "is claimed already, for 2025; each MWh counts once" in twice.text


def test_pcf_market_based_changes_location_based_does_not(session: Session) -> None:
    product = a_product(session)
    plant = session.get_one(Plant, product.plant_id)
    a_site_year(session, plant, kwh=20_000.0)
    certificates(session, plant)
    before = calculated(session, product)

    approved(session, proposed(session, plant, code(1)))
    after = calculated(session, product)

    factors = [{view["view"]: view["kg_co2e_per_kwh"] for view in record.views} for record in (before, after)]
    assert [one["national"] for one in factors] == [0.5777, 0.5777]
    assert before.total_kg_co2e_per_kg == after.total_kg_co2e_per_kg
    # half of the electricity is wind over the grid, 0.0324 x 1.05 + 0.0046; the rest is residual mix at 0.7082
    assert factors[0]["market"] == pytest.approx(0.7082)
    assert factors[1]["market"] == pytest.approx(0.5 * 0.7082 + 0.5 * (0.0324 * 1.05 + 0.0046), abs=1e-4)


def test_certificate_pdf_prints_both(session: Session) -> None:
    product = a_product(session)
    plant = session.get_one(Plant, product.plant_id)
    a_site_year(session, plant, kwh=20_000.0)
    certificates(session, plant)
    approved(session, proposed(session, plant, code(1)))
    record = a_record(session, product=product)

    certificate = issue(
        session, record, customer=a_customer(session), part_no=None, valid_until=None, by=ISSUER, at=NOW, settings=some_settings()
    )

    electricity = certificate.snapshot["electricity"]
    (instrument,) = electricity["instruments"]
    assert (instrument["technology"], instrument["share"], instrument["evidence"]) == ("wind", "0.5", "proof C-1")
    evidence = {"exports": {}, "bundle": {}, "bundle_signature": {}, "log": log_proof(canonical(certificate.snapshot))}
    page = certificate_html(document_of(certificate.snapshot, evidence, issued_at=NOW))
    assert "National average" in page
    assert "Contracts and residual mix" in page


def test_a_certificate_in_the_ledger_is_not_taken_in_again_by_import(session: Session) -> None:
    plant, other = a_plant(session), builders.a_plant(session, province_code="CN-NM")
    certificates(session, plant)

    with pytest.raises(InvalidInputError):
        certificates(session, other, generation_month=date(YEAR, 4, 1))


def test_the_pages_show_coverage_duty_and_claims(client: TestClient, sign_in: SignIn, database: Database) -> None:
    with database.writing() as session:
        plant = a_plant(session)
        a_site_year(session, plant, kwh=100_000.0)
        certificates(session, plant)
        claim_id = approved(session, proposed(session, plant, code(1))).id
    sign_in(Role.REVIEWER)

    overview = client.get("/console/plan/green-power?year=2025").text
    claim = client.get(f"/console/plan/green-power/claims/{claim_id}").text

    assert "10.0 %" in overview or "10 %" in overview
    assert "The weight of 2025 is not known" in overview
    assert "graphite anode is no listed sector" in overview.lower()
    assert code(1) in claim


def test_an_engineer_proposes_and_a_committee_member_approves(
    client: TestClient, sign_in: SignIn, form: Callable[..., dict[str, str]], database: Database
) -> None:
    with database.writing() as session:
        plant = a_plant(session)
        a_site_year(session, plant)
        certificates(session, plant)
        plant_id = str(plant.id)
    sign_in(Role.ENGINEER)
    fields = {"plant_id": plant_id, "year": "2025", "certificate_codes": code(1), "evidence": "proof C-1"}

    made = client.post("/console/plan/green-power/claims/certificates", data=form(**fields))
    address = made.headers["location"].partition("?")[0]
    own = client.post(f"{address}/approve", data=form(version="1"))
    sign_in(Role.COMMITTEE)
    decided = client.post(f"{address}/approve", data=form(version="1"))

    assert (made.status_code, own.status_code, decided.status_code) == (303, 403, 303)
    assert "Approved" in client.get(address).text


def test_an_allocation_changes_the_market_based_inventory_and_not_the_location_based_one(session: Session) -> None:
    plant = a_plant(session)
    a_site_year(session, plant, kwh=20_000.0)
    certificates(session, plant)
    before = inventory_of(session, YEAR, at=NOW)

    approved(session, proposed(session, plant, code(1)))
    after = inventory_of(session, YEAR, at=NOW)

    assert before.scope_2_location_t_co2 == after.scope_2_location_t_co2
    # half of the electricity is claimed and counts nothing; the other half keeps the residual factor
    assert after.scope_2_market_t_co2 == pytest.approx(before.scope_2_market_t_co2 / 2)
    assert after.scope_2_market_t_co2 > 0
