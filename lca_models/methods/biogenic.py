"""Carbon in the product and its packaging, and the result with and without biogenic uptake (ISO 14067, PACT v3)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from lca_models.calculation import Footprint
from lca_models.composition import Balance, Origin
from lca_models.inventory import Direction
from lca_models.model import PRODUCT, Model

CO2_PER_C: Final = 44.0 / 12.0
"""kg CO2 that one kg of carbon becomes or was."""

DUE_SHARE_OF_MASS: Final = 0.05
DUE_SHARE_OF_RESULT: Final = 0.03
"""PACT v3: biogenic figures are due above 5 % biogenic carbon in the product or 3 % of the result from biomass and land."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CarbonContent:
    """kg C per kg of product; packaging is counted apart.

    Attributes
    ----------
    recycled
        The part of `fossil` that comes from recycled feed.
    oxidised_kg_co2
        What the product's carbon would become at its end of life: for information, no part of a result to the gate.

    """

    fossil: float
    biogenic: float
    recycled: float
    packaging_biogenic: float
    oxidised_kg_co2: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoResults:
    """The result without and with biogenic uptake, kg CO2e per kg; uptake is negative or zero."""

    excluding_uptake: float
    uptake: float
    including_uptake: float
    is_due: bool


def carbon_content(model: Model, footprint: Footprint) -> CarbonContent:
    """Return the carbon of 1 kg of product and of the packaging around it."""
    product = model.composition[PRODUCT]
    is_biogenic = product.origin is Origin.BIOGENIC
    fossil = 0.0 if is_biogenic else product.kg_c_per_kg
    return CarbonContent(
        fossil=fossil,
        biogenic=product.kg_c_per_kg if is_biogenic else 0.0,
        recycled=fossil * _recycled_share(model, footprint),
        packaging_biogenic=_packaging_carbon(model, footprint),
        oxidised_kg_co2=product.kg_c_per_kg * CO2_PER_C,
    )


def two_results(footprint: Footprint, content: CarbonContent) -> TwoResults:
    """Return both results and whether the rules ask for the biogenic figures."""
    split = footprint.split_kg_co2e
    land_and_biomass = abs(split.biogenic) + abs(split.biogenic_uptake) + abs(split.land_use)
    return TwoResults(
        excluding_uptake=footprint.total_kg_co2e,
        uptake=split.biogenic_uptake,
        including_uptake=footprint.total_kg_co2e + split.biogenic_uptake,
        is_due=content.biogenic > DUE_SHARE_OF_MASS or land_and_biomass > DUE_SHARE_OF_RESULT * abs(footprint.total_kg_co2e),
    )


def uptake_of(carbon_kg: float) -> float:
    """Return the uptake behind biogenic carbon, kg CO2, negative: -C x 44/12."""
    return -carbon_kg * CO2_PER_C


def _recycled_share(model: Model, footprint: Footprint) -> float:
    """Return which share of the chain's carbon in was recycled: recycled carbon over all carbon that forms the product."""
    inputs = footprint.carbon_balance.inputs_kg_c
    recycled = _sum(carbon for flow, carbon in inputs.items() if model.composition[flow].origin is Origin.RECYCLED)
    # What is recycled comes in as graphite and stays; it can't be more than the product holds.
    return min(recycled / model.composition[PRODUCT].kg_c_per_kg, 1.0)


def _packaging_carbon(model: Model, footprint: Footprint) -> float:
    batch, composition = footprint.batch, model.composition
    amounts = (batch.physical_amounts[0] * batch.levels[0, batch.system.exchange_process]).tolist()
    return _sum(
        amount * composition[exchange.flow].kg_c_per_kg
        for exchange, amount in zip(batch.system.exchanges, amounts, strict=True)
        if exchange.direction is Direction.INPUT
        and exchange.flow in composition
        and composition[exchange.flow].balance is Balance.PACKAGING
        and composition[exchange.flow].origin is Origin.BIOGENIC
    )


def _sum(values: Iterable[float]) -> float:
    return sum(values, 0.0)
