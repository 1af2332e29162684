import io
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from python_calamine import CalamineWorkbook

from service.spreadsheets.cells import column_name, read_cells
from tests.spreadsheets.files import MAIN, PARTS, RELATIONSHIPS, a_sheet, a_workbook, zipped


def cells(content: bytes) -> dict[str, tuple[Any, str]]:
    """Return value and kind of each cell of the first sheet by its address."""
    found = read_cells(content)["sheets"][0]["cells"]
    return {f"{column_name(one['column'])}{one['row']}": (one["value"], one["kind"]) for one in found}


def written(*rows: list[Any], number_format: str | None = None) -> bytes:
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    if number_format:
        book.active["A1"].number_format = number_format
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_cells_come_with_their_address_and_empty_ones_do_not_come() -> None:
    assert cells(written(["产量", None, 12.5], [None, True, "  "])) == {
        "A1": ("产量", "typed"),
        "C1": (12.5, "typed"),
        "B2": (True, "typed"),
    }


def test_a_formula_says_so_with_its_remembered_result_or_without() -> None:
    rows = '<row r="1"><c r="A1"><f>B1*2</f><v>84</v></c><c r="B1"><f>1+1</f></c><c r="C1" t="str"><f>""</f><v></v></c></row>'

    assert cells(a_workbook(rows)) == {"A1": (84.0, "formula"), "B1": (None, "uncached")}


def test_an_error_of_the_spreadsheet_is_no_text() -> None:
    assert cells(a_workbook('<row r="1"><c r="A1" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>')) == {"A1": ("#DIV/0!", "error")}


@pytest.mark.parametrize(("number_format", "expected"), [("yyyy-mm-dd", "2025-12-31"), ('yyyy"年"m"月"', "2025-12-31")])
def test_a_number_shown_as_a_date_is_a_date(number_format: str, expected: str) -> None:
    # 46022 days after 1899-12-30 is 2025-12-31.
    assert cells(written([46022], number_format=number_format)) == {"A1": (expected, "date")}


@pytest.mark.parametrize("number_format", ["0.00", "#,##0", '0.0"days"', "[Red]0", "_-* 0.00", '#,##0 "万kWh"'])
def test_words_and_colours_in_a_format_make_no_date(number_format: str) -> None:
    assert cells(written([46022], number_format=number_format)) == {"A1": (46022.0, "typed")}


@pytest.mark.parametrize(("value", "shown"), [(0.85, "85%"), (0.0725, "7.25%"), (1, "100%"), (0.285, "28.5%")])
def test_a_number_shown_in_percent_is_what_the_person_sees(value: float, shown: str) -> None:
    assert cells(written([value], number_format="0.00%")) == {"A1": (shown, "percent")}


def test_a_number_too_large_for_a_date_stays_a_number() -> None:
    assert cells(written([99_999_999], number_format="yyyy-mm-dd")) == {"A1": (99_999_999.0, "typed")}


def test_text_in_runs_is_joined_and_its_reading_left_out() -> None:
    strings = f'<sst xmlns="{MAIN}"><si><r><t>用</t></r><r><t>电量</t></r><rPh sb="0" eb="1"><t>yong</t></rPh></si></sst>'
    rows = '<row><c t="s"><v>0</v></c><c t="inlineStr"><is><t>a_x0041_</t></is></c></row>'
    content = a_workbook(rows, **{"xl/sharedStrings.xml": strings})

    assert cells(content) == {"A1": ("用电量", "typed"), "B1": ("aA", "typed")}


def test_a_strict_workbook_and_absolute_targets_are_read() -> None:
    strict = {name: content.replace(MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main") for name, content in PARTS.items()}
    strict["xl/_rels/workbook.xml.rels"] = strict["xl/_rels/workbook.xml.rels"].replace('Target="', 'Target="/xl/')
    strict["xl/_rels/workbook.xml.rels"] = strict["xl/_rels/workbook.xml.rels"].replace(
        RELATIONSHIPS, "http://purl.oclc.org/ooxml/officeDocument/relationships"
    )
    sheet = a_sheet('<row r="7"><c r="C7"><v>1</v></c></row>').replace(MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main")

    assert cells(zipped({**strict, "xl/worksheets/sheet1.xml": sheet})) == {"C7": (1.0, "typed")}


def test_one_cell_in_the_last_corner_costs_one_cell() -> None:
    assert cells(a_workbook('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')) == {"XFD1048576": (1.0, "typed")}


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1"><c r="XFE1"><v>1</v></c></row>',
        '<row r="1"><c r="A0"><v>1</v></c></row>',
        '<row r="1"><c r="=A1"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>nan</v></c></row>',
        '<row r="1"><c r="A1"><v>1e999</v></c></row>',
        '<row r="1"><c r="A1" t="s"><v>7</v></c></row>',
        "<row>",
    ],
)
def test_what_is_no_workbook_inside_is_unreadable_and_no_crash(rows: str) -> None:
    assert read_cells(a_workbook(rows))["problem"] == "unreadable"


def test_a_document_type_behind_a_long_comment_is_refused_by_the_parser() -> None:
    sheet = f"<!--{'x' * 5000}--><!DOCTYPE x>" + a_sheet("")

    assert read_cells(zipped({**PARTS, "xl/worksheets/sheet1.xml": sheet}))["problem"] == "unreadable"


def test_more_cells_than_anybody_fills_in_are_refused() -> None:
    rows = ("<row>" + "<c><v>1</v></c>" * 10_000 + "</row>") * 6

    assert read_cells(a_workbook(rows))["problem"] == "too_large"


CONTENT = st.one_of(
    st.none(),
    st.floats(allow_nan=False, allow_infinity=False, width=64).filter(lambda number: number == 0 or 1e-300 < abs(number) < 1e300),
    st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=20).filter(lambda text: not text.startswith("=")),
    st.dates(date(1950, 1, 1), date(2100, 1, 1)),
)


@given(st.lists(st.lists(CONTENT, min_size=1, max_size=5), min_size=1, max_size=5))
def test_another_library_reads_the_same(rows: list[list[Any]]) -> None:
    content = written(*rows)
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python(skip_empty_area=False)
    expected = {
        f"{column_name(column)}{row}": plain(value)
        for row, line in enumerate(sheet, 1)
        for column, value in enumerate(line, 1)
        if str(value).strip()
    }

    assert {address: value for address, (value, _) in cells(content).items()} == expected


def plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else value.strip() if isinstance(value, str) else value
