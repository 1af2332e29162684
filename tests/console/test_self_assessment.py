import io

from fastapi import FastAPI
from openpyxl import load_workbook
from starlette.testclient import TestClient

from service.accounts.models import Role
from tests import builders
from tests.conftest import SignIn
from tests.console.browsing import submit, words
from tests.green_score.builders import a_purchase, a_score

YEAR = "/console/self-assessment/2025"


def test_a_buyer_rates_an_item_and_the_total_follows(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.PROCUREMENT)
    before = words(client.get(YEAR))
    saved = submit(client, f"{YEAR}/X11", {"points": "6.5", "evidence": "Development plan 2025, chapter 4"})
    submit(client, f"{YEAR}/X51", {"points": "10", "evidence": "This platform"})
    after = words(client.get(YEAR))

    assert saved.headers["location"] == YEAR
    assert "0 of 20 items are rated" in before
    assert "2 of 20 items are rated" in after
    assert "16.5" in after
    assert "Development plan 2025, chapter 4" in after


def test_too_many_points_come_back_beside_their_field_with_what_was_typed(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.PROCUREMENT)
    answer = submit(client, f"{YEAR}/X61", {"points": "3", "evidence": "Report"})

    assert answer.status_code == 422
    assert "3 points are more than the 2.5 that X61 can have; enter 0 to 2.5." in words(answer)
    assert 'value="3"' in answer.text


def test_a_basic_requirement_is_answered(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.ENGINEER)
    submit(client, f"{YEAR}/R1", {"is_met": "true", "evidence": "Business licence"})

    assert "Business licence" in words(client.get(YEAR))


def test_what_changed_meanwhile_is_not_overwritten(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.PROCUREMENT)
    submit(client, f"{YEAR}/X11", {"points": "6", "evidence": "a"})
    late = submit(client, f"{YEAR}/X11", {"points": "7", "evidence": "b", "version": "0"})

    assert late.status_code == 409
    assert "Somebody else changed this" in words(late)


def test_the_share_of_low_risk_suppliers_comes_from_scores(client: TestClient, sign_in: SignIn, app: FastAPI) -> None:
    sign_in(Role.AUDITOR)
    with app.state.database.writing() as session:
        for grade in ("B", "D"):
            supplier = builders.a_supplier(session)
            a_purchase(session, supplier)
            a_score(session, supplier=supplier, grade=grade, calculated_at=builders.NOW.replace(year=2025))

    assert "50.0 % of suppliers are at low risk (1 of 2)" in words(client.get(YEAR))


def test_the_table_goes_out_as_a_workbook_with_its_source(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.PROCUREMENT)
    submit(client, f"{YEAR}/X11", {"points": "6", "evidence": "=1+1"})
    book = load_workbook(io.BytesIO(client.get(f"{YEAR}/export.xlsx").content))
    rows = {row[0].value: row for row in book["自评 Self-assessment"].iter_rows()}

    assert (rows["X11"][3].value, rows["X11"][4].value, rows["X11"][4].data_type) == (6, "=1+1", "s")
    assert rows["X12"][3].value is None
    notes = " ".join(str(row[0].value) for row in book["说明 Notes"].iter_rows())
    assert "MIIT" in notes
    assert "Total: 6.00 of 100 points" in notes
    assert "not held against the ministry's own text" in notes


def test_years_and_items_that_do_not_exist_are_not_found(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.PROCUREMENT)

    assert [client.get(f"/console/self-assessment/{path}").status_code for path in ("2031", "2025/X99")] == [404, 404]


def test_the_page_stands_in_chinese_too(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.REVIEWER)
    client.headers["accept-language"] = "zh-CN"

    assert "低风险供应商占比" in words(client.get("/console/self-assessment"))
