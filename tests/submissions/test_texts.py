from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.errors import FieldError
from service.submissions.answers import Entry, read_entry
from service.submissions.questionnaire import find_question
from service.submissions.texts import parse_day, parse_text
from service.suppliers.codes import is_credit_code


@pytest.mark.parametrize(
    "typed", ["2025-03-09", "2025/3/9", "2025.3.9", "2025年3月9日", "２０２５－０３－０９", " 2025 年 3 月 9 日 "]
)
def test_a_day_is_read_as_people_write_it(typed: str) -> None:
    assert parse_day(typed) == date(2025, 3, 9)


@pytest.mark.parametrize("typed", ["2025-02-30", "9.3.2025", "03/09/2025", "2025", "yesterday", "1925-01-01", ""])
def test_what_is_no_day_or_could_be_another_is_refused(typed: str) -> None:
    with pytest.raises(FieldError, match="is not a day"):
        parse_day(typed)


@given(st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 12, 31)))
def test_every_day_of_the_century_comes_back(day: date) -> None:
    assert parse_day(day.isoformat()) == parse_day(f"{day.year}年{day.month}月{day.day}日") == day


def test_a_credit_code_is_checked_by_its_last_character() -> None:
    # The example of GB 32100-2015: the weighted sum of the first 17 is 1640 = 52 × 31 + 28, and 31 − 28 = 3.
    assert is_credit_code("91350100M000100Y43")
    assert not is_credit_code("91350100M000100Y44")
    assert parse_text(" 91350100m000100y43 ", "uscc") == "91350100M000100Y43"


@given(st.integers(0, 16), st.sampled_from("0123456789ABCDEFGHJKLMNPQRTUWXY"))
def test_one_wrong_character_of_a_credit_code_is_always_found(place: int, wrong: str) -> None:
    right = "91350100M000100Y43"
    mistyped = f"{right[:place]}{wrong}{right[place + 1 :]}"

    assert is_credit_code(mistyped) is (mistyped == right)


@pytest.mark.parametrize(
    ("typed", "text_format", "words"),
    [
        ("913501000000000000", "uscc", "social credit code"),
        ("7782-42-6", "cas", "not a CAS number"),
        ("HW1", "waste_code", "waste code"),
        ("none", "certificates", "holds no number"),
        ("x" * 201, "line", "200 characters"),
    ],
)
def test_a_code_that_cannot_be_right_says_how_it_looks(typed: str, text_format: str, words: str) -> None:
    with pytest.raises(FieldError, match=words):
        parse_text(typed, text_format)  # type: ignore[arg-type] # one of the formats


@pytest.mark.parametrize(
    ("supplier_type", "key", "typed", "text"),
    [
        ("COKE", "product_cas", "7782-42-5", "7782-42-5"),
        ("WASTE", "waste_code", "hw11", "HW11"),
        ("TOLL", "data_from", "2025年1月1日", "2025-01-01"),
        ("TOLL", "legal_name", "  示例   炭素有限公司 ", "示例 炭素有限公司"),
    ],
)
def test_texts_and_days_are_answers_too(supplier_type: str, key: str, typed: str, text: str) -> None:
    question = find_question(supplier_type, key)
    assert question

    reading = read_entry(question, Entry(entered=typed))

    assert (reading.text, reading.meaning, reading.value, reading.error) == (text, text, None, None)
