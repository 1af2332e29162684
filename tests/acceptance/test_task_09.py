"""Task 9, green supply chain: a ranking follows from stored scores alone, and every score decomposes."""

import uuid
from datetime import date
from math import fsum

import pytest
from sqlmodel import Session, col, select
from starlette.testclient import TestClient

from service.accounts.models import Role
from service.committee.supply_chain import Quarter, accepted_share, quarters, supply_chain
from service.database import Database
from service.green_score.models import Score
from service.green_score.queries import latest_scores
from service.green_score.rechecking import differences
from service.procurement.kpis import Answering, Bought
from service.submissions.models import SubmissionStatus
from service.suppliers.models import Purchase
from tests.builders import NOW, a_submission, a_supplier
from tests.conftest import SignIn
from tests.console.browsing import words
from tests.green_score.builders import a_calculated_score

PAGE = "/console/plan/supply-chain"


def ranked(session: Session) -> list[tuple[str, float]]:
    """Return suppliers by their stored totals, best first."""
    rows = session.exec(select(Score).order_by(col(Score.total).desc(), col(Score.id))).all()
    return [(str(row.supplier_id), row.total) for row in rows]


def test_ranking_deterministic_from_a_snapshot(sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        for place in range(3):
            a_calculated_score(session, supplier=a_supplier(session, name_zh=f"供应商{place}", name_en=f"Supplier {place}"))
    with sqlite_database.reading() as session:
        first = ranked(session)
        assert [differences(session, one) for one in latest_scores(session)] == [[], [], []]
    with sqlite_database.reading() as session:
        assert ranked(session) == first


def test_every_score_decomposes_to_field_values_and_evidence(sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        score = a_calculated_score(session, supplier=a_supplier(session))
        earned = [one["points"] for one in score.indicators.values() if one["points"] is not None]
        assert fsum(earned) == pytest.approx(score.total, abs=1e-9)
        assert all("sources" in one and "value" in one for one in score.indicators.values())


def bought_of(supplier_id: uuid.UUID, *, t: float, cny: float | None) -> Bought:
    return Bought(
        supplier_id=supplier_id,
        flow="graphitised_powder",
        t=t,
        cny=cny,
        benchmark_t_co2e=None,
        grade=None,
        has_own_footprint=False,
    )


def test_coverage_weighs_by_money_and_by_tonnes() -> None:
    # 300 t at 3 million yuan accepted, 100 t at 3 million not, 100 t without price not: 300/500 of the tonnes, 3/6 of the money.
    accepted, not_accepted, unpriced = (uuid.uuid4() for _ in range(3))
    bought = [
        bought_of(accepted, t=300, cny=3e6),
        bought_of(not_accepted, t=100, cny=3e6),
        bought_of(unpriced, t=100, cny=None),
    ]
    answering = {accepted: Answering(is_asked=True, has_answered=True, is_accepted=True)}
    assert accepted_share(bought, answering, lambda one: one.t) == pytest.approx(0.6)
    assert accepted_share(bought, answering, lambda one: one.cny) == pytest.approx(0.5)
    assert accepted_share([], answering, lambda one: one.t) is None


def test_the_trend_counts_by_quarter() -> None:
    handed_in = [(date(2026, 3, 31), True), (date(2026, 4, 1), False), (date(2026, 6, 30), True)]
    assert quarters(handed_in) == [
        Quarter(name="2026-Q1", handed_in=1, accepted=1),
        Quarter(name="2026-Q2", handed_in=2, accepted=1),
    ]


def test_the_committee_reads_the_figures_with_their_meaning(client: TestClient, sign_in: SignIn, sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        supplier = a_supplier(session)
        period = (date(2025, 1, 1), date(2025, 12, 31))
        session.add(
            Purchase(
                supplier_id=supplier.id,
                flow="graphitised_powder",
                period_start=period[0],
                period_end=period[1],
                amount_t=100.0,
                created_at=NOW,
            )
        )
        a_submission(session, supplier=supplier, status=SubmissionStatus.ACCEPTED, period=period)
        found = supply_chain(session, 2025, on=date(2026, 11, 22))
        assert found.by_tonnes == 1.0
        assert found.by_spend is None
    sign_in(Role.COMMITTEE)
    shown = words(client.get(PAGE))
    assert "Coverage by tonnes 100 %" in shown
    assert "Part of the tonnes bought from suppliers whose figures were accepted" in shown
    sign_in(Role.PROCUREMENT)
    assert client.get(PAGE).status_code == 403
