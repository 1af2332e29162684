"""What is not certain of a supplier's facts, as values of its indicators at equally probable quantiles.

The footprint is lognormal around its median, with the spread that its data quality gives, or the worst accepted where none can be
computed. A share is Beta around its mean, the narrower the better the proof. Everything else is taken as it is.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Final

import numpy as np
from scipy.special import betaincinv, ndtri

from service.compliance.models import Proof
from service.green_score.energy_values import value_energy
from service.green_score.facts import ElectricityFacts, Facts, FootprintFacts, Shown
from service.green_score.footprint_values import value_footprint
from service.green_score.method import ScoringMethod
from service.green_score.paper_values import value_papers
from service.green_score.points import Valued
from service.scoring.decision_table import Matrix
from service.scoring.robustness import QUANTILES

OBSERVATIONS: Final[Mapping[Proof, float]] = {Proof.CLAIM: 10.0, Proof.DOCUMENT: 50.0, Proof.METERED: 200.0, Proof.VERIFIED: 1000.0}
"""What a proof of a share weighs, in observations: half of something is then known to 15, 7, 3.5 or 1.6 points (one sigma).
Our own estimate."""
_CALCULATED: Final = OBSERVATIONS[Proof.METERED]
"""Of the share of primary data, which the platform calculates."""
_SHARES: Final = ("D2", "E1", "E2", "F2")
_NODES: Final = 33
"""Facts are valued at so many evenly spaced places; between them values lie on lines, as the value functions are in a share and in
the logarithm of a footprint."""
_PROBABILITIES: Final = (np.arange(QUANTILES) + 0.5) / QUANTILES

Values = Mapping[str, Matrix]
"""By indicator: values at the quantiles of one quantity, from its lowest to its highest."""


def uncertain_values(facts: Facts, method: ScoringMethod) -> Iterator[tuple[str, Values]]:
    """Yield the quantities that are not certain: a name, and what they make of their indicators, credits not counted in."""
    found = facts.footprint
    if found is not None:
        yield "footprint", _of_footprint(facts, found, method)
        if found.primary_data_share is not None:
            yield "primary_data_share", _of_primary_share(facts, found, found.primary_data_share, method)
    if facts.electricity is not None and facts.electricity.total_mwh > 0:
        yield "renewable_share", _of_electricity(facts, facts.electricity, method)
    for name in _SHARES:
        shown = facts.shown.get(name)
        if shown is not None and shown.number is not None:
            yield name, _of_paper(name, facts, shown, shown.number, method)


def _of_footprint(facts: Facts, found: FootprintFacts, method: ScoringMethod) -> Values:
    """The spread goes into the draws here; the caution that the score itself adds for it is left out."""
    worst = method.values.unknown_gsd
    spread = worst if found.gsd is None else min(max(found.gsd, 1.0), worst)

    def value_at(deviation: float) -> Mapping[str, Valued]:
        drawn = replace(found, kg_co2e_per_kg=found.kg_co2e_per_kg * spread**deviation, gsd=1.0)
        return value_footprint(replace(facts, footprint=drawn), method)

    return _valued(("A1", "A2"), ndtri(_PROBABILITIES), value_at)


def _of_primary_share(facts: Facts, found: FootprintFacts, mean: float, method: ScoringMethod) -> Values:
    def value_at(share: float) -> Mapping[str, Valued]:
        return value_footprint(replace(facts, footprint=replace(found, primary_data_share=share)), method)

    return _valued(("A3",), _beta(mean, _CALCULATED), value_at)


def _of_electricity(facts: Facts, found: ElectricityFacts, method: ScoringMethod) -> Values:
    """The share that is drawn is the effective one, what each proof of renewable electricity is worth counted in."""
    full = next(name for name, credit in method.electricity_credits.items() if credit == max(method.electricity_credits.values()))
    worth = method.electricity_credits[full]
    mean = sum(method.electricity_credits[name] * mwh for name, mwh in found.renewable_mwh.items()) / found.total_mwh

    def value_at(share: float) -> Mapping[str, Valued]:
        drawn = replace(found, renewable_mwh={full: share / worth if worth else 0.0}, total_mwh=1.0)
        return value_energy(replace(facts, electricity=drawn), method)

    return _valued(("B1",), _beta(mean, OBSERVATIONS[found.proof]), value_at)


def _of_paper(name: str, facts: Facts, shown: Shown, mean: float, method: ScoringMethod) -> Values:
    def value_at(share: float) -> Mapping[str, Valued]:
        return value_papers(replace(facts, shown={**facts.shown, name: replace(shown, number=share)}), method)

    return _valued((name,), _beta(mean, OBSERVATIONS[shown.proof]), value_at)


def _beta(mean: float, observations: float) -> Matrix:
    """Return the quantiles of a share; what is nothing, all or beyond is certain."""
    if not 0.0 < mean < 1.0:
        return np.full(QUANTILES, mean)
    found: Matrix = betaincinv(mean * observations, (1.0 - mean) * observations, _PROBABILITIES)
    return found


def _valued(names: tuple[str, ...], quantiles: Matrix, value_at: Callable[[float], Mapping[str, Valued]]) -> Values:
    nodes = np.linspace(quantiles[0], quantiles[-1], _NODES)
    valued = [value_at(float(one)) for one in nodes]
    drawn = {name: [one[name].value for one in valued if not one[name].left_out] for name in names}
    return {
        name: np.interp(quantiles, nodes, values)
        for name, found in drawn.items()
        if len(values := [one for one in found if one is not None]) == len(nodes)
    }
