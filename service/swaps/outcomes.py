"""What combinations come to: footprint and amounts from the solved product, cost, defects and score from what suppliers offer."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from service.green_score.supplier_footprint import MaterialFootprint
from service.swaps.desk import Desk
from service.swaps.evaluation import NOT_BY_MASS, Evaluation, evaluate
from service.swaps.overlay import Combination, Mix

Scores = Mapping[tuple[str, uuid.UUID], float]
"""Green scores, 0 to 100, by flow and supplier."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One combination.

    Attributes
    ----------
    kg_co2e_per_kg
        Of product, point value, national electricity view.
    kg_per_kg
        By flow, kg of input per kg of product.
    cny_per_t
        Of product, for the inputs that are bought by mass; None where a supplier in the mix has no price.
    unpriced
        Flows and suppliers without price.
    score
        Mean of the suppliers' scores by mass and footprint of what they deliver; None where one has no score.
    defect_share
        Mean by mass over all inputs, 0 to 1; None where one is not known.

    """

    combination: Combination
    kg_co2e_per_kg: float
    kg_per_kg: Mapping[str, float]
    cny_per_t: float | None
    unpriced: tuple[tuple[str, uuid.UUID], ...]
    score: float | None
    defect_share: float | None


def outcomes(desk: Desk, combinations: Sequence[Combination], scores: Scores) -> list[Outcome]:
    """Evaluate combinations; errors as in `evaluation.evaluate`."""
    found = evaluate(desk.overlays, combinations)
    weights = _score_weights(desk)
    return [_outcome(desk, one, found, number, scores=scores, weights=weights) for number, one in enumerate(combinations)]


def _outcome(
    desk: Desk, combination: Combination, found: Evaluation, number: int, *, scores: Scores, weights: Mapping[str, float]
) -> Outcome:
    every = {flow: mix for flow, mix in {**desk.today, **combination}.items() if flow not in NOT_BY_MASS}
    amounts = {flow: float(found.kg_per_kg[flow][number]) for flow in every}
    unpriced = tuple(
        (flow, supplier_id)
        for flow, mix in every.items()
        for supplier_id, share in mix.items()
        if share > 0 and amounts[flow] > 0 and (flow, supplier_id) not in desk.prices
    )
    mass = sum(amounts.values())
    carbon = {flow: amounts[flow] * weights[flow] for flow in every}
    defects = _mean(every, amounts, lambda flow, supplier_id: _defect_share(desk, flow, supplier_id))
    score = _mean(every, carbon, lambda flow, supplier_id: scores.get((flow, supplier_id)))
    return Outcome(
        combination=combination,
        kg_co2e_per_kg=float(found.kg_co2e_per_kg[number]),
        kg_per_kg=amounts,
        cny_per_t=None if unpriced else sum(amounts[flow] * _cny_per_t(desk, flow, mix) for flow, mix in every.items()),
        unpriced=unpriced,
        score=score,
        defect_share=defects if mass else None,
    )


def _cny_per_t(desk: Desk, flow: str, mix: Mix) -> float:
    priced = {supplier_id: desk.prices.get((flow, supplier_id)) for supplier_id in mix}
    return sum(share * price.cny_per_t for supplier_id, share in mix.items() if (price := priced[supplier_id]) is not None)


def _defect_share(desk: Desk, flow: str, supplier_id: uuid.UUID) -> float | None:
    price = desk.prices.get((flow, supplier_id))
    return None if price is None else price.defect_share


def _mean(every: Combination, weights: Mapping[str, float], value_of: Callable[[str, uuid.UUID], float | None]) -> float | None:
    """Return the mean of what suppliers have, weighted by flow and share; None where one that delivers has nothing."""
    total, weight = 0.0, 0.0
    for flow, mix in every.items():
        for supplier_id, share in mix.items():
            part = share * weights[flow]
            value = value_of(flow, supplier_id) if part > 0 else 0.0
            if value is None:
                return None
            total, weight = total + part * value, weight + part
    return total / weight if weight else None


def _score_weights(desk: Desk) -> Mapping[str, float]:
    """Return kg CO2e per kg by flow: carbon-relevant inputs dominate the score of a combination, whoever delivers them."""
    return {flow: max((_kg(one.footprint) for one in found), default=0.0) for flow, found in desk.candidates.items()}


def _kg(footprint: MaterialFootprint | None) -> float:
    return 0.0 if footprint is None else footprint.kg_co2e_per_kg
