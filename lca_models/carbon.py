"""Carbon balance of the product chain: a hard check on supplier data.

Packing coke and the crucible are outside: their carbon comes from outside the chain and leaves as burn-off and waste (the parts
of emissions named ``packing_coke``).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from lca_models.inventory import Direction, Exchange
from lca_models.solution import SolvedSystem

_OUTSIDE_FLOWS: Final = frozenset({"packing_coke_net", "packing_coke_gross", "graphitised_packing_coke"})
_OUTSIDE_PART: Final = "packing_coke"
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


def balance_carbon(solved: SolvedSystem, contents: Mapping[str, float]) -> CarbonBalance:
    """Return the balance of the first draw; `contents` gives kg C per kg of each flow, flows without content don't count."""
    system = solved.system
    made = {process.reference.flow for process in system.processes}
    inputs: dict[str, float] = {}
    outputs: dict[str, float] = {system.product: contents.get(system.product, 0.0)}
    amounts = (solved.amounts[0] * solved.levels[0, system.exchange_process]).tolist()
    for exchange, amount in zip(system.exchanges, amounts, strict=True):
        side = _side(exchange, made, inputs, outputs)
        if side is not None and exchange.flow in contents:
            side[exchange.flow] = side.get(exchange.flow, 0.0) + amount * contents[exchange.flow]
    total_in = sum(inputs.values())
    return CarbonBalance(
        inputs_kg_c={flow: carbon for flow, carbon in inputs.items() if carbon},
        outputs_kg_c=outputs,
        closure=sum(outputs.values()) / total_in if total_in else None,
    )


def _side(exchange: Exchange, made: set[str], inputs: dict[str, float], outputs: dict[str, float]) -> dict[str, float] | None:
    if exchange.flow in _OUTSIDE_FLOWS or exchange.part == _OUTSIDE_PART:
        return None
    if exchange.direction in _OUTPUTS:
        return outputs
    return inputs if exchange.direction is Direction.INPUT and exchange.flow not in made else None
