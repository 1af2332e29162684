"""Plan, task 15: buildings."""

import io
from collections.abc import Callable, Iterator
from datetime import date

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from service.accounts.models import Role
from service.company_inventory.inventories import inventory_of
from service.database import Database
from service.monitoring.models import EmissionSource
from service.monitoring.months import months_between
from service.monitoring.queries import electricity_consumed_kwh
from service.premises.models import Building, BuildingKind
from service.premises.queries import intensities
from service.products.models import Plant
from tests import builders
from tests.conftest import SignIn
from tests.monitoring.builders import NOW, a_meter, a_source, an_entry

START, END = date(2025, 11, 1), date(2026, 10, 1)


@pytest.fixture
def session(sqlite_database: Database) -> Iterator[Session]:
    """A writing transaction."""
    with sqlite_database.writing() as session:
        yield session


def a_building(session: Session, plant: Plant, name: str, area_m2: float, source: EmissionSource) -> Building:
    building = Building(
        plant_id=plant.id,
        name_zh=name,
        name_en=name,
        kind=BuildingKind.OFFICE,
        area_m2=area_m2,
        source_id=source.id,
        created_at=NOW,
    )
    session.add(building)
    session.flush()
    return building


def filled(session: Session, source: EmissionSource, monthly: float, *, start: date = START, end: date = END) -> EmissionSource:
    for month in months_between(start, end):
        an_entry(session, source, month, monthly)
    return source


def test_monthly_import(
    client: TestClient, sign_in: SignIn, form: Callable[..., dict[str, str]], sqlite_database: Database
) -> None:
    with sqlite_database.writing() as session:
        plant = builders.a_plant(session)
        source = a_source(session, plant, "electricity_purchased", meter=a_meter(session, plant))
        a_building(session, plant, "Tower", 1000.0, source)
        plant_id = plant.id
    sign_in(Role.ENGINEER)
    table = "建筑,月份,用电量（kWh）,单据号\nTower,2026-09,8000,bill 9\nTower,2026-10,8200,bill 10\n"
    upload = {"file": ("months.csv", io.BytesIO(table.encode("utf-8-sig")), "text/csv")}

    preview = client.post("/console/plan/buildings/import", data=form(), files=upload)
    plan_text = preview.text.split('name="plan" value="')[1].split('"')[0].replace("&#34;", '"')
    done = client.post("/console/plan/buildings/import/apply", data=form(plan=plan_text))

    assert preview.status_code == 200, preview.text
    assert done.status_code == 303
    with sqlite_database.reading() as session:
        found = electricity_consumed_kwh(session, plant_id, start=date(2026, 9, 1), end=date(2026, 10, 1))
    assert found == 8_000 + 8_200


def test_intensity_ranked(session: Session) -> None:
    plant = builders.a_plant(session)
    small, large, gap = (a_source(session, plant, "electricity_purchased") for _ in range(3))
    a_building(session, plant, "small", 100.0, filled(session, small, 1000))
    a_building(session, plant, "large", 1000.0, filled(session, large, 5000))
    a_building(session, plant, "gap", 10.0, filled(session, gap, 9000, end=date(2026, 9, 1)))

    found = intensities(session, until=END)

    # 12 x 1,000 kWh over 100 m2; 12 x 5,000 kWh over 1,000 m2; one month missing says nothing
    assert [(one.building.name_en, one.kwh_per_m2) for one in found] == [("small", 120.0), ("large", 60.0), ("gap", None)]
    assert [list(one.missing) for one in found] == [[], [], [END]]


@pytest.mark.parametrize("has_own_account", [False, True])
def test_included_in_scope_2_once(session: Session, has_own_account: bool) -> None:  # noqa: FBT001 - a case of the test
    plant = builders.a_plant(session)
    year = {"start": date(2023, 1, 1), "end": date(2023, 12, 1)}
    main_meter = a_meter(session, plant)
    main = a_source(session, plant, "electricity_purchased", meter=main_meter, starts=year["start"], ends=year["end"])
    filled(session, main, 100_000, **year)
    own = a_meter(session, plant, parent=None if has_own_account else main_meter)
    part = a_source(session, plant, "electricity_purchased", meter=own, starts=year["start"], ends=year["end"])
    a_building(session, plant, "office", 500.0, filled(session, part, 10_000, **year))

    consumed = electricity_consumed_kwh(session, plant.id, **year)
    inventory = inventory_of(session, 2023, at=NOW)

    # 12 x 100,000 kWh; a building with an account of its own adds 12 x 10,000 kWh to it, one behind the main meter nothing
    kwh = 1_320_000 if has_own_account else 1_200_000
    assert consumed == kwh
    assert inventory.scope_2_location_t_co2 == pytest.approx(kwh * 0.4419 / 1000)
