from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given, settings

from service.allocation.answers import Status
from service.allocation.explaining import WORDS, BlockingRule, blocking_rules
from service.allocation.lines import DemandLine, Rules, SupplierLine
from service.allocation.problem import Problem
from service.allocation.program import Rule
from service.allocation.solving import solve
from service.i18n import explain
from tests.allocation.problems import COKE, a_problem, an_offer_line, small_problems

A, B = an_offer_line("A", 100, 2000), an_offer_line("B", 150, 1000)


def with_suppliers(*offers: Any, rules: Rules, **lines: Any) -> Problem:
    return replace(a_problem(*offers), suppliers=[SupplierLine(supplier="A", **lines)], rules=rules)


CASES: dict[Rule, tuple[Problem, float]] = {
    # Each with what the rule would have to be, by hand.
    Rule.CAPACITY: (a_problem(replace(A, capacity_t=60.0), replace(B, capacity_t=30.0)), 70.0),  # or 40 for B
    Rule.SHARE: (a_problem(replace(A, max_share=0.7)), 1.0),
    Rule.MOQ: (a_problem(replace(A, moq_t=150.0)), 100.0),
    Rule.MIN_TAKE: (a_problem(replace(A, min_take_t=130.0)), 100.0),
    Rule.MIN_SUPPLIERS: (a_problem(A, min_suppliers=2), 1.0),
    Rule.MAX_SUPPLIERS: (
        a_problem(*(replace(A, supplier=name, max_share=0.5, capacity_t=50.0) for name in "AB"), max_suppliers=1),
        2.0,
    ),
    Rule.DEFECTS: (a_problem(replace(A, defect_share=0.05), max_defect_share=0.02), 0.05),
    Rule.SCORE: (a_problem(replace(A, green_score=40.0), min_green_score=60.0), 40.0),
    Rule.SUPPLIER_CAPACITY: (with_suppliers(A, rules=Rules(), capacity_t=70.0), 100.0),
    Rule.OWNER_GROUP: (with_suppliers(A, rules=Rules(max_owner_group_share=0.5), owner_group="G"), 1.0),
    Rule.NEW_SUPPLIERS: (with_suppliers(A, rules=Rules(max_new_suppliers=0), is_new=True), 1.0),
    Rule.CARBON_CAP: (a_problem(A, B, rules=Rules(carbon_cap_t=80.0)), 100.0),
    Rule.MIN_ORDER: (
        a_problem(replace(A, capacity_t=50.0), replace(B, capacity_t=50.0), rules=Rules(min_order_share=0.6)),
        0.5,
    ),
}


@pytest.mark.parametrize("rule", CASES)
def test_the_rule_that_leaves_no_plan_is_named_with_what_would_help(rule: Rule) -> None:
    problem, needed = CASES[rule]
    assert solve(problem).status is Status.INFEASIBLE

    found = [broken for broken in blocking_rules(problem) if broken.rule is rule]

    assert found
    assert {broken.way_out for broken in found} == {found[0].way_out}
    if rule is Rule.CAPACITY:
        assert sum(broken.missing for broken in found) == pytest.approx(10.0)  # 100 t - 60 t - 30 t
    else:
        assert found[0].needed == pytest.approx(needed)


def test_a_case_for_every_rule_that_can_be_broken() -> None:
    assert set(CASES) | {Rule.OFFERS, Rule.VETO} == set(Rule) == set(WORDS)


def test_nobody_offers_it() -> None:
    [found] = blocking_rules(a_problem())

    assert (found.rule, found.material, found.needed) == (Rule.OFFERS, COKE, 100.0)


def test_everybody_is_vetoed() -> None:
    [found] = blocking_rules(a_problem(replace(A, is_vetoed=True)))

    assert found.rule is Rule.VETO


def test_two_troubles_are_named_together() -> None:
    """The coke lacks 40 t of capacity, and the pitch is offered from 20 t up where 5 t are needed: neither alone helps."""
    problem = Problem(
        offers=[replace(A, capacity_t=60.0), replace(B, material="pitch", moq_t=20.0)],
        demands=[DemandLine(material=COKE, demand_t=100.0), DemandLine(material="pitch", demand_t=5.0)],
    )

    found = blocking_rules(problem)

    assert {(one.rule, one.material, one.way_out) for one in found} == {(Rule.CAPACITY, COKE, 1), (Rule.MOQ, "pitch", 1)}
    assert {one.rule: one.needed for one in found} == pytest.approx({Rule.CAPACITY: 100.0, Rule.MOQ: 5.0})


def test_several_ways_out_begin_with_the_smallest_step() -> None:
    """96 t of B and 4 t of A carry 96 + 8 = 104 t CO2e: 3 more than 101 (3.0 %). Within 101 t, B delivers 99 t (3.1 % more)."""
    problem = a_problem(A, replace(B, capacity_t=96.0), rules=Rules(carbon_cap_t=101.0))

    ways = blocking_rules(problem)

    assert [(one.rule, one.way_out) for one in ways] == [(Rule.CARBON_CAP, 1), (Rule.CAPACITY, 2)]
    assert {one.rule: one.needed for one in ways} == pytest.approx({Rule.CARBON_CAP: 104.0, Rule.CAPACITY: 99.0})


def test_with_a_plan_nothing_blocks() -> None:
    assert blocking_rules(a_problem(A, B)) == []


@pytest.mark.parametrize("rule", WORDS)
def test_every_reason_reads_in_both_languages(rule: Rule) -> None:
    broken = BlockingRule(rule=rule, way_out=1, material="煤沥青", supplier="沪焦", limit=10.0, needed=12.5)

    for text in (explain("zh-CN", broken.problem), explain("en", broken.problem)):
        assert "%" not in text
    assert any("\u4e00" <= mark <= "\u9fff" for mark in explain("zh-CN", broken.problem).replace("煤沥青", "").replace("沪焦", ""))
    assert broken.as_dict()["missing"] == 2.5


@given(small_problems())
@settings(max_examples=40, deadline=None)
def test_following_any_way_out_makes_a_plan_possible(problem: Problem) -> None:
    assume(solve(problem).status is Status.INFEASIBLE)

    ways = blocking_rules(problem)

    assert ways
    for number in {broken.way_out for broken in ways}:
        looser = problem
        for broken in (one for one in ways if one.way_out == number):
            looser = loosened(looser, broken)
        assert solve(looser).has_plan


def loosened(problem: Problem, broken: BlockingRule) -> Problem:
    """Return the problem with one rule as it would have to be, and a millionth more."""
    field, more, less = str(broken.rule), broken.needed * (1 + 1e-6), broken.needed * (1 - 1e-6)
    if broken.rule is Rule.CARBON_CAP:
        return replace(problem, rules=replace(problem.rules, carbon_cap_t=more))
    [demand] = problem.demands
    if broken.rule in {Rule.DEFECTS, Rule.MAX_SUPPLIERS, Rule.SCORE, Rule.MIN_SUPPLIERS}:
        whole = {Rule.MAX_SUPPLIERS: round(broken.needed), Rule.MIN_SUPPLIERS: round(broken.needed)}
        value = whole.get(broken.rule, less if broken.rule is Rule.SCORE else more)
        return replace(problem, demands=[replace(demand, **{field: value})])
    value = {Rule.SHARE: min(1.0, more), Rule.MOQ: less}.get(broken.rule, more)
    offers = [replace(offer, **{field: value}) if offer.supplier == broken.supplier else offer for offer in problem.offers]
    return replace(problem, offers=offers)
