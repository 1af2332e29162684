"""Which parameters make a footprint uncertain: contributions to its variance, and Sobol indices."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from lca_models.errors import N_, UncertaintyError
from lca_models.model import Model
from lca_models.uncertainty.distributions import Values
from lca_models.uncertainty.inputs import UncertainParameter, drawn
from lca_models.uncertainty.monte_carlo import Simulation, evaluate_draws, streams_of

MOST_EVALUATIONS: Final = 1_000_000
_EDGE: Final = 2.0**-53


class Attribution(StrEnum):
    """How the variance of a result is attributed to parameters."""

    REGRESSION = "regression"
    """Regression on all parameters together: coefficient times covariance with the result, over the variance of the result.

    For independent parameters that is the squared standardised coefficient; unlike those, the shares sum to what the regression
    explains, whatever chance correlations the draws have.
    """
    LINEAR = "linear"
    """Squared correlation of each parameter with the result."""
    RANK = "rank"
    """Squared correlation of the ranks, for relations that are bent."""


def variance_contributions(simulation: Simulation, *, by: Attribution = Attribution.REGRESSION) -> dict[str, float]:
    """Return the share of the variance that each drawn parameter brings, the largest first.

    The shares sum to what a linear relation explains, near one here; what is missing arises from parameters acting together. Of a
    parameter that matters for nothing the share is zero but for chance, also a hair below it.
    Parameters that move together, as the electricity factors of a view do, stand under the first of them.
    """
    if simulation.is_certain:
        return {}
    names, columns = _columns(simulation)
    result = simulation.total_kg_co2e
    shares = _SHARES[by](columns, result)
    found = dict(zip(names, (float(share) for share in shares), strict=True))
    return dict(sorted(found.items(), key=lambda item: -item[1]))


def shift_contributions(simulation: Simulation) -> dict[str, float]:
    """Return how much each drawn parameter moves the mean away from the point value, kg CO2e per kg, the largest move first.

    A parameter whose range reaches farther up than down has a mean above its point; times its regression coefficient that is its
    part of the difference between mean and point value, to first order.
    """
    if simulation.is_certain:
        return {}
    names, columns = _columns(simulation)
    slopes = _slopes(columns, simulation.total_kg_co2e)
    points = {one.name: one.point for one in simulation.parameters}
    moved = {
        name: float(slope * (column.mean() - points[name])) for name, slope, column in zip(names, slopes, columns.T, strict=True)
    }
    return dict(sorted(moved.items(), key=lambda item: -abs(item[1])))


def _columns(simulation: Simulation) -> tuple[list[str], Values]:
    """Return the names of the drawn parameters that bring a stream of their own, and (K, p) their draws."""
    seen: set[str] = set()
    names: list[str] = []
    for one in drawn(simulation.parameters):
        if not seen.issuperset(one.streams):
            names.append(one.name)
            seen.update(one.streams)
    columns: Values = np.stack([simulation.values[name][simulation.is_kept] for name in names], axis=1)
    if len(columns) < len(names) + 2:
        raise UncertaintyError(
            N_("%(draws)s draws are too few to tell %(parameters)s parameters apart. Ask for at least ten times as many."),
            draws=len(columns),
            parameters=len(names),
        )
    return names, columns


def _slopes(columns: Values, result: Values) -> Values:
    """Return the regression coefficients, kg CO2e per kg and unit of each parameter."""
    spread = _spread(columns)
    scaled = (columns - columns.mean(axis=0)) / spread
    slopes: Values = np.linalg.lstsq(scaled, result - result.mean())[0] / spread
    return slopes


def _regression_shares(columns: Values, result: Values) -> Values:
    covariances = (columns - columns.mean(axis=0)).T @ (result - result.mean()) / len(result)
    shares: Values = _slopes(columns, result) * covariances / result.var()
    return shares


def _linear_shares(columns: Values, result: Values) -> Values:
    scaled = (columns - columns.mean(axis=0)) / _spread(columns)
    shares: Values = (scaled.T @ (result - result.mean()) / len(result)) ** 2 / result.var()
    return shares


def _rank_shares(columns: Values, result: Values) -> Values:
    return _linear_shares(_ranks(columns), _ranks(result[:, None])[:, 0])


def _ranks(columns: Values) -> Values:
    ranks: Values = columns.argsort(axis=0, kind="stable").argsort(axis=0, kind="stable").astype(np.float64)
    return ranks


def _spread(columns: Values) -> Values:
    """Return the standard deviation of each column; one that is bound to a single value divides by one instead of zero."""
    spread: Values = columns.std(axis=0)
    return np.where(spread > 0, spread, 1.0)


_SHARES: Final[Mapping[Attribution, Callable[[Values, Values], Values]]] = {
    Attribution.REGRESSION: _regression_shares,
    Attribution.LINEAR: _linear_shares,
    Attribution.RANK: _rank_shares,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SobolIndices:
    """Shares of the variance by parameter, largest total effect first.

    Attributes
    ----------
    first
        What falls away if this parameter were known, acting alone.
    total
        What stays if all others were known, its interactions included.
    first_interval, total_interval
        Half widths of the 95 % confidence intervals by bootstrap.
    evaluations
        Number of footprints calculated.
    left_out
        Base points left out because the parameters of one of their draws contradict each other.

    """

    first: Mapping[str, float]
    total: Mapping[str, float]
    first_interval: Mapping[str, float]
    total_interval: Mapping[str, float]
    evaluations: int
    left_out: int


def sobol_indices(model: Model, simulation: Simulation, *, base: int) -> SobolIndices:
    """Return first and total order indices of a simulated footprint by the scheme of Saltelli (2010) with scrambled Sobol points.

    Parameters
    ----------
    simulation
        Its parameters, view and seed are taken, its draws are not.
    base
        Base points, a power of two; base x (number of streams + 2) footprints are calculated.

    """
    parameters, seed = simulation.parameters, simulation.design.seed
    streams = streams_of(parameters)
    shares = saltelli_points(len(streams), base=base, seed=seed)
    by_stream = dict(zip(streams, shares.T, strict=True))
    values = {one.name: one.values(by_stream) for one in drawn(parameters)}
    results, is_kept = evaluate_draws(model, simulation.given, values, view=simulation.view, draws=len(shares), gwp=simulation.gwp)
    whole = is_kept.reshape(base, -1).all(axis=1)
    analysed = analyse_saltelli(results.reshape(base, -1)[whole].ravel(), count=len(streams), seed=seed)
    labels = _labels(parameters)
    order = np.argsort(-analysed["ST"], kind="stable")
    first, total, first_interval, total_interval = (
        {labels[streams[place]]: float(analysed[key][place]) for place in order} for key in ("S1", "ST", "S1_conf", "ST_conf")
    )
    return SobolIndices(
        first=first,
        total=total,
        first_interval=first_interval,
        total_interval=total_interval,
        evaluations=len(shares),
        left_out=int(base - whole.sum()),
    )


def saltelli_points(count: int, *, base: int, seed: int) -> Values:
    """Return (base x (count + 2), count) points between 0 and 1: for each base point A, A with one column of B for each, and B."""
    if base < 2 or base & (base - 1) or base * (count + 2) > MOST_EVALUATIONS:  # noqa: PLR2004 -- a variance needs two points
        raise UncertaintyError(
            N_("%(base)s base points are not possible: use a power of two; %(evaluations)s footprints would exceed %(most)s."),
            base=base,
            evaluations=base * (count + 2),
            most=MOST_EVALUATIONS,
        )
    from scipy.stats.qmc import Sobol  # noqa: PLC0415 - scipy.stats takes half a second that other calls do not need

    points = Sobol(2 * count, scramble=True, seed=seed).random(base)
    first, second = points[:, :count], points[:, count:]
    block = np.repeat(first[:, None, :], count + 2, axis=1)
    places = np.arange(count)
    block[:, places + 1, places] = second
    block[:, -1, :] = second
    clipped: Values = np.clip(block.reshape(-1, count), _EDGE, 1.0 - _EDGE)
    return clipped


def analyse_saltelli(results: Values, *, count: int, seed: int) -> Mapping[str, NDArray[np.float64]]:
    """Return SALib's analysis of results in the order of `saltelli_points`: S1, ST and their 95 % half widths, each (count,)."""
    from SALib.analyze import sobol  # noqa: PLC0415 - brings pandas, which nothing else here needs

    problem: dict[str, Any] = {"num_vars": count, "names": [str(place) for place in range(count)], "bounds": [[0, 1]] * count}
    found: Mapping[str, NDArray[np.float64]] = sobol.analyze(problem, results, calc_second_order=False, seed=seed)
    return found


def _labels(parameters: Sequence[UncertainParameter]) -> dict[str, str]:
    """Return the name under which a stream's index stands: its parameter's, or with the stream where it has several."""
    found: dict[str, str] = {}
    for one in drawn(parameters):
        for stream in one.streams:
            found.setdefault(stream, one.name if len(one.streams) == 1 else f"{one.name} ({stream})")
    return found
