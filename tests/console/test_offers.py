import html
import io
import re
from collections.abc import Callable, Sequence
from datetime import date

import pytest
from openpyxl import Workbook, load_workbook
from starlette.testclient import TestClient

from service.accounts.models import Role
from service.allocation import offer_queries as queries
from service.allocation.tables import DEMAND_COLUMNS, OFFER_COLUMNS
from service.database import Database
from service.suppliers.models import Supplier, SupplierType
from service.suppliers.workbook import Column
from tests import builders
from tests.conftest import SignIn

Form = Callable[..., dict[str, str]]


@pytest.fixture
def coke(database: Database) -> Supplier:
    with database.writing() as session:
        return builders.a_supplier(session, supplier_type=SupplierType.COKE, name_zh="沪焦", name_en="=Hu Coke")


def offer(supplier: Supplier, **changes: str) -> dict[str, str]:
    values = {
        "supplier_id": str(supplier.id),
        "flow": "green_petroleum_coke",
        "price_cny_per_t": "2850.5",
        "priced_on": "2026-10-01",
        "valid_until": "2026-12-31",
        "capacity_t": "12000",
        "moq_t": "200",
        "max_share_percent": "60",
        "defect_percent": "0.4",
    }
    return values | changes


def upload(
    client: TestClient, form: Form, path: str, columns: Sequence[Column], *rows: Sequence[object], percent: str = ""
) -> tuple[int, str]:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "报价"
    sheet.append([column.header for column in columns])
    for row in rows:
        sheet.append(list(row))
    if percent:
        sheet[percent].number_format = "0%"
    stream = io.BytesIO()
    book.save(stream)
    answer = client.post(f"{path}/import", data=form(), files={"file": ("table.xlsx", stream.getvalue())})
    return answer.status_code, html.unescape(answer.text)


def test_an_offer_is_entered_changed_and_deleted(
    client: TestClient, sign_in: SignIn, form: Form, coke: Supplier, database: Database
) -> None:
    sign_in(Role.PROCUREMENT)

    entered = client.post("/console/offers", data=form(**offer(coke)))
    listed = client.get("/console/offers?valid=yes").text
    edit = re.search(r'href="(/console/offers/[^"]+)/edit"', listed)
    assert edit is not None
    shown = client.get(f"{edit[1]}/edit").text
    changed = client.post(edit[1], data=form(**offer(coke, price_cny_per_t="2900", is_qualified="false"), version="1"))
    stale = client.post(edit[1], data=form(**offer(coke, price_cny_per_t="3000"), version="1"))
    with database.reading() as session:
        [kept] = queries.all_offers(session)
    deleted = client.post(f"{edit[1]}/delete", data=form(version="2"))

    assert [answer.status_code for answer in (entered, changed, stale, deleted)] == [303, 303, 409, 303]
    assert "2,850.5" in listed
    assert 'value="60"' in shown
    assert 'value="0.4"' in shown
    assert (kept.price_cny_per_t, kept.max_share, kept.defect_share, kept.is_qualified) == (2900, 0.6, 0.004, False)
    with database.reading() as session:
        assert queries.all_offers(session) == []


IMPOSSIBLE = (
    ({"price_cny_per_t": "-5"}, "-5 is too small; it must be more than 0."),
    ({"price_cny_per_t": "cheap"}, "“cheap” is not a number"),
    ({"valid_until": "2026-09-01"}, "The offer ends on 2026-09-01, before its price of 2026-10-01; choose a later day."),
    ({"moq_t": "20000"}, "The least order of 20000 t is more than the capacity of 12000 t; correct one of them."),
    ({"max_share_percent": "140"}, "140 is too large; it must be at most 100"),
    ({"flow": "nitrogen"}, "by its type it delivers: green_petroleum_coke"),
    ({"supplier_id": "01999999-0000-7000-8000-00000000000a"}, "This supplier does not exist; pick one from the list."),
)


def test_an_offer_that_can_not_be_is_refused_beside_its_field_with_what_was_typed(
    client: TestClient, sign_in: SignIn, form: Form, coke: Supplier
) -> None:
    sign_in(Role.PROCUREMENT)

    for changes, message in IMPOSSIBLE:
        answer = client.post("/console/offers", data=form(**offer(coke, **changes)))
        text = html.unescape(answer.text)
        assert answer.status_code == 422
        assert message in text
        assert 'value="0.4"' in text


def test_the_same_price_is_recorded_once(client: TestClient, sign_in: SignIn, form: Form, coke: Supplier) -> None:
    sign_in(Role.PROCUREMENT)
    client.post("/console/offers", data=form(**offer(coke)))

    again = client.post("/console/offers", data=form(**offer(coke, price_cny_per_t="1")))

    assert again.status_code == 409
    assert "already recorded: 2850.5 yuan/t" in again.text


def test_of_two_valid_offers_the_one_priced_last_counts(
    client: TestClient, sign_in: SignIn, form: Form, coke: Supplier, database: Database
) -> None:
    sign_in(Role.PROCUREMENT)
    client.post("/console/offers", data=form(**offer(coke)))
    client.post("/console/offers", data=form(**offer(coke, priced_on="2026-11-01", price_cny_per_t="2700")))

    with database.reading() as session:
        prices = [
            [one.price_cny_per_t for one in queries.offers_in_force(session, on=day)]
            for day in (date(2026, 9, 30), date(2026, 10, 1), date(2026, 11, 1), date(2027, 1, 1))
        ]

    assert prices == [[], [2850.5], [2700], []]


def test_the_templates_come_back_as_nothing_to_do(client: TestClient, sign_in: SignIn, form: Form, coke: Supplier) -> None:
    sign_in(Role.PROCUREMENT)
    client.post("/console/offers", data=form(**offer(coke)))
    client.post("/console/demands", data=form(flow="green_petroleum_coke", year="2027", demand_t="9000", max_defect_percent="0.7"))

    for path in ("/console/offers", "/console/demands"):
        template = client.get(f"{path}/template.xlsx")
        back = client.post(f"{path}/import", data=form(), files={"file": ("t.xlsx", template.content)})
        assert "All 1 rows are already recorded like this" in back.text
    sheets = load_workbook(io.BytesIO(client.get("/console/offers/template.xlsx").content)).worksheets
    assert sheets[1]["A2"].data_type == "s"  # a supplier called =Hu Coke is no formula


def test_an_import_changes_nothing_until_it_is_confirmed(
    client: TestClient, sign_in: SignIn, form: Form, coke: Supplier, database: Database
) -> None:
    sign_in(Role.PROCUREMENT)
    client.post("/console/offers", data=form(**offer(coke)))

    rows = [
        ["沪焦", "green_petroleum_coke", 2600, date(2026, 10, 1), "2026-12-31", 12000, 200, None, 0.6, "0.4%", "是"],
        ["沪焦", "needle_coke_green_oil", "6,800", date(2026, 10, 1), "2026/12/31", 900, None, None, None, None, None],
    ]
    status, text = upload(client, form, "/console/offers", OFFER_COLUMNS, *rows, percent="I2")
    with database.reading() as session:
        before = [one.price_cny_per_t for one in queries.all_offers(session)]
    plan = re.search(r'name="plan" value="(.+)">', text)
    assert plan is not None
    applied = client.post("/console/offers/import/apply", data=form(plan=plan[1]))

    assert status == 200
    assert "1 new, 1 changed, 0 as they are" in text
    assert before == [2850.5]
    assert applied.status_code == 303
    with database.reading() as session:
        after = {one.flow: one for one in queries.all_offers(session)}
    assert after["green_petroleum_coke"].price_cny_per_t == 2600
    assert after["green_petroleum_coke"].max_share == 0.6  # a cell shown as 60 % is 60 %, not 0.6 %
    assert after["green_petroleum_coke"].defect_share == 0.004
    assert after["needle_coke_green_oil"].max_share == 1


@pytest.mark.usefixtures("coke")
def test_every_problem_of_a_sheet_names_its_place(client: TestClient, sign_in: SignIn, form: Form, database: Database) -> None:
    sign_in(Role.PROCUREMENT)

    good = ["沪焦", "green_petroleum_coke", 2600, "2026-10-01", "2026-12-31", 12000]
    status, text = upload(
        client,
        form,
        "/console/offers",
        OFFER_COLUMNS,
        good,
        ["Nobody Ltd", *good[1:]],
        ["沪焦", "moon dust", *good[2:]],
        ["沪焦", "green_petroleum_coke", -4, "2026-10-02", "2026-12-31", 12000],
        ["沪焦", "nitrogen", *good[2:]],
        good,
        ["沪焦", "green_petroleum_coke", None, "soon", "2026-12-31", 12000],
    )

    rows = re.findall(r"<td>报价</td>\s*<td[^>]*>(\w+)</td>\s*<td>([^<]*)</td>\s*<td>([^<]*)</td>\s*<td>([^<]*)</td>", text)
    assert status == 422
    assert [(place, value) for place, _, value, _ in rows] == [
        ("A3", "Nobody Ltd"),
        ("B4", "moon dust"),
        ("C5", "-4"),
        ("B6", "nitrogen"),
        ("A7", "沪焦"),
        ("C8", "–"),
        ("D8", "soon"),
    ]
    assert "No active supplier has this name" in rows[0][3]
    assert "it must be more than 0" in rows[2][3]
    assert "Row 2 is about the same" in rows[4][3]
    with database.reading() as session:
        assert queries.all_offers(session) == []


def test_a_preview_that_somebody_bent_imports_nothing(client: TestClient, sign_in: SignIn, form: Form) -> None:
    sign_in(Role.PROCUREMENT)

    for plan in ("[{", '[{"fields": {}, "id": null, "version": null}]', "7"):
        answer = client.post("/console/offers/import/apply", data=form(plan=plan))
        assert answer.status_code == 422
        assert "Nothing was imported" in answer.text


def test_a_demand_is_entered_once_per_material_and_year(
    client: TestClient, sign_in: SignIn, form: Form, database: Database
) -> None:
    sign_in(Role.PROCUREMENT)
    fields = {"flow": "nitrogen", "year": "2027", "demand_t": "9000", "min_suppliers": "2"}

    entered = client.post("/console/demands", data=form(**fields))
    again = client.post("/console/demands", data=form(**fields))
    impossible = client.post("/console/demands", data=form(**fields | {"year": "2028", "max_suppliers": "1"}))
    imported = upload(client, form, "/console/demands", DEMAND_COLUMNS, ["nitrogen", 2027, 9500, 2], ["氮气", 2028, 1, 2, 1])
    listed = client.get("/console/demands").text

    assert [one.status_code for one in (entered, again, impossible)] == [303, 409, 422]
    assert "At most 1 suppliers is less than at least 2" in impossible.text
    assert imported[0] == 422
    assert "E3" in imported[1]
    assert "9,000" in listed
    with database.reading() as session:
        assert [one.demand_t for one in queries.find_demands(session)] == [9000]


def test_a_waiver_counts_only_after_another_person_approves_it(
    client: TestClient, sign_in: SignIn, form: Form, coke: Supplier, database: Database
) -> None:
    asker = sign_in(Role.PROCUREMENT)
    flow, until = "green_petroleum_coke", date(2027, 3, 31)
    fields = {"supplier_id": str(coke.id), "flow": flow, "reason": "Only source in the region", "valid_until": str(until)}

    asked = client.post("/console/waivers", data=form(**fields))
    with database.reading() as session:
        [waiver_id] = [one.id for one in queries.find_waivers(session)]
        counts_before = queries.waived_pairs(session, on=until)
    own = client.post(f"/console/waivers/{waiver_id}/approve", data=form())
    sign_in(Role.REVIEWER)
    approved = client.post(f"/console/waivers/{waiver_id}/approve", data=form())
    twice = client.post(f"/console/waivers/{waiver_id}/approve", data=form())
    with database.reading() as session:
        counts = [queries.waived_pairs(session, on=day) for day in (until, date(2027, 4, 1))]
    sign_in(Role.PROCUREMENT, user=asker)
    ended = client.post(f"/console/waivers/{waiver_id}/end", data=form())

    assert [one.status_code for one in (asked, own, approved, twice, ended)] == [303, 409, 303, 409, 303]
    assert "another person approves it" in own.text
    assert counts_before == frozenset()
    assert counts == [{(coke.id, flow)}, frozenset()]
    with database.reading() as session:
        assert queries.waived_pairs(session, on=until) == frozenset()


def test_a_waiver_needs_a_reason_and_a_day_to_come(client: TestClient, sign_in: SignIn, form: Form, coke: Supplier) -> None:
    sign_in(Role.PROCUREMENT)
    fields = {"supplier_id": str(coke.id), "flow": "green_petroleum_coke", "reason": "Short", "valid_until": "2027-03-31"}

    short = client.post("/console/waivers", data=form(**fields))
    over = client.post("/console/waivers", data=form(**fields | {"reason": "Only source", "valid_until": "2026-11-01"}))

    assert (short.status_code, over.status_code) == (422, 422)
    assert "at least 10 characters" in short.text
    assert "2026-11-01 is over; choose a day from 2026-11-22 on." in over.text


@pytest.mark.parametrize("path", ["/console/offers", "/console/demands", "/console/waivers"])
def test_sales_and_administrators_see_none_and_auditors_change_none(
    client: TestClient, sign_in: SignIn, form: Form, path: str
) -> None:
    sign_in(Role.AUDITOR)
    assert client.get(path).status_code == 200
    assert client.post(path, data=form()).status_code == 403
    for role in (Role.SALES, Role.ADMIN):
        sign_in(role)
        assert client.get(path).status_code == 403
