import re
import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from service.accounts.models import Role
from service.database import Database
from service.footprints.models import FootprintRecord, FootprintStatus
from service.footprints.operations import release
from service.footprints.queries import find_records, get_record
from service.submissions.models import Submission, SubmissionStatus
from service.web.formatting import format_number
from tests.builders import NOW, a_product, a_supplier
from tests.conftest import MovableClock, SignIn
from tests.footprints.builders import RELEASER, TOLL_ANSWERS, a_record, a_toll_product, an_accepted_submission

Form = Callable[..., dict[str, str]]
FORMULA = "(Electricity of the furnaces 12,350,000 kWh + Auxiliary electricity 285,000 kWh) / Material returned 950 t = 13.3 kWh/kg"


@pytest.fixture
def record(database: Database) -> FootprintRecord:
    """A footprint with a toll plant's answers, calculated by somebody who is not signed in."""
    with database.writing() as session:
        supplier = a_supplier(session, name_zh="蒙炭代工", name_en="Mengtan Toll")
        an_accepted_submission(session, supplier)
        return a_record(session, a_toll_product(session, a_product(session, grade="AG-7"), supplier))


def wanted(product_id: uuid.UUID, **changes: str) -> dict[str, str]:
    return {"product_id": str(product_id), "period_start": "2025-01-01", "period_end": "2025-12-31"} | changes


def test_an_engineer_calculates_a_footprint_and_lands_on_its_page(
    client: TestClient, sign_in: SignIn, form: Form, database: Database
) -> None:
    sign_in(Role.ENGINEER)
    with database.writing() as session:
        product_id = a_product(session).id

    answer = client.post("/console/footprints", data=form(**wanted(product_id)))

    assert answer.status_code == 303
    page = client.get(answer.headers["location"])
    assert "12.5" in page.text
    assert "Calculated." in page.text


def test_calculating_again_without_changes_says_so_and_shows_the_same_record(
    client: TestClient, sign_in: SignIn, form: Form, database: Database, clock: MovableClock
) -> None:
    sign_in(Role.ENGINEER)
    with database.writing() as session:
        product_id = a_product(session).id
    first = client.post("/console/footprints", data=form(**wanted(product_id)))
    clock.move(timedelta(minutes=5))

    again = client.post("/console/footprints", data=form(**wanted(product_id)))

    assert again.headers["location"] == first.headers["location"]
    assert "Nothing has changed since F-2026-0001" in client.get(again.headers["location"]).text


def test_a_period_that_ends_before_it_starts_comes_back_with_everything_typed(
    client: TestClient, sign_in: SignIn, form: Form, record: FootprintRecord
) -> None:
    sign_in(Role.ENGINEER)

    answer = client.post("/console/footprints", data=form(**wanted(record.product_id, period_end="2024-06-30")))

    assert answer.status_code == 422
    assert "The period ends on 2024-06-30, not after its start 2025-01-01" in answer.text
    assert 'value="2024-06-30"' in answer.text


def test_answers_out_of_the_models_range_are_explained_on_the_form(
    client: TestClient, sign_in: SignIn, form: Form, database: Database
) -> None:
    sign_in(Role.ENGINEER)
    with database.writing() as session:
        supplier = a_supplier(session)
        an_accepted_submission(session, supplier, {**TOLL_ANSWERS, "furnace_electricity": 123_500_000.0})
        product_id = a_toll_product(session, a_product(session), supplier).id

    answer = client.post("/console/footprints", data=form(**wanted(product_id)))

    assert answer.status_code == 409
    assert "is 130.3 kWh/kg, outside the 0 to 40" in answer.text


@pytest.mark.parametrize("role", [Role.ENGINEER, Role.REVIEWER, Role.AUDITOR])
def test_insiders_see_where_each_parameter_comes_from(
    client: TestClient, sign_in: SignIn, record: FootprintRecord, role: Role
) -> None:
    sign_in(role)

    page = client.get(f"/console/footprints/{record.id}/inputs").text

    assert FORMULA in page
    assert "Mengtan Toll" in page
    assert "graphitization_electricity_kwh_per_kg" in page


@pytest.mark.parametrize("role", [Role.SALES, Role.PROCUREMENT, Role.ADMIN])
def test_others_see_the_result_but_nothing_of_what_went_in(
    client: TestClient, sign_in: SignIn, record: FootprintRecord, role: Role
) -> None:
    sign_in(role)

    page = client.get(f"/console/footprints/{record.id}").text

    # 13.3 kWh/kg of one plant are more than half of it: buyers see it in steps of 2, the others at three digits.
    coarse = f"{round(record.total_kg_co2e_per_kg / 2) * 2}"
    assert f">{coarse if role is Role.PROCUREMENT else format_number(record.total_kg_co2e_per_kg, 'en')}" in page
    assert not re.search(r"Mengtan|kwh_per_kg|13\.3|12,350,000|S-2026", page)
    assert record.inputs_sha256 not in page
    assert "Provinces of the plants" not in page


def test_a_buyer_sees_stages_in_the_step_that_the_page_names(client: TestClient, sign_in: SignIn, record: FootprintRecord) -> None:
    sign_in(Role.PROCUREMENT)

    page = client.get(f"/console/footprints/{record.id}").text

    table = page[page.index('<table class="chart-table">') :]
    figures = re.findall(r'<td class="number">([^<]+)</td>', table[: table.index("</table>")])
    assert figures
    assert all(int(figure) % 2 == 0 for figure in figures)  # steps of 2, and no decimals that nobody vouches for


def test_a_buyer_sees_no_finer_figure_in_the_list(client: TestClient, sign_in: SignIn, record: FootprintRecord) -> None:
    sign_in(Role.PROCUREMENT)

    page = client.get("/console/footprints").text

    assert f'<td class="number">{round(record.total_kg_co2e_per_kg / 2) * 2}</td>' in page
    assert format_number(record.total_kg_co2e_per_kg, "en") not in page


@pytest.mark.parametrize("role", [Role.SALES, Role.PROCUREMENT, Role.ADMIN])
def test_messages_of_a_recalculation_are_for_insiders(client: TestClient, sign_in: SignIn, role: Role) -> None:
    sign_in(role)

    assert client.get("/console/footprints/batches").status_code == 403


def test_suppliers_and_strangers_learn_nothing(client: TestClient, sign_in: SignIn, record: FootprintRecord) -> None:
    assert client.get(f"/console/footprints/{record.id}").status_code == 303

    sign_in(Role.SUPPLIER)

    assert client.get(f"/console/footprints/{record.id}").status_code == 404


@pytest.mark.parametrize("role", [Role.SALES, Role.PROCUREMENT, Role.AUDITOR, Role.REVIEWER, Role.ADMIN])
def test_only_engineers_calculate(client: TestClient, sign_in: SignIn, form: Form, record: FootprintRecord, role: Role) -> None:
    sign_in(role)

    assert client.post("/console/footprints", data=form(**wanted(record.product_id))).status_code == 403
    assert client.post("/console/footprints/batches", data=form()).status_code == 403
    assert "Calculate a footprint" not in client.get("/console/footprints").text


def test_a_reviewer_releases_what_somebody_else_calculated(
    client: TestClient, sign_in: SignIn, form: Form, record: FootprintRecord, database: Database
) -> None:
    sign_in(Role.REVIEWER)
    path = f"/console/footprints/{record.id}"
    assert f'action="{path}/release"' in client.get(path).text

    answer = client.post(f"{path}/release", data=form(version="1"))

    assert "F-2026-0001 is released." in client.get(answer.headers["location"]).text
    with database.reading() as session:
        assert get_record(session, record.id).status is FootprintStatus.RELEASED


@pytest.mark.parametrize("role", [Role.SALES, Role.PROCUREMENT, Role.AUDITOR, Role.ADMIN])
def test_other_roles_do_not_release(client: TestClient, sign_in: SignIn, form: Form, record: FootprintRecord, role: Role) -> None:
    sign_in(role)

    assert client.post(f"/console/footprints/{record.id}/release", data=form(version="1")).status_code == 403


def test_who_calculated_is_told_that_a_second_person_is_needed(
    client: TestClient, sign_in: SignIn, form: Form, database: Database
) -> None:
    sign_in(Role.ENGINEER)
    with database.writing() as session:
        product_id = a_product(session).id
    path = client.post("/console/footprints", data=form(**wanted(product_id))).headers["location"]

    assert "A second person must look at it" in client.get(path).text
    client.post(f"{path}/release", data=form(version="1"))

    assert "You calculated F-2026-0001 yourself" in client.get(path).text


def test_a_release_on_an_old_version_is_refused_in_words(
    client: TestClient, sign_in: SignIn, form: Form, record: FootprintRecord
) -> None:
    sign_in(Role.REVIEWER)

    client.post(f"/console/footprints/{record.id}/release", data=form(version="7"))

    assert "Somebody else changed this in the meantime" in client.get(f"/console/footprints/{record.id}").text


def test_a_superseded_submission_shows_on_page_and_list(
    client: TestClient, sign_in: SignIn, record: FootprintRecord, database: Database
) -> None:
    sign_in(Role.ENGINEER)
    with database.writing() as session:
        for submission in session.exec(select(Submission)):
            submission.status = SubmissionStatus.SUPERSEDED

    page = client.get(f"/console/footprints/{record.id}").text

    assert "This footprint is out of date" in page
    assert "Calculate again" in page
    assert "Out of date" in client.get("/console/footprints?stale=true").text
    assert "No footprint fits these filters" in client.get("/console/footprints?stale=false").text


def test_the_provinces_are_marked_as_screening(client: TestClient, sign_in: SignIn, record: FootprintRecord) -> None:
    sign_in(Role.ENGINEER)

    page = client.get(f"/console/footprints/{record.id}").text

    assert re.search(r"Provinces of the plants</strong>\s*<span class=\"badge badge-attention\">Screening", page)
    assert re.search(r"National average</strong>\s*<span class=\"badge badge-good\">Headline", page)


def test_the_page_reads_chinese(client: TestClient, sign_in: SignIn, record: FootprintRecord) -> None:
    sign_in(Role.ENGINEER)

    page = client.get(f"/console/footprints/{record.id}?lang=zh-CN").text
    inputs = client.get(f"/console/footprints/{record.id}/inputs?lang=zh-CN").text

    assert "产品碳足迹，从摇篮到大门" in page
    assert "蒙炭代工" in inputs


@pytest.mark.parametrize("query", ["period=never", "period=2025-13-01..2025-12-31", "status=gone", "product_id=1"])
def test_an_address_that_can_not_be_read_filters_nothing_and_says_so(
    client: TestClient, sign_in: SignIn, record: FootprintRecord, query: str
) -> None:
    sign_in(Role.SALES)

    page = client.get(f"/console/footprints?{query}")

    assert page.status_code == 200
    assert record.number in page.text
    assert "error-summary" in page.text


def test_an_unknown_footprint_is_not_found(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.ENGINEER)

    assert client.get(f"/console/footprints/{uuid.uuid4()}").status_code == 404
    assert client.get("/console/footprints/nonsense").status_code == 404


def test_a_batch_shows_its_progress_and_its_problems(
    client: TestClient, sign_in: SignIn, form: Form, database: Database, run_jobs: Callable[[], int]
) -> None:
    sign_in(Role.ENGINEER)
    with database.writing() as session:
        supplier = a_supplier(session)
        an_accepted_submission(session, supplier, {**TOLL_ANSWERS, "furnace_electricity": 123_500_000.0})
        a_toll_product(session, a_product(session, grade="AG-BAD"), supplier)
        a_product(session)

    answer = client.post("/console/footprints/batches", data=form(period_start="2025-01-01", period_end="2025-12-31"))
    path = answer.headers["location"]
    before = client.get(path).text
    run_jobs()
    after = client.get(path).text

    assert "0 of 2 products" in before
    assert 'http-equiv="refresh"' in before
    assert "2 of 2 products" in after
    assert 'http-equiv="refresh"' not in after
    assert re.search(r"AG-BAD.*is 130\.3 kWh/kg", after, re.DOTALL)
    assert "2 / 2" in client.get("/console/footprints/batches").text


def test_the_api_lists_by_keyset(client: TestClient, sign_in: SignIn, database: Database) -> None:
    sign_in(Role.SALES)
    with database.writing() as session:
        for _ in range(3):
            a_record(session, a_product(session))

    first = client.get("/api/v1/footprints?limit=2").json()
    rest = client.get(f"/api/v1/footprints?limit=2&after={first['next_after']}").json()

    assert [item["number"] for item in first["items"] + rest["items"]] == ["F-2026-0003", "F-2026-0002", "F-2026-0001"]
    assert rest["next_after"] is None


@pytest.mark.parametrize("limit", ["0", "201", "x"])
def test_the_api_refuses_a_page_size_out_of_bounds(client: TestClient, sign_in: SignIn, limit: str) -> None:
    sign_in(Role.SALES)

    assert client.get(f"/api/v1/footprints?limit={limit}").status_code == 422


def test_the_api_keeps_inputs_from_sales(client: TestClient, sign_in: SignIn, record: FootprintRecord) -> None:
    sign_in(Role.SALES)
    seen = client.get(f"/api/v1/footprints/{record.id}").json()
    sign_in(Role.ENGINEER)
    full = client.get(f"/api/v1/footprints/{record.id}").json()

    assert (seen["inputs"], seen["views"], seen["split"], seen["inputs_sha256"]) == (None, [], None, None)
    assert full["inputs"]["provenance"]["graphitization_electricity_kwh_per_kg"]["kind"] == "primary"
    assert full["total_kg_co2e_per_kg"] == record.total_kg_co2e_per_kg
    assert seen["total_kg_co2e_per_kg"] == round(record.total_kg_co2e_per_kg, 1)


def test_the_api_calculates_and_releases(client: TestClient, sign_in: SignIn, database: Database) -> None:
    with database.writing() as session:
        product_id = a_product(session).id
    sign_in(Role.ENGINEER)
    made = client.post("/api/v1/footprints", json=wanted(product_id)).json()
    own = client.post(f"/api/v1/footprints/{made['id']}/release", json={"version": made["version"]})
    sign_in(Role.REVIEWER)
    released = client.post(f"/api/v1/footprints/{made['id']}/release", json={"version": made["version"]}).json()

    assert (own.status_code, own.json()["type"]) == (409, "urn:anodeprint:problem:second-person-required")
    assert (released["status"], released["version"]) == ("released", 2)


def test_a_form_sent_twice_with_its_key_makes_one_record(
    client: TestClient, sign_in: SignIn, form: Form, database: Database
) -> None:
    sign_in(Role.ENGINEER)
    with database.writing() as session:
        product_id = a_product(session).id
    sent = form(**wanted(product_id), idempotency_key="once")

    first, second = client.post("/console/footprints", data=sent), client.post("/console/footprints", data=sent)

    assert first.headers["location"] == second.headers["location"]
    with database.reading() as session:
        assert find_records(session).total == 1


def test_a_released_record_offers_a_certificate_to_sales_only(
    client: TestClient, sign_in: SignIn, record: FootprintRecord, database: Database
) -> None:
    with database.writing() as session:
        release(session, get_record(session, record.id), version=1, by=RELEASER, at=NOW)
    address = f"/console/certificates/new?footprint_id={record.id}"

    sign_in(Role.SALES)
    assert address in client.get(f"/console/footprints/{record.id}").text
    sign_in(Role.ENGINEER)
    assert address not in client.get(f"/console/footprints/{record.id}").text


def test_what_the_model_finds_unusual_is_said_to_insiders(
    client: TestClient, sign_in: SignIn, form: Form, database: Database
) -> None:
    sign_in(Role.ENGINEER)
    with database.writing() as session:
        supplier = a_supplier(session)
        # 16,625,000 + 285,000 kWh over 950 t is 17.8 kWh/kg, above the usual 16.5 of an Acheson furnace;
        # 1,140 t in for 950 t out: 1.2 kg of granulate per kg, whose carbon comes out nowhere
        an_accepted_submission(session, supplier, {**TOLL_ANSWERS, "furnace_electricity": 16_625_000.0, "charge_in": 1140.0})
        product_id = a_toll_product(session, a_product(session), supplier).id

    page = client.get(client.post("/console/footprints", data=form(**wanted(product_id))).headers["location"]).text

    assert "graphitization_electricity_kwh_per_kg = 17.8 kWh/kg is outside its usual range" in page
    assert "The carbon balance does not close" in page
