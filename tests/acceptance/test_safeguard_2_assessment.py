"""Safeguard 2: contracts of indicators, signed by both, and assessments that stay as they were approved."""

import io
import uuid
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from openpyxl import load_workbook
from sqlalchemy import update
from sqlmodel import Session
from starlette.testclient import TestClient

from service.accounts.models import Role, User
from service.database import Database
from service.errors import ConflictError, ForbiddenError, InvalidInputError, SamePersonError
from service.governance.assessing import Typed, add_kpi, approve, assess, draw_up, sign_for_committee, sign_for_unit
from service.governance.models import Assessment, ImmutableAssessmentError, KpiContract
from service.governance.queries import find_assessment, kpis_of
from service.governance.schemas import ContractInput, KpiInput
from service.governance.scoring import from_snapshot
from service.plan.operations import add_unit
from service.plan.schemas import OrgUnitInput
from tests import builders
from tests.builders import NOW
from tests.conftest import SignIn

Form = Callable[..., dict[str, str]]
YEAR = 2025


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Who draws up, who answers, who approves."""

    author: User
    head: User
    committee: User

    def actor(self, user: User) -> str:
        return f"user:{user.id}"


@pytest.fixture
def cast(session: Session) -> Cast:
    return a_cast(session)


def a_cast(session: Session) -> Cast:
    roles = (Role.ENGINEER, Role.ENGINEER, Role.COMMITTEE)
    author, head, committee = (builders.a_user(session, roles=(role,)) for role in roles)
    return Cast(author=author, head=head, committee=committee)


def a_contract(session: Session, cast: Cast, *, weights: tuple[float, float] = (60.0, 40.0)) -> KpiContract:
    unit = add_unit(session, OrgUnitInput(name_zh="石墨化厂", name_en="Graphitising works"), by="system", at=NOW)
    fields = ContractInput(unit_id=unit.id, year=YEAR, head_id=cast.head.id)
    contract = draw_up(session, fields, by=cast.actor(cast.author), at=NOW)
    for name, weight, floor, target in (("Furnace kWh/t", weights[0], 12_600.0, 10_600.0), ("Audits", weights[1], 0.0, 4.0)):
        kpi = KpiInput(indicator="manual", name=name, unit="kWh/t", weight=weight, floor=floor, target=target)
        add_kpi(session, contract.id, kpi, by=cast.actor(cast.author), at=NOW)
    return contract


def a_signed_contract(session: Session, cast: Cast) -> KpiContract:
    contract = a_contract(session, cast)
    sign_for_unit(session, contract.id, version=contract.version, by=cast.actor(cast.head), at=NOW)
    return sign_for_committee(session, contract.id, version=contract.version, by=cast.actor(cast.committee), at=NOW)


def an_assessment(session: Session, cast: Cast, contract: KpiContract, values: tuple[float, float] = (11_600.0, 3.0)) -> Assessment:
    kpis = kpis_of(session, contract.id)
    typed = {kpi.id: Typed(value=value, evidence="meter book") for kpi, value in zip(kpis, values, strict=True)}
    return assess(session, contract.id, comment="A good year", typed=typed, by=cast.actor(cast.head), at=NOW)


def test_a_scorecard_weighs_points_between_floor_and_target(session: Session, cast: Cast) -> None:
    assessment = an_assessment(session, cast, a_signed_contract(session, cast))

    card = from_snapshot(assessment.scorecard)

    # 60 % x 50 points (11600 half-way from 12600 to 10600) + 40 % x 75 points (3 of 4) = 30 + 30
    assert card.total == pytest.approx(60.0)
    assert card.grade == "C"


def test_a_contract_whose_weights_are_not_100_is_not_signed(session: Session, cast: Cast) -> None:
    contract = a_contract(session, cast, weights=(60.0, 30.0))

    with pytest.raises(ConflictError, match="90 percent"):
        sign_for_unit(session, contract.id, version=contract.version, by=cast.actor(cast.head), at=NOW)


def test_head_and_committee_both_sign_and_nobody_for_the_other(session: Session, cast: Cast) -> None:
    contract = a_contract(session, cast)

    with pytest.raises(ForbiddenError):
        sign_for_unit(session, contract.id, version=contract.version, by=cast.actor(cast.committee), at=NOW)
    with pytest.raises(ConflictError):
        sign_for_committee(session, contract.id, version=contract.version, by=cast.actor(cast.committee), at=NOW)
    sign_for_unit(session, contract.id, version=contract.version, by=cast.actor(cast.head), at=NOW)
    for person in (cast.author, cast.head):
        with pytest.raises(SamePersonError):
            sign_for_committee(session, contract.id, version=contract.version, by=cast.actor(person), at=NOW)
    with pytest.raises(ConflictError):
        add_kpi(session, contract.id, KpiInput(indicator="energy", weight=1.0, floor=1.0, target=0.0), by="user:1", at=NOW)


def test_nobody_approves_their_own_assessment(session: Session, cast: Cast) -> None:
    contract = a_signed_contract(session, cast)
    assessment = an_assessment(session, cast, contract)

    for person in (cast.head, cast.author):
        with pytest.raises(SamePersonError):
            approve(session, contract.id, review="fine", version=assessment.version, by=cast.actor(person), at=NOW)


def test_an_approved_assessment_stays_as_it_was_whatever_is_restated_later(database: Database) -> None:
    with database.writing() as session:
        cast = a_cast(session)
        contract = a_signed_contract(session, cast)
        assessment = an_assessment(session, cast, contract)
        approve(session, contract.id, review="fine", version=assessment.version, by=cast.actor(cast.committee), at=NOW)
        contract_id, assessment_id, before = contract.id, assessment.id, dict(assessment.scorecard)

    with pytest.raises(ConflictError), database.writing() as session:
        an_assessment(session, cast, session.get_one(KpiContract, contract_id), values=(10_600.0, 4.0))
    with pytest.raises(ImmutableAssessmentError), database.writing() as session:
        session.get_one(Assessment, assessment_id).comment = "better"
    with database.reading() as session:
        found = find_assessment(session, contract_id)
        assert found is not None
        assert found.scorecard == before


def test_a_missing_figure_is_named_and_never_counts_as_zero(session: Session, cast: Cast) -> None:
    contract = a_contract(session, cast, weights=(60.0, 30.0))
    energy = add_kpi(
        session, contract.id, KpiInput(indicator="kwh_per_t", weight=10.0, floor=12_600.0, target=10_600.0), by="user:1", at=NOW
    )
    sign_for_unit(session, contract.id, version=contract.version, by=cast.actor(cast.head), at=NOW)
    sign_for_committee(session, contract.id, version=contract.version, by=cast.actor(cast.committee), at=NOW)
    typed = {kpi.id: Typed(value=1.0, evidence="book") for kpi in kpis_of(session, contract.id) if kpi.id != energy.id}

    with pytest.raises(InvalidInputError) as caught:
        assess(session, contract.id, comment="-", typed=typed, by=cast.actor(cast.head), at=NOW)
    assert set(caught.value.fields) == {f"value_{energy.id}"}


def test_report_regenerates_identically_from_the_snapshot(client: TestClient, sign_in: SignIn, database: Database) -> None:
    with database.writing() as session:
        cast = a_cast(session)
        contract = a_signed_contract(session, cast)
        assessment = an_assessment(session, cast, contract)
        approve(session, contract.id, review="fine", version=assessment.version, by=cast.actor(cast.committee), at=NOW)
        address = f"/console/plan/assessment/contracts/{contract.id}/scorecard"
    sign_in(Role.AUDITOR)

    first = client.get(f"{address}.pdf")
    with database.writing() as session:  # what the contract's unit is called later changes nothing of the report
        session.execute(update(KpiContract).values(version=99))
    second = client.get(f"{address}.pdf")
    book = load_workbook(io.BytesIO(client.get(f"{address}.xlsx").content)).worksheets[0]

    assert first.content[:5] == b"%PDF-"
    assert first.content == second.content
    assert [cell.value for cell in book[3]][:4] == ["Furnace kWh/t", "kWh/t", 60, 12_600]


def test_the_whole_way_through_the_pages(client: TestClient, sign_in: SignIn, form: Form, database: Database) -> None:
    head = sign_in(Role.ENGINEER)
    head_id = str(head.id)
    with database.writing() as session:
        unit_id = str(add_unit(session, OrgUnitInput(name_zh="厂", name_en="Works"), by="system", at=NOW).id)
        chair = builders.a_user(session, roles=(Role.COMMITTEE,))
        author = builders.a_user(session, roles=(Role.ENGINEER,))
    sign_in(user=author)
    drawn = client.post("/console/plan/assessment", data=form(unit_id=unit_id, year="2025", head_id=head_id))
    base = drawn.headers["location"]
    client.post(f"{base}/kpis", data=form(indicator="manual", name="Audits", unit="1", weight="100", floor="0", target="4"))
    early = client.post(f"{base}/sign", data=form(version="2"))
    sign_in(user=head)
    signed = client.post(f"{base}/sign", data=form(version="2"))
    sign_in(user=chair)
    by_committee = client.post(f"{base}/committee-sign", data=form(version="3"))
    sign_in(user=head)
    with database.reading() as session:
        [kpi] = kpis_of(session, session.get_one(KpiContract, uuid.UUID(base.rpartition("/")[2])).id)
        key = str(kpi.id)
    wrong = client.post(
        f"{base}/self-assessment", data=form(**{f"value_{key}": "three", f"evidence_{key}": "book", "comment": "ok"})
    )
    told = client.post(f"{base}/self-assessment", data=form(**{f"value_{key}": "3", f"evidence_{key}": "book", "comment": "ok"}))
    sign_in(user=chair)
    approved = client.post(f"{base}/approve", data=form(review="seen", version="1"))
    shown = client.get(base).text

    assert [one.status_code for one in (drawn, early, signed, by_committee, wrong, told, approved)] == [
        *(303, 403, 303, 303),
        *(422, 303, 303),
    ]
    assert 'value="three"' in wrong.text
    assert "Approved" in shown
    assert "75" in shown  # 3 of 4 audits
