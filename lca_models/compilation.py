"""The compile step: a linked system as index arrays, so that any number of parameter vectors are solved at once.

What is linked to what never changes with a parameter; only amounts and factors do. A compiled system therefore holds positions,
conversions and formulas, and `evaluate_amounts` fills in the numbers.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lca_models.engine import Pattern
from lca_models.errors import N_, ParameterError
from lca_models.formulas import Formula, Number, evaluate
from lca_models.inventory import Exchange, Process
from lca_models.linking import Burden, LinkedSystem

CONSTANT: Final = "carbon_"
"""Prefix of the constants that formulas may name: the carbon content of a flow."""

Positions = NDArray[np.int64]
Amounts = NDArray[np.float64]

# 1 - share may end a hair below zero; anything more means that parameters contradict each other.
_ROUNDING = 1e-12


@dataclass(frozen=True, kw_only=True)  # no slots: what can be derived is kept once it was asked for
class CompiledSystem:
    """A system ready to be solved.

    Axes: K draws, E exchanges, S supplies between processes, B burdens, N processes.

    Attributes
    ----------
    exchanges
        (E,) all exchanges of all processes, process by process; `amount` is the stated one.
    formulas
        (E,) how parameters make the amount; None where it is constant.
    exchange_process
        (E,) position of the process.
    supply_consumer, supply_producer, supply_exchange, supply_conversion
        (S,) who takes, from whom, by which exchange, and units of the producer's product per unit of the exchange.
    burdens
        (B,) emissions and parts of supplies from the background.
    outputs
        (N,) reference product per activity.

    """

    product: str
    processes: tuple[Process, ...]
    exchanges: tuple[Exchange, ...]
    formulas: tuple[Formula | None, ...]
    exchange_process: Positions
    supply_consumer: Positions
    supply_producer: Positions
    supply_exchange: Positions
    supply_conversion: Amounts
    burdens: tuple[Burden, ...]
    outputs: Amounts
    uncharacterised: Mapping[str, str]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """(N,) of the processes."""
        return tuple(process.name for process in self.processes)

    @cached_property
    def pattern(self) -> Pattern:
        """Which process takes from which."""
        return Pattern(size=len(self.processes), rows=self.supply_producer, columns=self.supply_consumer, names=self.names)

    @cached_property
    def burden_process(self) -> Positions:
        """(B,) position of the process that has the burden."""
        return _positions(one.process for one in self.burdens)

    @cached_property
    def burden_exchange(self) -> Positions:
        """(B,) position of the exchange that brings it."""
        return _positions(one.position for one in self.burdens)

    @cached_property
    def burden_conversion(self) -> Amounts:
        """(B,) units of the factor per unit of the exchange."""
        return np.array([one.conversion for one in self.burdens], dtype=np.float64)

    @cached_property
    def shared_columns(self) -> Mapping[str, Positions]:
        """By name of the share: the exchanges whose amounts an allocation multiplies with it."""
        names = {one.share for one in self.exchanges} - {""}
        return {name: _positions(e for e, one in enumerate(self.exchanges) if one.share == name) for name in sorted(names)}

    @cached_property
    def stated_amounts(self) -> Amounts:
        """(E,) amounts as the tables state them."""
        return np.array([one.amount for one in self.exchanges], dtype=np.float64)

    @cached_property
    def stated_factors(self) -> Amounts:
        """(B,) kg CO2e per unit, with the factors as the tables state them."""
        return np.array([one.kg_co2e_per_unit for one in self.burdens], dtype=np.float64)

    @cached_property
    def factor_columns(self) -> Mapping[str, tuple[Positions, Amounts]]:
        """By parameter that is a factor: the burdens that it characterises, and their shares of it."""
        names = sorted({one.exchange.supply for one in self.burdens if one.exchange.supply})
        found = {
            name: [(b, one.share) for b, one in enumerate(self.burdens) if one.exchange.supply == name] for name in sorted(names)
        }
        return {
            name: (_positions(b for b, _ in pairs), np.array([share for _, share in pairs], dtype=np.float64))
            for name, pairs in found.items()
        }


def compile_system(linked: LinkedSystem, formulas: Mapping[str, tuple[Formula | None, ...]] | None = None) -> CompiledSystem:
    """Return the linked system as arrays.

    Parameters
    ----------
    linked
        What is linked to what.
    formulas
        By process, one for each of its exchanges; None if all amounts are constants.

    """
    exchanges = linked.exchanges
    per_process = [(formulas or {}).get(one.name) or (None,) * len(one.exchanges) for one in linked.processes]
    return CompiledSystem(
        product=linked.product,
        processes=linked.processes,
        exchanges=exchanges,
        formulas=tuple(formula for found in per_process for formula in found),
        exchange_process=_positions(number for number, process in enumerate(linked.processes) for _ in process.exchanges),
        supply_consumer=_positions(one.consumer for one in linked.supplies),
        supply_producer=_positions(one.producer for one in linked.supplies),
        supply_exchange=_positions(one.exchange for one in linked.supplies),
        supply_conversion=np.array([one.conversion for one in linked.supplies], dtype=np.float64),
        burdens=linked.burdens,
        outputs=np.array([process.reference.amount for process in linked.processes], dtype=np.float64),
        uncharacterised=linked.uncharacterised,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluatedAmounts:
    """Amounts of all exchanges.

    Attributes
    ----------
    amounts
        (K, E) per activity of the process, in the unit of the exchange.
    contradictory
        (K,) whether parameters of the draw contradict each other, so that an amount would be negative; it stands as zero here.

    """

    amounts: Amounts
    contradictory: NDArray[np.bool_]


def evaluate_amounts(
    system: CompiledSystem, value_of: Callable[[str], Number], *, draws: int, allow_contradictions: bool = False
) -> EvaluatedAmounts:
    """Return the amounts of all exchanges for all draws.

    Parameters
    ----------
    value_of
        Value of a parameter or constant: a number, or (K,) one for each draw.
    allow_contradictions
        Mark draws whose parameters contradict each other, instead of refusing them.

    Raises
    ------
    ParameterError
        If an amount would be negative.

    """
    amounts = np.tile(system.stated_amounts, (draws, 1))
    contradictory = np.zeros(draws, dtype=np.bool_)
    for position, formula in enumerate(system.formulas):
        if formula is None:
            continue
        amounts[:, position] = evaluate(formula, value_of)
        negative = amounts[:, position] < 0.0
        if negative.any():
            broken = amounts[:, position] < -_ROUNDING
            if broken.any() and not allow_contradictions:
                raise _contradiction(system.exchanges[position], formula, float(amounts[:, position].min()))
            contradictory |= broken
            amounts[negative, position] = 0.0
    return EvaluatedAmounts(amounts=amounts, contradictory=contradictory)


def evaluate_factors(system: CompiledSystem, value_of: Callable[[str], Number], *, draws: int) -> Amounts:
    """Return (K, B) kg CO2e per unit of each burden."""
    factors = np.tile(system.stated_factors, (draws, 1))
    for name, (columns, shares) in system.factor_columns.items():
        factors[:, columns] = np.multiply.outer(np.broadcast_to(value_of(name), (draws,)), shares)
    return factors


def apply_shares(system: CompiledSystem, amounts: Amounts, shares: Mapping[str, Number]) -> Amounts:
    """Return (K, E) what the product carries of the physical `amounts`: each times the share of its group.

    Parameters
    ----------
    shares
        By name; a number for all draws or (K,) numbers.

    """
    changed = {name: columns for name, columns in system.shared_columns.items() if not np.all(np.equal(shares[name], 1.0))}
    if not changed:
        return amounts
    carried = amounts.copy()
    for name, columns in changed.items():
        carried[:, columns] *= np.broadcast_to(shares[name], (len(amounts),))[:, None]
    return carried


def _contradiction(exchange: Exchange, formula: Formula, amount: float) -> ParameterError:
    return ParameterError(
        N_("%(process)s would take or emit %(amount)s %(unit)s of %(flow)s: the parameters %(names)s contradict each other."),
        parameter=exchange.driver,
        process=exchange.process,
        amount=f"{amount:g}",
        unit=exchange.unit,
        flow=exchange.flow,
        names=", ".join(sorted(name for name in formula.names if not name.startswith(CONSTANT))),
    )


def _positions(found: Iterable[int]) -> Positions:
    return np.array(list(found), dtype=np.int64)
