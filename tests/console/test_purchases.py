import html
import io
import re
from collections.abc import Callable

import pytest
from openpyxl import Workbook, load_workbook
from starlette.testclient import TestClient

from service.accounts.models import Role
from service.database import Database
from service.suppliers import queries
from service.suppliers.models import Supplier, SupplierType
from service.suppliers.purchase_table import COLUMNS, purchase_table
from tests import builders
from tests.conftest import SignIn

Form = Callable[..., dict[str, str]]


@pytest.fixture
def coke(database: Database) -> Supplier:
    with database.writing() as session:
        return builders.a_supplier(session, supplier_type=SupplierType.COKE, name_zh="沪焦", name_en="=Hu Coke")


def fields(supplier: Supplier, **changes: str) -> dict[str, str]:
    values = {
        "supplier_id": str(supplier.id),
        "flow": "green_petroleum_coke",
        "period_start": "2025-01-01",
        "period_end": "2025-12-31",
        "amount_t": "1200.5",
    }
    return values | changes


def upload(client: TestClient, form: Form, *rows: list[object]) -> tuple[int, str]:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = purchase_table([]).sheet
    sheet.append([column.header for column in COLUMNS])
    for row in rows:
        sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    answer = client.post("/console/purchases/import", data=form(), files={"file": ("purchases.xlsx", stream.getvalue())})
    return answer.status_code, html.unescape(answer.text)


def amounts(database: Database) -> list[float]:
    with database.reading() as session:
        return sorted(row.amount_t for row in queries.all_purchases(session))


def test_a_purchase_is_entered_changed_and_deleted(
    client: TestClient, sign_in: SignIn, form: Form, coke: Supplier, database: Database
) -> None:
    sign_in(Role.PROCUREMENT)

    entered = client.post("/console/purchases", data=form(**fields(coke)))
    listed = client.get("/console/purchases?period=2025-01-01_2025-12-31").text
    edit = re.search(r'href="(/console/purchases/[^"]+)/edit"', listed)
    assert edit is not None
    changed = client.post(edit[1], data=form(**fields(coke, amount_t="1300"), version="1"))
    stale = client.post(edit[1], data=form(**fields(coke, amount_t="1400"), version="1"))
    after_change = amounts(database)
    deleted = client.post(f"{edit[1]}/delete", data=form(version="2"))

    assert [answer.status_code for answer in (entered, changed, stale, deleted)] == [303, 303, 409, 303]
    assert "1,200.5" in listed
    assert after_change == [1300]
    assert amounts(database) == []


def test_what_was_typed_comes_back_with_the_problem_beside_it(
    client: TestClient, sign_in: SignIn, form: Form, coke: Supplier
) -> None:
    sign_in(Role.ENGINEER)

    answer = client.post("/console/purchases", data=form(**fields(coke, amount_t="12 hundred", period_end="2024-01-01")))
    text = html.unescape(answer.text)

    assert answer.status_code == 422
    assert 'value="12 hundred"' in text
    assert "“12 hundred” is not a number" in text
    assert "The period ends on 2024-01-01, not after its start on 2025-01-01" in text


def test_sales_sees_no_purchases_and_an_auditor_changes_none(
    client: TestClient, sign_in: SignIn, form: Form, coke: Supplier, database: Database
) -> None:
    sign_in(Role.AUDITOR)
    assert client.get("/console/purchases").status_code == 200
    assert client.post("/console/purchases", data=form(**fields(coke))).status_code == 403
    sign_in(Role.SALES)
    assert client.get("/console/purchases").status_code == 403
    assert amounts(database) == []


def test_the_template_comes_back_unchanged_as_nothing_to_do(
    client: TestClient, sign_in: SignIn, form: Form, coke: Supplier
) -> None:
    sign_in(Role.PROCUREMENT)
    client.post("/console/purchases", data=form(**fields(coke)))

    template = client.get("/console/purchases/template.xlsx")
    back = client.post("/console/purchases/import", data=form(), files={"file": ("purchases.xlsx", template.content)})

    sheets = load_workbook(io.BytesIO(template.content)).worksheets
    assert [cell.value for cell in sheets[0][3]][:2] == ["沪焦", "green_petroleum_coke"]
    assert "=Hu Coke" in str(sheets[1]["A2"].value)
    assert sheets[1]["A2"].data_type == "s"
    assert "All 1 rows are already recorded like this" in back.text


def test_an_import_is_previewed_and_changes_nothing_until_it_is_confirmed(
    client: TestClient, sign_in: SignIn, form: Form, coke: Supplier, database: Database
) -> None:
    sign_in(Role.PROCUREMENT)
    client.post("/console/purchases", data=form(**fields(coke)))

    status, preview = upload(
        client,
        form,
        ["沪焦", "green_petroleum_coke", "2025-01-01", "2025-12-31", 1300, 2500],
        ["沪焦", "packing_coke_net", "2025-01-01", "2025-12-31", 80, None],
    )
    before = amounts(database)
    plan = re.search(r'name="plan" value="(.*?)">', preview)
    assert plan is not None
    applied = client.post("/console/purchases/import/apply", data=form(plan=plan[1]))

    assert status == 200
    assert "1 new, 1 changed, 0 as they are" in preview
    assert before == [1200.5]
    assert applied.status_code == 303
    assert amounts(database) == [80, 1300]


@pytest.mark.usefixtures("coke")
def test_with_one_wrong_cell_nothing_is_imported(client: TestClient, sign_in: SignIn, form: Form, database: Database) -> None:
    sign_in(Role.PROCUREMENT)

    status, page = upload(
        client,
        form,
        ["沪焦", "green_petroleum_coke", "2025-01-01", "2025-12-31", 1300, None],
        ["沪焦", "packing_coke_net", "2025-01-01", "2025-12-31", "eighty", None],
    )

    assert status == 422
    assert ">E3<" in page
    assert "eighty" in page
    assert 'name="plan"' not in page
    assert amounts(database) == []


def test_an_import_that_somebody_overtook_is_told_so_and_undone_as_a_whole(
    client: TestClient, sign_in: SignIn, form: Form, coke: Supplier, database: Database
) -> None:
    sign_in(Role.PROCUREMENT)
    _, preview = upload(
        client,
        form,
        ["沪焦", "packing_coke_net", "2025-01-01", "2025-12-31", 80, None],
        ["沪焦", "green_petroleum_coke", "2025-01-01", "2025-12-31", 1300, None],
    )
    plan = re.search(r'name="plan" value="(.*?)">', preview)
    assert plan is not None
    client.post("/console/purchases", data=form(**fields(coke)))

    applied = client.post("/console/purchases/import/apply", data=form(plan=plan[1]))

    assert applied.status_code == 409
    assert "Nothing was imported" in applied.text
    assert amounts(database) == [1200.5]


@pytest.mark.parametrize("plan", ["", "[]", "[[1]]", "{", '[["x","y","2025-01-01","2025-12-31",1,null,null,null]]', "[[NaN]]"])
def test_a_preview_that_was_tampered_with_is_refused(
    client: TestClient, sign_in: SignIn, form: Form, database: Database, plan: str
) -> None:
    sign_in(Role.PROCUREMENT)

    assert client.post("/console/purchases/import/apply", data=form(plan=plan)).status_code == 422
    assert amounts(database) == []


def test_an_upload_without_a_file_is_explained(client: TestClient, sign_in: SignIn, form: Form) -> None:
    sign_in(Role.PROCUREMENT)

    answer = client.post("/console/purchases/import", data=form(), files={"other": ("x", b"")})

    assert answer.status_code == 422
    assert "Please choose a file" in answer.text
