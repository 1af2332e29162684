"""Method versions: drafts, releases by a second person, choices the model knows; rules and findings."""

import pytest
from sqlmodel import Session

from service.errors import InvalidInputError, InvalidTransitionError, SamePersonError
from service.method_library import operations
from service.method_library.comparing import UPTAKE, compare_methods
from service.method_library.gaps import RuleState, gap_of
from service.method_library.models import MethodStatus, ReleasedMethodError
from service.method_library.rule_library import CHECKS, rules
from service.method_library.schemas import FindingInput
from tests.certificates.builders import a_record
from tests.method_library.builders import ENGINEER, NOW, REVIEWER, a_method, method_input


def test_who_made_a_method_may_not_release_it(session: Session) -> None:
    method = operations.add_method(session, method_input(), by=ENGINEER, at=NOW)

    with pytest.raises(SamePersonError, match="another person"):
        operations.release_method(session, method.id, version=1, by=ENGINEER, at=NOW)
    assert operations.release_method(session, method.id, version=1, by=REVIEWER, at=NOW).status is MethodStatus.RELEASED


def test_a_released_method_is_kept_as_it_is(session: Session) -> None:
    method = a_method(session)

    with pytest.raises(InvalidTransitionError):
        operations.change_method(session, method.id, method_input(gwp="AR5"), version=2, by=ENGINEER, at=NOW)
    method.gwp = "AR5"
    with pytest.raises(ReleasedMethodError):
        session.flush()
    session.rollback()


def test_a_choice_that_the_model_does_not_know_is_refused_with_those_it_knows(session: Session) -> None:
    with pytest.raises(InvalidInputError) as refused:
        operations.add_method(session, method_input(fines_allocation="by_colour"), by=ENGINEER, at=NOW)
    assert "it knows cut_off, economic, substitution" in str(refused.value.fields["fines_allocation"])


def test_a_supplier_s_own_factor_stays_under_every_method(session: Session) -> None:
    record = a_record(session, parameters={"green_petroleum_coke_kg_co2e_per_kg": 0.7777})

    found = compare_methods(session, record, a_method(session), a_method(session, petroleum_coke="economic_allocation"))

    assert found.difference == pytest.approx(0.0, abs=1e-12)
    assert found.steps == {}


def test_biogenic_uptake_is_a_step_of_its_own(session: Session) -> None:
    record = a_record(session)

    found = compare_methods(session, record, a_method(session), a_method(session, uptake="included"))

    assert set(found.steps) == {UPTAKE}
    assert found.steps[UPTAKE] == pytest.approx(record.result["split"]["biogenic_uptake"])
    assert found.steps[UPTAKE] < 0.0


def test_a_rule_for_people_is_unknown_until_somebody_finds(session: Session) -> None:
    record = a_record(session)
    before = {one.rule.key: one.state for one in gap_of(session, record)}

    finding = FindingInput(rule="review", is_fulfilled=True, evidence="statement V-2026-0001")
    operations.record_finding(session, record, finding, by=REVIEWER, at=NOW)

    after = {one.rule.key: one.state for one in gap_of(session, record)}
    assert before["review"] is RuleState.UNKNOWN
    assert after["review"] is RuleState.FULFILLED
    assert {key for key in before if before[key] is not after[key]} == {"review"}


def test_what_the_program_checks_people_do_not_find_on() -> None:
    with pytest.raises(ValueError, match="not one that people find on"):
        FindingInput(rule="mass", is_fulfilled=True, evidence="x")


def test_the_checks_of_the_model_s_own_footprint_hold(session: Session) -> None:
    states = {one.rule.check: one.state for one in gap_of(session, a_record(session)) if one.rule.check}

    assert states["period_is_a_year"] is RuleState.FULFILLED
    assert states["masses_close"] is RuleState.FULFILLED
    assert states["recalculates"] is RuleState.FULFILLED
    assert states["gwp_is_newest"] is RuleState.FULFILLED


def test_every_check_belongs_to_a_rule_and_no_rule_claims_a_verified_text() -> None:
    assert {one.check for one in rules().values() if one.check} == set(CHECKS)
    assert not [one.key for one in rules().values() if one.is_text_verified]
