import html
import io
import re
import uuid
from collections.abc import Callable

import pytest
from openpyxl import load_workbook
from starlette.testclient import TestClient

from service.accounts.models import Role
from service.allocation.models import AllocationRun
from service.compliance.models import Veto, VetoKind
from service.database import Database
from service.suppliers.models import Supplier
from tests.allocation.offer_builders import BY, NOW, TODAY, a_market
from tests.conftest import SignIn

Form = Callable[..., dict[str, str]]
RunJobs = Callable[[], int]


@pytest.fixture
def market(database: Database) -> tuple[Supplier, Supplier, Supplier]:
    with database.writing() as session:
        return a_market(session)


def start(client: TestClient, form: Form, **fields: str) -> str:
    answer = client.post("/console/allocations", data=form(name="Coke of 2027", year="2027", **fields))
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


@pytest.mark.usefixtures("market")
def test_a_buyer_asks_waits_reads_and_takes_the_workbook_along(
    client: TestClient, sign_in: SignIn, form: Form, run_jobs: RunJobs
) -> None:
    sign_in(Role.PROCUREMENT)
    asked = client.get("/console/allocations/new").text

    address = start(client, form, carbon_price_per_t="100", front_points="3")
    waiting = client.get(address).text
    early = client.get(f"{address}/export.xlsx")
    run_jobs()
    done = html.unescape(client.get(address).text)
    book = client.get(f"{address}/export.xlsx")
    listed = client.get("/console/allocations").text

    assert "exact footprints" not in asked
    assert 'http-equiv="refresh"' in waiting
    assert early.status_code == 409
    assert 'http-equiv="refresh"' not in done
    # 400 t at 1,900, 400 t at 2,000, 200 t at 2,100 yuan: 1.98 million; 1,000 t of 0.6 t CO2e
    assert "1,980,000" in done
    assert re.search(r'stat-value">600 ', done)
    assert done.count("at the grade's cap") == 2
    assert "From rounded footprints" in done
    assert book.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in book.headers["content-security-policy"]
    cells = {cell for sheet in load_workbook(io.BytesIO(book.content)) for row in sheet.iter_rows(values_only=True) for cell in row}
    assert {"甲焦 Ltd", "Green petroleum coke", 1_980_000.0} <= cells
    assert "O-2026-0001" in listed


@pytest.mark.usefixtures("market")
def test_an_exported_workbook_is_uploaded_again(client: TestClient, sign_in: SignIn, form: Form, run_jobs: RunJobs) -> None:
    sign_in(Role.PROCUREMENT)
    address = start(client, form)
    run_jobs()
    book = client.get(f"{address}/export.xlsx").content

    again = client.post(
        "/console/allocations/workbook", data=form(name="Again", front_points="0"), files={"file": ("o.xlsx", book)}
    )
    run_jobs()
    shown = html.unescape(client.get(again.headers["location"]).text)

    assert "1,980,000" in shown
    assert "甲焦 Ltd" in shown


@pytest.mark.usefixtures("market")
def test_an_impossible_question_is_answered_with_the_ways_out(
    client: TestClient, sign_in: SignIn, form: Form, run_jobs: RunJobs
) -> None:
    sign_in(Role.PROCUREMENT)

    address = start(client, form, carbon_cap_t="1")
    run_jobs()

    assert "No plan stays below the carbon cap of 1 t CO₂e; at least 600 t are possible." in html.unescape(client.get(address).text)
    client.cookies.set("anodeprint_locale", "zh-CN")
    assert "没有方案能低于碳上限 1 t CO₂e" in html.unescape(client.get(address).text)


def test_a_workbook_with_mistakes_names_each_place(client: TestClient, sign_in: SignIn, form: Form) -> None:
    from openpyxl import Workbook  # noqa: PLC0415 - as the service does

    sign_in(Role.PROCUREMENT)
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "offers"
    sheet.append(["supplier", "material", "price_per_t", "kg_co2e_per_t", "capacity_t"])
    sheet.append(["A", "coke", -3, 600, 100])
    demands = book.create_sheet("demands")
    demands.append(["material", "demand_t"])
    demands.append(["coke", "much"])
    stream = io.BytesIO()
    book.save(stream)

    answer = client.post("/console/allocations/workbook", data=form(name="X"), files={"file": ("o.xlsx", stream.getvalue())})
    text = html.unescape(answer.text)

    assert answer.status_code == 422
    assert "Sheet “offers”, row 2" in text
    assert "“-3”" in text
    assert "“much”" in text
    assert 'value="X"' in text


@pytest.mark.usefixtures("market")
def test_what_can_not_be_asked_is_refused_with_what_was_typed(client: TestClient, sign_in: SignIn, form: Form) -> None:
    sign_in(Role.PROCUREMENT)

    for fields, message in (
        ({"carbon_price_per_t": "-1"}, "-1 is too small"),
        ({"year": "2031"}, "No demand is recorded for 2031"),
        ({"bid_mode": "grade_preference", "carbon_price_per_t": "80"}, "carbon would count twice"),
        ({"is_exact": "yes"}, "Your role sees rounded footprints"),
        ({"front_points": "99"}, "99 is too large"),
    ):
        answer = client.post("/console/allocations", data=form(**{"name": "My name", "year": "2027"} | fields))
        assert answer.status_code in {409, 422}
        assert message in html.unescape(answer.text)
        assert 'value="My name"' in answer.text


@pytest.mark.usefixtures("market")
def test_an_allocation_of_exact_footprints_is_hidden_from_buyers(
    client: TestClient, sign_in: SignIn, form: Form, run_jobs: RunJobs
) -> None:
    sign_in(Role.ENGINEER)
    address = start(client, form, is_exact="yes")
    run_jobs()
    own = client.get(address)

    sign_in(Role.PROCUREMENT)

    assert own.status_code == 200
    assert client.get(address).status_code == 404
    assert client.get(f"{address}/export.xlsx").status_code == 404
    assert client.post(f"{address}/cancel", data=form()).status_code == 404
    assert client.get(f"/console/allocations/{uuid.uuid4()}").status_code == 404
    assert "O-2026-0001" not in client.get("/console/allocations").text


@pytest.mark.usefixtures("market")
def test_two_allocations_are_compared(client: TestClient, sign_in: SignIn, form: Form, run_jobs: RunJobs) -> None:
    sign_in(Role.PROCUREMENT)
    first, second = start(client, form), start(client, form, dual_sourcing="yes", bid_mode="grade_preference")
    run_jobs()
    ids = [address.rpartition("/")[2] for address in (first, second)]

    shown = client.get(f"/console/allocations/compare?first={ids[0]}&second={ids[1]}")
    nothing = client.get("/console/allocations/compare?first=x")

    assert shown.status_code == 200
    assert "O-2026-0002" in shown.text
    assert nothing.status_code == 422


@pytest.mark.usefixtures("market")
def test_a_front_is_cancelled_on_its_page(
    client: TestClient, sign_in: SignIn, form: Form, run_jobs: RunJobs, database: Database
) -> None:
    sign_in(Role.PROCUREMENT)
    address = start(client, form, front_points="5")

    cancelled = client.post(f"{address}/cancel", data=form())
    run_jobs()
    late = client.post(f"{address}/cancel", data=form())

    assert (cancelled.status_code, late.status_code) == (303, 409)
    assert "The exact plans were cancelled" in client.get(address).text
    with database.reading() as session:
        run = session.get_one(AllocationRun, uuid.UUID(address.rpartition("/")[2]))
        assert (run.is_cancelled, run.exact_front) == (True, [])


def test_a_plan_that_a_veto_forbids_is_named_on_its_page_and_in_the_work_queue(
    client: TestClient, sign_in: SignIn, form: Form, run_jobs: RunJobs, market: tuple[Supplier, Supplier, Supplier]
) -> None:
    sign_in(Role.PROCUREMENT)
    address = start(client, form)
    run_jobs()
    before = client.get("/console").text
    with client.app.state.database.writing() as session:  # type: ignore[attr-defined] # the application's own database
        session.add(
            Veto(
                supplier_id=market[2].id,
                kind=VetoKind.ACCIDENT,
                since=TODAY,
                reason="Fire",
                evidence="Register",
                raised_by=BY,
                raised_at=NOW,
            )
        )

    assert "Order plans that are no longer permissible" not in before
    assert "Orders of this plan are no longer permissible" in client.get(address).text
    assert "Order plans that are no longer permissible" in client.get("/console").text


@pytest.mark.usefixtures("market")
def test_a_program_asks_waits_and_reads(client: TestClient, sign_in: SignIn, form: Form, run_jobs: RunJobs) -> None:
    sign_in(Role.PROCUREMENT)
    headers = {"x-csrf-token": form()["csrf_token"], "accept": "application/json"}

    asked = client.post("/api/v1/allocations", json={"name": "By program", "year": 2027, "front_points": 2}, headers=headers)
    address = f"/api/v1/allocations/{asked.json()['id']}"
    early = client.get(address).json()
    run_jobs()
    answered, front = client.get(address).json(), client.get(f"{address}/front").json()
    nothing = client.post("/api/v1/allocations", json={"name": "X", "year": 2030}, headers=headers)

    assert asked.status_code == 200
    assert (early["answer"], early["is_finished"]) == (None, False)
    assert (answered["answer"]["status"], answered["answer"]["cost"]) == ("optimal", pytest.approx(1_980_000))
    assert answered["is_finished"]
    assert front["exact"][0]["cost"] == pytest.approx(1_980_000)
    assert nothing.status_code == 409
    assert nothing.json()["type"].endswith(":no-demand")
