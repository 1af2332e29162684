"""Plan, task 13: monitoring, reporting and verification."""

from collections.abc import Callable
from datetime import date

from sqlmodel import select
from starlette.testclient import TestClient

from service.accounts.models import Role
from service.company_inventory.inventories import inventory_of
from service.database import Database
from service.monitoring.models import ActivityEntry
from service.monitoring.plans import propose_plan
from service.monitoring.queries import get_entry
from tests import builders
from tests.conftest import SignIn
from tests.monitoring.builders import NOW, a_meter, a_source, an_entry

FormOf = Callable[..., dict[str, str]]


def test_each_reported_number_links_to_meter_bill_or_evidence_and_responsible_person(
    client: TestClient, sign_in: SignIn, sqlite_database: Database
) -> None:
    with sqlite_database.writing() as session:
        plant = builders.a_plant(session)
        person = builders.a_user(session, name="Zhao Min")
        meter = a_meter(session, plant)
        source = a_source(session, plant, "electricity_purchased", meter=meter, starts=date(2023, 1, 1), responsible_id=person.id)
        for month in range(1, 13):
            an_entry(session, source, date(2023, month, 1), 1000.0, evidence_number=f"bill 2023-{month}")
        serial = meter.serial
    with sqlite_database.reading() as session:
        inventory = inventory_of(session, 2023, at=NOW)
        reported = [line for line in inventory.lines if line.entry_ids]
        entries = [get_entry(session, one).id for line in reported for one in line.entry_ids]
    sign_in(Role.COMMITTEE)

    assert len(reported) >= 1
    assert len(set(entries)) == 12
    for entry_id in dict.fromkeys(entries):
        page = client.get(f"/console/plan/monitoring/entries/{entry_id}").text
        assert serial in page
        assert "bill 2023-" in page
        assert "Zhao Min" in page


def test_an_unassigned_source_is_listed(client: TestClient, sign_in: SignIn, sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        plant = builders.a_plant(session)
        alone = a_source(session, plant, "diesel")
        a_source(session, plant, "natural_gas", responsible_id=builders.a_user(session).id)
        name = alone.name_en
    sign_in(Role.ENGINEER)

    months = client.get("/console/plan/monitoring").text
    plan = client.get("/console/plan/monitoring/plan").text

    warned = months[months.index("Nobody answers for these sources") :].split("</ul>")[0]
    assert warned.count("<li>") == 1
    assert name in warned
    assert "Nobody answers for 1 of the sources" in plan


def test_a_month_typed_on_a_phone_stands_with_its_unit_and_a_wrong_one_comes_back_as_typed(
    client: TestClient, sign_in: SignIn, form: FormOf, sqlite_database: Database
) -> None:
    with sqlite_database.writing() as session:
        plant = builders.a_plant(session)
        source = a_source(session, plant, "electricity_purchased")
        place, key = str(plant.id), str(source.id)
    sign_in(Role.ENGINEER)
    address = f"/console/plan/monitoring/month?plant={place}&month=2026-10"
    typed = {f"amount-{key}_unit": "万kWh", f"evidence_number-{key}": "bill 7"}

    wrong = client.post(address, data=form(**typed, **{f"amount-{key}": "12,3"}))
    right = client.post(address, data=form(**typed, **{f"amount-{key}": "12.3"}))

    assert wrong.status_code == 422
    assert 'value="12,3"' in wrong.text
    assert 'value="bill 7"' in wrong.text
    assert right.status_code == 303
    with sqlite_database.reading() as session:
        [entry] = session.exec(select(ActivityEntry)).all()
        assert (entry.amount, entry.typed_unit, entry.evidence_number) == (123_000.0, "万kWh", "bill 7")


def test_the_monitoring_plan_is_approved_by_another_person_than_whoever_proposed_it(
    client: TestClient, sign_in: SignIn, form: FormOf, sqlite_database: Database
) -> None:
    with sqlite_database.writing() as session:
        a_source(session, builders.a_plant(session), "diesel")
        both = builders.a_user(session, roles=(Role.ENGINEER, Role.REVIEWER))
        plan_id = propose_plan(session, by=f"user:{both.id}", at=NOW).id
    address = f"/console/plan/monitoring/plan/{plan_id}/approve"

    sign_in(user=both)
    own = client.post(address, data=form())
    sign_in(Role.REVIEWER)
    other = client.post(address, data=form())

    assert own.status_code == 409
    assert "another person" in own.text
    assert other.status_code == 303


def test_a_table_with_a_row_left_blank_is_taken_for_the_rows_that_are_filled(
    client: TestClient, sign_in: SignIn, form: FormOf, sqlite_database: Database
) -> None:
    with sqlite_database.writing() as session:
        plant = builders.a_plant(session)
        codes = [a_source(session, plant, key).code for key in ("diesel", "water_fresh")]
    sign_in(Role.ENGINEER)
    content = f"Source code,Month,Amount,Unit\n{codes[0]},2026-10,1200 L,L_diesel\n{codes[1]},2026-10,,t\n"
    half = f"Source code,Month,Amount,Unit,Number of the bill or sheet\n{codes[1]},2026-10,,t,bill 3\n"

    def upload(text: str) -> str:
        files = {"file": ("months.csv", text.encode(), "text/csv")}
        return client.post("/console/plan/monitoring/import", data=form(), files=files).text

    preview = upload(content)
    plan_text = preview.split('name="plan" value="')[1].split('"')[0].replace("&#34;", '"')
    done = client.post("/console/plan/monitoring/import/apply", data=form(plan=plan_text))

    assert "This cell is empty; fill it in." in upload(half)
    assert "1 new, 0 changed" in preview
    assert done.status_code == 303
    with sqlite_database.reading() as session:
        [entry] = session.exec(select(ActivityEntry)).all()
        assert (entry.amount, entry.door) == (1200 * 0.8275 / 1000, "workbook")
