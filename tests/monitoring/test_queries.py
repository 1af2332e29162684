"""What monitoring hands out, on both engines."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlmodel import Session

from service.database import Database
from service.monitoring import queries
from service.monitoring.months import last_day, month_before, months_between, next_month
from tests.builders import a_plant
from tests.monitoring.builders import a_meter, a_source, an_entry

APRIL, MAY = date(2026, 4, 1), date(2026, 5, 1)


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A writing transaction on each engine."""
    with database.writing() as session:
        yield session


def test_sub_meters_are_never_added_to_their_main_meter(session: Session) -> None:
    plant = a_plant(session)
    main_meter = a_meter(session, plant)
    sub_meter = a_meter(session, plant, parent=main_meter)
    main = a_source(session, plant, "electricity_purchased", meter=main_meter)
    part = a_source(session, plant, "electricity_purchased", meter=a_meter(session, plant, parent=sub_meter))
    solar = a_source(session, plant, "electricity_pv_own")
    exported = a_source(session, plant, "electricity_exported")
    for source, amount in ((main, 1000.0), (part, 300.0), (solar, 200.0), (exported, 50.0)):
        an_entry(session, source, MAY, amount)

    amounts = queries.monthly_amounts(session, start=MAY, end=MAY)
    with_parts = queries.monthly_amounts(session, start=MAY, end=MAY, with_sub_meters=True)

    # 1,000 bought + 200 of the roof - 50 given away; the 300 are within the 1,000
    assert queries.electricity_consumed_kwh(session, plant.id, start=MAY, end=MAY) == 1150
    assert {one.source_id for one in amounts} == {main.id, solar.id, exported.id}
    assert {one.source_id: one.within for one in with_parts}[part.id] == main.id


def test_a_sub_meter_counts_where_nobody_reads_its_main_meter(session: Session) -> None:
    plant = a_plant(session)
    main_meter = a_meter(session, plant)
    part = a_source(session, plant, "electricity_purchased", meter=a_meter(session, plant, parent=main_meter))
    an_entry(session, part, MAY, 300.0)

    assert queries.electricity_consumed_kwh(session, plant.id, start=MAY, end=MAY) == 300


def test_a_missing_month_makes_consumption_unknown_not_smaller(session: Session) -> None:
    plant = a_plant(session)
    source = a_source(session, plant, "electricity_purchased")
    an_entry(session, source, MAY, 300.0)

    assert queries.electricity_consumed_kwh(session, plant.id, start=APRIL, end=MAY) is None
    assert queries.electricity_consumed_kwh(session, plant.id, start=MAY, end=MAY) == 300
    assert queries.electricity_consumed_kwh(session, a_plant(session).id, start=MAY, end=MAY) is None


def test_months_run_over_the_end_of_a_year() -> None:
    assert months_between(date(2025, 11, 20), date(2026, 1, 3)) == [date(2025, 11, 1), date(2025, 12, 1), date(2026, 1, 1)]
    assert (next_month(date(2025, 12, 1)), month_before(date(2026, 1, 1))) == (date(2026, 1, 1), date(2025, 12, 1))
    assert last_day(date(2024, 2, 1)) == date(2024, 2, 29)
