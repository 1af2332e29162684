"""Mass balance of each process of the chain: inputs against product, by-products, wastes and what leaves as gas.

Of an emission only its carbon counts, because the oxygen comes from the air. What is not carbon in coke and pitch (hydrogen,
oxygen, nitrogen, sulphur) leaves as gas when they are heated; the difference between what goes in and what is still in the outputs
counts as an output. Which flows count is data: those of `carbon_contents.csv` with balance `chain`. Amounts are physical, before
any allocation.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from lca_models.batch import BatchResult
from lca_models.carbon import counts_in_chain
from lca_models.composition import Balance, Composition
from lca_models.inventory import Direction, Exchange

_SOLID_OUTPUTS: Final = frozenset({Direction.WASTE, Direction.BYPRODUCT})


@dataclass(frozen=True, slots=True, kw_only=True)
class MassBalance:
    """Mass of one process, kg per unit of its product.

    Attributes
    ----------
    outputs_kg
        Product, by-products and wastes.
    gases_kg
        Carbon of emissions, and what is not carbon and leaves as gas.

    """

    process: str
    inputs_kg: float
    outputs_kg: float
    gases_kg: float

    @property
    def closure(self) -> float:
        """Out divided by in; 1 is a closed balance."""
        return (self.outputs_kg + self.gases_kg) / self.inputs_kg

    def as_dict(self) -> dict[str, Any]:
        """Return JSON-ready values."""
        return {"inputs_kg": self.inputs_kg, "outputs_kg": self.outputs_kg, "gases_kg": self.gases_kg, "closure": self.closure}


def balance_masses(batch: BatchResult, composition: Mapping[str, Composition]) -> tuple[MassBalance, ...]:
    """Return the balance of each process of the chain that takes material in, for the first draw."""
    system = batch.system
    found: dict[str, _Sums] = {
        process.name: _Sums(product=composition[process.reference.flow], amount=process.reference.amount)
        for process in system.processes
        if process.reference.flow in composition and composition[process.reference.flow].balance is Balance.CHAIN
    }
    for exchange, amount in zip(system.exchanges, batch.physical_amounts[0].tolist(), strict=True):
        if exchange.process in found and counts_in_chain(exchange, composition):
            found[exchange.process].add(exchange, amount, composition[exchange.flow])
    return tuple(sums.balance(name) for name, sums in found.items() if sums.inputs)


class _Sums:
    """Masses of one process while its exchanges are gone through."""

    def __init__(self, *, product: Composition, amount: float) -> None:
        self.product = amount
        self.inputs = 0.0
        self.outputs = amount
        self.emitted_carbon = 0.0
        self.other_than_carbon = -amount * (1.0 - product.kg_c_per_kg)

    def add(self, exchange: Exchange, amount: float, flow: Composition) -> None:
        """Count one exchange."""
        if exchange.direction is Direction.INPUT:
            self.inputs += amount
            self.other_than_carbon += amount * (1.0 - flow.kg_c_per_kg)
        elif exchange.direction in _SOLID_OUTPUTS:
            self.outputs += amount
            self.other_than_carbon -= amount * (1.0 - flow.kg_c_per_kg)
        elif exchange.direction is Direction.EMISSION_AIR:
            self.emitted_carbon += amount * flow.kg_c_per_kg

    def balance(self, process: str) -> MassBalance:
        """Return the balance per unit of product."""
        return MassBalance(
            process=process,
            inputs_kg=self.inputs / self.product,
            outputs_kg=self.outputs / self.product,
            gases_kg=(self.emitted_carbon + max(self.other_than_carbon, 0.0)) / self.product,
        )
