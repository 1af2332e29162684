"""How codes of certificates are read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.errors import FieldError
from service.green_power.codes import read_block, read_code
from service.green_power.models import Scheme
from tests.green_power.builders import PROJECT, code


def test_a_code_has_a_project_part_and_an_energy_part() -> None:
    read = read_code(" 12345678901234567 000000000000017 ")

    assert (read.project, read.number) == ("12345678901234567", "000000000000017")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("123", "has 3 digits; a code has 32"),
        ("1234567890123456X000000000000017", "The project part “1234567890123456X” (places 1 to 17)"),
        ("1234567890123456700000000000O017", "The energy part “00000000000O017” (places 18 to 32)"),
    ],
)
def test_what_is_wrong_is_said_with_the_part(text: str, said: str) -> None:
    with pytest.raises(FieldError) as refused:
        read_code(text)

    assert said in str(refused.value)


@given(st.integers(min_value=11 * 10**30, max_value=99 * 10**30))
def test_a_code_that_excel_has_kept_as_a_number_is_refused(number: int) -> None:
    for destroyed in (float(number), str(int(float(number))), f"{float(number):.14E}", f"{number // 10**17}{'0' * 17}"):
        with pytest.raises(FieldError, match="is a number to Excel"):
            read_code(destroyed)


@given(st.integers(min_value=0, max_value=10**15 - 1))
def test_a_code_as_text_is_read_as_it_stands(number: int) -> None:
    text = f"{PROJECT}{number:015}"
    # one code in 2^50 looks like one that Excel has spoilt, and so does one of zeros behind the fifteenth place
    if int(text) % 2**50 == 0:
        return

    assert str(read_code(text)) == text


def test_a_block_counts_both_ends() -> None:
    block = read_block(code(1), code(2), scheme=Scheme.GEC)

    # the numbers end in 17 and 27
    assert block.mwh == 11


def test_a_block_stays_in_one_project() -> None:
    with pytest.raises(FieldError, match="different projects"):
        read_block(code(1), "9" + code(2)[1:], scheme=Scheme.GEC)


def test_a_block_does_not_run_backwards() -> None:
    with pytest.raises(FieldError, match="1 to 1000000 may stand in one row"):
        read_block(code(2), code(1), scheme=Scheme.GEC)
