"""The cost curve: gains ranked by their worth, costs by yuan per tonne, each step on top of those before it."""

import itertools
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.strategy.macc import CurveMeasure, curve, ranked

BASE_T = 1000.0


def a_measure(key: str, *, yearly_cny: float, npv_cny: float = 0.0, t_co2: float) -> CurveMeasure:
    return CurveMeasure(key=key, yearly_cny=yearly_cny, npv_cny=npv_cny, t_co2_alone=t_co2)


def multiplied(cuts: dict[str, float]) -> "Joint":
    return Joint(cuts)


class Joint:
    """Measures that each cut what the others leave."""

    def __init__(self, cuts: dict[str, float]) -> None:
        self.cuts = cuts

    def __call__(self, keys: Sequence[str]) -> float:
        left = BASE_T
        for key in keys:
            left *= 1.0 - self.cuts[key]
        return BASE_T - left


def test_measures_that_pay_for_themselves_are_ranked_by_their_worth_and_not_by_yuan_per_tonne() -> None:
    # by yuan per tonne "small" would come first: -100 / 10 = -10 against -100 / 50 = -2
    small = a_measure("small", yearly_cny=-100.0, npv_cny=700.0, t_co2=10.0)
    large = a_measure("large", yearly_cny=-100.0, npv_cny=900.0, t_co2=50.0)
    dear = a_measure("dear", yearly_cny=500.0, t_co2=10.0)
    cheap = a_measure("cheap", yearly_cny=100.0, t_co2=10.0)
    idle = a_measure("idle", yearly_cny=1.0, t_co2=0.0)

    assert [one.key for one in ranked([idle, dear, small, cheap, large])] == ["large", "small", "cheap", "dear", "idle"]


def test_each_step_adds_what_the_steps_before_it_have_left() -> None:
    # 20 % of 1000 = 200 t; then 50 % of the 800 that are left = 400 t, at 8000 / 400 = 20 yuan/t and not 8000 / 500 = 16
    first = a_measure("a", yearly_cny=1000.0, t_co2=200.0)
    second = a_measure("b", yearly_cny=8000.0, t_co2=500.0)

    steps = curve(ranked([second, first]), multiplied({"a": 0.2, "b": 0.5}))

    assert [one.key for one in steps] == ["a", "b"]
    assert [one.from_t_co2 for one in steps] == pytest.approx([0.0, 200.0])
    assert [one.to_t_co2 for one in steps] == pytest.approx([200.0, 600.0])
    assert [one.cny_per_t for one in steps] == [pytest.approx(5.0), pytest.approx(20.0)]


@given(cuts=st.lists(st.floats(0.0, 0.9), min_size=1, max_size=4))
def test_the_order_does_not_change_the_total(cuts: list[float]) -> None:
    joint = multiplied({str(place): cut for place, cut in enumerate(cuts)})
    measures = [a_measure(key, yearly_cny=1.0, t_co2=1.0) for key in joint.cuts]

    totals = [curve(order, joint)[-1].to_t_co2 for order in itertools.permutations(measures)]

    assert totals == pytest.approx([joint(list(joint.cuts))] * len(totals))


def test_a_measure_that_undoes_others_has_no_cost_per_tonne() -> None:
    steps = curve([a_measure("worse", yearly_cny=5.0, t_co2=-3.0)], lambda keys: -3.0 * len(keys))

    assert steps[0].cny_per_t is None
    assert steps[0].t_co2 == pytest.approx(-3.0)
