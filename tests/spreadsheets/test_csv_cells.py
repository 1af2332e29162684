import pytest

from service.spreadsheets.csv_cells import read_csv_cells


def values(content: bytes) -> list[tuple[int, int, object]]:
    [sheet] = read_csv_cells(content)["sheets"]
    return [(one["row"], one["column"], one["value"]) for one in sheet["cells"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_file_as_excel_writes_it_is_read_in_each_encoding(encoding: str) -> None:
    content = "指标,单位\r\n复印纸,包\r\n".encode(encoding)

    assert values(content) == [(1, 1, "指标"), (1, 2, "单位"), (2, 1, "复印纸"), (2, 2, "包")]


def test_empty_cells_hold_nothing_and_quoted_commas_stay() -> None:
    assert values(b'a,,"1,250"\n') == [(1, 1, "a"), (1, 3, "1,250")]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"PK\x03\x04\x00\x00", "no_workbook"),
        (b"\xff\xff\xff", "no_workbook"),
        (b"a" * 2001, "too_large"),
        (b"1,\n" * 50_001, "too_large"),
    ],
)
def test_what_is_no_table_of_people_is_refused(content: bytes, problem: str) -> None:
    assert read_csv_cells(content) == {"problem": problem}
