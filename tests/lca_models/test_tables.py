import pytest

from lca_models.errors import TableError
from lca_models.tables import read_table


def read(text: str | bytes, *, optional: tuple[str, ...] | None = ()) -> list[dict[str, str]]:
    content = text if isinstance(text, bytes) else text.encode()
    return [dict(row.cells) for row in read_table(content, file="my.csv", required=("flow", "amount"), optional=optional)]


def test_a_table_is_read_by_column_with_blanks_stripped() -> None:
    assert read("amount,flow\r\n 1.5 , green coke \r\n\r\n") == [{"amount": "1.5", "flow": "green coke"}]


def test_a_byte_order_mark_and_quoted_commas_do_no_harm() -> None:
    assert read('\ufeffflow,amount\n"coke, dry",2\n') == [{"flow": "coke, dry", "amount": "2"}]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "columns flow, amount are missing; found: -"),
        ("flow;amount\na;1", "columns flow, amount are missing; found: flow;amount.*commas"),
        ("flow\na", "columns amount are missing"),
        ("flow,amount,ammount\na,1,2", "column “ammount” is unknown or stands twice. Allowed: flow, amount"),
        ("flow,amount,amount\na,1,2", "column “amount” is unknown or stands twice"),
        ("flow,amount\na,1,2", "my.csv, line 2 has 3 cells, the header has 2"),
        ("flow,amount\na", "my.csv, line 2 has 1 cells"),
        ('flow,amount\n"a,1', "my.csv, line 2: not a valid CSV line"),
        ("石油焦,1".encode("gbk"), "not UTF-8 text.*CSV UTF-8"),
    ],
)
def test_a_malformed_table_is_an_error_that_says_where(text: str | bytes, message: str) -> None:
    with pytest.raises(TableError, match=message):
        read(text)


def test_other_columns_may_be_let_be() -> None:
    assert read("flow,amount,remark\na,1,x", optional=None) == [{"flow": "a", "amount": "1", "remark": "x"}]


@pytest.mark.parametrize("cell", ["1,5e", "abc", "nan", "inf", "-inf", "1_000", "1e999", "١", "0x10", "1 2", "--1"])
def test_only_finite_numbers_in_plain_digits_are_numbers(cell: str) -> None:
    (row,) = read_table(f'flow,amount\na,"{cell}"'.encode(), file="my.csv", required=("flow", "amount"), optional=())
    with pytest.raises(TableError, match=r"my.csv, line 2, column amount: “.*” is not a finite number"):
        row.number("amount")


@pytest.mark.parametrize(
    ("cell", "number"), [("12.5", 12.5), ("-3e-5", -3e-5), (".5", 0.5), ("5.", 5.0), ("+1E3", 1000.0), ("0", 0.0)]
)
def test_numbers_may_be_written_as_usual(cell: str, number: float) -> None:
    (row,) = read_table(f"flow,amount\na,{cell}".encode(), file="my.csv", required=("flow", "amount"), optional=())
    assert row.number("amount") == number


def test_an_empty_cell_is_missing_and_not_zero() -> None:
    (row,) = read_table(b"flow,amount\na,", file="my.csv", required=("flow", "amount"), optional=())
    assert row.optional_number("amount") is None
    with pytest.raises(TableError, match="line 2, column amount: the cell is empty"):
        row.number("amount")
