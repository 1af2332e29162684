"""A solved system and where its burdens arise."""

import math
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from lca_models.engine import solve_activities
from lca_models.errors import N_, OracleDisagreementError
from lca_models.linking import Burden, LinkedSystem
from lca_models.matrices import compile_matrices
from lca_models.oracle import brightway_score

# Largest difference between engine and Brightway, relative to the sum of absolute contributions.
_TOLERANCE: Final = 1e-12


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
    """A system solved for one unit of its product.

    Attributes
    ----------
    scaling
        Amount of reference product that each process makes.
    activities
        How often each process runs; scaling divided by its reference amount.
    oracle_relative_difference
        Between engine and Brightway; None if it was not asked for.

    """

    system: LinkedSystem
    scaling: Mapping[str, float]
    activities: Mapping[str, float]
    contributions: tuple[Contribution, ...]
    total_kg_co2e: float
    oracle_relative_difference: float | None

    def sum_by(self, key: Callable[[Contribution], str]) -> dict[str, float]:
        """Return kg CO2e by group, in order of first appearance; the parts sum to the total."""
        groups: dict[str, list[float]] = {}
        for one in self.contributions:
            groups.setdefault(key(one), []).append(one.kg_co2e)
        return {name: math.fsum(values) for name, values in groups.items()}

    def by_process(self) -> dict[str, float]:
        """Return kg CO2e by process: its own emissions and the supplies it takes from factors."""
        found = self.sum_by(lambda one: one.process)
        return {process.name: found.get(process.name, 0.0) for process in self.system.processes}

    def by_process_and_flow(self) -> dict[str, dict[str, float]]:
        """Return kg CO2e by process and by the flow that brings it."""
        found: dict[str, dict[str, list[float]]] = {process.name: {} for process in self.system.processes}
        for one in self.contributions:
            found[one.process].setdefault(one.burden.exchange.flow, []).append(one.kg_co2e)
        return {process: {flow: math.fsum(values) for flow, values in flows.items()} for process, flows in found.items()}


def solve_system(system: LinkedSystem, *, check: bool) -> Solution:
    """Solve a system; with `check`, Brightway must agree to 1e-12."""
    matrices = compile_matrices(system)
    names = tuple(process.name for process in system.processes)
    solved = solve_activities(matrices, names=names)
    activities: list[float] = solved.levels.tolist()
    contributions = tuple(
        Contribution(
            process=names[one.process],
            burden=one,
            amount=activities[one.process] * one.amount,
            kg_co2e=activities[one.process] * one.amount * one.kg_co2e_per_unit,
        )
        for one in system.burdens
    )
    total = math.fsum(one.kg_co2e for one in contributions)
    gross = math.fsum(abs(one.kg_co2e) for one in contributions)
    return Solution(
        system=system,
        scaling=dict(zip(names, (matrices.unit_outputs * solved.levels).tolist(), strict=True)),
        activities=dict(zip(names, activities, strict=True)),
        contributions=contributions,
        total_kg_co2e=total,
        oracle_relative_difference=_compare(total, brightway_score(matrices), gross=gross, condition=solved.condition)
        if check
        else None,
    )


def _compare(engine: float, oracle: float, *, gross: float, condition: float) -> float:
    difference = abs(engine - oracle) / gross if gross else abs(engine - oracle)
    # Two correct solvers differ by rounding times condition; that exceeds 1e-12 only where loops nearly eat their product.
    if not difference <= max(_TOLERANCE, 8 * sys.float_info.epsilon * condition):
        raise OracleDisagreementError(
            N_(
                "The engine gives %(engine)s kg CO2e, Brightway %(oracle)s: relative difference %(difference)s. "
                "Report this; no result is given."
            ),
            engine=repr(engine),
            oracle=repr(oracle),
            difference=f"{difference:.1e}",
        )
    return difference
