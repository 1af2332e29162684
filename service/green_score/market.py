"""The market that a material's footprint is held against: peers' own footprints, or a dataset with its usual range."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from lca_models.electricity import NATIONAL
from lca_models.gate_to_gate import ChainStep
from lca_models.inventory import Distribution as Shape
from lca_models.model import Model
from lca_models.parameters import FURNACE
from lca_models.uncertainty.inputs import ranged_distribution
from service.green_score.materials import Material, materials
from service.green_score.own_footprints import OwnMaterialFootprint
from service.green_score.published import Disclosure, published_kg_co2e

LEAST_PEERS: Final = 5
LOW_PERCENT: Final = 10.0
HIGH_PERCENT: Final = 90.0
BEST_RATIO: Final = (0.3, 0.8)
"""Bounds of the ratio that earns full marks, however near or far the best tenth of the market is."""
WORST_RATIO: Final = (1.5, 3.0)
DEFAULT_BEST: Final = 0.5
DEFAULT_WORST: Final = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """Footprints of a material on the market, kg CO2e per kg.

    Attributes
    ----------
    low, high
        Tenth and ninetieth percentile; None where no spread is known.
    peers
        Suppliers whose own footprints they are; 0 of a dataset.

    """

    median: float
    low: float | None
    high: float | None
    peers: int
    source: str


def market_of(peers: Sequence[OwnMaterialFootprint], flow: str, model: Model) -> Market | None:
    """Return the market by at least five peers' own footprints, else by the dataset; None without either.

    What peers tell is rounded as buyers see footprints: the median of five is one supplier's own, and others calculate it from the
    ratio in their score.
    """
    figures = [one.kg_co2e_per_kg for one in peers if one.is_calculated]
    if len(figures) < LEAST_PEERS:
        return dataset_market(flow, model)
    percentiles = np.percentile(figures, (LOW_PERCENT, 50.0, HIGH_PERCENT)).tolist()
    low, median, high = (published_kg_co2e(one, Disclosure.ROUNDED) for one in percentiles)
    source = f"{len(figures)} suppliers' own footprints, calculated from accepted answers by model {model.model_version}"
    return Market(median=median, low=low, high=high, peers=len(figures), source=source)


def dataset_market(flow: str, model: Model) -> Market | None:
    """Return the market by the model's factor or by its work steps with their default figures; None where it has neither."""
    material = materials().get(flow)
    if material is None:
        return None
    if material.processes:
        return _market_of_processes(material, model)
    return _market_of_factor(material, model) if material.factor in model.factors.life_cycle else None


def ratios(market: Market) -> tuple[float, float]:
    """Return the ratios to the median that earn all and nothing, within their bounds."""
    best = DEFAULT_BEST if market.low is None else market.low / market.median
    worst = DEFAULT_WORST if market.high is None else market.high / market.median
    return min(max(best, BEST_RATIO[0]), BEST_RATIO[1]), min(max(worst, WORST_RATIO[0]), WORST_RATIO[1])


def _market_of_factor(material: Material, model: Model) -> Market:
    factor = model.factors.life_cycle[material.factor]
    stated = factor.evidence
    drawn = ranged_distribution(Shape(stated.distribution), factor.value, stated.low, stated.high)
    low, high = (float(one) / material.kg_per_unit for one in drawn.quantile(np.array([LOW_PERCENT, HIGH_PERCENT]) / 100.0))
    is_spread = stated.low is not None and stated.low != stated.high
    return Market(
        median=factor.value / material.kg_per_unit,
        low=low if is_spread else None,
        high=high if is_spread else None,
        peers=0,
        source=f"{material.factor} of model {model.model_version} ({', '.join(stated.sources)}). {material.reason}",
    )


def _market_of_processes(material: Material, model: Model) -> Market:
    figures = [_default_of(process, model) for process in material.processes]
    is_spread = len(figures) > 1
    return Market(
        median=float(np.median(figures)),
        low=float(np.percentile(figures, LOW_PERCENT)) if is_spread else None,
        high=float(np.percentile(figures, HIGH_PERCENT)) if is_spread else None,
        peers=0,
        source=f"{', '.join(material.processes)} of model {model.model_version}. {material.reason}",
    )


def _default_of(process: str, model: Model) -> float:
    furnace = process.partition(":")[2]
    return ChainStep(process=process, given={FURNACE: furnace} if furnace else {}, evidence={}).total_kg_co2e(model, NATIONAL)
