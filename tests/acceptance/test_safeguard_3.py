"""Safeguard 3: resources."""

import re
from collections.abc import Callable

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from service.accounts.models import Role
from service.database import Database
from service.errors import InvalidInputError
from service.governance.models import FundingItem, FundingKind
from service.governance.operations import add_funding_year
from service.governance.queries import funding_items, funding_years
from service.governance.schemas import FundingItemInput, FundingYearInput
from service.governance.spending import spending_by_measure, spending_by_year
from service.measures.models import Measure
from service.registers.operations import add_row
from tests.builders import NOW
from tests.conftest import SignIn

Form = Callable[..., dict[str, str]]
BY = "user:1"


def a_loan(session: Session, amount_cny: float = 1_000_000.0) -> FundingItem:
    measure = Measure(created_by=BY, created_at=NOW)
    session.add(measure)
    session.flush()
    fields = FundingItemInput(
        name="Heat recovery loan",
        kind=FundingKind.GREEN_LOAN,
        source="Bank",
        amount_cny=amount_cny,
        measure_id=measure.id,
        evidence="contract 7",
    )
    return add_row(session, FundingItem, fields, by=BY, at=NOW)


def a_year(session: Session, item: FundingItem, year: int, planned: float, spent: float | None) -> None:
    fields = FundingYearInput(
        funding_item_id=item.id, year=year, planned_cny=planned, spent_cny=spent, evidence="ledger" if spent is not None else None
    )
    add_funding_year(session, fields, by=BY, at=NOW)


def test_funding_linked_to_measures(session: Session) -> None:
    loan = a_loan(session)
    a_year(session, loan, 2025, 600_000.0, 500_000.0)

    by_measure = spending_by_measure(funding_items(session), funding_years(session))

    assert list(by_measure) == [loan.measure_id]
    assert by_measure[loan.measure_id].spent_cny == pytest.approx(500_000.0)


def test_spend_against_plan(session: Session) -> None:
    loan = a_loan(session)
    a_year(session, loan, 2025, 600_000.0, 500_000.0)
    a_year(session, loan, 2026, 400_000.0, None)

    by_year = spending_by_year(funding_years(session))
    [whole] = spending_by_measure(funding_items(session), funding_years(session)).values()

    assert by_year[2025].deviation_cny == pytest.approx(500_000.0 - 600_000.0)
    assert (by_year[2026].spent_cny, by_year[2026].deviation_cny) == (None, None)
    # The open year counts in what is planned, and in nothing else.
    assert (whole.planned_cny, whole.spent_cny, whole.deviation_cny) == (1_000_000.0, 500_000.0, -100_000.0)
    assert whole.open_years == (2026,)


def test_more_than_there_is_cannot_be_planned(session: Session) -> None:
    loan = a_loan(session)
    a_year(session, loan, 2025, 600_000.0, None)

    with pytest.raises(InvalidInputError) as caught:
        a_year(session, loan, 2026, 400_000.01, None)
    assert "400,000.00 yuan" in str(caught.value.fields["planned_cny"])


def test_the_page_shows_what_was_spent_and_what_is_still_open(
    client: TestClient, sign_in: SignIn, database: Database, form: Form
) -> None:
    with database.writing() as session:
        loan = a_loan(session)
        a_year(session, loan, 2025, 600_000.0, 500_000.0)
    sign_in(Role.ENGINEER)
    answer = client.post(
        "/console/plan/resources/funding-years", data=form(funding_item_id=str(loan.id), year="2026", planned_cny="400000")
    )

    shown = re.sub(r"\s+", " ", client.get("/console/plan/resources").text)

    assert answer.status_code == 303
    assert '<td class="number">−100,000</td>' in shown
    assert "<td>2026</td>" in shown


def test_a_course_is_kept_without_names(client: TestClient, sign_in: SignIn, form: Form) -> None:
    sign_in(Role.ENGINEER)

    added = client.post(
        "/console/plan/resources/trainings",
        data=form(course="Carbon basics", held_on="2026-05-08", hours="4", participants="25", evidence="list 12"),
    )
    shown = client.get("/console/plan/resources").text

    assert added.status_code == 303
    assert '<p class="stat-value">100 <span class="stat-unit">hours</span>' in shown  # 4 h x 25 people
