import uuid
from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Final

from fastapi import Query

from lca_models.uncertainty.comparison import Comparison
from lca_models.uncertainty.distributions import central_interval
from lca_models.uncertainty.inputs import Term, UncertainParameter
from lca_models.uncertainty.monte_carlo import Simulation
from lca_models.uncertainty.sampling import FEWEST_DRAWS, Sampling
from lca_models.uncertainty.sensitivity import shift_contributions, sobol_indices, variance_contributions
from service.footprints.models import FootprintRecord
from service.footprints.schemas import Out
from service.footprints.uncertainty import MOST_DRAWS, RecordUncertainty

_FEWEST_EXPLAINED: Final = 200
"""Draws that tell about a hundred parameters apart."""

_MOST_BASE: Final = 512
"""Base points of one request: about 35,000 footprints, half a second."""

BasePoints = Annotated[int | None, Query(ge=2, le=_MOST_BASE, description="Sobol indices from so many base points, a power of two")]
Draws = Annotated[int, Query(ge=max(FEWEST_DRAWS, _FEWEST_EXPLAINED), le=MOST_DRAWS)]


class HistogramOut(Out):
    """Counts between edges, kg CO2e per kg; one edge more than counts."""

    edges_kg_co2e: list[float]
    counts: list[int]


class DistributionOut(Out):
    """Results under one electricity view, kg CO2e per kg; `left_out` draws had parameters that contradict each other."""

    view: str
    point_kg_co2e: float
    median_kg_co2e: float
    mean_kg_co2e: float
    sd_kg_co2e: float
    percentiles_kg_co2e: Mapping[str, float]
    left_out: int
    histogram: HistogramOut


class TermOut(Out):
    """What a parameter, or a share of it, is drawn from; the interval of 95 % is in the parameter's unit."""

    weight: float
    shape: str
    point: float
    interval_95: tuple[float, float]
    basis: str
    evidence: str
    sources: list[str]


class UncertainParameterOut(Out):
    """A parameter with its distribution; without terms it follows others."""

    parameter: str
    unit: str
    terms: list[TermOut]
    follows: list[str]


class SobolOut(Out):
    """First and total order indices by parameter with the half widths of their 95 % confidence intervals.

    `left_out` base points had a draw whose parameters contradict each other.
    """

    first: Mapping[str, float]
    total: Mapping[str, float]
    first_interval: Mapping[str, float]
    total_interval: Mapping[str, float]
    evaluations: int
    left_out: int


class UncertaintyOut(Out):
    """How sure a footprint is.

    `variance` has each parameter's share of the headline's variance, `shift` how far each one moves the mean from the point value;
    `sobol` is null unless asked for.
    """

    number: str
    draws: int
    seed: int
    sampling: Sampling
    views: list[DistributionOut]
    variance: Mapping[str, float]
    shift_kg_co2e: Mapping[str, float]
    sobol: SobolOut | None
    parameters: list[UncertainParameterOut]
    certain_exchanges: list[str]


class UncertainComparisonOut(Out):
    """Two footprints with common draws; differences are first less second, kg CO2e per kg."""

    first: str
    second: str
    first_id: uuid.UUID
    second_id: uuid.UUID
    draws: int
    seed: int
    probability_first_lower: float
    point_difference_kg_co2e: float
    median_kg_co2e: float
    sd_kg_co2e: float
    sd_if_independent_kg_co2e: float
    percentiles_kg_co2e: Mapping[str, float]
    common_sources: int


PERCENTILES: Final = (2.5, 5.0, 25.0, 50.0, 75.0, 90.0, 95.0, 97.5)


def uncertainty_out(record: FootprintRecord, found: RecordUncertainty, *, sobol: int | None) -> UncertaintyOut:
    """Return the uncertainty of a record as the API answers it; with Sobol indices from `sobol` base points, if any."""
    headline = found.headline
    indices = None if sobol is None else sobol_indices(found.model, headline, base=sobol)
    return UncertaintyOut(
        number=record.number,
        draws=headline.design.draws,
        seed=headline.design.seed,
        sampling=headline.design.sampling,
        views=[_distribution(view, one) for view, one in found.by_view.items()],
        variance=variance_contributions(headline),
        shift_kg_co2e=shift_contributions(headline),
        sobol=None if indices is None else SobolOut.model_validate(asdict(indices)),
        parameters=[_parameter(one) for one in headline.parameters],
        certain_exchanges=[f"{one.process}/{one.flow}" for one in found.fixed],
    )


def comparison_out(first: FootprintRecord, second: FootprintRecord, found: Comparison) -> UncertainComparisonOut:
    """Return a comparison as the API answers it."""
    design = found.first.design
    return UncertainComparisonOut(
        first=first.number,
        second=second.number,
        first_id=first.id,
        second_id=second.id,
        draws=design.draws,
        seed=design.seed,
        probability_first_lower=found.probability_first_lower,
        point_difference_kg_co2e=found.point_difference_kg_co2e,
        median_kg_co2e=found.median_kg_co2e,
        sd_kg_co2e=found.sd_kg_co2e,
        sd_if_independent_kg_co2e=found.sd_if_independent_kg_co2e,
        percentiles_kg_co2e={f"P{percent:g}": found.percentile(percent) for percent in PERCENTILES},
        common_sources=len(found.common_streams),
    )


def _distribution(view: str, found: Simulation) -> DistributionOut:
    histogram = found.histogram()
    return DistributionOut(
        view=view,
        point_kg_co2e=found.point_kg_co2e,
        median_kg_co2e=found.median_kg_co2e,
        mean_kg_co2e=found.mean_kg_co2e,
        sd_kg_co2e=found.sd_kg_co2e,
        percentiles_kg_co2e={f"P{percent:g}": found.percentile(percent) for percent in PERCENTILES},
        left_out=found.left_out,
        histogram=HistogramOut(edges_kg_co2e=histogram.edges_kg_co2e.tolist(), counts=histogram.counts.tolist()),
    )


def _parameter(one: UncertainParameter) -> UncertainParameterOut:
    return UncertainParameterOut(
        parameter=one.name, unit=one.unit, terms=[_term(term) for term in one.terms], follows=list(one.follows)
    )


def _term(term: Term) -> TermOut:
    return TermOut(
        weight=term.weight,
        shape=term.distribution.kind,
        point=term.distribution.point,
        interval_95=central_interval(term.distribution, 0.95),
        basis=term.basis.value,
        evidence=term.evidence,
        sources=list(term.sources),
    )
