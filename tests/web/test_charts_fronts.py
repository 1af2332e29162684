import pytest

from service.web.charts_fronts import HEIGHT, FrontPoint, front_chart


def point(carbon: float, cost: float, kind: str = "exact") -> FrontPoint:
    return FrontPoint(label="Plan", carbon=carbon, cost=cost, kind=kind)


def test_plans_stand_between_round_numbers() -> None:
    chart = front_chart([point(100, 5), point(300, 1), point(200, 3, "relaxed")], carbon_unit="t", cost_unit="CNY")

    assert chart is not None
    assert [tick.value for tick in chart.carbon_ticks] == [100, 200, 300]
    assert [value for value, _ in chart.cost_ticks] == [1, 2, 3, 4, 5]
    # the dearest and cleanest stands top left, the cheapest bottom right, the relaxed one in the middle of the line
    assert [(dot.x_percent, dot.y) for dot in chart.dots] == [(0, 0), (100, HEIGHT)]
    assert chart.line == "50.00,50.00"


def test_plans_that_differ_by_rounding_only_are_one_place() -> None:
    chart = front_chart([point(600, 1.98), point(600.0000000000001, 1.9800000000000002)], carbon_unit="t", cost_unit="CNY")

    assert chart is not None
    first, second = chart.dots
    assert (first.x_percent, first.y) == pytest.approx((second.x_percent, second.y), abs=1e-6)
    assert 0 <= first.x_percent <= 100


def test_no_plan_is_no_drawing() -> None:
    assert front_chart([], carbon_unit="t", cost_unit="CNY") is None
