"""Task 20, pioneer image: a claim without valid proof cannot be published."""

from datetime import date, timedelta

import pytest
from sqlmodel import Session, select
from starlette.testclient import TestClient

from service.accounts.models import Role
from service.database import Database
from service.mail.models import MailMessage
from service.monitoring.models import ClosedYear
from service.publicity.claim_mails import lapse_and_tell
from service.publicity.figures import rounded
from service.publicity.models import FigureKind, ReleasedFigure
from service.settings import Settings
from tests.builders import NOW
from tests.certificates.builders import valid
from tests.conftest import MovableClock, SignIn
from tests.console.browsing import submit, words

CLAIMS = "/console/plan/publicity/claims"
TODAY = NOW.date()
CLAIM = {
    "text_zh": "2024年单位产品用电较2021年下降13%",
    "text_en": "Electricity per tonne fell by 13 % from 2021 to 2024",
    "figure": "13",
    "figure_unit": "%",
    "basis_zh": "内蒙古工厂，按吨",
    "basis_en": "Inner Mongolia plant, per tonne",
}
STATEMENT = {
    "kind": "statement",
    "reference": "Statement 2025-07 of a verifier",
    "valid_from": str(TODAY - timedelta(days=10)),
    "valid_until": str(TODAY + timedelta(days=20)),
}


@pytest.fixture
def approved(client: TestClient, sign_in: SignIn) -> str:
    """A claim of an engineer that a committee member approved; nothing shows it yet."""
    sign_in(Role.ENGINEER)
    address = submit(client, f"{CLAIMS}/new", CLAIM, action=CLAIMS).headers["location"]
    sign_in(Role.COMMITTEE)
    assert submit(client, address, {}, action=f"{address}/approve").status_code == 303
    sign_in(Role.ENGINEER)
    return str(address)


def prove(client: TestClient, address: str, **proof: str) -> None:
    answer = submit(client, address, {**STATEMENT, **proof}, action=f"{address}/proofs")
    assert answer.status_code == 303, words(answer)


def progress(client: TestClient) -> str:
    return words(client.get("/public/progress"))


def test_a_claim_without_valid_proof_cannot_be_published(client: TestClient, approved: str) -> None:
    refused = submit(client, approved, {}, action=f"{approved}/publish")
    assert refused.status_code == 409
    assert "no proof that is valid today" in words(refused)
    assert CLAIM["text_en"] not in progress(client)


def test_a_claim_whose_proof_has_run_out_cannot_be_published(client: TestClient, approved: str) -> None:
    prove(client, approved, valid_until=str(TODAY - timedelta(days=1)))
    assert submit(client, approved, {}, action=f"{approved}/publish").status_code == 409


def test_a_claim_with_valid_proof_is_published_with_it(client: TestClient, approved: str) -> None:
    prove(client, approved)
    assert submit(client, approved, {}, action=f"{approved}/publish").status_code == 303
    client.cookies.clear()
    shown = progress(client)
    assert CLAIM["text_en"] in shown
    assert CLAIM["basis_en"] in shown
    assert STATEMENT["reference"] in shown


def test_the_day_after_the_last_one_the_claim_is_gone_and_its_owner_is_told(
    client: TestClient, approved: str, clock: MovableClock, sqlite_database: Database, settings: Settings
) -> None:
    prove(client, approved)
    submit(client, approved, {}, action=f"{approved}/publish")
    clock.move(timedelta(days=20))
    assert CLAIM["text_en"] in progress(client)  # on the last day it still holds
    with sqlite_database.writing() as session:
        assert lapse_and_tell(session, settings=settings, at=clock()) == 0
    clock.move(timedelta(days=1))
    assert CLAIM["text_en"] not in progress(client)  # at once, whether or not the daily task has run
    with sqlite_database.writing() as session:
        assert lapse_and_tell(session, settings=settings, at=clock()) == 1
        assert lapse_and_tell(session, settings=settings, at=clock()) == 0
    mails = mails_of(sqlite_database)
    assert len(mails) == 1
    assert CLAIM["text_en"] in mails[0]


def mails_of(database: Database) -> list[str]:
    with database.reading() as session:
        return [mail.body for mail in session.exec(select(MailMessage)) if "public_claim" in (mail.about or "")]


def test_a_certificate_shows_a_claim_only_while_it_is_valid(client: TestClient, approved: str, sqlite_database: Database) -> None:
    proof = {**STATEMENT, "kind": "certificate", "reference": "AP-2026-0001"}
    refused = submit(client, approved, proof, action=f"{approved}/proofs")
    assert refused.status_code == 422
    assert "AP-2026-0001" in words(refused)
    with sqlite_database.writing() as session:
        number = valid(session).number
    prove(client, approved, kind="certificate", reference=number)
    assert submit(client, approved, {}, action=f"{approved}/publish").status_code == 303


def test_only_a_closed_year_shows_a_claim_and_reopened_it_shows_nothing(
    client: TestClient, approved: str, sqlite_database: Database
) -> None:
    proof = {**STATEMENT, "kind": "inventory", "reference": "2024"}
    assert submit(client, approved, proof, action=f"{approved}/proofs").status_code == 422
    with sqlite_database.writing() as session:
        session.add(ClosedYear(year=2024, closed_by="user:x", closed_at=NOW))
    prove(client, approved, kind="inventory", reference="2024")
    assert submit(client, approved, {}, action=f"{approved}/publish").status_code == 303
    assert CLAIM["text_en"] in progress(client)
    with sqlite_database.writing() as session:
        (year,) = session.exec(select(ClosedYear)).all()
        year.reopened_at = NOW
    assert CLAIM["text_en"] not in progress(client)


def test_withdrawing_the_only_proof_takes_a_published_claim_back(client: TestClient, approved: str) -> None:
    prove(client, approved)
    submit(client, approved, {}, action=f"{approved}/publish")
    page = client.get(approved).text
    action = page.partition(f'action="{approved}/proofs/')[2].partition('"')[0]
    assert submit(client, approved, {}, action=f"{approved}/proofs/{action}").status_code == 303
    assert CLAIM["text_en"] not in progress(client)
    assert "Proof run out" in words(client.get(approved))


def test_who_brought_the_proof_may_not_approve(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.ENGINEER)
    address = submit(client, f"{CLAIMS}/new", CLAIM, action=CLAIMS).headers["location"]
    sign_in(Role.ENGINEER, Role.COMMITTEE)
    prove(client, address)
    assert submit(client, address, {}, action=f"{address}/approve").status_code == 409


def test_a_figure_needs_its_unit(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.ENGINEER)
    refused = submit(client, f"{CLAIMS}/new", {**CLAIM, "figure_unit": ""}, action=CLAIMS)
    assert refused.status_code == 422
    assert "A figure needs its unit" in words(refused)


def test_a_proof_that_ends_before_it_begins_is_refused(client: TestClient, approved: str) -> None:
    refused = submit(client, approved, {**STATEMENT, "valid_until": str(date(2020, 1, 1))}, action=f"{approved}/proofs")
    assert refused.status_code == 422
    assert STATEMENT["reference"] in refused.text


FIGURES = "/console/plan/publicity/figures"


def test_only_figures_of_a_closed_year_that_another_person_released_are_public(
    client: TestClient, sign_in: SignIn, sqlite_database: Database
) -> None:
    with sqlite_database.writing() as session:
        propose_row(session, "scope_1", 12345.6)
    assert "12,300" not in progress(client)  # proposed, not released
    sign_in(Role.COMMITTEE)
    assert submit(client, FIGURES, {"kind": "emissions", "year": "2024"}, action=f"{FIGURES}/release").status_code == 303
    assert "12,300 t CO₂" not in progress(client)  # its year is not closed
    with sqlite_database.writing() as session:
        session.add(ClosedYear(year=2024, closed_by="user:x", closed_at=NOW))
    assert "12,300 t CO₂" in progress(client)
    sign_in(Role.ENGINEER)
    assert submit(client, FIGURES, {"kind": "emissions", "year": "2024"}, action=f"{FIGURES}/withdraw").status_code == 303
    assert "12,300" not in progress(client)


def test_figures_of_an_open_year_can_not_be_proposed(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.ENGINEER)
    refused = submit(client, FIGURES, {"kind": "emissions", "year": "2024"}, action=FIGURES)
    assert refused.status_code == 409
    assert "not closed" in words(refused)


def test_who_proposed_figures_may_not_release_them(client: TestClient, sign_in: SignIn, sqlite_database: Database) -> None:
    person = sign_in(Role.ENGINEER, Role.COMMITTEE)
    with sqlite_database.writing() as session:
        propose_row(session, "scope_1", 12345.6, by=f"user:{person.id}")
    refused = submit(client, FIGURES, {"kind": "emissions", "year": "2024"}, action=f"{FIGURES}/release")
    assert refused.status_code == 409
    assert "another person" in words(refused)


def propose_row(session: Session, indicator: str, value: float, *, by: str = "user:engineer") -> None:
    figure = ReleasedFigure(
        kind=FigureKind.EMISSIONS,
        year=2024,
        indicator=indicator,
        value=rounded(value),
        unit="t CO2",
        source="inventory 2024",
        proposed_by=by,
        proposed_at=NOW,
    )
    session.add(figure)
