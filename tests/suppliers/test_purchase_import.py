import io
import zipfile
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from sqlmodel import Session

from service.errors import FieldError
from service.spreadsheets.archive import find_problem
from service.spreadsheets.cells import read_cells
from service.suppliers import operations, queries
from service.suppliers.models import SupplierType
from service.suppliers.purchase_table import COLUMNS, check_days, purchase_table, recorded_purchases
from service.suppliers.schemas import PurchaseInput
from service.suppliers.sheet_cells import CHOICES_SHEET, read_date, read_number
from service.suppliers.table_import import TablePlan, plan_table
from service.suppliers.workbook import Column, write_workbook
from tests import builders
from tests.builders import NOW

SHEET = purchase_table([]).sheet
HEADERS = [column.header for column in COLUMNS]
YEAR = ("2025-01-01", "2025-12-31")


def workbook(*rows: list[Any], headers: list[str] | None = None) -> bytes:
    columns = [Column(key=name, header=name, hint="") for name in headers or HEADERS]
    return write_workbook(sheet=SHEET, columns=columns, rows=rows, choices={}, choices_sheet=CHOICES_SHEET)


def planned(session: Session, *rows: list[Any], headers: list[str] | None = None) -> TablePlan[PurchaseInput]:
    recorded = recorded_purchases(queries.all_purchases(session))

    def check(fields: PurchaseInput) -> None:
        operations.check_delivers(session, fields.supplier_id, fields.flow)
        check_days(fields, recorded)

    table = purchase_table(queries.all_active_suppliers(session))
    return plan_table(table, read_cells(workbook(*rows, headers=headers)), present=recorded, check=check)


@pytest.fixture
def coke(session: Session) -> queries.SupplierRow:
    builders.a_supplier(session, supplier_type=SupplierType.COKE, name_zh="沪焦", name_en="Hu Coke")
    return queries.all_active_suppliers(session)[0]


@pytest.mark.usefixtures("coke")
def test_rows_become_new_purchases(session: Session) -> None:
    plan = planned(
        session,
        ["沪焦", "生石油焦", *YEAR, 1200.5, None],
        ["hu coke", "packing_coke_net", "2025/1/1", "2025年12月31日", "1,000", 3100],
    )

    assert not plan.problems
    assert [(change.kind, change.row, change.fields.flow, change.fields.amount_t) for change in plan.changes] == [
        ("new", 3, "green_petroleum_coke", 1200.5),
        ("new", 4, "packing_coke_net", 1000.0),
    ]
    assert plan.changes[1].fields.period_end == date(2025, 12, 31)


def test_a_row_for_the_same_days_changes_the_purchase_and_an_equal_row_does_nothing(
    session: Session, coke: queries.SupplierRow
) -> None:
    bought = PurchaseInput(
        supplier_id=coke.id, flow="green_petroleum_coke", period_start=date(2025, 1, 1), period_end=date(2025, 12, 31), amount_t=5
    )
    operations.record_purchase(session, bought, by="user:x", at=NOW)

    changed = planned(session, ["沪焦", "green_petroleum_coke", *YEAR, 6, None])
    same = planned(session, ["沪焦", "green_petroleum_coke", *YEAR, 5, None])

    assert [change.kind for change in changed.changes] == ["changed"]
    assert [change.kind for change in same.changes] == ["same"]


@pytest.mark.usefixtures("coke")
def test_every_problem_names_sheet_cell_column_and_value(session: Session) -> None:
    plan = planned(
        session,
        ["沪焦", "生石油焦", "2025-13-01", "2025-12-31", "many", None],
        ["Nobody", "gold", *YEAR, -1, None],
        ["沪焦", "coal_tar_pitch", *YEAR, None, None],
    )

    assert not plan.changes
    assert [(item.sheet, item.cell, item.column, item.value) for item in plan.problems] == [
        (SHEET, "C3", COLUMNS[2].header, "2025-13-01"),
        (SHEET, "E3", COLUMNS[4].header, "many"),
        (SHEET, "A4", COLUMNS[0].header, "Nobody"),
        (SHEET, "B4", COLUMNS[1].header, "gold"),
        (SHEET, "E5", COLUMNS[4].header, ""),
    ]


@pytest.mark.usefixtures("coke")
def test_what_only_a_whole_row_shows_is_also_a_problem(session: Session) -> None:
    wrong_type = planned(session, ["沪焦", "coal_tar_pitch", *YEAR, 1, None])
    negative = planned(session, ["沪焦", "green_petroleum_coke", *YEAR, -1, None])
    backwards = planned(session, ["沪焦", "green_petroleum_coke", *reversed(YEAR), 1, None])

    assert [item.cell for plan in (wrong_type, negative, backwards) for item in plan.problems] == ["B3", "E3", "D3"]


@pytest.mark.usefixtures("coke")
def test_two_rows_for_the_same_days_are_refused(session: Session) -> None:
    plan = planned(
        session,
        ["沪焦", "green_petroleum_coke", *YEAR, 1, None],
        ["Hu Coke", "green_petroleum_coke", "2025-12-01", "2026-01-31", 1, None],
    )

    assert "Row 3" in str(plan.problems[0].error)


def test_days_that_overlap_a_recorded_purchase_are_refused(session: Session, coke: queries.SupplierRow) -> None:
    bought = PurchaseInput(
        supplier_id=coke.id, flow="green_petroleum_coke", period_start=date(2025, 1, 1), period_end=date(2025, 12, 31), amount_t=5
    )
    operations.record_purchase(session, bought, by="user:x", at=NOW)

    plan = planned(session, ["沪焦", "green_petroleum_coke", "2025-01-01", "2025-06-30", 6, None])

    assert "5 t from 2025-01-01 to 2025-12-31" in str(plan.problems[0].error)


@pytest.mark.usefixtures("coke")
def test_two_suppliers_of_one_name_need_the_registration_number(session: Session) -> None:
    builders.a_supplier(session, supplier_type=SupplierType.COKE, name_zh="沪焦", name_en="Other")

    plan = planned(session, ["沪焦", "green_petroleum_coke", *YEAR, 1, None])

    assert "registration number" in str(plan.problems[0].error)


@pytest.mark.usefixtures("coke")
def test_headers_of_one_language_in_another_order_are_understood(session: Session) -> None:
    headers = ["Amount, t", "物料", "Supplier", "Period end", "开始日期", "note"]

    plan = planned(session, [7, "Green petroleum coke", "Hu Coke", YEAR[1], YEAR[0], "x"], headers=headers)

    assert [change.fields.amount_t for change in plan.changes] == [7.0]


def test_a_sheet_without_the_headers_is_explained(session: Session) -> None:
    plan = planned(session, ["x"], headers=["Whatever"])

    assert COLUMNS[0].header in str(plan.problems[0].error)


def test_a_sheet_without_rows_is_explained(session: Session) -> None:
    assert "no row" in str(planned(session).problems[0].error)


def test_a_file_that_is_no_workbook_is_explained() -> None:
    said = {b"": "not an Excel workbook", b"PK": "not an Excel workbook", b"name,amount\n": "not an Excel workbook"}
    for content, words in {**said, b"\xd0\xcf\x11\xe0" * 100: "an old .xls file"}.items():
        assert words in str(plan_table(purchase_table([]), read_cells(content), present=[]).problems[0].error)


def zipped(**parts: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


@pytest.mark.parametrize(
    "part", ["xl/vbaProject.bin", "xl/externalLinks/externalLink1.xml", "xl/embeddings/x.bin", "XL\\VBAPROJECT.BIN"]
)
def test_macros_and_links_are_refused_by_name(part: str) -> None:
    assert find_problem(zipped(**{part: b"x"})) == "active_content"


def test_bombs_are_refused_before_anything_is_unpacked() -> None:
    assert find_problem(zipped(**{"xl/worksheets/sheet1.xml": b"0" * 30_000_000})) == "too_large"  # packs about 1,000 to 1
    assert find_problem(zipped(**{f"xl/part{number}": b"" for number in range(1000)})) == "too_large"


def test_a_damaged_workbook_is_explained_and_not_a_crash() -> None:
    assert read_cells(zipped())["problem"] == "unreadable"


@given(st.text(max_size=40))
def test_no_text_of_a_person_becomes_a_formula(text: str) -> None:
    content = workbook([text], headers=[text or "x"])

    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "inlineStr"}
    assert not any(cell.value is not None and cell.data_type == "n" for row in sheet.iter_rows() for cell in row)


@pytest.mark.parametrize(
    ("typed", "number"), [("1,250.5", 1250.5), (" ７ ", 7.0), (3, 3.0), ("-2", -2.0), ("1,250,000", 1_250_000.0)]
)
def test_numbers_as_people_write_them(typed: str | float, number: float) -> None:
    assert read_number(typed) == number


@pytest.mark.parametrize("typed", ["1.250,5", "12 t", "1,25", "nan", "1e5", "", True, "١٢"])
def test_doubtful_numbers_are_refused_and_not_guessed(typed: str | bool) -> None:  # noqa: FBT001 - a table's column
    with pytest.raises(FieldError):
        read_number(typed)


@pytest.mark.parametrize("typed", ["2025-02-30", "1.2.2025", "01/02/2025", 45658.0, "soon"])
def test_doubtful_dates_are_refused_and_not_guessed(typed: str | float) -> None:
    with pytest.raises(FieldError):
        read_date(typed)
