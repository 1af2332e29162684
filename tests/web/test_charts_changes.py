import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.web.charts_changes import Change, Reach, tornado_chart, waterfall

VALUES = st.floats(-5, 5).filter(lambda one: abs(one) > 1e-6)


def a_change(value: float) -> Change:
    return Change(label="x", value=value)


def a_reach(at_low: float | None, at_high: float | None) -> Reach:
    return Reach(label="x", low="1", high="2", unit="kg", at_low=at_low, at_high=at_high)


def test_each_bar_begins_where_the_one_before_it_ends() -> None:
    # 10 + 4 - 1 = 13 on an axis from 10 to 14: up from 0 to 100 %, back to 75 %.
    chart = waterfall(10.0, [a_change(4.0), a_change(-1.0)], unit="kg")

    assert [tick.value for tick in chart.ticks] == [10.0, 11.0, 12.0, 13.0, 14.0]
    assert [(row.start_percent, row.width_percent, row.end_percent) for row in chart.rows] == [(0, 100, 100), (75, 25, 75)]
    assert (chart.before_percent, chart.after_percent, chart.after) == (0, 75, 13)


@given(before=st.floats(-10, 10), values=st.lists(VALUES, max_size=8))
def test_all_bars_lie_on_the_axis(before: float, values: list[float]) -> None:
    chart = waterfall(before, [a_change(value) for value in values], unit="kg")

    for row in chart.rows:
        assert -1e-6 <= row.start_percent <= row.start_percent + row.width_percent <= 100 + 1e-6
    assert chart.after == pytest.approx(before + sum(values), abs=1e-9)


def test_no_change_is_an_axis_with_one_total() -> None:
    chart = waterfall(12.0, [], unit="kg")

    assert (chart.before_percent, chart.rows) == (chart.after_percent, ())


def test_a_reach_spans_both_results_whichever_is_higher() -> None:
    # From 8 to 12: 10 to 12 is the right half, 11 to 8 the first three quarters.
    chart = tornado_chart(10.0, [a_reach(10.0, 12.0), a_reach(11.0, 8.0)], unit="kg")

    assert [(row.start_percent, row.width_percent) for row in chart.rows] == [(50, 50), (0, 75)]
    assert chart.base_percent == 50


def test_an_end_that_can_not_be_stands_at_the_base() -> None:
    chart = tornado_chart(10.0, [a_reach(None, 12.0), a_reach(8.0, None)], unit="kg")

    assert [(row.start_percent, row.width_percent) for row in chart.rows] == [(50, 50), (0, 50)]
