"""Geometry of histograms."""

import pytest

from service.web.charts_uncertainty import histogram


def test_columns_fill_an_axis_of_round_numbers() -> None:
    # 10 to 14 in two columns of 30 and 10; ticks 10, 11, ... 14
    chart = histogram([10.0, 12.0, 14.0], [30, 10], central=(11.0, 12.5), marks=[("Median", 11.0)], unit="kg")

    assert [tick.value for tick in chart.ticks] == [10.0, 11.0, 12.0, 13.0, 14.0]
    first, second = chart.columns
    assert (first.start_percent, first.width_percent, first.height_percent) == (0.0, 50.0, 100.0)
    assert (second.start_percent, second.height_percent) == (50.0, pytest.approx(100 / 3))
    assert (first.share, second.share) == (0.75, 0.25)
    assert (first.is_central, second.is_central) == (True, False)


def test_marks_outside_the_columns_widen_the_axis_and_keep_their_labels_inside() -> None:
    chart = histogram([2.0, 3.0], [5], central=(2.0, 3.0), marks=[("Zero", 0.0), ("Median", 2.5)], unit="kg")

    zero, median = chart.marks
    assert (zero.percent, zero.anchor) == (0.0, "start")
    assert median.anchor == "end"
    assert chart.ticks[0].value == 0.0
