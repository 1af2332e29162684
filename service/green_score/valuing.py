"""From facts to values, with fixed anchors and a reason for each; nothing is looked up."""

from collections.abc import Mapping
from dataclasses import replace

from service.errors import N_
from service.green_score.energy_values import value_energy
from service.green_score.facts import Facts
from service.green_score.footprint_values import value_footprint
from service.green_score.method import ScoringMethod
from service.green_score.not_applicable import left_out_of
from service.green_score.observed_values import value_observed
from service.green_score.paper_values import value_papers
from service.green_score.points import Valued
from service.green_score.reasons import because


def value_indicators(facts: Facts, method: ScoringMethod) -> Mapping[str, Valued]:
    """Return what is known of each indicator: its value, what its evidence is worth, and why."""
    valued = {
        **value_footprint(facts, method),
        **value_energy(facts, method),
        **value_papers(facts, method),
        **value_observed(facts, method),
    }
    left_out = left_out_of(method, facts.not_applicable, category=facts.category)
    return {name: _with_approval(name, valued[name], facts, left_out) for name in method.indicators}


def _with_approval(name: str, valued: Valued, facts: Facts, left_out: frozenset[str]) -> Valued:
    """Leave out what was approved, whatever else is known of it: a bad value that counted beside would be better withdrawn."""
    if name in left_out:
        return Valued(left_out=True, reasons=(because(N_("Does not apply; two people have approved that.")),))
    if name in facts.not_applicable:
        refused = because(N_("Approved as not applying, but that goes beyond what may be left out: it counts as any other."))
        return replace(valued, reasons=(*valued.reasons, refused))
    return valued
