"""What the uncertainty of the default route is, as rows for documents."""

from collections.abc import Iterable
from typing import Final

from lca_models.model import Model
from lca_models.uncertainty.distributions import central_interval
from lca_models.uncertainty.inputs import Basis, UncertainParameter, uncertain_parameters
from lca_models.uncertainty.monte_carlo import Simulation, simulate
from lca_models.uncertainty.sampling import Design, Sampling
from lca_models.uncertainty.sensitivity import shift_contributions, variance_contributions

Rows = tuple[tuple[str, ...], Iterable[tuple[str, ...]]]

_DESIGN: Final = Design(draws=4096, seed=1, sampling=Sampling.SOBOL)
_VIEWS: Final = ("national", "province:CN-NM", "province:CN-SC", "market")
_SHOWN: Final = 12
_WORDS: Final = {
    Basis.STATED: "stated range",
    Basis.EVIDENCE: "kind of evidence",
    Basis.CHOICE: "choice",
    Basis.UNSTATED: "no range stated",
}


def distribution_rows(model: Model) -> Rows:
    """Return every parameter of the default furnace with its distribution, basis and sources."""
    return ("parameter", "value", "distribution", "95 %", "basis", "sources"), [_row(one) for one in uncertain_parameters(model)]


def _row(one: UncertainParameter) -> tuple[str, ...]:
    if one.follows:
        return one.name, "", "", "", "follows " + ", ".join(one.follows), ""
    term = one.terms[0]
    low, high = central_interval(term.distribution, 0.95)
    interval = "" if one.is_certain else f"{low:.4g} to {high:.4g}"
    return one.name, f"{one.point:.4g} {one.unit}", term.distribution.kind, interval, _WORDS[term.basis], ", ".join(term.sources)


def evidence_rows(model: Model) -> Rows:
    """Return the kinds of evidence with their pedigree scores and spread."""
    rows = [
        (one.key, one.meaning_en, ", ".join(map(str, one.scores)), f"{one.gsd:.3f}", ", ".join(one.sources), one.confidence)
        for one in model.uncertainty.evidence.values()
    ]
    return ("evidence", "meaning", "pedigree scores", "GSD", "sources", "confidence"), rows


def simulation_rows(model: Model) -> Rows:
    """Return the simulated default route under some electricity views, kg CO2e per kg."""
    header = ("electricity view", "point value", "median", "P5", "P90", "P95", "standard deviation", "left out")
    return header, [_simulated(simulate(model, design=_DESIGN, electricity=view)) for view in _VIEWS]


def _simulated(found: Simulation) -> tuple[str, ...]:
    percentiles = [f"{found.percentile(percent):.1f}" for percent in (50.0, 5.0, 90.0, 95.0)]
    return (
        found.view.key,
        f"{found.point_kg_co2e:.2f}",
        *percentiles,
        f"{found.sd_kg_co2e:.1f}",
        f"{found.left_out / found.design.draws:.1%}",
    )


def variance_rows(model: Model) -> Rows:
    """Return the parameters that bring most of the variance of the default route, and how far they move the mean."""
    found = simulate(model, design=_DESIGN)
    moves = shift_contributions(found)
    rows = [(name, f"{share:.0%}", f"{moves[name]:+.2f}") for name, share in list(variance_contributions(found).items())[:_SHOWN]]
    return ("parameter", "share of the variance", "moves the mean by, kg CO2e/kg"), rows
