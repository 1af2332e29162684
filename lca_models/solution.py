"""A solved system and where its burdens arise, for one draw of the parameters or for many."""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from lca_models.compilation import CompiledSystem
from lca_models.emissions import Category
from lca_models.engine import solve_levels
from lca_models.linking import Burden

Amounts = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)  # no slots: sums are kept once they were asked for
class SolvedSystem:
    """A system solved for one unit of its product, for K draws.

    Attributes
    ----------
    amounts
        (K, E) of all exchanges, per activity of their process.
    factors
        (K, B) kg CO2e per unit of each burden.
    supplies
        (K, S) between processes, in the unit of the producer's product, per activity of the consumer.
    burden_amounts
        (K, B) in the unit of the factor, per activity of the process.
    levels
        (K, N) how often each process runs.
    contributions_kg_co2e
        (K, B)

    """

    system: CompiledSystem
    amounts: Amounts
    factors: Amounts
    supplies: Amounts
    burden_amounts: Amounts
    levels: Amounts
    contributions_kg_co2e: Amounts

    @cached_property
    def score_kg_co2e(self) -> Amounts:
        """(K,) sum of all contributions, biogenic uptake as the characterization gives it."""
        scores: Amounts = self.contributions_kg_co2e.sum(axis=1)
        return scores

    def sum_by(self, key: Callable[[Burden], str]) -> dict[str, Amounts]:
        """Return (K,) kg CO2e by group, in order of first appearance; the parts sum to the score."""
        return self.sum_columns(range(len(self.system.burdens)), key)

    def sum_columns(self, positions: Iterable[int], key: Callable[[Burden], str]) -> dict[str, Amounts]:
        """Return (K,) kg CO2e of some burdens by group."""
        groups: dict[str, list[int]] = {}
        for position in positions:
            groups.setdefault(key(self.system.burdens[position]), []).append(position)
        return {name: self.contributions_kg_co2e[:, columns].sum(axis=1) for name, columns in groups.items()}


def solve_system(system: CompiledSystem, amounts: Amounts | None = None, factors: Amounts | None = None) -> SolvedSystem:
    """Solve a system for K draws; without `amounts` and `factors`, once for those that the tables state.

    Parameters
    ----------
    amounts
        (K, E) of all exchanges.
    factors
        (K, B) of all burdens.

    """
    amounts = system.stated_amounts[None, :] if amounts is None else amounts
    factors = np.broadcast_to(system.stated_factors, (len(amounts), len(system.burdens))) if factors is None else factors
    supplies = amounts[:, system.supply_exchange] * system.supply_conversion
    burden_amounts = amounts[:, system.burden_exchange] * system.burden_conversion
    levels = solve_levels(system.pattern, system.outputs, supplies)
    return SolvedSystem(
        system=system,
        amounts=amounts,
        factors=factors,
        supplies=supplies,
        burden_amounts=burden_amounts,
        levels=levels,
        contributions_kg_co2e=levels[:, system.burden_process] * burden_amounts * factors,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """One burden of one process, for one unit of product.

    Attributes
    ----------
    amount
        In the unit of the burden.

    """

    process: str
    burden: Burden
    amount: float
    kg_co2e: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """One draw of a solved system.

    Attributes
    ----------
    scaling
        Amount of reference product that each process makes.
    activities
        How often each process runs; scaling divided by its reference amount.

    """

    solved: SolvedSystem
    scaling: Mapping[str, float]
    activities: Mapping[str, float]
    contributions: tuple[Contribution, ...]
    total_kg_co2e: float

    @property
    def system(self) -> CompiledSystem:
        """What was solved."""
        return self.solved.system

    def sum_by(self, key: Callable[[Contribution], str]) -> dict[str, float]:
        """Return kg CO2e by group, in order of first appearance; the parts sum to the total."""
        groups: dict[str, list[float]] = {}
        for one in self.contributions:
            groups.setdefault(key(one), []).append(one.kg_co2e)
        return {name: math.fsum(values) for name, values in groups.items()}

    def by_process(self) -> dict[str, float]:
        """Return kg CO2e by process: its own emissions and the supplies it takes from factors."""
        found = self.sum_by(lambda one: one.process)
        return {name: found.get(name, 0.0) for name in self.system.names}

    def by_process_and_flow(self) -> dict[str, dict[str, float]]:
        """Return kg CO2e by process and by the flow that brings it."""
        found: dict[str, dict[str, list[float]]] = {name: {} for name in self.system.names}
        for one in self.contributions:
            found[one.process].setdefault(one.burden.exchange.flow, []).append(one.kg_co2e)
        return {process: {flow: math.fsum(values) for flow, values in flows.items()} for process, flows in found.items()}


def first_solution(solved: SolvedSystem, *, without: Category | None = None) -> Solution:
    """Return the first draw with its contributions as objects, those of one category left out."""
    system = solved.system
    amounts = (solved.levels[0, system.burden_process] * solved.burden_amounts[0]).tolist()
    contributions = tuple(
        Contribution(process=system.names[burden.process], burden=burden, amount=amount, kg_co2e=kg_co2e)
        for burden, amount, kg_co2e in zip(system.burdens, amounts, solved.contributions_kg_co2e[0].tolist(), strict=True)
        if burden.category is not without
    )
    return Solution(
        solved=solved,
        scaling=dict(zip(system.names, (system.outputs * solved.levels[0]).tolist(), strict=True)),
        activities=dict(zip(system.names, solved.levels[0].tolist(), strict=True)),
        contributions=contributions,
        total_kg_co2e=math.fsum(one.kg_co2e for one in contributions),
    )
