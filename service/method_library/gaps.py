"""The gap between a footprint and its standards: which rules it fulfils, checked by program or found by people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlmodel import Session

from service.footprints.models import FootprintRecord
from service.method_library.models import RuleFinding
from service.method_library.queries import findings_of
from service.method_library.rule_library import CHECKS, Facts, MethodRule, facts_of, rules


class RuleState(StrEnum):
    """How a footprint stands to a rule."""

    FULFILLED = "fulfilled"
    BROKEN = "broken"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleResult:
    """One rule; `finding` is what a person wrote, None for rules that the program checks or nobody has looked at."""

    rule: MethodRule
    state: RuleState
    finding: RuleFinding | None


def gap_of(session: Session, record: FootprintRecord) -> Sequence[RuleResult]:
    """Return every rule with how a footprint stands to it."""
    return results(facts_of(session, record), findings_of(session, record))


def results(facts: Facts, findings: Mapping[str, RuleFinding]) -> Sequence[RuleResult]:
    """Return every rule in the library's order; a rule for people without a finding is unknown, never fulfilled."""
    return [_result(rule, facts, findings.get(rule.key)) for rule in rules().values()]


def _result(rule: MethodRule, facts: Facts, finding: RuleFinding | None) -> RuleResult:
    if rule.check:
        return RuleResult(rule=rule, state=_state(is_fulfilled=CHECKS[rule.check](facts)), finding=None)
    state = RuleState.UNKNOWN if finding is None else _state(is_fulfilled=finding.is_fulfilled)
    return RuleResult(rule=rule, state=state, finding=finding)


def _state(*, is_fulfilled: bool) -> RuleState:
    return RuleState.FULFILLED if is_fulfilled else RuleState.BROKEN
