"""Values of energy: B1 to B3."""

from collections.abc import Mapping

from service.errors import N_
from service.green_score.facts import ElectricityFacts, EnergyFacts, Facts
from service.green_score.method import ScoringMethod
from service.green_score.paper_values import ladder_value
from service.green_score.points import Valued
from service.green_score.reasons import because
from service.green_score.value_functions import effective_renewable_share, intensity_value, renewable_value


def value_energy(facts: Facts, method: ScoringMethod) -> Mapping[str, Valued]:
    """Return B1 to B3."""
    return {
        "B1": _renewable(facts.electricity, method),
        "B2": _intensity(facts.energy, method),
        "B3": ladder_value("B3", facts.shown.get("B3"), method),
    }


def is_within_limit(facts: Facts, method: ScoringMethod) -> bool:
    """Tell whether energy per tonne is shown to keep the mandatory limit; not shown, or only claimed, does not."""
    energy = facts.energy
    return energy is not None and method.evidence_credits[energy.proof] > 0 and energy.kwh_per_t <= energy.limit


def _renewable(electricity: ElectricityFacts | None, method: ScoringMethod) -> Valued:
    if electricity is None or electricity.total_mwh <= 0:
        return Valued(reasons=(because(N_("The electricity of the period is not known.")),))
    share = effective_renewable_share(
        electricity.renewable_mwh, total_mwh=electricity.total_mwh, credit_of=method.electricity_credits
    )
    reasons = [because(N_("Effective share of renewable electricity %(share)s."), share=share)]
    if electricity.required_share is None:
        reasons.append(because(N_("The province's required share is not known and counts as the highest.")))
    value = renewable_value(share, required_share=electricity.required_share, anchors=method.values)
    return Valued(value=value, credit=method.evidence_credits[electricity.proof], reasons=tuple(reasons))


def _intensity(energy: EnergyFacts | None, method: ScoringMethod) -> Valued:
    if energy is None:
        return Valued(reasons=(because(N_("Energy per tonne is not known.")),))
    value = intensity_value(
        energy.kwh_per_t, advanced=energy.advanced, access=energy.access, limit=energy.limit, anchors=method.values
    )
    reason = because(
        N_(
            "%(energy)s kWh/t; advanced %(advanced)s, access %(access)s, limit %(limit)s, from the model's usual range: "
            "a stand-in, no standard sets a limit for it."
        ),
        energy=energy.kwh_per_t,
        advanced=energy.advanced,
        access=energy.access,
        limit=energy.limit,
    )
    return Valued(value=value, credit=method.evidence_credits[energy.proof], reasons=(reason,))
