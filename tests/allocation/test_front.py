from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings

from service.allocation.front import ExactFront, exact_front, lp_front
from service.allocation.lines import BidMode, Rules
from service.allocation.problem import Problem
from service.allocation.solving import solve
from service.bench.allocation import random_problem
from tests.allocation.problems import a_problem, an_offer_line, small_problems, tonnes


def three_ways(**fields: object) -> Problem:
    """A 100 yuan and 2 t/t, B 150 and 1 t/t, C 230 and 0.5 t/t: 50 yuan per t CO2e from A to B, 160 from B to C."""
    offers = (an_offer_line("A", 100, 2000), an_offer_line("B", 150, 1000), an_offer_line("C", 230, 500))
    return replace(a_problem(*offers), **fields)  # type: ignore[arg-type]


def corners(front: ExactFront) -> list[tuple[float, float]]:
    return [(round(point.cost or 0, 2), round(point.t_co2e or 0, 3)) for point in front.points]


def test_the_front_runs_from_the_cheapest_to_the_cleanest_plan() -> None:
    """From 200 t (10,000 yuan) in steps of 50 t: A to B at 50 yuan per t, then B to C at 160."""
    front = exact_front(three_ways(), points=4)

    assert corners(front) == [(10_000, 200), (12_500, 150), (15_000, 100), (23_000, 50)]
    assert [point.shadow_price_per_t_co2e for point in front.points][1] == pytest.approx(50.0)
    assert [tonnes(point) for point in front.points] == [{"A": 100}, {"A": 50, "B": 50}, {"B": 100}, {"C": 100}]
    assert front.is_complete


def test_without_thresholds_the_relaxed_front_is_the_exact_one() -> None:
    relaxed = lp_front(three_ways(), points=4)

    assert [(round(point.cost, 2), round(point.t_co2e, 3)) for point in relaxed] == corners(exact_front(three_ways(), points=4))
    assert [point.shadow_price_per_t_co2e for point in relaxed][1::2] == pytest.approx([50.0, 160.0])
    assert all(point.as_dict()["is_relaxed"] for point in relaxed)


def test_the_slope_of_the_relaxed_front_is_its_shadow_price() -> None:
    problem = random_problem(seed=2, suppliers=20, materials=4, share=0.7)
    points = lp_front(problem, points=40)

    for dearer, cheaper in pairwise(reversed(points)):
        slope = (dearer.cost - cheaper.cost) / (cheaper.t_co2e - dearer.t_co2e)
        assert cheaper.shadow_price_per_t_co2e - 1e-4 <= slope <= dearer.shadow_price_per_t_co2e + 1e-4


@given(small_problems())
@settings(max_examples=25, deadline=None)
def test_no_exact_point_lies_below_the_relaxed_front_and_none_is_dominated(problem: Problem) -> None:
    exact = exact_front(problem, points=5).points
    assume(exact)
    relaxed = lp_front(problem, points=30)

    for cheaper, cleaner in pairwise(exact):
        assert (cheaper.cost or 0) < (cleaner.cost or 0)
        assert (cheaper.t_co2e or 0) > (cleaner.t_co2e or 0)
    for point in exact:
        # A straight line from every relaxed point at its shadow price lies on or below the front (convexity).
        for below in relaxed:
            floor = below.cost - below.shadow_price_per_t_co2e * ((point.t_co2e or 0) - below.t_co2e)
            assert (point.cost or 0) >= floor - 1e-5 * abs(floor) - 1e-3


@given(small_problems())
@settings(max_examples=25, deadline=None)
def test_the_front_begins_with_the_cheapest_plan(problem: Problem) -> None:
    problem = replace(problem, rules=replace(problem.rules, carbon_price_per_t=0.0))
    front, answer = exact_front(problem, points=3), solve(problem)

    assert answer.has_plan == bool(front.points)
    if answer.has_plan:
        assert front.points[0].cost == pytest.approx(answer.cost, rel=1e-5)


def test_a_front_stays_below_the_cap_and_ignores_prices_of_carbon() -> None:
    plain = exact_front(three_ways(), points=4)

    assert corners(exact_front(three_ways(rules=Rules(gap=0.0, carbon_cap_t=150.0)), points=3)) == [
        (12_500, 150),
        (15_000, 100),
        (23_000, 50),
    ]
    assert exact_front(three_ways(rules=Rules(gap=0.0, carbon_price_per_t=75.0)), points=4).points[0].cost == plain.points[0].cost
    assert corners(exact_front(three_ways(rules=Rules(gap=0.0, bid_mode=BidMode.GRADE_PREFERENCE)), points=4)) == corners(plain)


def test_a_wide_gap_leaves_no_dominated_point() -> None:
    problem = random_problem(seed=4, suppliers=15, materials=3, share=0.9)
    front = exact_front(replace(problem, rules=Rules(gap=0.02)), points=6).points

    assert len(front) > 1
    assert all((one.cost or 0) < (next_.cost or 0) and (one.t_co2e or 0) > (next_.t_co2e or 0) for one, next_ in pairwise(front))


def test_progress_rises_to_the_end_and_a_cancelled_front_keeps_what_it_has() -> None:
    told: list[float] = []
    exact_front(three_ways(), points=4, on_progress=told.append)
    asked = iter((False, False, False, True))
    stopped = exact_front(three_ways(), points=4, is_cancelled=lambda: next(asked))

    assert told == sorted(told)
    assert told[-1] == 1.0
    assert not stopped.is_complete
    assert 1 <= len(stopped.points) < 4


def test_one_way_only_is_a_front_of_one_point() -> None:
    assert corners(exact_front(a_problem(an_offer_line("A", 100, 1000)), points=5)) == [(10_000, 100)]


def test_without_a_plan_there_is_no_front() -> None:
    nobody, too_little = a_problem(), a_problem(an_offer_line("A", capacity_t=5.0))

    for problem in (nobody, too_little):
        assert not exact_front(problem, points=3).points
        assert lp_front(problem, points=3) == []
