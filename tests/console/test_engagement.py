import io

from fastapi import FastAPI
from openpyxl import load_workbook
from starlette.testclient import TestClient

from service.accounts.models import Role
from service.submissions.models import SubmissionStatus
from tests import builders
from tests.conftest import SignIn
from tests.console.browsing import words
from tests.green_score.builders import NOW, a_benchmark, a_purchase, a_score


def test_the_covered_share_of_emissions_is_shown_with_its_line(client: TestClient, sign_in: SignIn, app: FastAPI) -> None:
    sign_in(Role.PROCUREMENT)
    with app.state.database.writing() as session:
        a_benchmark(session, kg_co2e_per_kg=5.0)
        for t, status in ((3000.0, SubmissionStatus.ACCEPTED), (1000.0, SubmissionStatus.INVITED)):
            supplier = builders.a_supplier(session)
            a_purchase(session, supplier, amount_t=t)
            a_score(session, supplier=supplier)
            builders.a_submission(session, supplier=supplier, status=status).submitted_at = (
                NOW if status is SubmissionStatus.ACCEPTED else None
            )
    page = words(client.get("/console/engagement"))
    book = load_workbook(io.BytesIO(client.get("/console/engagement/export.xlsx?year=2025").content))
    rows = list(book["参与度 Engagement"].iter_rows(min_row=3, values_only=True))

    assert "75.0 %" in page  # 15 000 of 20 000 t
    assert "50.0 % of the 2 suppliers asked have answered." in page
    assert "67 %" in page
    assert "SBTi" in page
    assert rows[0][:7] == ("Toll graphitization", 2, 4000, 20000, 1, 0.75, 0.75)


def test_without_purchases_the_page_says_what_to_do(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.AUDITOR)

    assert "No purchases yet" in words(client.get("/console/engagement"))
    assert client.get("/console/engagement/export.xlsx").status_code == 200


def test_the_page_stands_in_chinese_too(client: TestClient, sign_in: SignIn, app: FastAPI) -> None:
    sign_in(Role.ENGINEER)
    with app.state.database.writing() as session:
        a_purchase(session, builders.a_supplier(session))
    client.headers["accept-language"] = "zh-CN"

    assert "采购排放覆盖了多少" in words(client.get("/console/engagement"))
