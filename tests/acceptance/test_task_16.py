"""Plan, task 16: office."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from service.accounts.models import Role
from service.company_inventory.inventories import inventory_of
from service.database import Database
from service.monitoring.months import months_between
from service.premises.models import OfficeFigure
from service.premises.queries import trends
from service.premises.schemas import OfficeFigureInput
from service.registers.operations import add_row
from tests.builders import a_product
from tests.conftest import NOW, SignIn
from tests.footprints.builders import a_record

START, END = date(2024, 11, 1), date(2026, 10, 1)


@pytest.fixture
def session(sqlite_database: Database) -> Iterator[Session]:
    """A writing transaction."""
    with sqlite_database.writing() as session:
        yield session


def paper(session: Session) -> None:
    for place, month in enumerate(months_between(START, END)):
        fields = OfficeFigureInput(indicator="paper", unit="ream", month=month, value=20.0 if place < 12 else 15.0)
        add_row(session, OfficeFigure, fields, by="user:a", at=NOW)


def test_indicator_trend(client: TestClient, sign_in: SignIn, sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        paper(session)
        [trend] = trends(session)
    sign_in(Role.AUDITOR)

    page = client.get("/console/plan/office").text

    # twelve months of 15 after twelve of 20: 180 after 240, a quarter less
    assert (trend.total(until=END), trend.total(until=date(2025, 10, 1))) == (180.0, 240.0)
    assert "−25.0 %" in page
    assert trend.total(until=date(2026, 11, 1)) is None


def test_indicators_come_in_by_csv(
    client: TestClient, sign_in: SignIn, form: Callable[..., dict[str, str]], sqlite_database: Database
) -> None:
    sign_in(Role.ENGINEER)
    content = "Indicator,Unit,Month,Value\ncopy paper,ream,2026-09-01,120\ncopy paper,ream,2026-10-01,90.5\n"

    preview = client.post(
        "/console/plan/office/figures/import", data=form(), files={"file": ("paper.csv", content.encode(), "text/csv")}
    )
    plan_text = preview.text.split('name="plan" value="')[1].split('"')[0].replace("&#34;", '"')
    done = client.post("/console/plan/office/figures/import/apply", data=form(plan=plan_text))

    assert done.status_code == 303
    with sqlite_database.reading() as session:
        [trend] = trends(session)
    assert list(trend.months) == [(date(2026, 9, 1), 120.0), (date(2026, 10, 1), 90.5)]


def test_no_effect_on_pcf(session: Session) -> None:
    product = a_product(session)
    before = a_record(session, product).total_kg_co2e_per_kg
    inventory = inventory_of(session, 2025, at=NOW)

    paper(session)

    assert a_record(session, product, at=NOW + timedelta(days=1)).total_kg_co2e_per_kg == before
    assert inventory_of(session, 2025, at=NOW).scope_2_location_t_co2 == inventory.scope_2_location_t_co2
