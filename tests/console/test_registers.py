"""The register kit, on the register of the maker's units."""

import csv
import html
import io
import re
from collections.abc import Callable

import pytest
from openpyxl import Workbook, load_workbook
from sqlmodel import select
from starlette.testclient import TestClient

from service.accounts.models import Role
from service.audit.models import AuditEvent
from service.database import Database
from service.plan.models import OrgUnit
from service.plan.operations import add_unit
from service.plan.queries import find_units
from service.plan.schemas import OrgUnitInput
from tests.builders import NOW
from tests.conftest import SignIn

Form = Callable[..., dict[str, str]]
PATH = "/console/plan/governance/units"
ENERGY = {"name_zh": "能源部", "name_en": "Energy", "is_active": "true"}


@pytest.fixture
def engineer(sign_in: SignIn) -> None:
    sign_in(Role.ENGINEER)


def units(database: Database) -> list[tuple[str, str, bool, int]]:
    with database.reading() as session:
        return [(one.name_zh, one.name_en, one.is_active, one.version) for one in find_units(session, active_only=False)]


def add(database: Database, *names: str, is_sample: bool = False) -> list[OrgUnit]:
    with database.writing() as session:
        return [
            add_unit(session, OrgUnitInput(name_zh=f"{name}部", name_en=name), by="system", at=NOW, is_sample=is_sample)
            for name in names
        ]


def workbook(*rows: list[object]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def upload(client: TestClient, form: Form, content: bytes) -> tuple[int, str]:
    answer = client.post(f"{PATH}/import", data=form(), files={"file": ("units.xlsx", content)})
    return answer.status_code, html.unescape(answer.text)


@pytest.mark.usefixtures("engineer")
def test_a_row_is_added_and_changed_and_each_leaves_an_event(client: TestClient, form: Form, database: Database) -> None:
    added = client.post(PATH, data=form(**ENERGY))
    edit = re.search(rf'href="({PATH}/[^"/]+)/edit"', client.get(PATH).text)
    assert edit is not None
    changed = client.post(edit[1], data=form(**ENERGY | {"is_active": "false"}, version="1"))

    assert (added.status_code, changed.status_code) == (303, 303)
    assert units(database) == [("能源部", "Energy", False, 2)]
    with database.reading() as session:
        assert {"org_unit_created", "org_unit_changed"} <= set(session.exec(select(AuditEvent.action)))


@pytest.mark.usefixtures("engineer")
def test_a_row_that_somebody_else_has_changed_is_not_overwritten_and_what_was_typed_stays(
    client: TestClient, form: Form, database: Database
) -> None:
    [unit] = add(database, "Energy")
    path = f"{PATH}/{unit.id}"
    client.post(path, data=form(**ENERGY, version="1"))

    stale = client.post(path, data=form(**ENERGY | {"name_en": "Typed later"}, version="1"))

    assert stale.status_code == 409
    assert 'value="Typed later"' in stale.text
    assert units(database) == [("能源部", "Energy", True, 2)]


@pytest.mark.usefixtures("engineer")
def test_a_name_that_another_row_has_is_refused_beside_its_field(client: TestClient, form: Form, database: Database) -> None:
    _, finance = add(database, "Energy", "Finance")

    taken = client.post(f"{PATH}/{finance.id}", data=form(name_zh="Energy部", name_en="Typed", is_active="true", version="1"))

    assert taken.status_code == 422
    assert "There is a unit called Energy部 already" in html.unescape(taken.text)
    assert 'value="Typed"' in taken.text
    assert units(database) == [("Energy部", "Energy", True, 1), ("Finance部", "Finance", True, 1)]


@pytest.mark.usefixtures("engineer")
def test_a_problem_stands_beside_its_field_and_nothing_typed_is_lost(client: TestClient, form: Form) -> None:
    answer = client.post(PATH, data=form(name_zh="甲" * 200, name_en="kept as typed", is_active="perhaps"))

    assert answer.status_code == 422
    assert 'value="kept as typed"' in answer.text
    assert "甲" * 200 in answer.text
    assert "At most 100 characters" in answer.text


@pytest.mark.usefixtures("engineer")
def test_the_list_is_narrowed_and_ordered_by_the_address(client: TestClient, database: Database) -> None:
    add(database, "Energy", "Finance", "Graphitisation")

    def names(query: str) -> list[str]:
        return re.findall(r'data-label="English name"><span>([^<]+)<', client.get(f"{PATH}?{query}").text)

    assert names("name_zh=Fin") == ["Finance"]
    assert names("name_zh=%25") == []  # a sign of the query language is only a sign
    assert names("is_active=false") == []
    assert names("sort=-name_en") == ["Graphitisation", "Finance", "Energy"]


@pytest.mark.usefixtures("engineer")
@pytest.mark.parametrize(
    "query", ["is_active=maybe", "page=0", "page=99999999999999999999", "sort=id;drop", f"name_zh={'x' * 200}"]
)
def test_a_filter_that_cannot_be_used_is_said_and_filters_nothing(client: TestClient, database: Database, query: str) -> None:
    add(database, "Energy")

    answer = client.get(f"{PATH}?{query}")

    assert answer.status_code == 200
    assert 'id="error-summary"' in answer.text
    assert ">Energy部<" in answer.text


@pytest.mark.usefixtures("engineer")
def test_a_long_list_comes_in_pages(client: TestClient, database: Database) -> None:
    add(database, *(f"Unit {number:03}" for number in range(51)))

    first, second = client.get(PATH).text, client.get(f"{PATH}?page=2").text

    assert "1 to 50 of 51" in first
    assert "51 to 51 of 51" in second
    assert "Unit 050" in second


@pytest.mark.usefixtures("engineer")
def test_the_template_comes_back_as_nothing_to_change(client: TestClient, form: Form, database: Database) -> None:
    add(database, "Energy")

    template = client.get(f"{PATH}/template.xlsx").content
    status, text = upload(client, form, template)

    sheet = load_workbook(io.BytesIO(template)).worksheets[0]
    assert [cell.value for cell in sheet[1]] == ["中文名称 / Chinese name", "英文名称 / English name", "在用 / At work"]
    assert status == 200
    assert "All 1 rows are already recorded like this" in text


@pytest.mark.usefixtures("engineer")
def test_an_import_shows_what_it_would_do_and_does_it_when_confirmed(client: TestClient, form: Form, database: Database) -> None:
    add(database, "Energy")
    sheet = workbook(
        ["中文名称", "English name", "在用 / At work"], ["Energy部", "Energy and water", "是"], ["财务部", "Finance", "no"]
    )

    status, text = upload(client, form, sheet)
    before = units(database)
    raw = client.post(f"{PATH}/import", data=form(), files={"file": ("u.xlsx", sheet)}).text
    sent = re.search(r'name="plan" value="([^"]+)"', raw)
    assert sent is not None
    done = client.post(f"{PATH}/import/apply", data=form(plan=html.unescape(sent[1])))

    assert status == 200
    assert "1 new, 1 changed" in text
    assert before == [("Energy部", "Energy", True, 1)]
    assert done.status_code == 303
    assert units(database) == [("Energy部", "Energy and water", True, 2), ("财务部", "Finance", False, 1)]


@pytest.mark.usefixtures("engineer")
def test_a_wrong_cell_is_named_by_its_address(client: TestClient, form: Form, database: Database) -> None:
    status, text = upload(client, form, workbook(["中文名称", "英文名称", "在用"], ["能源部", "Energy", "maybe"]))

    assert status == 422
    assert "C2" in text
    assert "Write 是 / yes or 否 / no here." in text
    assert units(database) == []


@pytest.mark.usefixtures("engineer")
def test_files_to_take_along_hold_the_rows_of_the_filter_and_no_formula(client: TestClient, database: Database) -> None:
    add(database, "=1+1", "Energy")

    table = client.get(f"{PATH}/export.csv?name_zh=%3D1")
    book = client.get(f"{PATH}/export.xlsx")

    rows = list(csv.reader(io.StringIO(table.content.decode("utf-8-sig"))))
    assert rows == [["Chinese name", "English name", "At work"], ["'=1+1部", "'=1+1", "Yes"]]
    cells = [cell for row in load_workbook(io.BytesIO(book.content)).worksheets[0].iter_rows(min_row=3) for cell in row]
    assert {cell.data_type for cell in cells} == {"s"}
    for answer in (table, book):
        assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
        assert answer.headers["content-disposition"].startswith("attachment")


def test_who_only_reads_changes_nothing_and_sees_no_buttons(
    client: TestClient, sign_in: SignIn, form: Form, database: Database
) -> None:
    [unit] = add(database, "Energy")
    sign_in(Role.COMMITTEE)

    shown = client.get(PATH)

    assert shown.status_code == 200
    assert "/edit" not in shown.text
    assert "Import from Excel" not in shown.text
    assert client.post(PATH, data=form(**ENERGY)).status_code == 403
    assert client.get(f"{PATH}/{unit.id}/edit").status_code == 403


@pytest.mark.parametrize("role", [Role.SALES, Role.PROCUREMENT, Role.EMPLOYEE])
def test_company_registers_are_for_readers_of_the_plan(client: TestClient, sign_in: SignIn, role: Role) -> None:
    sign_in(role)

    assert client.get(PATH).status_code in {403, 404}


@pytest.mark.usefixtures("engineer")
def test_sample_rows_say_so(client: TestClient, database: Database) -> None:
    add(database, "Energy", is_sample=True)

    assert 'class="sample-tag"' in client.get(PATH).text
