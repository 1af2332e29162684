import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.spreadsheets.archive import PROBLEMS, find_problem
from tests.spreadsheets.files import PARTS, a_sheet, a_workbook, zipped

MIB = 1024 * 1024
DOCTYPE = '<!DOCTYPE x [<!ENTITY a "b"><!ENTITY c "&a;&a;&a;">]>'


def test_an_honest_workbook_is_opened() -> None:
    assert find_problem(a_workbook()) is None


@pytest.mark.parametrize(
    "part",
    [
        *("xl/vbaProject.bin", "xl/macrosheets/sheet1.xml", "xl/externalLinks/externalLink1.xml", "XL\\EMBEDDINGS\\ole.bin"),
        *("xl/activeX/activeX1.bin", "xl/connections.xml", "customUI/customUI.xml", "xl/media/inner.zip", "xl/media/book.xlsx"),
    ],
)
def test_what_runs_or_reaches_out_or_hides_a_file_is_refused(part: str) -> None:
    assert find_problem(zipped({**PARTS, part: b"x"})) == "active_content"


def test_a_macro_workbook_under_another_name_is_refused_by_its_content_type() -> None:
    kind = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    types = f'<Types><Override PartName="/xl/workbook.xml" ContentType="{kind}"/></Types>'

    assert find_problem(zipped({**PARTS, "[Content_Types].xml": types})) == "active_content"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused_in_any_encoding(encoding: str) -> None:
    part = ('<?xml version="1.0"?>' + DOCTYPE + a_sheet("")).encode(encoding)

    assert find_problem(zipped({**PARTS, "xl/worksheets/sheet1.xml": part})) == "active_content"


def test_xml_of_20_mib_is_refused_however_it_is_packed() -> None:
    xml = a_sheet("<row/>" * (20 * MIB // 6))

    for compression in (zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED):
        assert find_problem(zipped({**PARTS, "xl/worksheets/sheet1.xml": xml}, compression=compression)) == "too_large"


def test_bombs_are_refused_by_ratio_by_sum_and_by_count() -> None:
    swollen = {"xl/media/image1.png": b"\0" * (5 * MIB)}  # packs about 1,000 to 1
    flat = {f"xl/media/image{number}.png": b"\0" * MIB for number in range(101)}
    many = {f"xl/theme/theme{number}.xml": b"" for number in range(1000)}

    for parts in (swollen, flat, many):
        assert find_problem(zipped({**PARTS, **parts})) == "too_large"


def test_a_directory_that_understates_sizes_is_found_out_before_parsing() -> None:
    honest = a_workbook("<row/>" * 10_000)
    size = len(a_sheet("<row/>" * 10_000)).to_bytes(4, "little")

    lied = honest.replace(size, (10).to_bytes(4, "little"))

    assert lied != honest
    assert find_problem(lied) == "unreadable"


@pytest.mark.parametrize("path", ["../../etc/passwd", "/etc/passwd", "C:\\x.xml", "xl/../../x.xml", "xl/a\nb.xml"])
def test_paths_that_lead_out_of_the_archive_are_refused(path: str) -> None:
    assert find_problem(zipped({**PARTS, path: b"x"})) == "unreadable"


def test_two_parts_of_one_name_are_refused_because_programs_differ_in_which_they_read() -> None:
    stream = io.BytesIO(a_workbook())
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("XL/worksheets/sheet1.xml", a_sheet(""))

    assert find_problem(stream.getvalue()) == "unreadable"


def test_packing_methods_that_no_spreadsheet_program_uses_are_refused() -> None:
    assert find_problem(zipped({**PARTS, "xl/theme.xml": b"x"}, compression=zipfile.ZIP_LZMA)) == "unreadable"


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, "old_or_locked"),
        (b"field,answer\ncharge_in,1000\n", "no_workbook"),
        (b"%PDF-1.7", "no_workbook"),
        (b"", "no_workbook"),
        (b"PK\x03\x04" + b"\0" * 100, "unreadable"),
        (a_workbook()[:-30], "unreadable"),
        (zipped({"word/document.xml": "<x/>"}), "no_workbook"),
        (zipped({"xl/workbook.bin": b"x"}), "no_workbook"),
    ],
)
def test_other_files_get_a_word_that_says_how_to_save_them(content: bytes, problem: str) -> None:
    assert find_problem(content) == problem
    assert ".xlsx" in PROBLEMS[problem] or "Save it again" in PROBLEMS[problem]


@given(st.binary(max_size=200), st.integers(0, 600))
def test_no_damage_crashes_the_check(garbage: bytes, place: int) -> None:
    content = bytearray(a_workbook())
    content[place : place + len(garbage)] = garbage

    assert find_problem(bytes(content)) in {None, *PROBLEMS}
