"""What is typed as lines: read, refused with the line, written back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import FormData

from service.console.measure_forms import read_measure, years_of
from service.errors import InvalidInputError
from service.measures.overlays import read_overlay, written

NAMES = st.text("abcdefghij_", min_size=1, max_size=20)


@given(st.dictionaries(NAMES, st.floats(-1e6, 1e6, allow_nan=False) | st.sampled_from(["box", "continuous"]), max_size=5))
def test_what_is_written_is_read_again(parameters: dict[str, float | str]) -> None:
    assert read_overlay(written(parameters), field="parameters") == parameters


@pytest.mark.parametrize("text", ["furnace", "= 3", "furnace =", "a = 1\na = 2"])
def test_a_line_that_says_nothing_or_comes_twice_is_refused_at_its_field(text: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        read_overlay(text, field="parameters")

    assert set(refused.value.fields) == {"parameters"}


@pytest.mark.parametrize("text", ["soon = 3", "2027 = much", "27 = 3", "2027 = nan", "2027 = 1e999", "9" * 5000 + " = 3"])
def test_a_year_has_four_digits_and_a_finite_number(text: str) -> None:
    with pytest.raises(InvalidInputError, match="attention") as refused:
        years_of(text, field="capex_cny")

    assert set(refused.value.fields) == {"capex_cny"}


def test_every_problem_of_a_form_stands_at_its_field() -> None:
    form = FormData([("lever", "furnace"), ("begins", "soon"), ("trl", "10"), ("csrf_token", "x"), ("version", "3")])

    with pytest.raises(InvalidInputError) as refused:
        read_measure(form)

    assert {"begins", "trl", "name_zh", "lifetime_years"} <= set(refused.value.fields)
