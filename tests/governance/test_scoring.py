"""Points and grades of a scorecard."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.governance.scoring import grade_of, points_of, weights_sum_to_full

NUMBERS = st.floats(min_value=-1e6, max_value=1e6)


@pytest.mark.parametrize(
    ("value", "floor", "target", "points"),
    [
        (10_600.0, 12_600.0, 10_600.0, 100.0),  # less is better: at the target
        (11_600.0, 12_600.0, 10_600.0, 50.0),  # half-way: (11600 - 12600) / (10600 - 12600)
        (13_000.0, 12_600.0, 10_600.0, 0.0),  # worse than the floor
        (30.0, 20.0, 60.0, 25.0),  # more is better: (30 - 20) / (60 - 20)
        (99.0, 20.0, 60.0, 100.0),  # beyond the target
    ],
)
def test_points_lie_on_a_line_between_floor_and_target(value: float, floor: float, target: float, points: float) -> None:
    assert points_of(value, floor=floor, target=target) == pytest.approx(points)


@given(value=NUMBERS, floor=NUMBERS, target=NUMBERS)
def test_points_lie_between_0_and_100(value: float, floor: float, target: float) -> None:
    if floor == target:
        with pytest.raises(ValueError, match="the same"):
            points_of(value, floor=floor, target=target)
    else:
        assert 0.0 <= points_of(value, floor=floor, target=target) <= 100.0


@pytest.mark.parametrize(
    ("total", "grade"), [(100.0, "A"), (90.0, "A"), (89.99, "B"), (75.0, "B"), (60.0, "C"), (59.99, "D"), (0.0, "D")]
)
def test_a_grade_begins_at_its_least_points(total: float, grade: str) -> None:
    assert grade_of(total) == grade


def test_weights_sum_to_100_up_to_rounding() -> None:
    assert weights_sum_to_full([33.3, 33.3, 33.4])
    assert not weights_sum_to_full([33.3, 33.3, 33.3])
