import math

import pytest

from service.web.charts_scores import Axis, Gain, peer_strip, point_steps, radar


def axes(*values: float | None) -> list[Axis]:
    return [Axis(code=f"D{place}", label=f"Dimension {place}", value=value) for place, value in enumerate(values)]


def corners(points: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in (pair.split(",") for pair in points.split())]


def test_the_first_axis_points_upwards_and_the_others_follow_clockwise() -> None:
    chart = radar(axes(100, 100, 50, 0))

    # Centre (180, 180), radius 120: up, right, half-way down, at the centre.
    assert corners(chart.outline) == [(180, 60), (300, 180), (180, 240), (180, 180)]


def test_rings_stand_at_quarters_of_the_radius() -> None:
    distances = [math.dist((180, 180), corners(ring)[0]) for ring in radar(axes(1, 2, 3)).rings]

    assert distances == [30, 60, 90, 120]


def test_a_dimension_without_a_value_is_drawn_at_the_centre_and_keeps_its_label() -> None:
    chart = radar(axes(None, 80, 80))

    assert (chart.axes[0].dot_x, chart.axes[0].dot_y) == (180, 180)
    assert chart.axes[0].axis.value is None


def test_labels_left_of_the_centre_end_at_their_axis_and_those_right_of_it_begin_there() -> None:
    assert [one.anchor for one in radar(axes(1, 1, 1, 1)).axes] == ["middle", "start", "middle", "end"]


def test_each_gain_begins_where_the_one_before_it_ends() -> None:
    chart = point_steps([Gain(code="A", label="", points=20, possible=35), Gain(code="B", label="", points=9, possible=15)])

    shown = [value for one in chart.rows for value in (one.start_percent, one.width_percent, one.lost_percent)]
    assert shown == pytest.approx([0, 20, 15, 20, 9, 6])
    assert (chart.total, chart.total_percent) == (29, 29)
    assert [tick.value for tick in chart.ticks] == [0, 25, 50, 75, 100]


def test_a_value_stands_among_its_peers_on_an_axis_from_zero() -> None:
    chart = peer_strip(4.0, 5.0, (3.0, 8.0))  # ticks 0, 2, 4, 6, 8

    assert (chart.value_percent, chart.benchmark_percent, chart.band) == (50, 62.5, (37.5, 100))


def test_too_few_peers_leave_no_band_and_no_footprint_leaves_no_dot() -> None:
    chart = peer_strip(None, 5.0, None)

    assert (chart.value_percent, chart.band) == (None, None)
    assert chart.benchmark_percent == 100  # ticks end at 5
