"""Task 10, low-carbon products: the certificate's value is the run's; variants are compared from one solve."""

import html
import re

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from service.accounts.models import Role
from service.database import Database
from service.eco_design.comparing import break_even, variants_of
from service.eco_design.models import DesignComparison, KeptComparisonError, QualityLimit
from service.footprints.models import FootprintRecord
from tests.builders import NOW, a_product
from tests.certificates.builders import a_record as a_released_record
from tests.certificates.builders import valid
from tests.conftest import SignIn
from tests.console.browsing import submit, words
from tests.footprints.builders import a_record

PAGES = "/console/plan/eco-design"


@pytest.fixture
def record(sqlite_database: Database) -> FootprintRecord:
    with sqlite_database.writing() as session:
        product = a_product(session, grade="AG-330")
        product.quality = {"d50": {"value": 17.0, "unit": "µm"}}
        session.add(
            QualityLimit(product_id=product.id, customer="Cell Maker", parameter="d50", highest=18.0, source="S-1", created_at=NOW)
        )
        return a_record(session, product)


def typed(record: FootprintRecord, **more: str) -> dict[str, str]:
    return {
        "title": "A better furnace",
        "record_id": str(record.id),
        "base_cost_cny_per_kg": "20",
        "variants.0.name": "Box furnace",
        "variants.0.scenarios.0": "furnace_box",
        "variants.0.cost_cny_per_kg": "20.5",
        **more,
    }


@pytest.fixture
def address(client: TestClient, sign_in: SignIn, record: FootprintRecord) -> str:
    """A comparison that an engineer made."""
    sign_in(Role.ENGINEER)
    made = submit(client, f"{PAGES}/new", typed(record), action=PAGES)
    assert made.status_code == 303, words(made)
    return str(made.headers["location"])


def test_certificate_value_equals_run_value(sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        record = a_released_record(session)
        certificate = valid(session, record)
        said = float(certificate.snapshot["result"]["total"])
        assert said == pytest.approx(record.total_kg_co2e_per_kg, rel=5e-4)  # four significant digits leave the house


def test_compared_variants_differ_by_steps_that_sum_to_the_difference(address: str, sqlite_database: Database) -> None:
    with sqlite_database.reading() as session:
        (stored,) = session.exec(select(DesignComparison)).all()
        assert address.endswith(str(stored.id))
        base, variant = variants_of(stored.content)
    difference = variant.total_kg_co2e - base.total_kg_co2e
    assert difference != 0
    assert sum(step.kg_co2e for step in variant.steps) == pytest.approx(difference, rel=1e-9)
    assert sum(variant.by_stage_kg_co2e.values()) == pytest.approx(variant.total_kg_co2e, rel=1e-9)
    # 0.5 yuan/kg more for what is avoided per kg, in yuan per tonne.
    assert variant.cny_per_t_co2e == pytest.approx(0.5 / -difference * 1000)


def test_the_base_of_a_comparison_is_the_footprint_it_is_laid_over(
    address: str, record: FootprintRecord, sqlite_database: Database
) -> None:
    del address
    with sqlite_database.reading() as session:
        (stored,) = session.exec(select(DesignComparison)).all()
        assert variants_of(stored.content)[0].total_kg_co2e == pytest.approx(record.total_kg_co2e_per_kg, rel=1e-9)


def test_another_person_chooses_and_the_choice_can_become_a_measure(client: TestClient, sign_in: SignIn, address: str) -> None:
    sign_in(Role.REVIEWER)
    decided = submit(client, address, {"variant": "1", "reason": "Half the electricity."}, action=f"{address}/decision")
    assert decided.status_code == 303
    shown = client.get(address)
    assert "Chosen: Box furnace" in words(shown)
    sign_in(Role.ENGINEER)
    filled = html.unescape(re.findall(r'href="(/console/plan/measures/new[?][^"]*)"', client.get(address).text)[0])
    assert "furnace = box" in client.get(filled).text
    sign_in(Role.REVIEWER)
    again = submit(client, address, {"variant": "0", "reason": "Changed my mind."}, action=f"{address}/decision")
    assert again.status_code == 409


def test_who_compared_may_not_choose(client: TestClient, sign_in: SignIn, record: FootprintRecord) -> None:
    sign_in(Role.ENGINEER, Role.REVIEWER)
    address = submit(client, f"{PAGES}/new", typed(record), action=PAGES).headers["location"]
    refused = submit(client, address, {"variant": "1", "reason": "Half the electricity."}, action=f"{address}/decision")
    assert refused.status_code == 409
    assert "another person" in words(refused)


def test_a_variant_that_breaks_a_quality_limit_is_warned_of_and_can_not_be_chosen(
    client: TestClient, sign_in: SignIn, record: FootprintRecord
) -> None:
    sign_in(Role.ENGINEER)
    values = typed(record, **{"variants.0.quality.d50": "19.5"})
    address = submit(client, f"{PAGES}/new", values, action=PAGES).headers["location"]
    assert "breaks limits of customers" in words(client.get(address))
    sign_in(Role.REVIEWER)
    refused = submit(client, address, {"variant": "1", "reason": "Cheaper all the same."}, action=f"{address}/decision")
    assert refused.status_code == 422
    assert "Cell Maker" in words(refused)
    assert "Cheaper all the same." in refused.text


def test_what_was_typed_comes_back_beside_its_error(client: TestClient, sign_in: SignIn, record: FootprintRecord) -> None:
    sign_in(Role.ENGINEER)
    wrong = typed(record, **{"variants.0.scenarios.0": "no-such", "variants.0.quality.d50": "17.5"})
    refused = submit(client, f"{PAGES}/new", wrong, action=PAGES)
    assert refused.status_code == 422
    assert "There is no scenario" in words(refused)
    assert 'value="17.5"' in refused.text
    impossible = submit(client, f"{PAGES}/new", typed(record, **{"variants.0.quality.d50": "900"}), action=PAGES)
    assert impossible.status_code == 422
    assert "no possible value" in words(impossible)


def test_a_comparison_never_changes(address: str, sqlite_database: Database) -> None:
    del address
    with sqlite_database.writing() as session:
        (stored,) = session.exec(select(DesignComparison)).all()
        stored.title = "Another title"
        with pytest.raises(KeptComparisonError):
            session.flush()
        session.rollback()


def test_extra_cost_per_tonne_avoided() -> None:
    # (21 - 20) yuan/kg over 2 kg CO2e/kg avoided: 0.5 yuan/kg CO2e, 500 yuan/t.
    assert break_even(base_cost=20, cost=21, avoided_kg_co2e=2) == pytest.approx(500)
    assert break_even(base_cost=20, cost=19, avoided_kg_co2e=2) == pytest.approx(-500)
    assert break_even(base_cost=20, cost=21, avoided_kg_co2e=-1) is None
    assert break_even(base_cost=None, cost=21, avoided_kg_co2e=2) is None


def test_buyers_see_no_comparisons(client: TestClient, sign_in: SignIn, address: str) -> None:
    sign_in(Role.PROCUREMENT)
    assert client.get(address).status_code == 403
    assert re.search("Box furnace", client.get(address).text) is None
