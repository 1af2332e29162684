import math
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.errors import FieldError
from service.submissions.parsing import parse_number


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("1234.5", 1234.5),
        ("1,234.5", 1234.5),
        ("1，234．5", 1234.5),
        ("１２３４", 1234.0),
        (" 1 234 567 ", 1234567.0),
        ("1\u00a0234", 1234.0),
        ("0", 0.0),
        (".5", 0.5),
        ("5.", 5.0),
        ("1e3", 1000.0),
        ("-3", -3.0),
        ("−3", -3.0),
        ("+3", 3.0),
        ("12,345,678.90", 12345678.9),
    ],
)
def test_a_number_is_read_as_people_write_it(typed: str, number: float) -> None:
    assert parse_number(typed) == number


@pytest.mark.parametrize("typed", ["1,23", "12,34", "1.234,5", "1,2345", "12 34", "1,234 567", "12,3456", "1..2", "1,,234"])
def test_what_can_be_read_in_two_ways_is_refused_with_both_the_text_and_the_fix(typed: str) -> None:
    with pytest.raises(FieldError, match="two ways") as refused:
        parse_number(typed)

    assert typed in str(refused.value)


@pytest.mark.parametrize("typed", ["12万", "85%", "12 kWh", "1_000", "3x4", "1/2"])
def test_a_number_with_words_is_sent_to_the_unit_beside_the_box(typed: str) -> None:
    with pytest.raises(FieldError, match="more than a number"):
        parse_number(typed)


@pytest.mark.parametrize("typed", ["", "abc", "NaN", "nan", "inf", "-inf", "Infinity", "十二", "=1+1", "٣", "①a", "--3", "."])
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(FieldError):
        parse_number(typed)


@pytest.mark.parametrize("typed", ["1e400", "9" * 39 + "e9", "1e999"])
def test_a_number_too_large_for_arithmetic_is_refused(typed: str) -> None:
    with pytest.raises(FieldError, match=r"too large|too long"):
        parse_number(typed)


def test_a_very_long_text_is_refused_and_not_repeated_in_full() -> None:
    with pytest.raises(FieldError, match="too long") as refused:
        parse_number("1" * 5000)

    assert len(str(refused.value)) < 120


@given(st.text(max_size=60))
def test_any_text_is_a_finite_number_or_refused(typed: str) -> None:
    with suppress(FieldError):
        assert math.isfinite(parse_number(typed))


@given(st.floats(min_value=0, max_value=1e12, allow_nan=False).map(lambda value: round(value, 3)))
def test_thousands_separators_change_nothing(value: float) -> None:
    assert parse_number(f"{value:,.3f}") == pytest.approx(value, abs=5e-4)
