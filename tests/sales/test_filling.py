import io
import zipfile

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font, PatternFill

from service.errors import FieldError
from service.sales.filling import UnfillableError, fill_cells, read_form
from service.sales.mapping import checked_cell, suggest


def a_form() -> bytes:
    """Return a customer's form: labels in column A, some joined with B, a formula below, colours and a second sheet."""
    book = Workbook()
    page = book.active
    page.title = "PCF 表"
    page["A1"] = "Supplier questionnaire"
    page["A2"], page["B2"] = "碳足迹 (kgCO2e/kg)", None
    page["B2"].fill = PatternFill("solid", fgColor="FFF2CC")
    page["B2"].font = Font(bold=True)
    page["A3"] = "Certificate number"
    page.merge_cells("A4:B4")
    page["A4"] = "Primary data share"
    page["A5"], page["B5"] = "Total", "=B2*1000"
    page["A9"] = "Valid until"
    book.create_sheet("Notes")["A1"] = "untouched"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_only_the_mapped_cells_change_and_keep_their_style() -> None:
    form = a_form()

    filled = fill_cells(form, [("PCF 表", "B2", 12.34), ("PCF 表", "C4", 62.0), ("PCF 表", "B9", "2029-12-31")])

    before, after = load_workbook(io.BytesIO(form)), load_workbook(io.BytesIO(filled))
    page = after["PCF 表"]
    assert (page["B2"].value, page["C4"].value, page["B9"].value) == (12.34, 62, "2029-12-31")
    assert page["B2"].font.bold
    assert page["B2"].fill.fgColor.rgb == before["PCF 表"]["B2"].fill.fgColor.rgb
    assert page["B5"].value == "=B2*1000"
    changed = {"B2", "C4", "B9"}
    for row in before["PCF 表"]:
        for cell in row:
            if cell.coordinate not in changed:
                assert page[cell.coordinate].value == cell.value, cell.coordinate
    old, new = parts(form), parts(filled)
    assert {name for name in old if old[name] != new[name]} == {"xl/worksheets/sheet1.xml"}


def test_text_that_looks_like_a_formula_stays_text() -> None:
    filled = fill_cells(a_form(), [("PCF 表", "B3", '=HYPERLINK("x")<&>')])

    cell = load_workbook(io.BytesIO(filled))["PCF 表"]["B3"]
    assert cell.data_type in {"s", "inlineStr"}
    assert cell.value == '=HYPERLINK("x")<&>'


def test_a_row_that_does_not_exist_yet_is_put_in_its_place() -> None:
    filled = fill_cells(a_form(), [("PCF 表", "A7", "seven"), ("PCF 表", "D20", 1.5), ("Notes", "B1", "beside")])

    book = load_workbook(io.BytesIO(filled))
    assert book["PCF 表"]["A7"].value == "seven"
    assert book["PCF 表"]["D20"].value == 1.5
    assert book["Notes"]["B1"].value == "beside"
    assert book["Notes"]["A1"].value == "untouched"


def test_a_customers_formula_is_never_written_over() -> None:
    with pytest.raises(UnfillableError, match="B5 holds a formula"):
        fill_cells(a_form(), [("PCF 表", "B5", 1.0)])


def test_an_empty_sheet_takes_a_value() -> None:
    book = Workbook()
    stream = io.BytesIO()
    book.save(stream)

    filled = fill_cells(stream.getvalue(), [("Sheet", "C3", "here")])

    assert load_workbook(io.BytesIO(filled))["Sheet"]["C3"].value == "here"


def test_labels_in_both_languages_suggest_the_cell_beside_them_joined_cells_as_one() -> None:
    found = {(one.field, one.cell) for one in suggest(read_form(a_form())["sheets"])}

    assert found == {("total", "B2"), ("certificate_no", "B3"), ("primary_data", "C4"), ("valid_until", "B9")}


@pytest.mark.parametrize(
    ("cell", "field", "unit", "message"),
    [
        ("XFE1", "total", "kgCO2e/kg", "is no cell"),
        ("B5", "total", "kgCO2e/kg", "holds a formula"),
        ("B4", "total", "kgCO2e/kg", "only %(anchor)s shows"),
        ("B2", "nothing", "kgCO2e/kg", "Pick a figure"),
        ("B2", "total", "%", "Pick a figure"),
    ],
)
def test_a_mapping_that_can_not_be_filled_is_refused(cell: str, field: str, unit: str, message: str) -> None:
    sheets = read_form(a_form())["sheets"]

    with pytest.raises(FieldError) as refused:
        checked_cell("PCF 表", cell, field, unit, sheets=sheets)

    assert message in refused.value.template
