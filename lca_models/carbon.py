"""Carbon balance of the product chain: a hard check on supplier data.

Packing coke and the crucible are outside: their carbon comes from outside the chain and leaves as burn-off and waste (the parts
of emissions named ``packing_coke``). Packaging is around the product and not in it. Amounts are physical, before any allocation.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from lca_models.batch import BatchResult
from lca_models.composition import Balance, Composition
from lca_models.inventory import Direction, Exchange

OUTSIDE_PART: Final = "packing_coke"
"""Part of an emission that comes from packing coke."""

_OUTPUTS: Final = frozenset({Direction.EMISSION_AIR, Direction.WASTE, Direction.BYPRODUCT})


@dataclass(frozen=True, slots=True, kw_only=True)
class CarbonBalance:
    """Carbon in and out of the product chain, kg C per unit of product.

    Attributes
    ----------
    closure
        Out divided by in; 1 is a closed balance, outside 0.95 to 1.05 the data contradict each other. None if no carbon goes in.

    """

    inputs_kg_c: Mapping[str, float]
    outputs_kg_c: Mapping[str, float]
    closure: float | None

    def as_dict(self) -> dict[str, Any]:
        """Return JSON-ready values."""
        return {"inputs_kg_c": dict(self.inputs_kg_c), "outputs_kg_c": dict(self.outputs_kg_c), "closure": self.closure}


def balance_carbon(batch: BatchResult, composition: Mapping[str, Composition]) -> CarbonBalance:
    """Return the balance of the first draw; flows of unknown composition don't count."""
    system = batch.system
    made = {process.reference.flow for process in system.processes}
    product = composition.get(system.product)
    inputs: dict[str, float] = {}
    outputs: dict[str, float] = {system.product: product.kg_c_per_kg if product else 0.0}
    amounts = (batch.physical_amounts[0] * batch.levels[0, system.exchange_process]).tolist()
    for exchange, amount in zip(system.exchanges, amounts, strict=True):
        side = _side(exchange, made, inputs, outputs)
        if side is not None and counts_in_chain(exchange, composition):
            side[exchange.flow] = side.get(exchange.flow, 0.0) + amount * composition[exchange.flow].kg_c_per_kg
    total_in = sum(inputs.values())
    return CarbonBalance(
        inputs_kg_c={flow: carbon for flow, carbon in inputs.items() if carbon},
        outputs_kg_c=outputs,
        closure=sum(outputs.values()) / total_in if total_in else None,
    )


def counts_in_chain(exchange: Exchange, composition: Mapping[str, Composition]) -> bool:
    """Tell whether an exchange belongs to the chain from coke to product."""
    found = composition.get(exchange.flow)
    return found is not None and found.balance is Balance.CHAIN and exchange.part != OUTSIDE_PART


def _side(exchange: Exchange, made: set[str], inputs: dict[str, float], outputs: dict[str, float]) -> dict[str, float] | None:
    if exchange.direction in _OUTPUTS:
        return outputs
    return inputs if exchange.direction is Direction.INPUT and exchange.flow not in made else None
