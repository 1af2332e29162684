from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.web.formatting import day_of, format_date, format_datetime, format_exact, format_number, format_percent


@pytest.mark.parametrize(
    ("value", "digits", "shown"),
    [
        (12.4821, 3, "12.5"),
        (12.4821, 4, "12.48"),
        (12.0, 3, "12.0"),
        (99.96, 3, "100"),
        (99.94, 3, "99.9"),
        (9.996, 3, "10.0"),
        (999.6, 3, "1,000"),
        (0.09996, 3, "0.100"),
        (9.5, 1, "10"),
        (0.00123456, 3, "0.00123"),
        (1234567.0, 3, "1,230,000"),
        (-99.96, 3, "−100"),
        (-0.5, 3, "−0.500"),
        (2.5, 1, "2"),
        (3.5, 1, "4"),
        (0, 3, "0"),
        (-0.0, 3, "0"),
        (1e15, 3, "1.00E+15"),
        (9.999e14, 3, "1,000,000,000,000,000"),
        (2.5e-13, 3, "2.50E−13"),
        (1e300, 3, "1.00E+300"),
        (None, 3, "–"),
        (float("nan"), 3, "–"),
        (float("inf"), 3, "–"),
    ],
)
def test_a_number_is_rounded_to_significant_digits_half_to_even(value: float | None, digits: int, shown: str) -> None:
    assert format_number(value, "en", digits) == shown
    assert format_number(value, "zh-CN", digits) == shown


@pytest.mark.parametrize(
    ("value", "shown"), [(79.0, "79"), (66.39, "66.4"), (0.8, "0.8"), (12.5, "12.5"), (100.0, "100"), (None, "–")]
)
def test_a_number_rounded_before_shows_no_zeros_that_nobody_knows(value: float | None, shown: str) -> None:
    assert format_number(value, "en", padded=False) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.1, "0.1"),
        (12.0, "12"),
        (1234567.891, "1,234,567.891"),
        (0.00000012345, "0.00000012345"),
        (1e-13, "1E−13"),
        (1.5e20, "1.5E+20"),
        (0.0, "0"),
        (-0.0, "0"),
        (-2.5, "−2.5"),
        (None, "–"),
        (float("nan"), "–"),
    ],
)
def test_every_digit_that_was_given_can_be_shown(value: float | None, shown: str) -> None:
    assert format_exact(value, "zh-CN") == shown


@pytest.mark.parametrize(("share", "en", "zh"), [(0.7123, "71.2 %", "71.2%"), (1.0, "100 %", "100%"), (0, "0 %", "0%")])
def test_a_share_is_shown_in_per_cent_as_each_language_writes_it(share: float, en: str, zh: str) -> None:
    assert (format_percent(share, "en"), format_percent(share, "zh-CN")) == (en, zh)


@pytest.mark.parametrize("share", [None, float("nan")])
def test_a_missing_share_is_a_dash_without_a_unit(share: float | None) -> None:
    assert format_percent(share, "en") == "–"


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_what_is_shown_exactly_is_the_number_itself(value: float) -> None:
    assert float(format_exact(value, "en").replace(",", "").replace("−", "-")) == value


@given(st.floats(min_value=1e-300, max_value=1e300), st.integers(1, 6))
def test_rounding_moves_a_number_by_half_a_step_at_most(value: float, digits: int) -> None:
    shown = Decimal(format_number(value, "en", digits).replace(",", "").replace("−", "-"))
    exact = Decimal(repr(value))
    step = Decimal(1).scaleb(exact.adjusted() - digits + 1)

    assert abs(shown - exact) <= step / 2


def test_a_moment_is_shown_in_the_time_of_the_place() -> None:
    moment = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)

    assert format_datetime(moment, "Asia/Shanghai") == "2026-11-23 07:30"  # 8 hours ahead
    assert format_datetime(None, "Asia/Shanghai") == "–"
    assert day_of(moment, "Asia/Shanghai") == date(2026, 11, 23)
    assert day_of(date(2026, 11, 22), "Asia/Shanghai") == date(2026, 11, 22)


def test_a_day_is_shown_the_same_in_both_languages() -> None:
    assert format_date(date(2026, 1, 2)) == "2026-01-02"
    assert format_date(None) == "–"
