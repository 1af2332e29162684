"""What each rule says of a project: lights by hand."""

from collections.abc import Mapping
from datetime import date

import pytest
from sqlmodel import Session

from service.errors import SamePersonError
from service.project_gate import operations
from service.project_gate.rulebook import rules_in_force, shipped_rules
from service.project_gate.rules import CHECKS, GateLight, Outcome, RuleRow, assess, net_value_10k_cny, project_of, worst
from service.project_gate.schemas import RuleVersionInput
from service.project_gate.words import DOCUMENTS, RULES
from tests.project_gate.builders import ENGINEER, NOW, REVIEWER, known_facts, project_input

ROWS = [row for province, _, row in shipped_rules() if province == "*"]


def said(rule: str, changes: Mapping[str, object], facts: Mapping[str, object] | None = None) -> Outcome:
    row: RuleRow = next(one for one in ROWS if one.rule == rule)
    return assess(project_of(project_input(**changes)), known_facts(**(facts or {})), [row])[0]


@pytest.mark.parametrize(
    ("rule", "changes", "light"),
    [
        ("energy_review", {"energy_tce": 999.0}, GateLight.GREEN),
        ("energy_review", {"energy_tce": 1000.0}, GateLight.AMBER),
        ("energy_review_electricity", {"electricity_kwh": 4_999_999.0}, GateLight.GREEN),
        ("energy_review_electricity", {"electricity_kwh": 5_000_000.0}, GateLight.AMBER),
        ("provincial_review", {"energy_tce": 1.0, "energy_equal_value_tce": 10_000.0}, GateLight.AMBER),
        ("coal", {"coal_t": 0.0}, GateLight.GREEN),
        ("coal", {"coal_t": 0.1}, GateLight.AMBER),
        ("catalogue", {"class_code": "3091"}, GateLight.AMBER),
        ("catalogue", {"class_code": "3985"}, GateLight.GREEN),
        ("park", {"is_in_park": False}, GateLight.AMBER),
        ("own_benchmark", {"kwh_per_t": 9_000.0}, GateLight.GREEN),
        ("own_benchmark", {"kwh_per_t": 9_500.0}, GateLight.AMBER),
        ("own_benchmark", {"kwh_per_t": 10_000.1}, GateLight.RED),
        ("own_benchmark", {"process": "milling", "kwh_per_t": 99_999.0}, GateLight.GREEN),
        ("energy_path", {"output_10k_cny": 14_000.0}, GateLight.GREEN),  # 14 000 tce / 14 000 = 1.0
        ("energy_path", {"output_10k_cny": 13_999.0}, GateLight.RED),
        ("carbon_path", {"t_co2": 75_000.0}, GateLight.GREEN),  # 75 000 t / 25 000 = 3.0
        ("carbon_path", {"t_co2": 75_100.0}, GateLight.RED),
        ("green_share", {"green_share": 0.3}, GateLight.GREEN),
        ("green_share", {"green_share": 0.29}, GateLight.AMBER),
    ],
)
def test_a_rule_lights_up_at_its_limit(rule: str, changes: dict[str, object], light: GateLight) -> None:
    assert said(rule, changes).light is light


@pytest.mark.parametrize(
    ("rule", "fact"),
    [
        ("energy_path", "energy_path"),
        ("carbon_path", "carbon_path"),
        ("own_benchmark", "p60_kwh_per_t"),
        ("green_share", "green_duty"),
        ("net_value", "carbon_prices"),
    ],
)
def test_what_is_not_known_is_never_green(rule: str, fact: str) -> None:
    assert said(rule, {}, {fact: None}).light is GateLight.AMBER


def test_net_value_counts_the_carbon_price_of_each_year() -> None:
    project = project_input(capex_10k_cny=1000.0, yearly_gain_10k_cny=100.0, avoided_t_co2=10_000.0, lifetime_years=2)
    facts = known_facts(carbon_prices=(100.0, 200.0), discount_rate=0.10)

    # year 1: 100 + 10 000 t x 100 yuan / 10 000 = 200; year 2: 100 + 200 = 300 (10 000 yuan)
    assert net_value_10k_cny(project_of(project), facts) == pytest.approx(-1000 + 200 / 1.1 + 300 / 1.21)


def test_rules_ask_for_their_documents_and_the_worst_light_counts() -> None:
    found = assess(project_of(project_input(kwh_per_t=20_000.0)), known_facts(), ROWS)

    assert {"energy_review", "carbon_evaluation", "efficiency_plan"} <= {key for one in found for key in one.documents}
    assert worst(found) is GateLight.RED


def test_every_rule_has_a_check_a_name_and_a_source_that_is_honest() -> None:
    assert set(RULES) == set(CHECKS) == {row.rule for _, _, row in shipped_rules()}
    assert {row.confidence for _, _, row in shipped_rules()} == {"unverified", "internal"}
    everything = assess(project_of(project_input(is_in_park=False, coal_t=1.0)), known_facts(), ROWS)
    assert {key for one in everything for key in one.documents} <= set(DOCUMENTS)


def test_carbon_evaluation_holds_from_the_first_of_september_2025(session: Session) -> None:
    before = {row.rule for row in rules_in_force(session, province_code="CN-NM", on=date(2025, 8, 31))}
    after = {row.rule for row in rules_in_force(session, province_code="CN-NM", on=date(2025, 9, 1))}

    assert after - before == {"carbon_evaluation"}


def test_a_province_s_own_row_goes_before_the_one_for_everywhere(session: Session) -> None:
    def source(province: str) -> str:
        rows = rules_in_force(session, province_code=province, on=date(2026, 1, 1))
        return next(row.source for row in rows if row.rule == "catalogue")

    assert "Guangdong" in source("CN-GD")
    assert "Guangdong" not in source("CN-NM")


def test_an_entered_row_holds_from_its_day_once_another_person_agreed(session: Session) -> None:
    fields = RuleVersionInput(
        rule="energy_review", valid_from=date(2026, 7, 1), limit_value=500.0, source="Notice 12 of 2026", is_verified=True
    )
    row = operations.enter_rule(session, fields, by=ENGINEER, at=NOW)

    def limit(day: date) -> float | None:
        rows = rules_in_force(session, province_code="CN-NM", on=day)
        return next(one.limit for one in rows if one.rule == "energy_review")

    assert limit(date(2026, 7, 1)) == 1000.0
    with pytest.raises(SamePersonError, match="another person"):
        operations.agree_rule(session, row.id, by=ENGINEER, at=NOW)
    operations.agree_rule(session, row.id, by=REVIEWER, at=NOW)
    session.flush()
    assert [limit(date(2026, 6, 30)), limit(date(2026, 7, 1))] == [1000.0, 500.0]
