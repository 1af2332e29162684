from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from service.allocation.answers import Answer, Status, answer_of
from service.allocation.lines import BidMode, DemandLine, Rules, SupplierLine
from service.allocation.problem import Problem, problem_of
from service.allocation.solving import solve
from service.bench.allocation import check_with_scipy, random_problem
from tests.allocation.problems import COKE, a_problem, an_offer_line, cheapest_by_enumeration, small_problems, tonnes

SOLVER = 1e-6
"""Relative accuracy of the search, even with a gap of zero."""
TOKENS_T_CO2E = 1e-3
"""Orders of a millionth of 100 t, at 3 t/t, cost so little that the search does not tell them apart."""


def minimised(answer: Answer) -> float:
    assert answer.cost is not None
    return answer.cost + (answer.carbon_cost or 0.0) + (answer.defect_cost or 0.0)


def test_the_cheapest_offer_is_filled_first() -> None:
    """80 t x 100 + 20 t x 150 = 11,000 yuan; 80 t x 2 + 20 t x 1 = 180 t CO2e."""
    answer = solve(a_problem(an_offer_line("A", 100, 2000, capacity_t=80), an_offer_line("B", 150, 1000)))

    assert (answer.status, answer.cost, answer.t_co2e, answer.gap) == (Status.OPTIMAL, 11_000.0, 180.0, 0.0)
    assert tonnes(answer) == {"A": 80.0, "B": 20.0}
    assert answer.shadow_price_per_t_co2e is None


def test_a_cap_has_a_price() -> None:
    """Each tonne CO2e less moves a tonne from A (2 t/t) to B (1 t/t) and costs 50 yuan: 30 t moved from the 180 t without a cap."""
    offers = (an_offer_line("A", 100, 2000, capacity_t=80), an_offer_line("B", 150, 1000))

    capped = solve(a_problem(*offers, rules=Rules(carbon_cap_t=150.0)))
    tighter = solve(a_problem(*offers, rules=Rules(carbon_cap_t=149.0)))
    loose = solve(a_problem(*offers, rules=Rules(carbon_cap_t=500.0)))

    assert capped.cost == pytest.approx(11_000 + 30 * 50)
    assert capped.shadow_price_per_t_co2e == pytest.approx(50.0)
    assert (tighter.cost or 0) - (capped.cost or 0) == pytest.approx(50.0)
    assert loose.shadow_price_per_t_co2e == 0.0


def test_a_carbon_price_moves_the_plan_but_is_not_part_of_the_cost() -> None:
    """B costs 50 yuan more and carries 1 t CO2e less per tonne: above 50 yuan per t CO2e it wins."""
    offers = (an_offer_line("A", 100, 2000), an_offer_line("B", 150, 1000))

    below = solve(a_problem(*offers, rules=Rules(carbon_price_per_t=49.0)))
    above = solve(a_problem(*offers, rules=Rules(carbon_price_per_t=51.0)))

    assert (tonnes(below), below.cost, below.carbon_cost) == ({"A": 100.0}, 10_000.0, 49 * 200.0)
    assert (tonnes(above), above.cost, above.carbon_cost) == ({"B": 100.0}, 15_000.0, 51 * 100.0)


def test_a_fixed_cost_is_paid_once_and_may_decide() -> None:
    """A: 100 x 100 + 600 = 10,600; B: 100 x 105 = 10,500. With 600 t, A: 60,600; B: 63,000."""
    offers = (an_offer_line("A", 100, fixed_cost=600.0), an_offer_line("B", 105))

    assert tonnes(solve(a_problem(*offers))) == {"B": 100.0}
    assert solve(a_problem(*offers, demand=600.0)).cost == pytest.approx(60_600.0)


def test_below_its_minimum_order_a_supplier_gets_nothing() -> None:
    """A delivers 90 t; the other 10 t are less than B's 20 t, so that A gives 10 t up."""
    offers = (an_offer_line("A", 100, capacity_t=90), an_offer_line("B", 120, moq_t=20))

    assert tonnes(solve(a_problem(*offers))) == {"A": 80.0, "B": 20.0}


def test_a_second_source_without_a_minimum_order_still_gets_something() -> None:
    offers = (an_offer_line("A", 100), an_offer_line("B", 120))

    bare = solve(a_problem(*offers, min_suppliers=2))
    real = solve(a_problem(*offers, min_suppliers=2, rules=Rules(min_order_share=0.1)))

    assert {one.supplier: one.t > 0 for one in bare.allocations} == {"A": True, "B": True}
    assert bare.cost == pytest.approx(10_000.0, rel=1e-6)
    assert tonnes(real) == {"A": 90.0, "B": 10.0}


def test_no_more_suppliers_than_allowed() -> None:
    """The two cheap ones reach 100 t only with a third; two of them mean C for 60 t: 40 x 90 + 60 x 130."""
    offers = (an_offer_line("A", 90, capacity_t=40), an_offer_line("B", 90, capacity_t=40), an_offer_line("C", 130))

    answer = solve(a_problem(*offers, max_suppliers=2))

    assert len(answer.allocations) == 2
    assert answer.cost == pytest.approx(40 * 90 + 60 * 130)


def test_share_caps_hold() -> None:
    offers = (an_offer_line("A", 90, max_share=0.4), an_offer_line("B", 100, max_share=0.4), an_offer_line("C", 120))

    assert tonnes(solve(a_problem(*offers))) == {"A": 40.0, "B": 40.0, "C": 20.0}


def test_mean_defects_and_mean_score_hold_over_what_is_bought() -> None:
    """A 4 % and 40 points, B 1 % and 70 points. Defects <= 2 %: A <= 1/3. Score >= 64: A <= 6/30 = 20 t, which binds."""
    offers = (
        an_offer_line("A", 90, defect_share=0.04, green_score=40.0),
        an_offer_line("B", 100, defect_share=0.01, green_score=70.0),
    )

    assert tonnes(solve(a_problem(*offers, max_defect_share=0.02))) == {"A": 33.333, "B": 66.667}
    assert tonnes(solve(a_problem(*offers, max_defect_share=0.02, min_green_score=64.0))) == {"A": 20.0, "B": 80.0}


def test_an_offer_without_a_score_counts_as_zero_in_the_mean() -> None:
    offers = (an_offer_line("A", 90), an_offer_line("B", 100, green_score=80.0))

    assert tonnes(solve(a_problem(*offers, min_green_score=60.0))) == {"A": 25.0, "B": 75.0}


def test_a_vetoed_offer_gets_nothing_at_any_price() -> None:
    assert tonnes(solve(a_problem(an_offer_line("A", 1.0, is_vetoed=True), an_offer_line("B", 500.0)))) == {"B": 100.0}


def test_what_a_contract_obliges_us_to_take_is_taken() -> None:
    answer = solve(a_problem(an_offer_line("A", 90), an_offer_line("B", 500.0, min_take_t=15.0, fixed_cost=7.0)))

    assert tonnes(answer) == {"A": 85.0, "B": 15.0}
    assert answer.cost == pytest.approx(85 * 90 + 15 * 500 + 7)


def two_materials(**fields: object) -> Problem:
    """A is cheaper for both materials, of which 100 t and 50 t are needed."""
    offers = [an_offer_line(name, price, material=material) for name, price in (("A", 100), ("B", 130)) for material in "xy"]
    demands = (DemandLine(material="x", demand_t=100.0), DemandLine(material="y", demand_t=50.0))
    return Problem(**{"offers": offers, "demands": demands, **fields})  # type: ignore[arg-type]


def test_a_supplier_delivers_no_more_than_it_can_of_everything_together() -> None:
    answer = solve(two_materials(suppliers=(SupplierLine(supplier="A", capacity_t=120.0),)))

    assert sum(one.t for one in answer.allocations if one.supplier == "A") == pytest.approx(120.0)
    assert answer.cost == pytest.approx(120 * 100 + 30 * 130)


def test_an_owner_group_gets_no_more_than_its_share_of_each_material() -> None:
    group = (SupplierLine(supplier="A", owner_group="G"),)

    answer = solve(two_materials(suppliers=group, rules=Rules(max_owner_group_share=0.5)))

    assert {(one.supplier, one.material): one.t for one in answer.allocations} == pytest.approx(
        {("A", "x"): 50.0, ("A", "y"): 25.0, ("B", "x"): 50.0, ("B", "y"): 25.0}
    )


def test_no_more_new_suppliers_than_allowed() -> None:
    newcomers = (SupplierLine(supplier="A", is_new=True),)

    assert solve(two_materials(suppliers=newcomers, rules=Rules(max_new_suppliers=1))).cost == pytest.approx(15_000.0)
    assert solve(two_materials(suppliers=newcomers, rules=Rules(max_new_suppliers=0))).cost == pytest.approx(150 * 130.0)


def test_a_preference_changes_who_wins_but_not_what_is_paid() -> None:
    """B asks 102; judged 3 % lower it is 98.94 and beats 100."""
    offers = (an_offer_line("A", 100), an_offer_line("B", 102, price_preference=0.03))

    preferred = solve(a_problem(*offers, rules=Rules(bid_mode=BidMode.GRADE_PREFERENCE)))

    assert (tonnes(preferred), preferred.cost) == ({"B": 100.0}, 10_200.0)
    assert tonnes(solve(a_problem(*offers))) == {"A": 100.0}


def test_defects_cost_what_the_rules_say() -> None:
    """A: 100 + 4 % x 500 = 120 a tonne, B: 110 + 1 % x 500 = 115; B's 100 t are compared with 500 yuan for 1 t of defects."""
    offers = (an_offer_line("A", 100, defect_share=0.04), an_offer_line("B", 110, defect_share=0.01))

    answer = solve(a_problem(*offers, rules=Rules(defect_cost_per_t=500.0)))

    assert (tonnes(answer), answer.cost, answer.defect_cost) == ({"B": 100.0}, 11_000.0, pytest.approx(500.0))


def test_nothing_demanded_of_a_material_needs_nobody() -> None:
    answer = solve(a_problem(an_offer_line("A", moq_t=5.0, fixed_cost=9.0), demand=0.0, min_suppliers=2))

    assert (answer.status, answer.cost, answer.t_co2e, answer.allocations) == (Status.OPTIMAL, 0.0, 0.0, ())


@pytest.mark.parametrize("size", [1e-3, 1.0, 1e9])
def test_grams_and_gigatonnes_are_solved_alike(size: float) -> None:
    offers = (an_offer_line("A", 100, 2000, capacity_t=80 * size, moq_t=size), an_offer_line("B", 1.5e6, 1000, moq_t=30 * size))

    answer = solve(a_problem(*offers, demand=100 * size))

    assert {one.supplier: one.t / size for one in answer.allocations} == pytest.approx({"A": 70.0, "B": 30.0})


def test_ties_are_broken_the_same_way_every_time() -> None:
    problem = random_problem(seed=3, suppliers=8, materials=3, share=1.0)
    tied = replace(problem, offers=[replace(offer, price_per_t=100.0, fixed_cost=10.0) for offer in problem.offers])

    assert solve(tied) == solve(tied) == solve(problem_of(tied.as_dict()))


def test_an_answer_survives_storage() -> None:
    answer = solve(a_problem(an_offer_line("A"), rules=Rules(carbon_cap_t=500.0)))

    assert answer_of(answer.as_dict()) == replace(answer, allocations=answer.allocations)


@given(small_problems())
@settings(max_examples=80, deadline=None)
def test_no_plan_is_cheaper_than_every_corner_of_every_choice(problem: Problem) -> None:
    best = cheapest_by_enumeration(problem)
    answer = solve(problem)

    if best is None:
        assert answer.status is Status.INFEASIBLE
    else:
        assert answer.status is Status.OPTIMAL
        assert minimised(answer) == pytest.approx(best, rel=1e-6)


@given(small_problems())
@settings(max_examples=60, deadline=None)
def test_every_plan_keeps_every_rule(problem: Problem) -> None:
    answer = solve(problem)
    assume(answer.has_plan)
    [demand] = problem.demands
    offers = {offer.supplier: offer for offer in problem.offers}
    orders = {offers[one.supplier]: one.t for one in answer.allocations}

    assert sum(orders.values()) == pytest.approx(demand.demand_t, rel=1e-6)
    assert demand.min_suppliers <= len(orders) <= (demand.max_suppliers or len(orders))
    for offer, t in orders.items():
        assert offer.moq_t * (1 - 1e-6) <= t <= offer.max_share * demand.demand_t * (1 + 1e-6)
        assert t <= (t if offer.capacity_t is None else offer.capacity_t * (1 + 1e-6))
    if demand.max_defect_share is not None:
        assert sum((offer.defect_share or 0) * t for offer, t in orders.items()) <= demand.max_defect_share * 100 + 1e-6
    if demand.min_green_score is not None:
        assert sum((offer.green_score or 0) * t for offer, t in orders.items()) >= demand.min_green_score * 100 - 1e-4
    if problem.rules.carbon_cap_t is not None:
        assert (answer.t_co2e or 0) <= problem.rules.carbon_cap_t + 1e-6
    assert answer.cost == pytest.approx(sum(offer.price_per_t * t + offer.fixed_cost for offer, t in orders.items()), rel=1e-9)
    assert answer.t_co2e == pytest.approx(sum(offer.kg_co2e_per_t * t for offer, t in orders.items()) / 1000, abs=1e-9)


@given(small_problems(), st.floats(0.3, 1.0))
@settings(max_examples=30, deadline=None)
def test_a_tighter_cap_never_costs_less(problem: Problem, share: float) -> None:
    free = solve(problem)
    assume(free.has_plan)

    tight = solve(problem, at_most=share * (free.t_co2e or 0.0))

    assert not tight.has_plan or minimised(tight) >= minimised(free) * (1 - SOLVER)


@given(small_problems(), st.integers(1, 300))
@settings(max_examples=30, deadline=None)
def test_a_higher_carbon_price_never_means_more_carbon(problem: Problem, more: int) -> None:
    cheap = solve(problem)
    assume(cheap.has_plan)

    dear = solve(replace(problem, rules=replace(problem.rules, carbon_price_per_t=problem.rules.carbon_price_per_t + more)))

    assert (dear.t_co2e or 0) <= (cheap.t_co2e or 0) + TOKENS_T_CO2E


@given(small_problems())
@settings(max_examples=30, deadline=None)
def test_one_supplier_less_never_costs_less(problem: Problem) -> None:
    fewer = replace(problem, offers=problem.offers[:-1])
    all_offers, less = solve(problem), solve(fewer)

    assert not less.has_plan or minimised(less) >= minimised(all_offers) * (1 - SOLVER)


@pytest.mark.parametrize("seed", range(3))
def test_scipy_finds_no_better_plan_with_all_rules_together(seed: int) -> None:
    problem = random_problem(seed=seed, suppliers=15, materials=3, share=0.8)
    problem = replace(problem, rules=replace(problem.rules, gap=1e-6))
    free = solve(problem)
    capped = solve(problem, at_most=0.85 * (free.t_co2e or 0.0))

    assert check_with_scipy(problem).agrees_with(free, gap=1e-6)
    assert check_with_scipy(problem, at_most=0.85 * (free.t_co2e or 0.0)).agrees_with(capped, gap=1e-6)
    assert COKE not in {one.material for one in free.allocations}


def test_a_large_problem_begun_from_few_offers_ends_as_well_as_without() -> None:
    """330 pairs are enough for the short cut; SciPy goes over all of them from nothing."""
    problem = random_problem(seed=1, suppliers=110, materials=3, share=1.0)
    answer = solve(problem)

    assert (answer.status, (answer.gap or 0) <= problem.rules.gap) == (Status.OPTIMAL, True)
    assert check_with_scipy(problem).agrees_with(answer, gap=problem.rules.gap)


def test_when_the_time_is_up_nothing_is_called_impossible() -> None:
    """A hundredth of a second may be enough or not; what is there keeps its word either way."""
    problem = random_problem(seed=2, suppliers=110, materials=3, share=1.0)
    answer = solve(replace(problem, rules=replace(problem.rules, gap=0.0, time_limit_s=0.01)))

    assert answer.status is not Status.INFEASIBLE
    assert answer.has_plan == (answer.status is not Status.UNDECIDED)
    assert not answer.has_plan or sum(one.t for one in answer.allocations) == pytest.approx(
        sum(demand.demand_t for demand in problem.demands), rel=1e-6
    )
