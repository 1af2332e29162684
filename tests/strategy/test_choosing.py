"""The plan of least cost against an enumeration of every plan, and against another solver."""

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from service.strategy.choosing import Choice, Ending, Option, Question, choose


def an_option(key: str, **changed: Any) -> Option:
    usual = Option(key=key, earliest=2026, capex_cny=(100.0,), yearly_cny=10.0, t_co2=(5.0,), lifetime_years=20)
    return replace(usual, **changed)


def a_question(*options: Option, required: Mapping[int, float], budget: Mapping[int, float] | None = None) -> Question:
    return Question(options=options, years=(2026, 2029), required_t=required, budget_cny=budget or {}, rate=0.05)


def cost_of(question: Question, begins: Mapping[str, int]) -> float:
    return sum(
        one.yearly_cny / 1.05 ** (year - 2026)
        for one in question.options
        for year in range(2026, 2030)
        if one.key in begins and begins[one.key] <= year < begins[one.key] + one.lifetime_years
    )


def avoided_by(question: Question, begins: Mapping[str, int], year: int) -> float:
    return sum(one.avoided_t(begin=begins[one.key], year=year) for one in question.options if one.key in begins)


def every_plan(question: Question) -> Iterator[dict[str, int]]:
    choices = [[None, *range(one.earliest, 2030)] for one in question.options]
    for years in itertools.product(*choices):
        begins = {one.key: year for one, year in zip(question.options, years, strict=True) if year is not None}
        groups = [one.group for one in question.options if one.group and one.key in begins]
        spent = [
            sum(one.spent_cny(begin=begins[one.key], year=y) for one in question.options if one.key in begins)
            for y in question.budget_cny
        ]
        if len(groups) == len(set(groups)) and all(s <= b + 1e-9 for s, b in zip(spent, question.budget_cny.values(), strict=True)):
            yield begins


def best_by_enumeration(question: Question) -> tuple[float, float]:
    """Return the least tonnes that are missing, and the least cost of missing no more."""
    found = [
        (
            sum(max(0.0, t - avoided_by(question, begins, year)) for year, t in question.required_t.items()),
            cost_of(question, begins),
        )
        for begins in every_plan(question)
    ]
    least = min(missing for missing, _ in found)
    return least, min(cost for missing, cost in found if missing <= least + 1e-6)


OPTIONS = st.builds(
    an_option,
    st.sampled_from("abcdef"),
    earliest=st.integers(2026, 2028),
    capex_cny=st.tuples(st.integers(0, 100).map(float)),
    yearly_cny=st.integers(-5, 20).map(float),
    t_co2=st.lists(st.integers(0, 10).map(float), min_size=1, max_size=3).map(tuple),
    lifetime_years=st.integers(1, 6),
    group=st.sampled_from(["", "furnace"]),
)


@settings(max_examples=25, deadline=None)
@given(
    options=st.lists(OPTIONS, min_size=1, max_size=4, unique_by=lambda one: one.key),
    required=st.tuples(st.integers(0, 15), st.integers(0, 25)),
    budget=st.integers(0, 200),
)
def test_the_plan_is_as_good_as_the_best_of_all_plans(options: list[Option], required: tuple[int, int], budget: int) -> None:
    question = a_question(
        *options, required={2027: float(required[0]), 2029: float(required[1])}, budget={2026: float(budget), 2027: float(budget)}
    )

    choice = choose(question)

    missing, cost = best_by_enumeration(question)
    assert sum(choice.missing_t.values()) == pytest.approx(missing, abs=1e-2)
    assert choice.cost_cny == pytest.approx(cost, abs=1e-3)
    assert choice.cost_cny == pytest.approx(cost_of(question, choice.begins), abs=1e-6)


def test_the_plan_costs_what_another_solver_says() -> None:
    options = [
        an_option(f"m{place}", yearly_cny=float(7 + 5 * place % 11), t_co2=(float(3 + place * 2 % 7),), lifetime_years=20)
        for place in range(8)
    ]
    question = a_question(*options, required={2029: 24.0})

    # begun in the last year each measure costs one year and avoids all of it: 0-1 columns only
    discount = 1.05**-3
    found = milp(
        [one.yearly_cny * discount for one in options],
        constraints=LinearConstraint(np.array([[one.t_co2[0] for one in options]]), 24.0, np.inf),
        integrality=np.ones(8),
        bounds=Bounds(0, 1),
    )
    assert choose(question).cost_cny == pytest.approx(found.fun)


def test_measures_that_exclude_each_other_are_never_both_chosen() -> None:
    box = an_option("box", group="furnace", t_co2=(6.0,))
    continuous = an_option("continuous", group="furnace", t_co2=(9.0,), yearly_cny=30.0)

    choice = choose(a_question(box, continuous, required={2029: 15.0}))

    assert choice.begins == {"continuous": 2029}
    assert choice.ending is Ending.NOT_MET
    assert choice.missing_t == {2029: pytest.approx(6.0, abs=1e-2)}


def test_a_budget_puts_off_what_it_does_not_pay_for() -> None:
    dear = an_option("dear", capex_cny=(100.0,), yearly_cny=-1.0)

    free = choose(a_question(dear, required={}))
    held = choose(a_question(dear, required={}, budget={2026: 50.0, 2027: 99.0}))

    assert free.begins == {"dear": 2026}  # it gains in every year
    assert held.begins == {"dear": 2028}
    assert held.spent_cny[2028] == 100.0


def test_the_target_that_cannot_be_met_is_named_with_its_tonnes() -> None:
    late = an_option("late", earliest=2028, t_co2=(8.0,))

    choice = choose(a_question(late, required={2027: 3.0, 2029: 8.0}))

    assert choice.missing_t == {2027: pytest.approx(3.0, abs=1e-2), 2029: 0.0}


def test_what_is_decided_begins_in_its_year_and_takes_from_the_budget() -> None:
    decided = an_option("decided", begins=2027, capex_cny=(80.0,))
    other = an_option("other", capex_cny=(30.0,))

    choice = choose(a_question(decided, other, required={2027: 10.0}, budget={2026: 0.0, 2027: 100.0}))

    assert choice.begins == {"decided": 2027}  # 80 of 100 are gone, 30 do not fit
    assert choice.missing_t[2027] == pytest.approx(5.0, abs=1e-2)


def test_one_tonne_more_costs_what_the_measure_at_the_margin_costs() -> None:
    # 10 yuan a year for 5 t: 2 yuan/t in money of the target year
    choice: Choice = choose(a_question(an_option("only"), required={2029: 2.0}))

    assert choice.cny_per_t[2029] == pytest.approx(2.0, rel=1e-6)


def test_a_measure_works_no_longer_than_it_lives_and_keeps_its_last_tonnes() -> None:
    short = an_option("short", t_co2=(5.0, 4.0), lifetime_years=3)

    assert [short.avoided_t(begin=2026, year=year) for year in range(2025, 2030)] == [0.0, 5.0, 4.0, 4.0, 0.0]
