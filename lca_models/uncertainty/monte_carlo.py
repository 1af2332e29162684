"""Monte Carlo simulation of a footprint under one electricity view."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lca_models.batch import calculate_batch
from lca_models.electricity import NATIONAL, SCOPES, ElectricityView
from lca_models.emissions import GwpSet
from lca_models.errors import N_, UncertaintyError
from lca_models.model import Model
from lca_models.parameters import Value
from lca_models.uncertainty.distributions import Distribution, Values
from lca_models.uncertainty.inputs import UncertainParameter, drawn, single_view, uncertain_parameters
from lca_models.uncertainty.sampling import Design

_CHUNK: Final = 4096
"""Draws solved together, so that memory does not grow with their number."""
_LEAST_KEPT: Final = 0.5
"""Share of draws that must be free of contradictions (own choice); the draws left out shift the distribution."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Histogram:
    """Counts of results between edges.

    Attributes
    ----------
    edges_kg_co2e
        (n + 1,) ascending.
    counts
        (n,).

    """

    edges_kg_co2e: Values
    counts: NDArray[np.int64]


def count(results_kg_co2e: Values, *, bins: int) -> Histogram:
    """Count results in equal intervals from the least to the greatest."""
    if bins < 1:
        raise UncertaintyError(N_("A histogram of %(bins)s intervals is not possible. Use at least one."), bins=bins)
    counts, edges = np.histogram(results_kg_co2e, bins=bins)
    return Histogram(edges_kg_co2e=edges, counts=counts)


@dataclass(frozen=True, kw_only=True)  # no slots: what can be derived is kept once it was asked for
class Simulation:
    """The distribution of a footprint that follows from the distributions of its parameters.

    Attributes
    ----------
    point_kg_co2e
        The footprint with the point values of all parameters.
    given
        Values that replaced defaults.
    parameters
        All parameters with their distributions, also certain ones.
    values
        (K,) draws by parameter, of those that were drawn.
    all_kg_co2e
        (K,) result of every draw; one whose parameters contradict each other means nothing.
    is_kept
        (K,) whether the parameters of a draw can be true together.

    """

    design: Design
    view: ElectricityView
    gwp: GwpSet
    point_kg_co2e: float
    given: Mapping[str, float | str]
    parameters: tuple[UncertainParameter, ...]
    values: Mapping[str, Values]
    all_kg_co2e: Values
    is_kept: NDArray[np.bool_]

    @cached_property
    def total_kg_co2e(self) -> Values:
        """Results of the draws that are kept."""
        return self.all_kg_co2e[self.is_kept]

    @property
    def left_out(self) -> int:
        """Number of draws whose parameters contradict each other, such as more carbon in the tar than the pitch gives off."""
        return int(self.design.draws - self.is_kept.sum())

    @property
    def median_kg_co2e(self) -> float:
        """Half of the draws are below."""
        return self.percentile(50.0)

    @property
    def mean_kg_co2e(self) -> float:
        """Arithmetic mean."""
        return float(self.total_kg_co2e.mean())

    @property
    def sd_kg_co2e(self) -> float:
        """Standard deviation of the draws (K - 1)."""
        return float(self.total_kg_co2e.std(ddof=1))

    @property
    def is_certain(self) -> bool:
        """Whether nothing was drawn, so that all results are the point value."""
        return not self.values

    def percentile(self, percent: float) -> float:
        """Return the result below which `percent` (0 to 100) of the draws lie."""
        return float(np.percentile(self.total_kg_co2e, percent))

    def histogram(self, bins: int = 30) -> Histogram:
        """Return counts in equal intervals from the least to the greatest result."""
        return count(self.total_kg_co2e, bins=bins)


def simulate(
    model: Model,
    given: Mapping[str, float | str] | None = None,
    *,
    design: Design,
    electricity: ElectricityView | str = NATIONAL,
    evidence: Mapping[str, str] | None = None,
    distributions: Mapping[str, Distribution] | None = None,
    gwp: GwpSet = GwpSet.AR6,
) -> Simulation:
    """Simulate the footprint of given parameters; `given`, `evidence` and `distributions` as in `uncertain_parameters`.

    The value of a parameter whose distribution is given is that distribution's point.
    """
    view = single_view(model, electricity)
    values = _with_points(given or {}, distributions or {})
    parameters = uncertain_parameters(model, values, electricity=view, evidence=evidence, distributions=distributions)
    return simulate_parameters(model, values, parameters, design=design, electricity=view, gwp=gwp)


def _with_points(given: Mapping[str, float | str], distributions: Mapping[str, Distribution]) -> dict[str, float | str]:
    for name in distributions:
        if name in given:
            raise UncertaintyError(
                N_("%(parameter)s has a value and a distribution. Leave the value out: the distribution brings its own."),
                parameter=name,
            )
    return {**given, **{name: one.point for name, one in distributions.items()}}


def simulate_parameters(
    model: Model,
    given: Mapping[str, float | str],
    parameters: Sequence[UncertainParameter],
    *,
    design: Design,
    electricity: ElectricityView | str = NATIONAL,
    gwp: GwpSet = GwpSet.AR6,
) -> Simulation:
    """Simulate the footprint of parameters whose distributions are known.

    Parameters
    ----------
    given
        Values that replace defaults; those of parameters that are drawn are their points.

    """
    view = single_view(model, electricity)
    shares = design.shares(streams_of(parameters))
    values = {one.name: one.values(shares) for one in drawn(parameters)}
    point = float(calculate_batch(model, given, electricity=view, gwp=gwp).total_kg_co2e[0])
    results, is_kept = evaluate_draws(model, given, values, view=view, draws=design.draws, gwp=gwp)
    if is_kept.mean() < _LEAST_KEPT:
        raise UncertaintyError(
            N_(
                "The parameters of %(left_out)s of %(draws)s draws contradict each other. Narrow the distributions that were given."
            ),
            left_out=int(design.draws - is_kept.sum()),
            draws=design.draws,
        )
    return Simulation(
        design=design,
        view=view,
        gwp=gwp,
        point_kg_co2e=point,
        given=dict(given),
        parameters=tuple(parameters),
        values=values,
        all_kg_co2e=results,
        is_kept=is_kept,
    )


def simulate_views(
    model: Model,
    given: Mapping[str, float | str] | None = None,
    *,
    design: Design,
    views: Sequence[str],
    evidence: Mapping[str, str] | None = None,
) -> dict[str, Simulation]:
    """Simulate each view by itself with common draws; one distribution for each, never one over all."""
    return {view: simulate(model, given, design=design, electricity=view, evidence=evidence) for view in views}


def streams_of(parameters: Sequence[UncertainParameter]) -> tuple[str, ...]:
    """Return the streams of all parameters, each once, in the order of the parameters."""
    return tuple(dict.fromkeys(stream for one in parameters for stream in one.streams))


def evaluate_draws(
    model: Model,
    given: Mapping[str, float | str],
    values: Mapping[str, Values],
    *,
    view: ElectricityView,
    draws: int,
    gwp: GwpSet = GwpSet.AR6,
) -> tuple[Values, NDArray[np.bool_]]:
    """Return (K,) kg CO2e per kg and (K,) whether the parameters of a draw can be true together."""
    results, is_kept = np.empty(draws), np.empty(draws, dtype=np.bool_)
    is_explicit = any(name in values for name in SCOPES)
    for start in range(0, draws, _CHUNK):
        part = slice(start, min(start + _CHUNK, draws))
        size = part.stop - part.start
        some: dict[str, Value] = {**given, **{name: found[part] for name, found in values.items()}}
        batch = calculate_batch(
            model,
            some,
            electricity=NATIONAL if is_explicit else view,
            gwp=gwp,
            replaced=frozenset(given),  # a factor that was given stays another's, also when it is drawn
            allow_contradictions=True,
        )
        results[part] = np.broadcast_to(batch.total_kg_co2e, size)
        is_kept[part] = ~np.broadcast_to(batch.contradictory, size)
    return results, is_kept
