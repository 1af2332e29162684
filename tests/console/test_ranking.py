"""The ranking page: order, what a buyer sees of it, filters, second opinions, files to take along."""

import csv
import io
import re
import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from fastapi import FastAPI
from openpyxl import load_workbook
from starlette.testclient import TestClient

from service.accounts.models import Role
from service.database import Database
from service.green_score.points import Valued
from service.green_score.stored_facts import facts_as_stored
from service.procurement.rank_runs import rank_material
from tests import builders
from tests.conftest import SignIn
from tests.console.browsing import words
from tests.green_score.builders import FLOW, NOW, WORKED_EXAMPLE, a_purchase, a_score
from tests.green_score.facts_builders import EXAMPLE

INPUTS: Mapping[str, Any] = facts_as_stored(EXAMPLE)
BETTER = {**WORKED_EXAMPLE, "A1": Valued(value=90.0)}
POORER = {**WORKED_EXAMPLE, "A1": Valued(value=20.0)}


@pytest.fixture
def database(app: FastAPI) -> Database:
    found: Database = app.state.database
    return found


def rank(database: Database, name: str, **fields: Any) -> uuid.UUID:
    with database.writing() as session:
        supplier = builders.a_supplier(session, name_en=name, name_zh=f"{name}公司")
        a_purchase(session, supplier, flow=fields.get("flow", FLOW))
        a_score(session, supplier=supplier, **{"inputs": INPUTS, **fields})
        return supplier.id


def names_in_order(page: str) -> list[str]:
    table = page.partition("<tbody>")[2].partition("</tbody>")[0]
    return re.findall(r'<th scope="row">\s*<a href="[^"]*">([^<]+)</a>', table)


def test_suppliers_stand_in_the_order_of_their_scores(client: TestClient, sign_in: SignIn, database: Database) -> None:
    sign_in(Role.ENGINEER)
    rank(database, "Middle")
    rank(database, "Last", known=POORER, grade="C")
    rank(database, "First", known=BETTER)

    page = client.get("/console/ranking")

    assert names_in_order(page.text) == ["First", "Middle", "Last"]
    assert "3 ranked suppliers" in words(page)
    # Of the worked example; A1 has 18 points and one indicator of A is worth (35 / 35): 66.39 + 18 * (90 - 66.01) / 100.
    assert "70.7" in words(page)
    assert "66.4" in words(page)


def test_equal_scores_share_a_rank_and_the_next_is_skipped(client: TestClient, sign_in: SignIn, database: Database) -> None:
    sign_in(Role.ENGINEER)
    for name in ("One", "Two"):
        rank(database, name)
    rank(database, "Three", known=POORER)

    assert re.findall(r"No\. (\d)", words(client.get("/console/ranking"))) == ["1", "1", "3"]


def test_who_is_not_ranked_yet_or_excluded_stands_apart_and_takes_no_rank(
    client: TestClient, sign_in: SignIn, database: Database
) -> None:
    sign_in(Role.PROCUREMENT)
    rank(database, "Ranked")
    rank(database, "Waiting", known=BETTER, is_open=True)
    rank(
        database,
        "Barred",
        known=BETTER,
        grade="V",
        grade_reasons=[{"message": "Excluded: forced or child labour.", "values": {}}],
    )

    page = client.get("/console/ranking")

    assert names_in_order(page.text) == ["Ranked"]
    assert re.findall(r"No\. (\d)", words(page)) == ["1"]
    assert "Waiting" in words(page).partition("Not ranked yet")[2]
    assert "Excluded: forced or child labour." in words(page)


def test_a_buyer_sees_rounded_figures_and_the_footprint_team_exact_ones(
    client: TestClient, sign_in: SignIn, database: Database
) -> None:
    rank(database, "Some", known=BETTER, robustness={"p5": 61.2, "p95": 73.4, "grade_probability": 0.86})
    sign_in(Role.PROCUREMENT)
    buyer = words(client.get("/console/ranking?columns=footprint&columns=A"))
    sign_in(Role.REVIEWER)
    reviewer = words(client.get("/console/ranking?columns=footprint&columns=A"))

    assert "4.1 kg/kg" in reviewer
    assert "61.2–73.4" in reviewer
    assert "4.1 kg" not in buyer
    assert " 4 kg/kg" in buyer  # the preferred number nearest to 4.10
    assert "60–75" in buyer
    assert "71 60–75" in buyer  # 70.7, whole points
    assert "80–90" in buyer  # dimension A: 69.32 + 18 / 35 * (90 - 66.01) = 81.7


def test_a_grade_is_robust_from_nine_in_ten_on(client: TestClient, sign_in: SignIn, database: Database) -> None:
    sign_in(Role.PROCUREMENT)
    rank(database, "Sure", robustness={"p5": 60, "p95": 70, "grade_probability": 0.9})
    rank(database, "Unsure", known=POORER, robustness={"p5": 50, "p95": 60, "grade_probability": 0.88})
    shown = words(client.get("/console/ranking"))

    assert "robust" in shown.partition("Sure")[2].partition("Unsure")[0]
    assert "90 % sure of B or better" in shown.partition("Unsure")[2]  # rounded to tenths for a buyer, and not robust
    assert "robust" not in shown.partition("Unsure")[2].partition("Second opinions")[0]


def test_filters_leave_the_ranks_as_they_are(client: TestClient, sign_in: SignIn, database: Database) -> None:
    sign_in(Role.ENGINEER)
    rank(database, "Good", known=BETTER, grade="A")
    rank(database, "Plain")
    by_grade = client.get("/console/ranking?grade=B")
    by_name = client.get("/console/ranking?q=plain")
    nobody = client.get("/console/ranking?province_code=CN-GD")

    for page in (by_grade, by_name):
        assert names_in_order(page.text) == ["Plain"]
        assert "No. 2" in words(page)
    assert "No supplier fits these filters" in words(nobody)


def test_the_material_is_chosen_and_others_are_left_out(client: TestClient, sign_in: SignIn, database: Database) -> None:
    sign_in(Role.ENGINEER)
    rank(database, "Toll")
    rank(database, "Gas", flow="nitrogen")

    assert names_in_order(client.get("/console/ranking?flow=nitrogen").text) == ["Gas"]
    assert names_in_order(client.get(f"/console/ranking?flow={FLOW}").text) == ["Toll"]


def test_the_table_is_sorted_by_any_column_and_who_has_no_value_comes_last(
    client: TestClient, sign_in: SignIn, database: Database
) -> None:
    sign_in(Role.ENGINEER)
    rank(database, "Light", inputs={**INPUTS, "footprint": {**INPUTS["footprint"], "kg_co2e_per_kg": 3.0}}, known=POORER)
    rank(database, "Heavy", known=BETTER)
    rank(database, "Silent", inputs={**INPUTS, "footprint": None})

    assert names_in_order(client.get("/console/ranking?sort=footprint").text) == ["Light", "Heavy", "Silent"]
    assert names_in_order(client.get("/console/ranking?sort=-footprint").text) == ["Heavy", "Light", "Silent"]
    assert names_in_order(client.get("/console/ranking?sort=-B").text)[0] == "Heavy"


def test_a_filter_that_cannot_be_used_says_so(client: TestClient, sign_in: SignIn, database: Database) -> None:
    sign_in(Role.ENGINEER)
    rank(database, "Some")

    assert "“F” is not a grade; pick one of A+, A, B, C, D, V." in words(client.get("/console/ranking?grade=F"))
    assert "“colour” is not one of the choices" in words(client.get("/console/ranking?sort=colour"))


def test_the_change_is_counted_from_the_last_score_of_the_period_before(
    client: TestClient, sign_in: SignIn, database: Database
) -> None:
    sign_in(Role.ENGINEER)
    with database.writing() as session:
        supplier = builders.a_supplier(session, name_en="Rising")
        for year, known in ((2023, BETTER), (2024, POORER), (2025, WORKED_EXAMPLE)):
            a_score(session, supplier=supplier, known=known, period=(date(year, 1, 1), date(year, 12, 31)), inputs=INPUTS)

    # 66.01 - 20 = 46.01 of 100 on 18 points.
    assert "+8.28 B on 2024-12-31" in words(client.get("/console/ranking"))


def test_second_opinions_are_labelled_as_such(client: TestClient, sign_in: SignIn, database: Database) -> None:
    sign_in(Role.PROCUREMENT)
    rank(database, "First", known=BETTER)
    alone = words(client.get("/console/ranking"))
    rank(database, "Second", known=POORER)
    both = words(client.get("/console/ranking"))

    assert "TOPSIS" not in alone
    assert "These are second opinions, not the official order." in both
    assert "best compromise" in both.partition("Official rank")[2]


def test_each_rank_has_its_interval_once_that_is_calculated(client: TestClient, sign_in: SignIn, database: Database) -> None:
    sign_in(Role.PROCUREMENT)
    for kg in (2.0, 9.0):
        footprint = {**INPUTS["footprint"], "kg_co2e_per_kg": kg}
        rank(database, f"At {kg}", inputs={**INPUTS, "footprint": footprint}, known=BETTER if kg < 5 else POORER)
    before = words(client.get("/console/ranking"))
    with database.writing() as session:
        rank_material(session, FLOW, at=NOW)
    after = words(client.get("/console/ranking"))

    assert "being calculated" in before
    assert "being calculated" not in after
    # 2 against 9 kg at a spread of 1.15: no draw turns them round.
    firm = after.partition("With data as good")[2]
    assert "At 2.0 1 1–1 first in 100 % of draws 1" in firm
    assert "At 9.0 2 2–2 first in 0 % of draws 2" in firm
    assert "if everybody's data were as good as the best" in after


def test_long_rankings_come_in_pages(client: TestClient, sign_in: SignIn, database: Database) -> None:
    sign_in(Role.ENGINEER)
    with database.writing() as session:
        for place in range(53):
            known = {**WORKED_EXAMPLE, "A1": Valued(value=90.0 - place)}
            supplier = builders.a_supplier(session, name_en=f"S{place}")
            a_score(session, supplier=supplier, known=known, inputs=INPUTS)
    second = client.get("/console/ranking?page=2")

    assert names_in_order(second.text) == ["S50", "S51", "S52"]
    assert "51 to 53 of 53" in words(second)


def test_files_hold_what_the_page_shows_and_no_formula(client: TestClient, sign_in: SignIn, database: Database) -> None:
    sign_in(Role.PROCUREMENT)
    rank(database, "=HYPERLINK(1)", known=BETTER)
    rank(database, "Waiting", is_open=True)
    answer = client.get("/console/ranking/export.csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    book = load_workbook(io.BytesIO(client.get("/console/ranking/export.xlsx").content))
    cells = next(row for row in book["排名 Ranking"].iter_rows(min_row=3))

    assert answer.headers["content-disposition"] == 'attachment; filename="ranking.csv"'
    assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert rows[1][1] == "'=HYPERLINK(1)"
    assert rows[1][9] == "71.0"
    assert (rows[2][3], rows[2][4]) == ("Not ranked yet", "")
    assert (cells[1].value, cells[1].data_type) == ("=HYPERLINK(1)", "s")
    assert cells[20].value == 4.0  # the buyer's footprint


def test_before_any_score_the_page_says_what_to_do(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.AUDITOR)

    assert "No scores yet" in words(client.get("/console/ranking"))


def test_sales_people_see_no_scores(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.SALES)

    assert client.get("/console/ranking").status_code == 403


def test_the_page_stands_in_chinese_too(client: TestClient, sign_in: SignIn, database: Database) -> None:
    sign_in(Role.PROCUREMENT)
    rank(database, "Some")
    client.headers["accept-language"] = "zh-CN"

    assert "第 1 名" in words(client.get("/console/ranking"))
