"""How a measure spreads: from its begin to its full share, monotonically, or as a schedule says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.measures.uptake import Curve, Uptake


def test_a_linear_measure_has_its_part_in_the_first_year() -> None:
    uptake = Uptake(begins=2026, years=4, full=0.8, curve=Curve.LINEAR)

    assert [uptake.in_year(year) for year in (2025, 2026, 2028, 2029, 2040)] == pytest.approx([0.0, 0.2, 0.6, 0.8, 0.8])


def test_a_measure_made_at_once_is_there_in_its_first_year() -> None:
    assert Uptake(begins=2026, years=4).in_year(2026) == 1.0


def test_an_s_curve_is_half_way_in_the_middle() -> None:
    assert Uptake(begins=2026, years=4, curve=Curve.S_CURVE).in_year(2027) == pytest.approx(0.5)


def test_a_schedule_holds_until_its_next_year() -> None:
    uptake = Uptake(begins=2026, schedule={2026: 0.1, 2028: 0.7})

    assert [uptake.in_year(year) for year in (2025, 2026, 2027, 2028, 2050)] == [0.0, 0.1, 0.1, 0.7, 0.7]


@given(curve=st.sampled_from(Curve), years=st.integers(1, 40), full=st.floats(0.01, 1.0))
def test_a_measure_never_falls_back_and_ends_at_its_full_share(curve: Curve, years: int, full: float) -> None:
    uptake = Uptake(begins=2026, years=years, full=full, curve=curve)

    shares = [uptake.in_year(year) for year in range(2025, 2067)]

    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(full)
