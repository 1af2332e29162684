"""Scores over the JSON API: exact for those who may see answers, rounded for buyers, nothing for everybody else."""

import pytest
from sqlmodel import Session, select
from starlette.testclient import TestClient

from service.accounts.models import Role
from service.allocation.models import Offer
from service.database import Database
from service.green_score.models import Score
from service.jobs.models import Job
from service.procurement.score_pairs import pairs_to_score
from service.suppliers.models import Supplier
from tests.builders import NOW
from tests.conftest import SignIn
from tests.footprints.builders import a_toll_supplier, an_accepted_submission
from tests.green_score.builders import FLOW, a_benchmark, a_purchase


@pytest.fixture
def supplier(database: Database) -> Supplier:
    with database.writing() as session:
        return a_scored_plant(session)


def a_scored_plant(session: Session) -> Supplier:
    a_benchmark(session, kg_co2e_per_kg=12.0)
    supplier = a_toll_supplier(session)
    an_accepted_submission(session, supplier)
    a_purchase(session, supplier)
    return supplier


def test_a_run_scores_a_supplier_for_what_was_bought_of_it(client: TestClient, sign_in: SignIn, supplier: Supplier) -> None:
    sign_in(Role.ENGINEER)

    answer = client.post("/api/v1/scores/run", json={"supplier_id": str(supplier.id)})

    assert answer.status_code == 200
    found = answer.json()
    assert found["queued"] is False
    assert [(one["flow"], one["disclosure"], one["indicators"]) for one in found["scores"]] == [(FLOW, "exact", None)]
    explained = client.get(f"/api/v1/suppliers/{supplier.id}/scores?explain=1").json()["items"][0]
    assert explained["id"] == found["scores"][0]["id"]
    indicators = {one["id"]: one for one in explained["indicators"]}
    assert len(indicators) == 25
    assert indicators["A1"]["points"]["low"] > 0
    assert any(source.startswith("submission:") for source in indicators["A1"]["sources"])
    assert indicators["C1"]["visibility"] == "missing"
    assert indicators["C1"]["reasons"] == ["No certificate is on file."]


def test_buyers_see_whole_points_and_no_answer(client: TestClient, sign_in: SignIn, supplier: Supplier) -> None:
    sign_in(Role.ENGINEER)
    exact = client.post("/api/v1/scores/run", json={"supplier_id": str(supplier.id)}).json()["scores"][0]
    sign_in(Role.PROCUREMENT)

    shown = client.get(f"/api/v1/scores/{exact['id']}").json()

    assert shown["disclosure"] == "rounded"
    assert shown["total"] == round(exact["total"]) != exact["total"]
    assert shown["inputs_hash"] is None
    indicators = {one["id"]: one for one in shown["indicators"]}
    assert (indicators["A1"]["value"], indicators["B2"]["value"], indicators["A1"]["sources"]) == (None, None, [])
    assert [one["id"] for one in client.get(f"/api/v1/scores?flow={FLOW}").json()["items"]] == [exact["id"]]


@pytest.mark.parametrize("role", [Role.SALES, Role.ADMIN, Role.SUPPLIER])
def test_nobody_else_sees_scores(client: TestClient, sign_in: SignIn, supplier: Supplier, role: Role) -> None:
    sign_in(role)

    answers = [client.get("/api/v1/scores"), client.get(f"/api/v1/suppliers/{supplier.id}/scores")]

    # A supplier is not even told that there is something to see.
    assert {answer.status_code for answer in answers} == {404 if role is Role.SUPPLIER else 403}


def test_a_run_for_everybody_is_queued(client: TestClient, sign_in: SignIn, database: Database) -> None:
    sign_in(Role.PROCUREMENT)

    answer = client.post("/api/v1/scores/run", json={})

    assert answer.json() == {"queued": True, "scores": []}
    with database.reading() as session:
        assert session.exec(select(Job.name)).all() == ["score_suppliers"]
        assert session.exec(select(Score.id)).all() == []


@pytest.mark.parametrize(
    ("address", "code"), [("/api/v1/scores/00000000-0000-0000-0000-000000000000", 404), ("/api/v1/scores?flow=gold", 422)]
)
def test_what_is_unknown_is_refused(client: TestClient, sign_in: SignIn, address: str, code: int) -> None:
    sign_in(Role.AUDITOR)

    assert client.get(address).status_code == code


def test_who_has_only_offered_a_material_is_scored_too_and_who_is_switched_off_is_not(session: Session) -> None:
    bought, offered, gone = (a_toll_supplier(session) for _ in range(3))
    a_purchase(session, bought)
    a_purchase(session, gone)
    gone.is_active = False
    for flow in (FLOW, "coated_powder"):
        session.add(
            Offer(
                supplier_id=offered.id,
                flow=flow,
                price_cny_per_t=9000.0,
                priced_on=NOW.date(),
                valid_until=NOW.date(),
                capacity_t=100.0,
                recorded_by="user:x",
                recorded_at=NOW,
            )
        )
    session.flush()

    found = {(supplier.id, flow) for supplier, flow in pairs_to_score(session)}

    assert found == {(bought.id, FLOW), (offered.id, FLOW), (offered.id, "coated_powder")}
