"""A product with many inputs, invented so that spend, number of questions and uncertainty point in different directions."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from lca_models import load_model
from lca_models.emissions import GwpSet
from lca_models.uncertainty.inputs import uncertain_parameters
from lca_models.uncertainty.monte_carlo import simulate_parameters
from lca_models.uncertainty.sampling import Design
from service.planning.opening import Opened, after_asking, ask_about, sources_of, split_by_party
from service.planning.ranking import Ask, Key, rank
from service.suppliers.models import SupplierType

MODEL = load_model()
DRAWS = Design(draws=600, seed=1)
SEEDS = 50
SHAPE: dict[str, float | str] = {"furnace": "acheson_crucible", "toll_share": 1.0, "needle_coke_share": 0.4}


@dataclass(frozen=True, slots=True, kw_only=True)
class Supplier:
    """A supplier that nobody has asked yet: what it delivers, its share of that, and what is paid in a year."""

    name: str
    supplier_type: SupplierType
    parameters: tuple[str, ...]
    share: float
    spend_million_cny: float


_TOLL = (
    "graphitization_feed_kg_per_kg",
    "graphitization_electricity_kwh_per_kg",
    "packing_coke_net_kg_per_kg",
    "graphite_crucible_kg_per_kg",
)
_CARBONIZATION = (
    "carbonization_electricity_kwh_per_kg",
    "carbonization_natural_gas_nm3_per_kg",
    "carbonization_nitrogen_nm3_per_kg",
)


def _suppliers(
    prefix: str, supplier_type: SupplierType, parameters: tuple[str, ...], *shares: tuple[float, float]
) -> list[Supplier]:
    return [
        Supplier(
            name=f"{prefix} {number}", supplier_type=supplier_type, parameters=parameters, share=share, spend_million_cny=spend
        )
        for number, (share, spend) in enumerate(shares, 1)
    ]


SUPPLIERS: Sequence[Supplier] = (
    *_suppliers("needle coke", SupplierType.COKE, ("green_needle_coke_kg_co2e_per_kg",), (0.6, 95.0), (0.4, 65.0)),
    *_suppliers(
        "petroleum coke", SupplierType.COKE, ("green_petroleum_coke_kg_co2e_per_kg",), (0.5, 48.0), (0.3, 30.0), (0.2, 20.0)
    ),
    *_suppliers("toll plant", SupplierType.TOLL, _TOLL, (0.4, 52.0), (0.3, 39.0), (0.2, 26.0), (0.1, 13.0)),
    *_suppliers("pitch", SupplierType.PITCH, ("coal_tar_pitch_kg_co2e_per_kg",), (0.7, 21.0), (0.3, 9.0)),
    *_suppliers("packing coke", SupplierType.COKE, ("packing_coke_kg_co2e_per_kg",), (1.0, 8.0)),
    *_suppliers("crucibles", SupplierType.CRUCIBLE, ("graphite_crucible_kg_co2e_per_kg",), (1.0, 14.0)),
    *_suppliers("toll carbonization", SupplierType.TOLL_CARB, _CARBONIZATION, (0.6, 34.0), (0.4, 22.0)),
    *_suppliers("big bags", SupplierType.PACKAGING, ("pp_big_bag_kg_co2e_per_kg",), (1.0, 5.0)),
)


@cache
def opened() -> Opened:
    """Return the product laid open; nobody has answered anything."""
    parameters, asks = [], {}
    types = {one.name: one.supplier_type for one in SUPPLIERS}
    for one in uncertain_parameters(MODEL, SHAPE):
        parts = [_part(supplier) for supplier in SUPPLIERS if one.name in supplier.parameters]
        parted = split_by_party(one, parts)
        parameters.append(parted)
        for position, part in enumerate(parts):
            ask = ask_about(MODEL, one, part, types)
            if ask is not None:
                asks[one.name, position] = ask
    return Opened(model=MODEL, given=SHAPE, gwp=GwpSet.AR6, parameters=tuple(parameters), asks=asks)


def width(asked: Sequence[Key]) -> float:
    """Return P5 to P95 by the model's own Monte Carlo once some questions are answered, kg CO2e per kg."""
    found = simulate_parameters(MODEL, SHAPE, after_asking(opened(), frozenset(asked)), design=DRAWS)
    return found.percentile(95) - found.percentile(5)


def planner_order() -> list[Key]:
    """Return the planner's order."""
    questions = opened().questions()
    ranked = [step.ask.key for step in rank(list(sources_of(opened())), questions).steps]
    return ranked + [key for key in questions if key not in ranked]


def spend_order() -> list[Key]:
    """Return questions by what the supplier is paid, the most first; of one supplier in the order of its questionnaire."""
    spend = {one.name: one.spend_million_cny for one in SUPPLIERS}
    return sorted(opened().questions(), key=lambda key: -spend[key.supplier])


def random_order(seed: int) -> list[Key]:
    """Return questions in random order."""
    keys = list(opened().questions())
    random.Random(seed).shuffle(keys)
    return keys


def fields_until(order: Sequence[Key], wanted: float) -> int:
    """Return how many fields are asked until the interval is as narrow as wanted.

    Found by halving: more answers never widen the interval by more than the noise of the draws.
    """
    low, high = 0, len(order)
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if width(order[:middle]) <= wanted else (middle + 1, high)
    questions: dict[Key, Ask] = opened().questions()
    return len({(key.supplier, field) for key in order[:low] for field in questions[key].fields})


def _part(supplier: Supplier) -> dict[str, Any]:
    return {
        "place": "supplier",
        "supplier_id": supplier.name,
        "weight": supplier.share,
        "value": 0.0,
        "evidence": "",
        "missing": [],
        "source": "",
    }
