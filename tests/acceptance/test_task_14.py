"""Plan, task 14: accuracy of figures."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from service.accounts.models import Role
from service.company_inventory.data_quality import quality_of
from service.company_inventory.inventories import inventory_of
from service.database import Database
from service.monitoring.grades import Fault, Grade, grade_of
from service.monitoring.models import EmissionSource, Meter, Method
from service.monitoring.queries import missing_months, monthly_amounts
from service.products.models import Plant
from tests import builders
from tests.conftest import SignIn
from tests.footprints.builders import a_record
from tests.monitoring.builders import NOW, a_meter, a_source, an_entry

MAY = date(2026, 5, 1)


@pytest.fixture
def session(sqlite_database: Database) -> Iterator[Session]:
    """A writing transaction."""
    with sqlite_database.writing() as session:
        yield session


@pytest.mark.parametrize(
    ("day", "grade"),
    [(date(2026, 6, 30), Grade.A), (date(2026, 7, 1), Grade.B)],
)
def test_grade_falls_when_evidence_expires(session: Session, day: date, grade: Grade) -> None:
    plant = builders.a_plant(session)
    meter = a_meter(session, plant)
    source = a_source(session, plant, "electricity_purchased", meter=meter)
    entry = an_entry(session, source, MAY, 1000.0, evidence_until=date(2026, 6, 30))

    assert grade_of(entry, source, meter, on=day).grade is grade


def test_grade_falls_for_months_after_the_calibration_of_the_meter_expires(session: Session) -> None:
    plant = builders.a_plant(session)
    meter = a_meter(session, plant, calibrated_until=date(2026, 5, 31))
    source = a_source(session, plant, "electricity_purchased", meter=meter)

    graded = [grade_of(an_entry(session, source, date(2026, month, 1), 1000.0), source, meter) for month in (5, 6)]

    assert [(one.grade, one.faults) for one in graded] == [(Grade.A, ()), (Grade.B, (Fault.CALIBRATION_EXPIRED,))]


def test_company_tonnes_by_grade_and_the_improvement_list_follow_the_figures(session: Session) -> None:
    plant = builders.a_plant(session)
    meter = a_meter(session, plant)
    metered = a_source(session, plant, "electricity_purchased", meter=meter, starts=date(2023, 1, 1), ends=date(2023, 12, 1))
    estimated = _year(session, plant, "diesel", Method.ESTIMATED, 10.0)
    billed = _year(session, plant, "natural_gas", Method.BILLED, 1000.0)
    _fill(session, metered, 1000.0)

    quality = quality_of(session, inventory_of(session, 2023, at=NOW), on=date(2024, 1, 31))

    # 12 months of 10 t diesel at 3.0959 t/t and of 1,000 Nm3 gas at 2.1622 kg/Nm3
    assert quality.by_grade_t_co2[Grade.D] == pytest.approx(120 * 3.09591, rel=1e-4)
    assert quality.by_grade_t_co2[Grade.B] == pytest.approx(12 * 2.162189, rel=1e-4)
    assert quality.by_grade_t_co2[Grade.A] > 0
    assert quality.by_grade_t_co2[Grade.C] == 0
    # weights: 371.5 t x 3 steps, 25.9 t x 1 step
    assert [one.source_id for one in quality.improvements] == [estimated.id, billed.id]
    assert quality.improvements[0].weight == pytest.approx(120 * 3.09591 * 3, rel=1e-4)


def test_product_primary_share_is_recomputed_from_the_footprint_in_use(
    client: TestClient, sign_in: SignIn, sqlite_database: Database
) -> None:
    with sqlite_database.writing() as session:
        record = a_record(session, builders.a_product(session))
        expected = record.shares["primary"]
        number = record.number
    sign_in(Role.ENGINEER)

    page = client.get("/console/plan/monitoring/data-quality").text

    row = page[page.index(number) :].split("</tr>")[0]
    shown = f"{expected * 100:.3g}"
    assert shown in row


def test_a_missing_month_is_never_zero_and_a_typed_zero_is_a_figure(session: Session) -> None:
    plant = builders.a_plant(session)
    source = a_source(session, plant, "diesel", starts=date(2026, 4, 1))
    an_entry(session, source, date(2026, 4, 1), 0.0)

    amounts = monthly_amounts(session, start=date(2026, 4, 1), end=MAY)
    missing = missing_months(session, start=date(2026, 4, 1), end=MAY)

    assert [(one.month, one.amount) for one in amounts] == [(date(2026, 4, 1), 0.0)]
    assert [one.month for one in missing] == [MAY]


def _year(session: Session, plant: Plant, carrier: str, method: Method, amount: float) -> EmissionSource:
    source = a_source(session, plant, carrier, method=method, starts=date(2023, 1, 1), ends=date(2023, 12, 1))
    _fill(session, source, amount)
    return source


def _fill(session: Session, source: EmissionSource, amount: float) -> None:
    for month in range(1, 13):
        an_entry(session, source, date(2023, month, 1), amount)


def test_a_metered_source_without_a_meter_is_no_better_than_a_bill(session: Session) -> None:
    source = a_source(session, builders.a_plant(session), "natural_gas")
    no_meter: Meter | None = None

    assert grade_of(an_entry(session, source, MAY, 5.0), source, no_meter).grade is Grade.B
