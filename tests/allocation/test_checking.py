import math
from dataclasses import replace
from typing import Any

import pytest

from service.allocation.checking import ProblemError
from service.allocation.lines import DemandLine, Rules, SupplierLine
from service.allocation.problem import Problem, problem_of
from service.i18n import explain
from tests.allocation.problems import COKE, a_problem, an_offer_line

SOUND = a_problem(an_offer_line("A", capacity_t=50.0), an_offer_line("B"))


def columns_refused(**parts: Any) -> set[tuple[str, int | None, str]]:
    with pytest.raises(ProblemError) as caught:
        replace(SOUND, **parts)
    return {(finding.part, finding.line, finding.column) for finding in caught.value.findings}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("price_per_t", -1.0),
        ("price_per_t", math.nan),
        ("kg_co2e_per_t", math.inf),
        ("capacity_t", -5.0),
        ("moq_t", 60.0),
        ("min_take_t", 51.0),
        ("fixed_cost", 1e13),
        ("max_share", 1.2),
        ("defect_share", -0.1),
        ("green_score", 101.0),
        ("price_preference", 2.0),
        ("supplier", "  "),
    ],
)
def test_a_value_of_an_offer_that_can_t_be_is_refused_by_name(field: str, value: object) -> None:
    wrong = replace(SOUND.offers[0], **{field: value})  # type: ignore[arg-type]

    assert columns_refused(offers=[SOUND.offers[1], wrong]) == {("offers", 1, field)}


@pytest.mark.parametrize(
    ("rules", "field"),
    [
        (Rules(carbon_price_per_t=-1.0), "carbon_price_per_t"),
        (Rules(carbon_cap_t=-1.0), "carbon_cap_t"),
        (Rules(gap=1.5), "gap"),
        (Rules(time_limit_s=0.0), "time_limit_s"),
        (Rules(time_limit_s=math.inf), "time_limit_s"),
        (Rules(max_owner_group_share=-0.1), "max_owner_group_share"),
    ],
)
def test_an_impossible_rule_is_refused_by_name(rules: Rules, field: str) -> None:
    assert columns_refused(rules=rules) == {("rules", None, field)}


def test_demands_that_contradict_themselves_are_refused() -> None:
    demands = [DemandLine(material=COKE, demand_t=1.0, min_suppliers=3, max_suppliers=2), DemandLine(material=COKE, demand_t=-1.0)]

    assert columns_refused(demands=demands) == {
        ("demands", 0, "max_suppliers"),
        ("demands", 1, "demand_t"),
        ("demands", 1, "material"),
    }
    assert columns_refused(demands=[]) == {("demands", None, "material")}
    assert columns_refused(demands=[DemandLine(material=COKE, demand_t=1.0, min_suppliers=0, max_suppliers=0)]) == {
        ("demands", 0, "max_suppliers")
    }


def test_offers_stand_once_and_suppliers_must_offer_something() -> None:
    assert columns_refused(offers=[*SOUND.offers, SOUND.offers[0]]) == {("offers", 2, "supplier")}
    assert columns_refused(suppliers=[SupplierLine(supplier="C", capacity_t=-1.0)]) == {
        ("suppliers", 0, "supplier"),
        ("suppliers", 0, "capacity_t"),
    }


def test_an_unknown_share_of_defects_is_not_zero() -> None:
    demands = [DemandLine(material=COKE, demand_t=1.0, max_defect_share=0.02)]

    assert columns_refused(demands=demands) == {("offers", 0, "defect_share"), ("offers", 1, "defect_share")}


def test_the_message_names_line_field_value_and_fix_in_both_languages() -> None:
    with pytest.raises(ProblemError) as caught:
        a_problem(an_offer_line("A", price=-3.0))

    assert "offers, line 1, price_per_t “-3.0”: This can't be negative. Write zero or more." in explain("en", caught.value)
    assert "不能为负数" in explain("zh-CN", caught.value)


def test_the_same_question_has_the_same_hash_and_another_has_another() -> None:
    again: Problem = problem_of(SOUND.as_dict())

    assert again.content_hash() == SOUND.content_hash()
    assert replace(SOUND, rules=Rules(gap=0.1)).content_hash() != SOUND.content_hash()
