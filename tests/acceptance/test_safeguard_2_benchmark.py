"""Safeguard 2, assessment and disclosure: benchmark cites source and year."""

from starlette.testclient import TestClient

from service.accounts.models import Role
from service.database import Database
from service.product_footprints.operations import release
from service.settings import Settings
from tests.builders import NOW, a_product
from tests.conftest import SignIn
from tests.console.browsing import submit, words
from tests.footprints.builders import RELEASER, a_record

BENCHMARK = "/console/plan/stakeholders/benchmark"
PEER = {
    "peer": "Vianode",
    "sector": "synthetic graphite",
    "indicator": "pcf",
    "value": "2",
    "scope_note": "company claim, hydropower",
    "source": "Nordbatt industry talk 4",
    "source_year": "2023",
    "confidence": "published",
}


def test_benchmark_cites_source_and_year(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.ENGINEER)
    for missing in ("source", "source_year"):
        refused = submit(client, f"{BENCHMARK}/new", {**PEER, missing: ""}, action=BENCHMARK)
        assert refused.status_code == 422
        assert "company claim, hydropower" in refused.text
    assert "Vianode" not in words(client.get(BENCHMARK))
    assert submit(client, f"{BENCHMARK}/new", PEER, action=BENCHMARK).status_code == 303
    shown = words(client.get(BENCHMARK))
    assert "Vianode" in shown
    assert "Nordbatt industry talk 4" in shown
    assert "2023" in shown


def test_benchmark_sets_a_figure_of_ours_beside_a_peer_only_on_the_same_basis(
    client: TestClient, sign_in: SignIn, sqlite_database: Database, settings: Settings
) -> None:
    with sqlite_database.writing() as session:
        record = a_record(session, a_product(session, grade="AG-1"))
        release(session, record, version=record.version, by=RELEASER, at=NOW, settings=settings)
        ours = f"{next(view['total_kg_co2e'] for view in record.views if view['view'] == 'national'):.3g}"
    sign_in(Role.ENGINEER)
    submit(client, f"{BENCHMARK}/new", PEER, action=BENCHMARK)
    assert ours in words(client.get(f"{BENCHMARK}?indicator=pcf"))
    other = {**PEER, "indicator": "graphitization_kwh_per_t", "value": "6000", "source": "Press release"}
    submit(client, f"{BENCHMARK}/new", other, action=BENCHMARK)
    assert ours not in words(client.get(f"{BENCHMARK}?indicator=graphitization_kwh_per_t"))
