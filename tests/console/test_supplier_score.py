"""One score laid open: what it is made of, checked again, calculated again, and what a buyer sees of it."""

import uuid
from dataclasses import replace
from datetime import date, timedelta

import pytest
from fastapi import FastAPI
from sqlmodel import Session, col, select
from starlette.testclient import TestClient

from service.accounts.models import Role
from service.compliance.models import CertificateKind, HeldCertificate, Proof
from service.database import Database
from service.green_score.facts import Facts
from service.green_score.models import Score
from service.procurement.models import ActionStatus, CorrectiveAction
from service.suppliers.models import Supplier
from tests import builders
from tests.conftest import SignIn
from tests.console.browsing import submit, words
from tests.green_score.builders import FLOW, NOW, a_calculated_score, a_score
from tests.green_score.facts_builders import EXAMPLE, FOOTPRINT, changed


@pytest.fixture
def database(app: FastAPI) -> Database:
    found: Database = app.state.database
    return found


def scored(database: Database, *, name: str = "Some", facts: Facts = EXAMPLE) -> uuid.UUID:
    with database.writing() as session:
        supplier = builders.a_supplier(session, name_en=name)
        a_calculated_score(session, supplier=supplier, facts=facts)
        return supplier.id


def page_of(supplier_id: uuid.UUID, query: str = "") -> str:
    return f"/console/suppliers/{supplier_id}/score{query}"


def test_the_worked_example_is_laid_open(client: TestClient, sign_in: SignIn, database: Database) -> None:
    sign_in(Role.REVIEWER)
    page = words(client.get(page_of(scored(database))))

    assert "66.4 of 100 points" in page
    assert "Toll graphitization" in page
    # A earns 69.32 % of 35 points: 24.3, and loses 10.7.
    assert "24.3 of 35.0, 10.7 lost" in page
    assert "A1 Footprint against the benchmark" in page
    assert "May get at most 40 % of the material's demand." in page
    assert page.count("left out") == 1  # E1


def test_a_stored_score_is_calculated_again_from_its_own_inputs(client: TestClient, sign_in: SignIn, database: Database) -> None:
    sign_in(Role.AUDITOR)
    supplier_id = scored(database)
    holds = words(client.get(page_of(supplier_id, "?check=1")))
    with database.writing() as session:
        session.exec(select(Score)).one().total += 1
    differs = words(client.get(page_of(supplier_id, "?check=1")))

    assert "The calculation holds" in holds
    assert "the score differs in: total" in differs


def test_the_page_opens_to_answers_for_those_who_may_read_them(client: TestClient, sign_in: SignIn, database: Database) -> None:
    submission, certificate, file = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
    sources = {"A1": (f"submission:{submission}", f"evidence:{file}"), "C1": (f"held_certificate:{certificate}",)}
    supplier_id = scored(database, facts=changed(sources=sources))
    sign_in(Role.ENGINEER)
    engineer = client.get(page_of(supplier_id)).text
    sign_in(Role.PROCUREMENT)
    buyer = client.get(page_of(supplier_id)).text

    assert f'href="/console/review/{submission}"' in engineer
    assert f'href="/console/review/{submission}/evidence/{file}"' in engineer
    assert str(submission) not in buyer
    assert str(file) not in buyer
    assert f'href="/console/suppliers/{supplier_id}/standing"' in buyer


def test_a_buyer_sees_ranges_where_figures_rest_on_answers(client: TestClient, sign_in: SignIn, database: Database) -> None:
    supplier_id = scored(database)
    sign_in(Role.PROCUREMENT)
    page = words(client.get(page_of(supplier_id)))

    assert "66 of 100 points" in page
    assert "66.4" not in page
    assert "in its dimension only" in page
    assert "60–70" in page  # dimension A: 69.32
    assert "4.1 kg" not in page
    assert "rounded, or shown as ranges" in page


def with_footprint(kg: float) -> Facts:
    return changed(footprint=replace(FOOTPRINT, kg_co2e_per_kg=kg))


def test_others_are_a_band_once_there_are_five_of_them(client: TestClient, sign_in: SignIn, database: Database) -> None:
    sign_in(Role.ENGINEER)
    supplier_id = scored(database)
    for kg in (3.0, 4.0, 5.0, 6.0):
        scored(database, facts=with_footprint(kg))
    four = words(client.get(page_of(supplier_id)))
    scored(database, facts=with_footprint(7.0))
    five = words(client.get(page_of(supplier_id)))

    assert "once there are five of them" in four
    # 3, 4, 5, 6, 7: the tenth percentile lies 0.4 of the way from 3 to 4, the ninetieth 0.6 of the way from 6 to 7.
    assert "Four in five of 5 others 3.40–6.60" in five


def test_a_supplier_without_a_footprint_has_none_made_up(client: TestClient, sign_in: SignIn, database: Database) -> None:
    sign_in(Role.ENGINEER)
    page = words(client.get(page_of(scored(database, facts=changed(footprint=None)))))

    assert "This supplier none of its own" in page
    assert "No footprint that counts: at most C." in page


def test_earlier_scores_stand_with_their_method_and_open(client: TestClient, sign_in: SignIn, database: Database) -> None:
    sign_in(Role.ENGINEER)
    supplier_id = scored(database)
    with database.writing() as session:
        supplier = session.get_one(Supplier, supplier_id)
        earlier = a_score(session, supplier=supplier, period=(date(2024, 1, 1), date(2024, 12, 31)), grade="C")
        key = earlier.id
    page = client.get(page_of(supplier_id))

    assert f"?score={key}" in page.text
    assert "2026.1" in words(page)
    assert "period until 2024-12-31" in words(client.get(page_of(supplier_id, f"?score={key}")))


def test_certificates_and_open_actions_stand_beside_the_score(client: TestClient, sign_in: SignIn, database: Database) -> None:
    person = sign_in(Role.PROCUREMENT)
    supplier_id = scored(database)
    with database.writing() as session:
        session.add(a_certificate(supplier_id, ends=NOW.date() + timedelta(days=20)))
        session.add(an_action(session, supplier_id, owner_id=person.id))
    page = words(client.get(page_of(supplier_id)))

    assert "Ends in 20 days" in page
    assert "K-2026-0001" in page
    assert "Measure the furnaces apart" in page


def a_certificate(supplier_id: uuid.UUID, *, ends: date) -> HeldCertificate:
    return HeldCertificate(
        supplier_id=supplier_id,
        kind=CertificateKind.ISO_14001,
        number="14001-7",
        issuer="Some body",
        issued_on=date(2024, 1, 1),
        valid_until=ends,
        proof=Proof.VERIFIED,
        evidence="seen",
        recorded_by="user:a",
        recorded_at=NOW,
    )


def an_action(session: Session, supplier_id: uuid.UUID, *, owner_id: uuid.UUID) -> CorrectiveAction:
    return CorrectiveAction(
        number="K-2026-0001",
        supplier_id=supplier_id,
        organisation_id=session.get_one(Supplier, supplier_id).organisation_id,
        finding="Measure the furnaces apart",
        wanted="Meters",
        owner_id=owner_id,
        due=date(2027, 3, 1),
        status=ActionStatus.OPEN,
        opened_by="user:a",
        opened_at=NOW,
    )


def test_a_score_is_calculated_again_by_what_is_known_now(client: TestClient, sign_in: SignIn, database: Database) -> None:
    sign_in(Role.PROCUREMENT)
    supplier_id = scored(database)  # of a company that the database knows nothing else of
    answer = submit(client, page_of(supplier_id), {"flow": FLOW})
    again = submit(client, page_of(supplier_id), {"flow": FLOW})

    assert (answer.status_code, again.status_code) == (303, 303)
    with database.reading() as session:
        totals = [one.total for one in session.exec(select(Score).order_by(col(Score.calculated_at)))]
    assert len(totals) == 2
    assert totals[1] < totals[0]


def test_a_supplier_that_was_never_scored_gets_a_page_that_says_so(client: TestClient, sign_in: SignIn, database: Database) -> None:
    sign_in(Role.PROCUREMENT)
    with database.writing() as session:
        supplier_id = builders.a_supplier(session).id

    assert "Not scored yet" in words(client.get(page_of(supplier_id)))


def test_a_material_or_score_of_somebody_else_is_not_found(client: TestClient, sign_in: SignIn, database: Database) -> None:
    sign_in(Role.ENGINEER)
    supplier_id, other = scored(database), scored(database, name="Other")
    with database.reading() as session:
        foreign = session.exec(select(Score.id).where(Score.supplier_id == other)).one()

    for query in ("?flow=nitrogen", f"?score={foreign}", "?score=x"):
        assert client.get(page_of(supplier_id, query)).status_code == 404


def test_the_page_stands_in_chinese_too(client: TestClient, sign_in: SignIn, database: Database) -> None:
    sign_in(Role.PROCUREMENT)
    client.headers["accept-language"] = "zh-CN"

    assert "绿色得分" in words(client.get(page_of(scored(database))))
