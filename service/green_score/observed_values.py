"""Values of what we observe ourselves: public records (G) and the supplier's answers (H)."""

from collections.abc import Mapping

from service.compliance.models import RecordArea
from service.errors import N_
from service.green_score.ages import is_older, years_between
from service.green_score.facts import Facts, PortalFacts, RecordFacts, ViolationFacts
from service.green_score.method import ScoringMethod
from service.green_score.points import Valued
from service.green_score.reasons import Reason, because
from service.green_score.value_functions import TOP, clipped, timeliness_value, violation_points

REQUESTS_COUNTED = 4
NOT_SEARCHED = RecordFacts(searched_on=None)


def value_observed(facts: Facts, method: ScoringMethod) -> Mapping[str, Valued]:
    """Return G1 to H3."""
    return {
        "G1": _records(facts, RecordArea.ENVIRONMENT, method),
        "G2": _records(facts, RecordArea.CONDUCT, method),
        **_portal(facts.portal, method),
    }


def is_searched(facts: Facts, area: RecordArea, method: ScoringMethod) -> bool:
    """Tell whether somebody has looked lately; without a look nothing is known, also no absence."""
    searched_on = facts.records.get(area, NOT_SEARCHED).searched_on
    return searched_on is not None and not is_older(searched_on, months=method.values.search_months, on=facts.on)


def counted_violations(facts: Facts, area: RecordArea, method: ScoringMethod) -> tuple[ViolationFacts, ...]:
    """Return the violations that are not too old to count."""
    found = facts.records.get(area, NOT_SEARCHED).violations
    return tuple(one for one in found if not is_older(one.happened_on, months=method.values.record_months, on=facts.on))


def _records(facts: Facts, area: RecordArea, method: ScoringMethod) -> Valued:
    if not is_searched(facts, area, method):
        reason = because(
            N_("Nobody has looked in public registers for %(months)s months: nothing is known."), months=method.values.search_months
        )
        return Valued(reasons=(reason,))
    costs = [(_cost(one, facts, method), one) for one in counted_violations(facts, area, method)]
    reasons = tuple(_told(cost, one, method) for cost, one in costs) or (because(N_("No record was found.")),)
    return Valued(value=clipped(TOP - sum(cost for cost, _ in costs)), reasons=reasons)


def _cost(one: ViolationFacts, facts: Facts, method: ScoringMethod) -> float:
    age = years_between(one.happened_on, facts.on)
    return violation_points(method.penalties[one.violation], age_years=age, is_remedied=one.is_remedied, anchors=method.values)


def _told(cost: float, one: ViolationFacts, method: ScoringMethod) -> Reason:
    message = (
        N_("Violation of %(day)s: %(points)s points, %(left)s still count; its remediation is verified.")
        if one.is_remedied
        else N_("Violation of %(day)s: %(points)s points, %(left)s still count.")
    )
    return because(message, day=one.happened_on.isoformat(), points=float(method.penalties[one.violation]), left=cost)


def _portal(portal: PortalFacts, method: ScoringMethod) -> Mapping[str, Valued]:
    return {"H1": _accepted(portal), "H2": _timeliness(portal, method), "H3": _evidence(portal)}


def _accepted(portal: PortalFacts) -> Valued:
    if portal.accepted_share is None:
        return Valued(reasons=(because(N_("No answers have been accepted yet.")),))
    reason = because(N_("Accepted over required figures: %(share)s."), share=portal.accepted_share)
    return Valued(value=clipped(TOP * portal.accepted_share), reasons=(reason,))


def _timeliness(portal: PortalFacts, method: ScoringMethod) -> Valued:
    late = portal.days_late[-REQUESTS_COUNTED:]
    if not late:
        return Valued(reasons=(because(N_("No request has been answered yet.")),))
    told = because(
        N_("Days late at the last requests, oldest first: %(days)s."), days=", ".join(f"{max(one, 0):g}" for one in late)
    )
    return Valued(value=timeliness_value(late, anchors=method.values), reasons=(told,))


def _evidence(portal: PortalFacts) -> Valued:
    if portal.evidence_share is None or portal.corrected_share is None:
        return Valued(reasons=(because(N_("No figures have been reviewed yet.")),))
    reason = because(
        N_("Figures with evidence %(evidence)s, corrected after review %(corrected)s."),
        evidence=portal.evidence_share,
        corrected=portal.corrected_share,
    )
    return Valued(value=clipped(TOP * portal.evidence_share * (1 - portal.corrected_share)), reasons=(reason,))
