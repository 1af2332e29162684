from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.web.charts import (
    Estimate,
    Part,
    dots_and_intervals,
    horizontal_bars,
    round_ticks,
    sparkline,
    stacked_bar,
)

amounts = st.floats(-1e6, 1e6).map(lambda value: round(value, 6))


def parts(*values: float) -> list[Part]:
    return [Part(code=f"P{index}", label=f"part {index}", value=value) for index, value in enumerate(values, start=1)]


def test_a_stacked_bar_lays_positive_parts_end_to_end_over_the_whole_width() -> None:
    chart = stacked_bar(parts(2.0, 6.0, 2.0), unit="kg")

    # 2 of 10 is 20 %, 6 of 10 is 60 %
    assert [(bar.start_percent, bar.width_percent, bar.share) for bar in chart.bars] == [
        (pytest.approx(0), pytest.approx(20), pytest.approx(0.2)),
        (pytest.approx(20), pytest.approx(60), pytest.approx(0.6)),
        (pytest.approx(80), pytest.approx(20), pytest.approx(0.2)),
    ]
    assert chart.total == pytest.approx(10)
    assert chart.zero_percent == 0


def test_a_credit_lies_left_of_zero_and_keeps_the_total() -> None:
    chart = stacked_bar(parts(8.0, -2.0), unit="kg")

    # The axis runs from -2 to 8: zero lies at 2 of 10.
    assert chart.zero_percent == pytest.approx(20)
    assert (chart.bars[0].start_percent, chart.bars[0].width_percent) == (pytest.approx(20), pytest.approx(80))
    assert (chart.bars[1].start_percent, chart.bars[1].width_percent) == (pytest.approx(0), pytest.approx(20))
    assert chart.total == pytest.approx(6)


@given(st.lists(amounts, max_size=9))
def test_bars_stay_inside_the_drawing_and_never_overlap(values: list[float]) -> None:
    chart = stacked_bar(parts(*values), unit="kg")

    edges = sorted((bar.start_percent, bar.start_percent + bar.width_percent) for bar in chart.bars)
    assert all(-1e-6 <= low <= high <= 100 + 1e-6 for low, high in edges)
    assert sum(bar.width_percent for bar in chart.bars) <= 100 + 1e-6
    assert all(after[0] >= before[1] - 1e-6 for before, after in pairwise(edges) if after[1] > after[0])


def test_narrow_parts_go_without_a_label_in_the_bar() -> None:
    assert [bar.labelled for bar in stacked_bar(parts(95.0, 5.0), unit="kg").bars] == [True, False]


def test_shares_of_a_zero_total_are_missing_rather_than_zero() -> None:
    assert stacked_bar(parts(0.0), unit="kg").bars[0].share is None
    assert stacked_bar(parts(3.0, -3.0), unit="kg").bars[0].share is None


def test_horizontal_bars_all_start_at_zero() -> None:
    chart = horizontal_bars(parts(9.0, -1.0), unit="kg")

    # The axis runs from -1 to 9.
    assert chart.zero_percent == pytest.approx(10)
    assert (chart.bars[0].start_percent, chart.bars[0].width_percent) == (pytest.approx(10), pytest.approx(90))
    assert (chart.bars[1].start_percent, chart.bars[1].width_percent) == (pytest.approx(0), pytest.approx(10))


def test_an_empty_chart_has_no_bars_and_no_error() -> None:
    assert stacked_bar([], unit="kg").bars == ()
    assert horizontal_bars([], unit="kg").bars == ()
    assert dots_and_intervals([], unit="kg").rows == ()


def test_intervals_are_placed_on_an_axis_from_zero_to_a_round_number() -> None:
    chart = dots_and_intervals([Estimate(label="A", value=8.0, low=6.0, high=9.5)], unit="kg")

    # A fifth of 9.5 is 1.9, the next round step is 2: 0, 2, 4, 6, 8, 10.
    assert [tick.value for tick in chart.ticks] == [0, 2, 4, 6, 8, 10]
    row = chart.rows[0]
    assert (row.low_percent, row.value_percent, row.high_percent) == (
        pytest.approx(60),
        pytest.approx(80),
        pytest.approx(95),
    )


@given(low=amounts, span=st.floats(1e-3, 1e6))
def test_ticks_enclose_the_range_with_a_handful_of_even_steps(low: float, span: float) -> None:
    ticks = round_ticks(low, low + span)

    assert ticks[0] <= low + 1e-6 * span
    assert ticks[-1] >= low + span - 1e-6 * span
    assert 2 <= len(ticks) <= 8


def test_a_sparkline_runs_from_bottom_left_to_top_right_for_a_rising_series() -> None:
    line = sparkline([1.0, 2.0, 3.0])

    assert line is not None
    assert line.points == "3.0,21.0 50.0,12.0 97.0,3.0"
    assert sparkline([1.0]) is None
